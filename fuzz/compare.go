package fuzz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/canister"
)

// Difference is the first place where engines do not agree about a script, and
// no quirk explains it.
type Difference struct {
	Message, Call int      // from 0; Call is -1 for how a message ended, or the files
	What          string   // the call, "the end", or "the files"
	Answers       []string // by engine, "" of one that had no voice any more
	// Ours is true where the canister stands alone or in a minority, or where
	// there is no majority.
	Ours bool
}

// Clusters groups the engines by their answer, the largest group first.
func (d *Difference) Clusters(names []string) []string {
	byAnswer := map[string][]string{}
	for i, a := range d.Answers {
		if a != "" {
			byAnswer[a] = append(byAnswer[a], names[i])
		}
	}
	var list []string
	for a, group := range byAnswer {
		list = append(list, fmt.Sprintf("%s: %s", strings.Join(group, ", "), a))
	}
	slices.SortFunc(list, func(a, b string) int {
		na, nb := strings.Count(a[:strings.Index(a, ":")], ","), strings.Count(b[:strings.Index(b, ":")], ",")
		if na != nb {
			return nb - na
		}
		return strings.Compare(a, b)
	})
	return list
}

// comparison goes through a script's answers. Views[0] is the canister's.
type comparison struct {
	script Script
	names  []string
	views  []*View
	quirks *Quirks
	hits   []int // of quirks, by index
	voice  []bool
	kinds  kinds
	m      int
	// uncited are quirks that explained why most engines do otherwise than the
	// canister, without saying what the canister goes by.
	uncited []int
}

// Compare finds the first difference that no quirk explains, or nil. The
// canister's view comes first. hits counts the quirks that were seen, by their
// place in quirks.
func Compare(s Script, names []string, views []*View, quirks *Quirks, hits []int) *Difference {
	return newComparison(s, names, views, quirks, hits).run()
}

func newComparison(s Script, names []string, views []*View, quirks *Quirks, hits []int) *comparison {
	c := &comparison{script: s, names: names, views: views, quirks: quirks, hits: hits, voice: make([]bool, len(views))}
	for i := range views {
		c.voice[i] = true
	}
	return c
}

func (c *comparison) run() *Difference {
	for m := range c.script {
		c.m = m
		if d := c.message(); d != nil {
			return d
		}
	}
	return c.files()
}

func (c *comparison) message() *Difference {
	ours := &c.views[0].Messages[c.m]
	if ours.End == "trap" {
		return c.trapped(ours)
	}
	c.kinds.begin()
	calls := c.script[c.m].Calls
	for k := range calls {
		line, shown := c.kinds.annotate(&calls[k]), c.kinds.faults(&calls[k])
		if d := c.vote(k, line, shown, func(v *View) string { return answerAt(&v.Messages[c.m], k) }); d != nil {
			return d
		}
		c.kinds.follow(&calls[k], answerAt(ours, k))
	}
	return c.vote(-1, "the end", nil, func(v *View) string { return v.Messages[c.m].End })
}

// trapped judges a message that the canister has taken back. It may only where
// the script asked for it.
func (c *comparison) trapped(ours *Answers) *Difference {
	m := &c.script[c.m]
	wanted := m.Limit > 0 && strings.Contains(ours.Trap, canister.ErrOutOfInstructions.Error())
	for i := range m.Calls {
		switch m.Calls[i].Op {
		case opTrap, opSpin, opRaise: // proc_raise is a trap of the canister
			wanted = true
		}
	}
	if wanted {
		return nil
	}
	d := &Difference{Message: c.m, Call: -1, What: "the end", Answers: make([]string, len(c.views)), Ours: true}
	d.Answers[0] = "trap: " + ours.Trap
	return d
}

// answerAt is what a call was answered, or how the message ended before it.
func answerAt(a *Answers, k int) string {
	if k < len(a.Lines) {
		return a.Lines[k]
	}
	return "not reached: " + a.End
}

// vote compares one answer of all engines that still have a voice. shown are the
// faults of the call's arguments.
func (c *comparison) vote(call int, what string, shown []string, answer func(*View) string) *Difference {
	ours := answer(c.views[0])
	open, explained, voices := false, []int(nil), 0
	for i := 1; i < len(c.views); i++ {
		if !c.voice[i] {
			continue
		}
		theirs := answer(c.views[i])
		voices++
		if theirs == ours && !c.quirks.mayDiverge(c.names[i], what) {
			continue
		}
		if q := c.quirks.explain(c.names[i], what, shown, ours, theirs); q >= 0 {
			if c.hits != nil {
				c.hits[q]++
			}
			c.voice[i] = c.quirks.list[q].harmless(ours, theirs)
			if theirs != ours && !strings.HasPrefix(theirs, "not reached") {
				explained = append(explained, q)
			}
			continue
		}
		open = open || theirs != ours
	}
	c.cite(explained, voices)
	if !open {
		return nil
	}
	return c.verdict(call, what, answer)
}

// cite notes quirks that have to cite something and do not.
func (c *comparison) cite(explained []int, voices int) {
	if voices < 2 || 2*len(explained) <= voices {
		return
	}
	for _, q := range explained {
		if c.quirks.list[q].Spec == "" {
			c.uncited = append(c.uncited, q)
		}
	}
}

func (c *comparison) verdict(call int, what string, answer func(*View) string) *Difference {
	d := &Difference{Message: c.m, Call: call, What: what, Answers: make([]string, len(c.views))}
	votes := map[string]int{}
	for i, v := range c.views {
		if c.voice[i] {
			d.Answers[i] = answer(v)
			votes[d.Answers[i]]++
		}
	}
	total := 0
	for _, n := range votes {
		total += n
	}
	d.Ours = 2*votes[d.Answers[0]] <= total
	return d
}

// files compares what is left on the file systems.
func (c *comparison) files() *Difference {
	c.m = len(c.script) - 1
	return c.vote(-1, "the files", nil, func(v *View) string { return strings.Join(v.Tree, "\n") })
}
