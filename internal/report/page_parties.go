package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/courtyard-care/courtyard/solver/care"
)

// partyTree is what the service parties asked for and were served, tier by tier.
type partyTree struct {
	Top  []*partyNode
	Left string // which tiers or parties are left out
}

type partyNode struct {
	shareRow
	Below []*partyNode
	Open  bool // shown with what is below it

	path          care.Party
	depth         int
	asked, served int64 // with all below it
	own           int64 // asked for on its own list
	ownServed     int64
}

const (
	fewTops   = 2 // that many parties of the highest tier are shown opened
	mostTiers = 8 // from the top
)

// parties sums up the tree of parties and keeps as many tiers from the top as the page has room for. Where even the
// highest is too wide, those with the most units unmet are kept.
func (p *Page) parties() partyTree {
	top, tiers := p.partySums()
	var t partyTree
	room, depth := mostParties, 0
	for depth < min(len(tiers), mostTiers) && tiers[depth] <= room {
		room -= tiers[depth]
		depth++
	}
	left := 0
	for _, n := range tiers[depth:] {
		left += n
	}
	switch {
	case depth == 0 && len(tiers) > 0:
		slices.SortStableFunc(top, func(a, b *partyNode) int { return cmp.Compare(b.asked-b.served, a.asked-a.served) })
		top = top[:mostParties]
		t.Left = p.Lang.pageWordf("parties left out", count(left-mostParties))
		depth = 1
	case left > 0:
		t.Left = p.Lang.pageWordf("tiers left out", count(left))
	}
	t.Top = top
	for _, n := range top {
		n.Open = len(top) <= fewTops
		p.finish(n, depth)
	}
	return t
}

// finish fills in the words of a node and all below it, cuts off what lies deeper than depth, and puts what a party lists
// itself beside what those below it list, so that the lines add up.
func (p *Page) finish(n *partyNode, depth int) {
	n.shareRow = newShare(p.partyName(n.path), "served", n.served, n.asked)
	if n.depth == depth {
		n.Below = nil
	}
	for _, b := range n.Below {
		p.finish(b, depth)
	}
	if len(n.Below) > 0 && n.own > 0 {
		own := &partyNode{shareRow: newShare(p.Lang.pageWord("own list"), "served", n.ownServed, n.own)}
		n.Below = slices.Insert(n.Below, 0, own)
	}
}

// partyName is the name of a party where one is known, else the last segment of its path.
func (p *Page) partyName(path care.Party) string {
	if name := p.Ground.Parties[path]; name != "" {
		return printable(name)
	}
	if path == "" {
		return p.Lang.pageWord("no party")
	}
	return printable(string(path[strings.LastIndexByte(string(path), '/')+1:]))
}

// partySums adds the units of every party to those above it. It returns the parties of the highest tier, each with those
// below it in the order of their paths, and how many parties each tier has.
func (p *Page) partySums() (top []*partyNode, tiers []int) {
	nodes := map[care.Party]*partyNode{}
	var node func(path care.Party) *partyNode
	node = func(path care.Party) *partyNode {
		if n := nodes[path]; n != nil {
			return n
		}
		n := &partyNode{path: path, depth: 1}
		nodes[path] = n
		if cut := strings.LastIndexByte(string(path), '/'); cut >= 0 {
			above := node(path[:cut])
			n.depth = above.depth + 1
			above.Below = append(above.Below, n)
		} else {
			top = append(top, n)
		}
		for len(tiers) < n.depth {
			tiers = append(tiers, 0)
		}
		tiers[n.depth-1]++
		return n
	}
	for _, g := range p.Answer.Figures.ByParty { // by path
		path := care.Party(g.Party)
		own := node(path)
		own.own, own.ownServed = g.Asked, g.Served
		for {
			n := nodes[path]
			n.asked, n.served = n.asked+g.Asked, n.served+g.Served
			cut := strings.LastIndexByte(string(path), '/')
			if cut < 0 {
				break
			}
			path = path[:cut]
		}
	}
	return top, tiers
}
