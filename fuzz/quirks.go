package fuzz

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

// Quirk is a difference that is known and has its reason. quirks.txt has the
// form of an entry.
type Quirk struct {
	Oracle, Version string
	Title, Reason   string
	Upstream        string // an issue of the engine's project, "" if none is known
	Spec            string // what the canister goes by, where the majority does otherwise
	Example         string // a script that shows it

	call, ours, theirs *regexp.Regexp
	stays              bool // the engine's files and descriptors stay as the canister's
	diverges           bool // what follows may differ though the answers are the same
	faults             bool // of the two answers the arguments ask for one at least
	sometimes          bool // it does not show each time
	line               int
}

// Quirks is a list of them in the order of the file; the first that fits counts.
type Quirks struct {
	list     []Quirk
	byOracle map[string][]int
}

//go:embed quirks.txt
var quirksText string

// KnownQuirks are those of the engines given, by name and version, as far as
// quirks.txt knows these versions.
func KnownQuirks(versions map[string]string) (*Quirks, error) {
	all, err := parseQuirks(quirksText)
	if err != nil {
		return nil, err
	}
	q := &Quirks{byOracle: map[string][]int{}}
	for _, k := range all {
		if versions[k.Oracle] == k.Version {
			q.byOracle[k.Oracle] = append(q.byOracle[k.Oracle], len(q.list))
			q.list = append(q.list, k)
		}
	}
	return q, nil
}

// List gives the quirks; the slice is the list's own.
func (q *Quirks) List() []Quirk { return q.list }

// explain gives the quirk that makes theirs of ours at a call whose arguments have
// the faults shown, or -1.
func (q *Quirks) explain(oracle, what string, shown []string, ours, theirs string) int {
	for _, i := range q.byOracle[oracle] {
		k := &q.list[i]
		if k.faults && !eitherFault(shown, ours, theirs) {
			continue
		}
		if (ours != theirs || k.diverges) && k.call.MatchString(what) && k.ours.MatchString(ours) && k.theirs.MatchString(theirs) {
			return i
		}
	}
	return -1
}

// mayDiverge says whether a quirk may fit though the answers are the same.
func (q *Quirks) mayDiverge(oracle, what string) bool {
	for _, i := range q.byOracle[oracle] {
		if k := &q.list[i]; k.diverges && k.call.MatchString(what) {
			return true
		}
	}
	return false
}

// harmless says that the engine keeps its voice: the files are as the
// canister's all the same, be it that both refused the call.
func (k *Quirk) harmless(ours, theirs string) bool {
	if k.diverges || strings.HasPrefix(theirs, "not reached") || theirs == damaged {
		return false
	}
	return k.stays || !strings.HasPrefix(ours, "success") && !strings.HasPrefix(theirs, "success")
}

// parseQuirks reads entries of the form
//
//	== ORACLE VERSION: TITLE
//	Lines that give the reason.
//	call: REGEXP        of the call, in which descriptors have their kind
//	ours: REGEXP        of the canister's answer; any if missing
//	theirs: REGEXP      of the oracle's answer; any if missing
//	stays               the oracle's state is as the canister's all the same
//	diverges            its state is another though the answers may be the same
//	faults              both refuse, one of them for what the arguments show
//	sometimes           it does not show each time
//	upstream: URL
//	spec: REFERENCE
//	> a call that shows it, with those that go before
//
// Expressions must match the whole text.
func parseQuirks(text string) ([]Quirk, error) {
	var list []Quirk
	line := 0
	for l := range strings.Lines(text) {
		line++
		l = strings.TrimSuffix(l, "\n")
		if strings.HasPrefix(l, "#") || l == "" {
			continue
		}
		if head, ok := strings.CutPrefix(l, "== "); ok {
			who, title, _ := strings.Cut(head, ": ")
			name, version, ok := strings.Cut(who, " ")
			if !ok || title == "" {
				return nil, fmt.Errorf("quirks.txt:%d: a head is == ORACLE VERSION: TITLE", line)
			}
			list = append(list, Quirk{Oracle: name, Version: version, Title: title, line: line, call: anything, ours: anything, theirs: anything})
			continue
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("quirks.txt:%d: a line before the first head", line)
		}
		if err := list[len(list)-1].read(l); err != nil {
			return nil, fmt.Errorf("quirks.txt:%d: %w", line, err)
		}
	}
	for _, k := range list {
		if k.Reason == "" || k.call == anything {
			return nil, fmt.Errorf("quirks.txt:%d: an entry wants a reason and a call", k.line)
		}
	}
	return list, nil
}

var anything = regexp.MustCompile("")

func (k *Quirk) read(l string) error {
	var err error
	key, value, _ := strings.Cut(l, ": ")
	switch {
	case l == "stays":
		k.stays = true
	case l == "diverges":
		k.diverges = true
	case l == "faults":
		k.faults = true
	case l == "sometimes":
		k.sometimes = true
	case key == "call":
		k.call, err = whole(value)
	case key == "ours":
		k.ours, err = whole(value)
	case key == "theirs":
		k.theirs, err = whole(value)
	case key == "upstream":
		k.Upstream = value
	case key == "spec":
		k.Spec = value
	case strings.HasPrefix(l, "> "):
		k.Example += l[2:] + "\n"
	default:
		k.Reason += l + "\n"
	}
	return err
}

func whole(expression string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?s:" + expression + ")$")
}
