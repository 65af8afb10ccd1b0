package fuzz

import (
	"errors"
	"fmt"
)

// Judge runs scripts on the canister and on native engines and compares. It is
// for one goroutine at a time.
type Judge struct {
	engines []*Engine // the canister first
	names   []string
	quirks  *Quirks
	hits    []int
}

// NewJudge takes the engines, the canister's first, and closes them with Close.
func NewJudge(engines []*Engine) (*Judge, error) {
	versions := map[string]string{}
	j := &Judge{engines: engines}
	for _, e := range engines {
		versions[e.Name()] = e.Version()
		j.names = append(j.names, e.Name())
	}
	var err error
	if j.quirks, err = KnownQuirks(versions); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	j.hits = make([]int, len(j.quirks.list))
	return j, nil
}

// Names are those of the engines in their order.
func (j *Judge) Names() []string { return j.names }

// Quirks are the known ones of these engines, and Hits how often each was seen.
func (j *Judge) Quirks() *Quirks { return j.quirks }

// Hits counts by quirk.
func (j *Judge) Hits() []int { return j.hits }

// Close ends the engines.
func (j *Judge) Close() error {
	var errs []error
	for _, e := range j.engines {
		errs = append(errs, e.Close())
	}
	return errors.Join(errs...)
}

// Views runs a script everywhere. Messages that the canister takes back are left
// out elsewhere.
func (j *Judge) Views(s Script) ([]*View, error) {
	views := make([]*View, len(j.engines))
	var skip []bool
	for i, e := range j.engines {
		v, err := e.Run(s, skip)
		if err != nil {
			return nil, err
		}
		views[i] = v
		if i == 0 {
			skip = v.skips()
		}
	}
	return views, nil
}

// Run gives the first difference that nothing explains, or nil.
func (j *Judge) Run(s Script) (*Difference, error) {
	views, err := j.Views(s)
	if err != nil {
		return nil, err
	}
	return Compare(s, j.names, views, j.quirks, j.hits), nil
}

// Explain writes what each engine made of a script, where they agree only once.
func (j *Judge) Explain(s Script) (string, error) {
	views, err := j.Views(s)
	if err != nil {
		return "", err
	}
	var b []byte
	for m := range s {
		b = s[m].appendHead(b, true)
		for k := range s[m].Calls {
			b = append(s[m].Calls[k].append(b), '\n')
			b = j.side(b, views, func(v *View) string { return answerAt(&v.Messages[m], k) })
		}
		b = append(b, "end of the message\n"...)
		b = j.side(b, views, func(v *View) string { return endOf(&v.Messages[m]) })
	}
	b = append(b, "files\n"...)
	b = j.side(b, views, func(v *View) string {
		text := ""
		for _, l := range v.Tree {
			text += "\n      " + l
		}
		return text
	})
	if d := Compare(s, j.names, views, j.quirks, nil); d != nil {
		b = fmt.Appendf(b, "\nno quirk explains %s:\n", d.What)
		for _, c := range d.Clusters(j.names) {
			b = fmt.Appendf(b, "  %s\n", c)
		}
	}
	return string(b), nil
}

func endOf(a *Answers) string {
	if a.Trap != "" {
		return a.End + ": " + a.Trap
	}
	return a.End
}

// side writes the answers beneath each other.
func (j *Judge) side(b []byte, views []*View, answer func(*View) string) []byte {
	same := true
	for _, v := range views {
		same = same && answer(v) == answer(views[0])
	}
	if same {
		return fmt.Appendf(b, "    all: %s\n", answer(views[0]))
	}
	for i, v := range views {
		b = fmt.Appendf(b, "    %s: %s\n", j.names[i], answer(v))
	}
	return b
}
