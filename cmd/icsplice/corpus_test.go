package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/corpus"
)

// TestCorpus runs every case of every program with `icsplice run` on a host
// folder and wants what a native runtime gave: exit code, output and files.
func TestCorpus(t *testing.T) {
	byProgram := map[string][]corpus.Case{}
	for _, c := range corpus.Cases() {
		if len(c.Calls) == 0 {
			byProgram[c.Program] = append(byProgram[c.Program], c)
		}
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, program := range slices.Sorted(maps.Keys(byProgram)) {
		t.Run(program, func(t *testing.T) {
			module, err := corpus.Module(program)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), program)
			if err := os.WriteFile(path, module, 0o666); err != nil {
				t.Fatal(err)
			}
			for _, c := range byProgram[program] {
				t.Run(c.Name, func(t *testing.T) { compareCase(t, c, runCase(t, path, c)) })
			}
		})
	}
}

func runCase(t *testing.T, module string, c corpus.Case) corpus.Result {
	t.Helper()
	dir, work := t.TempDir(), t.TempDir()
	makeTree(t, dir, c.Files)
	stdin := filepath.Join(work, "stdin")
	if err := os.WriteFile(stdin, []byte(c.Stdin), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--quiet", "--no-check", "--state", filepath.Join(work, "state"),
		"--stdin", stdin, "--dir", dir + "::/"}
	for _, e := range c.Env {
		args = append(args, "--env", e)
	}
	var stdout, stderr bytes.Buffer
	code := run(append(append(args, module), c.Args...), strings.NewReader(""), &stdout, &stderr)
	r := corpus.Result{Exit: uint32(code), Stdout: stdout.String(), Stderr: stderr.String(), Files: treeOf(t, dir)}
	if code == exitTrap && strings.Contains(r.Stderr, "icsplice: files are as they were") {
		r.Exit, r.Trap = 0, true
	}
	return r
}

func compareCase(t *testing.T, c corpus.Case, got corpus.Result) {
	t.Helper()
	want := c.Want
	if want.Trap {
		// A trap takes back what the message wrote, and its output is lost.
		dir := t.TempDir()
		makeTree(t, dir, c.Files)
		want.Files = treeOf(t, dir)
		// What it said on standard error comes first.
		want.Stdout = ""
		if strings.HasPrefix(got.Stderr, want.Stderr) {
			got.Stderr = want.Stderr
		}
	}
	if got.Exit != want.Exit&0xff || got.Trap != want.Trap {
		t.Errorf("exit %d trap %v, want %d and %v", got.Exit, got.Trap, want.Exit, want.Trap)
	}
	if got.Stdout != want.Stdout {
		t.Errorf("stdout %q, want %q", got.Stdout, want.Stdout)
	}
	if got.Stderr != want.Stderr {
		t.Errorf("stderr %q, want %q", got.Stderr, want.Stderr)
	}
	if !maps.Equal(got.Files, want.Files) {
		t.Errorf("files %q, want %q", got.Files, want.Files)
	}
}

// makeTree makes a case's files below root; a name that ends in a slash is a
// folder.
func makeTree(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		host := filepath.Join(root, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(host, 0o777); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(host), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(host, []byte(files[name]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// treeOf is the tree below root in the form of corpus.Result.
func treeOf(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(host string, d fs.DirEntry, err error) error {
		if err != nil || host == root {
			return err
		}
		rel, err := filepath.Rel(root, host)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		switch d.Type() {
		case fs.ModeDir:
			files[name+"/"] = ""
		case fs.ModeSymlink:
			target, err := os.Readlink(host)
			files[name] = corpus.Link(target)
			return err
		default:
			data, err := os.ReadFile(host)
			files[name] = corpus.Content(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
