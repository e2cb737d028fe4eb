package care

import "unicode/utf8"

// Nearest returns the known word most like word, for a "did you mean": the one of least edit distance (insert, delete,
// change, or swap two neighbours), the first of equals, or "" if every one differs in more than a third of its letters.
// O(len(word)·Σ len(known)).
func Nearest(word string, known []string) string {
	a := []rune(word)
	best, at := "", len(a)/3+1 // one slip is forgiven even in a short word
	if len(a) < 2 {
		at = 0
	}
	for _, k := range known {
		if n := utf8.RuneCountInString(k); n > len(a)+at || n < len(a)-at {
			continue
		}
		d := editDistance(a, []rune(k))
		if d < at || d == at && best == "" {
			best, at = k, d
		}
	}
	return best
}

// editDistance is the optimal string alignment distance (Damerau 1964, restricted to untouched neighbours).
func editDistance(a, b []rune) int {
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			change := prev[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			cur[j] = min(change, prev[j]+1, cur[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
