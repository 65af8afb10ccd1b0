package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/treetest"
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
	dir, work := treetest.Dir(t, c.Files), t.TempDir()
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
	r := corpus.Result{Exit: uint32(code), Stdout: stdout.String(), Stderr: stderr.String(), Files: treetest.Read(t, dir, corpus.Content)}
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
		want.Files = treetest.Read(t, treetest.Dir(t, c.Files), corpus.Content)
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
