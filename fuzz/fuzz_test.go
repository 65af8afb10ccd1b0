package fuzz

import (
	"reflect"
	"testing"

	"github.com/icsplice/icsplice/oracle"
)

// FuzzScripts draws scripts by what they reach in the polyfill, whose sources
// run natively here, and has them run spliced and on wazero as well.
func FuzzScripts(f *testing.F) {
	j, err := Open([]string{"polyfill", "wazero"}, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { j.Close() })
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Generate(data)
		explained(t, j, s)
		again, err := Parse(s.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		if again.String() != s.String() {
			t.Errorf("read back as\n%s\nfrom\n%s", again, s)
		}
	})
}

// FuzzParse: what can be read can be written and read again, and lowered.
func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(s.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		if !reflect.DeepEqual(s.tidy(), again.tidy()) {
			t.Errorf("read back as\n%s\nfrom\n%s", again, s)
		}
		for _, m := range s {
			if _, err := m.stdin(false, 3); err != nil && len(m.Calls) == 1 {
				t.Error(err)
			}
		}
	})
}

// FuzzTranscript: a transcript is an engine's word, and may be anything.
func FuzzTranscript(f *testing.F) {
	f.Fuzz(func(t *testing.T, data, stderr []byte) {
		s := Generate(data)
		d := newDescriber(s)
		for i := range s {
			if n := len(d.message(&s[i], stderr, 0, 1)); n > len(s[i].Calls)+1 {
				t.Errorf("%d lines for %d calls", n, len(s[i].Calls))
			}
		}
		for i, b := range d.arena {
			if b != untouched {
				t.Fatalf("byte %d of the arena stays changed", i)
			}
		}
		d.tree(oracle.Tree{{Path: string(stderr)}})
	})
}
