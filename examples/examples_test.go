// Package examples_test runs the sessions of the examples as they stand.
package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestSessions(t *testing.T) {
	sessions, err := filepath.Glob("*/session.txtar")
	if err != nil || len(sessions) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	bin := buildCommand(t)
	for _, session := range sessions {
		t.Run(filepath.Dir(session), func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Files: []string{session},
				Setup: func(env *testscript.Env) error { return setUp(env, bin) },
			})
		})
	}
}

// buildCommand builds icsplice into a folder of its own.
func buildCommand(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "github.com/icsplice/icsplice/cmd/icsplice")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// setUp gives a session icsplice, Go with its caches, and a home of its own.
func setUp(env *testscript.Env, bin string) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	env.Setenv("PATH", bin+string(filepath.ListSeparator)+env.Getenv("PATH"))
	env.Setenv("EXAMPLES", here)
	env.Setenv("CORPUS", filepath.Join(filepath.Dir(here), "corpus", "bin"))
	env.Setenv("HOME", env.WorkDir)
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, string(value[:len(value)-1]))
	}
	return nil
}
