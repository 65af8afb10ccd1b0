package oracle

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/treetest"
)

// engines are the oracles that need nothing but this module.
func engines(t testing.TB) []Oracle {
	t.Helper()
	w, err := NewWazero()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	p, err := NewPolyfill()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return []Oracle{NewCanister(), w, p}
}

func load(t testing.TB, o Oracle, program string) Program {
	t.Helper()
	module, err := corpus.Module(program)
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.Load(module)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func begin(t testing.TB, p Program, root string) Session {
	t.Helper()
	s, err := p.Start(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// programs are the commands of the corpus whose cases run quickly everywhere.
var programs = []string{"notes", "sort", "wc", "env", "exits", "traps", "files", "walk", "links", "tinykit"}

// TestCases runs what the corpus records on every engine, several at a time in
// one program, so that nothing of one run shows in another.
func TestCases(t *testing.T) {
	for _, o := range engines(t) {
		for _, name := range programs {
			p := load(t, o, name)
			for _, c := range corpus.Cases() {
				if c.Program != name {
					continue
				}
				t.Run(o.Name()+"/"+name+"/"+c.Name, func(t *testing.T) {
					t.Parallel()
					testCase(t, o, p, c)
				})
			}
		}
	}
}

func testCase(t *testing.T, o Oracle, p Program, c corpus.Case) {
	s := begin(t, p, treetest.Dir(t, c.Files))
	got, err := s.Run(Run{Args: append([]string{c.Program}, c.Args...), Env: c.Env, Stdin: []byte(c.Stdin)})
	if err != nil {
		t.Fatal(err)
	}
	if (got.Trap != "") != c.Want.Trap || got.Exit != c.Want.Exit {
		t.Errorf("exit %d, trap %q, want %d and %v", got.Exit, got.Trap, c.Want.Exit, c.Want.Trap)
	}
	want := c.Want
	if o.Name() != "wazero" && want.Trap {
		want = corpus.Result{Files: c.Files}
	}
	if string(got.Stdout) != want.Stdout || string(got.Stderr) != want.Stderr {
		t.Errorf("output %q and %q, want %q and %q", got.Stdout, got.Stderr, want.Stdout, want.Stderr)
	}
	tree, err := s.Tree()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Files, files(tree), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("files:\n%s", diff)
	}
}

// files gives a tree in the form of corpus.Result.
func files(tree Tree) map[string]string {
	m := map[string]string{}
	for _, n := range tree {
		switch n.Type {
		case abi.FiletypeDirectory:
			m[n.Path+"/"] = ""
		case abi.FiletypeSymbolicLink:
			m[n.Path] = corpus.Link(n.Target)
		default:
			m[n.Path] = corpus.Content(n.Data)
		}
	}
	return m
}

// TestRunsFollowOneAnother: a session keeps its files and is apart from others.
func TestRunsFollowOneAnother(t *testing.T) {
	for _, o := range engines(t) {
		t.Run(o.Name(), func(t *testing.T) {
			p := load(t, o, "notes")
			one, other := begin(t, p, ""), begin(t, p, "")
			add := func(s Session, text string) {
				if r, err := s.Run(Run{Args: []string{"notes", "add", text}}); err != nil || r.Exit != 0 || r.Trap != "" {
					t.Fatalf("%+v, %v", r, err)
				}
			}
			add(one, "a")
			add(one, "b")
			add(other, "c")
			for s, want := range map[Session]string{one: "notes/ notes/1 notes/2", other: "notes/ notes/1"} {
				tree, err := s.Tree()
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(slices.Sorted(maps.Keys(files(tree))), " "); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
}

func TestLoadRefusesWhatIsNotValid(t *testing.T) {
	for _, o := range engines(t) {
		for name, module := range map[string][]byte{
			"nothing": nil, "text": []byte("no module"), "claims": []byte("\x00asm\x01\x00\x00\x00\x01\x05\xff\xff\xff\xff\x0f"),
		} {
			if _, err := o.Load(module); err == nil {
				t.Errorf("%s takes %s", o.Name(), name)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/tetratelabs/wazero v"+wazeroVersion+"\n") {
		t.Errorf("go.mod does not require wazero %s", wazeroVersion)
	}
}
