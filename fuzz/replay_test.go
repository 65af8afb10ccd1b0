package fuzz

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var (
	oracles  = flag.String("oracles", "wazero", "oracles to compare with, separated by commas")
	native   = flag.String("native", "", "folder with the programs wasmtime and wasmer")
	scripts  = flag.Int("scripts", 500, "random scripts to run")
	programs = flag.Int("programs", 60, "random programs to run")
)

// judge opens the oracles of the command line.
func judge(t testing.TB) *Judge {
	t.Helper()
	dir := *native
	if dir == "" {
		dir = t.TempDir()
	}
	names := strings.Split(*oracles, ",")
	if err := Prepare(names, dir); err != nil {
		t.Fatal(err)
	}
	j, err := Open(names, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// explained runs a script and reports what nothing explains.
func explained(t *testing.T, j *Judge, s Script) {
	t.Helper()
	d, err := j.Run(s)
	if err != nil {
		t.Errorf("%v\n%s", err, s)
		return
	}
	if d != nil {
		t.Errorf("%s:\n  %s\n%s", d.What, strings.Join(d.Clusters(j.Names()), "\n  "), s)
	}
}

// TestScripts: the engines agree about scripts written by hand, and what was found
// once stays mended.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	j := judge(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { explained(t, j, parseFile(t, file)) })
	}
}

func parseFile(t *testing.T, file string) Script {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(string(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

// TestRandom runs scripts that are the same each time.
func TestRandom(t *testing.T) {
	j := judge(t)
	r := rand.New(rand.NewPCG(6, 0))
	for range *scripts {
		explained(t, j, Generate(randomBytes(r)))
	}
}

// TestQuirksShow: a quirk that does not show any more has to go.
func TestQuirksShow(t *testing.T) {
	j := judge(t)
	for i, k := range j.quirks.list {
		t.Run(k.Oracle+"/"+k.Title, func(t *testing.T) {
			s, err := Parse(k.Example)
			if err != nil {
				t.Fatal(err)
			}
			clear(j.hits)
			explained(t, j, s)
			cited(t, j, s)
			if j.hits[i] > 0 || k.sometimes {
				return
			}
			explanation, err := j.Explain(s)
			t.Errorf("quirks.txt:%d does not show in its example: %v\n%s", k.line, err, explanation)
			for other, n := range j.hits {
				if n > 0 {
					t.Logf("quirks.txt:%d shows", j.quirks.list[other].line)
				}
			}
		})
	}
}

// cited: where most engines do otherwise than the canister, the quirks say by
// what right.
func cited(t *testing.T, j *Judge, s Script) {
	t.Helper()
	views, err := j.Views(s)
	if err != nil {
		t.Fatal(err)
	}
	c := newComparison(s, j.names, views, j.quirks, nil)
	c.run()
	for _, q := range c.uncited {
		k := &j.quirks.list[q]
		t.Errorf("quirks.txt:%d: %q makes up for the majority at\n%sand cites nothing", k.line, k.Title, s)
	}
}
