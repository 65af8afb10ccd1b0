package fuzz

import (
	"slices"
	"strings"
	"testing"
)

// view is an engine's view of a script of one message.
func view(end string, lines ...string) *View {
	return &View{Messages: []Answers{{Lines: lines, End: end}}}
}

func quirksOf(t *testing.T, text string) *Quirks {
	t.Helper()
	list, err := parseQuirks(text)
	if err != nil {
		t.Fatal(err)
	}
	q := &Quirks{list: list, byOracle: map[string][]int{}}
	for i, k := range list {
		q.byOracle[k.Oracle] = append(q.byOracle[k.Oracle], i)
	}
	return q
}

func TestCompare(t *testing.T) {
	const known = `
== b 1: other errors
Known.
call: fd_sync r4:.*
ours: badf
theirs: inval

== b 1: other results
Known.
call: fd_close r4:.*
theirs: success.*

== b 1: same results
Known.
call: fd_datasync r4:.*
diverges
`
	script := "fd_sync r4\nfd_close r4\nfd_datasync r4\nfd_tell r4 .\n"
	equal := []string{"badf", "badf", "badf", "badf"}
	for _, test := range []struct {
		name      string
		a, b      []string // answers of the other engines
		at        int      // the difference's call; -2 for none
		ours      bool
		clusters  string
		endA, end string
	}{
		{name: "no difference", a: equal, b: equal, at: -2},
		{name: "a quirk keeps its oracle in the vote", a: equal, b: []string{"inval", "badf", "badf", "badf"}, at: -2},
		{name: "after a quirk with a success the oracle has no voice", a: equal, b: []string{"badf", "success", "x", "y"}, at: -2},
		{name: "it may diverge with the same answer", a: equal, b: []string{"badf", "badf", "badf", "y"}, at: -2},
		{name: "one of three", a: []string{"inval", "badf", "badf", "badf"}, b: equal, at: 0, clusters: "icsplice, b: badf|a: inval"},
		{name: "ours alone", a: []string{"inval", "badf", "badf", "badf"}, b: []string{"inval", "badf", "badf", "badf"}, at: 0, ours: true,
			clusters: "a, b: inval|icsplice: badf"},
		{name: "three answers", a: []string{"badf", "noent", "badf", "badf"}, b: []string{"badf", "inval", "badf", "badf"}, at: 1, ours: true,
			clusters: "a: noent|b: inval|icsplice: badf"},
		{name: "not reached", a: []string{"badf"}, b: equal, at: 1, clusters: "icsplice, b: badf|a: not reached: exit 0"},
		{name: "the end", a: equal, b: []string{"badf", "success"}, endA: "exit 3", at: -1, ours: true, clusters: "a: exit 3|icsplice: exit 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Parse(script)
			if err != nil {
				t.Fatal(err)
			}
			if test.endA == "" {
				test.endA = "exit 0"
			}
			views := []*View{view("exit 0", equal...), view(test.endA, test.a...), view("exit 0", test.b...)}
			d := Compare(s, []string{"icsplice", "a", "b"}, views, quirksOf(t, known), nil)
			if d == nil {
				if test.at != -2 {
					t.Fatal("no difference")
				}
				return
			}
			clusters := strings.Join(d.Clusters([]string{"icsplice", "a", "b"}), "|")
			if d.Call != test.at || d.Ours != test.ours || clusters != test.clusters {
				t.Errorf("call %d, ours %v, %s", d.Call, d.Ours, clusters)
			}
		})
	}
}

func TestCompareFiles(t *testing.T) {
	s, _ := Parse("sched_yield\n")
	a, b := view("exit 0", "success"), view("exit 0", "success")
	b.Tree = []string{`"a" file size=0`}
	d := Compare(s, []string{"icsplice", "b"}, []*View{a, b}, quirksOf(t, ""), nil)
	if d == nil || d.What != "the files" || !d.Ours {
		t.Errorf("%+v", d)
	}
}

// TestTraps: a message of the canister may trap only as its script says.
func TestTraps(t *testing.T) {
	const out = "run trapped: instruction limit exceeded"
	for _, test := range []struct {
		script, trap string
		fine         bool
	}{
		{"sched_yield\n", out, false},
		{"message limit 1000\nsched_yield\n", out, true},
		{"message limit 1000\nsched_yield\n", "unreachable", false},
		{"spin\n", out, true},
		{"trap\n", "unreachable", true},
		{"proc_raise 2\n", "proc_raise of SIGINT", true},
	} {
		s, err := Parse(test.script)
		if err != nil {
			t.Fatal(err)
		}
		views := []*View{view("trap"), view(leftOut)}
		views[0].Messages[0].Trap = test.trap
		d := Compare(s, []string{"icsplice", "b"}, views, quirksOf(t, ""), nil)
		if (d == nil) != test.fine {
			t.Errorf("%q with %q: %+v", test.script, test.trap, d)
		}
	}
}

func TestParseQuirksRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"call: x\n":                        "quirks.txt:1: a line before the first head",
		"== wazero: title\n":               "quirks.txt:1: a head is == ORACLE VERSION: TITLE",
		"== wazero 1.2: title\nreason\n":   "quirks.txt:1: an entry wants a reason and a call",
		"== wazero 1.2: title\ncall: x\n":  "quirks.txt:1: an entry wants a reason and a call",
		"== wazero 1.2: title\ncall: (\n ": "quirks.txt:2: error parsing regexp: missing closing ): `^(?s:()$`",
	} {
		if _, err := parseQuirks(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestQuirksAreWhole: each entry has a script that can be run.
func TestQuirksAreWhole(t *testing.T) {
	all, err := parseQuirks(quirksText)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if _, err := Parse(k.Example); err != nil || k.Example == "" {
			t.Errorf("quirks.txt:%d: example: %v", k.line, err)
		}
	}
}

// TestUncited: a quirk that makes up for the majority has to say by what right.
func TestUncited(t *testing.T) {
	const known = `
== a 1: one
Known.
call: fd_sync .*

== b 1: one
Known.
call: fd_sync .*
spec: some page
`
	s, err := Parse("fd_sync r4\n")
	if err != nil {
		t.Fatal(err)
	}
	views := []*View{view("exit 0", "badf"), view("exit 0", "inval"), view("exit 0", "inval")}
	q := quirksOf(t, known)
	c := newComparison(s, []string{"icsplice", "a", "b"}, views, q, nil)
	if d := c.message(); d != nil || !slices.Equal(c.uncited, []int{0}) {
		t.Errorf("%+v, uncited %v", d, c.uncited)
	}
	views[2] = view("exit 0", "badf")
	c = newComparison(s, []string{"icsplice", "a", "b"}, views, q, nil)
	if d := c.message(); d != nil || c.uncited != nil {
		t.Errorf("%+v, uncited %v", d, c.uncited)
	}
}
