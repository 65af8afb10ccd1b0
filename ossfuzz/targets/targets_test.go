package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is a module with targets inside and outside of a package.
var tree = map[string]string{
	"p/p.go":                 "package p\n",
	"p/p_test.go":            "package p\nimport \"testing\"\nfunc FuzzIn(f *testing.F) {}\nfunc Fuzzy(t *testing.T) {}\n",
	"p/windows_test.go":      "package p\n",
	"p/help_linux_test.go":   "package p\n",
	"p/x_test.go":            "package p_test\nimport \"testing\"\nfunc FuzzOut(f *testing.F) {}\nfunc helper(f *testing.F) {}\n",
	"p/testdata/q_test.go":   "package q\nimport \"testing\"\nfunc FuzzNever(f *testing.F) {}\n",
	"none/none_test.go":      "package none\nimport \"testing\"\nfunc TestNone(t *testing.T) {}\n",
	"a/internal/r/r_test.go": "package r\nimport \"testing\"\nfunc FuzzR(f *testing.F) {}\n",
}

// enterTree writes the tree to a folder and goes there.
func enterTree(t *testing.T) {
	t.Chdir(t.TempDir())
	for path, text := range tree {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// files lists the files beneath a folder.
func files(t *testing.T, dir string) []string {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestList(t *testing.T) {
	enterTree(t)
	var out strings.Builder
	if err := list(".", &out); err != nil || out.String() != "a/internal/r\np\n" {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestOpenAndClose(t *testing.T) {
	enterTree(t)
	before := files(t, "p")
	var out strings.Builder
	if err := open("p", &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("p/harnesses/fuzzin FuzzIn p_FuzzIn\np/harnesses/fuzzout FuzzOut p_FuzzOut\n", out.String()); diff != "" {
		t.Error(diff)
	}
	want := []string{"p/harnesses/fuzzin/harness.go", "p/harnesses/fuzzout/harness.go", "p/opened/zzopenedx.go",
		"p/p.go", "p/testdata/q_test.go", "p/zzopenedhelp_linux.go", "p/zzopenedp.go", "p/zzopenedwindows.go"}
	if diff := cmp.Diff(want, files(t, "p")); diff != "" {
		t.Error(diff)
	}
	text, err := os.ReadFile("p/harnesses/fuzzout/harness.go")
	if err != nil || !strings.Contains(string(text), `target "github.com/icsplice/icsplice/p/opened"`) ||
		!strings.Contains(string(text), `Dir: "p", Fuzz: target.FuzzOut}`) {
		t.Errorf("%v\n%s", err, text)
	}
	if err := shut("p"); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll("p/" + harnesses); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, files(t, "p")); diff != "" {
		t.Error(diff)
	}
}

func TestBinaryOfTheRoot(t *testing.T) {
	if got := (harness{"FuzzX", ".", "."}).binary(); got != "FuzzX" {
		t.Error(got)
	}
	if got := (harness{"FuzzX", ".", "opened"}).Import(); got != module+"/opened" {
		t.Error(got)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"list", "x"}, {"open"}, {"other"}} {
		if err := run(args); err != errUsage {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, args := range [][]string{{"open", "no/such/folder"}, {"close", "."}} {
		if err := run(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
