package gap

import "slices"

// Reason is a simple proof that a problem has no assignment: what some jobs or agents need, and the less that there is.
type Reason struct {
	Jobs   []int32 // that must be done, ascending; of a job that nobody can do, that job alone
	Agents []int32 // ascending: the only ones who can do any of Jobs, or the one whose least load is out of reach; nil for none
	Dim    int     // dimension of Use; -1 where no agent can take the job for whatever cause
	Need   int64   // the least that the jobs use together, or the agent's least load; 0 when Dim is -1
	Have   int64   // capacity of the agents together, or the use of all that the agent can be given; below Need unless Dim is -1
}

// Why returns what shows at first sight that p, a valid problem, has no assignment: jobs that must be done and fit nobody,
// agents whose least load is more than all that they can be given, and groups of jobs that use, each where it uses least,
// more than all agents together have who can do any of them. Nothing does not mean that there is an assignment; for that
// [Solve] searches. It takes time linear in Agents × Jobs × dimensions.
func (p *Problem) Why() []Reason {
	var out []Reason
	able := func(i, j int) bool {
		at := i*p.Jobs + j
		if p.Cost[at] == None {
			return false
		}
		for d := range p.Use {
			if p.Use[d][at] > p.Capacity[d][i] {
				return false
			}
		}
		return true
	}
	for j := range p.Jobs {
		if p.penalty(j) == None && !slices.ContainsFunc(indices(p.Agents), func(i int32) bool { return able(int(i), j) }) {
			out = append(out, Reason{Jobs: []int32{int32(j)}, Dim: -1})
		}
	}
	for d := range p.Use {
		for i := range p.Agents {
			r := Reason{Agents: []int32{int32(i)}, Dim: d, Need: p.minLoad(d, i)}
			for j := range p.Jobs {
				if able(i, j) {
					r.Have += p.Use[d][i*p.Jobs+j]
				}
			}
			if r.Have < r.Need {
				out = append(out, r)
			}
		}
	}
	for _, group := range p.groups(able) {
		for d := range p.Use {
			r := Reason{Jobs: group.Jobs, Agents: group.Agents, Dim: d}
			for _, j := range group.Jobs {
				least := int64(None)
				for _, i := range group.Agents {
					if able(int(i), int(j)) {
						least = min(least, p.Use[d][int(i)*p.Jobs+int(j)])
					}
				}
				r.Need += least
			}
			for _, i := range group.Agents {
				r.Have += min(p.Capacity[d][i], maxMagnitude) // no load is greater, and sums do not overflow
				r.Have = min(r.Have, maxMagnitude)
			}
			if r.Have < r.Need {
				out = append(out, r)
			}
		}
	}
	return out
}

// groups parts the jobs that must be done, and that somebody can do, from each other where no agent can do two of them.
func (p *Problem) groups(able func(i, j int) bool) []Reason {
	var out []Reason
	seenJob, seenAgent := make([]bool, p.Jobs), make([]bool, p.Agents)
	for first := range p.Jobs {
		if seenJob[first] || p.penalty(first) != None {
			continue
		}
		seenJob[first] = true
		g := Reason{Jobs: []int32{int32(first)}}
		for at := 0; at < len(g.Jobs); at++ {
			for i := range p.Agents {
				if seenAgent[i] || !able(i, int(g.Jobs[at])) {
					continue
				}
				seenAgent[i] = true
				g.Agents = append(g.Agents, int32(i))
				for j := range p.Jobs {
					if !seenJob[j] && p.penalty(j) == None && able(i, j) {
						seenJob[j] = true
						g.Jobs = append(g.Jobs, int32(j))
					}
				}
			}
		}
		if len(g.Agents) > 0 {
			slices.Sort(g.Jobs)
			slices.Sort(g.Agents)
			out = append(out, g)
		}
	}
	return out
}

// indices returns 0 to n-1.
func indices(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}
