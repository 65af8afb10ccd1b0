package conformance_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icsplice/icsplice/conformance"
)

// build runs a shell script as the compiler, with the source and the module as
// $1 and $2.
func build(t *testing.T, script string, timeout time.Duration) ([]conformance.Case, error) {
	t.Helper()
	dir := folder(t, map[string]string{
		"fd_seek-a.c": "int main(void) {}", "fd_seek-b.c": "#error", "fd_seek-b.json": `{"exit_code": 2}`,
		"check.h": "", "wazero.expected": "fd_seek-a: a reason",
	})
	c := conformance.Compiler{Name: "newcc", Command: []string{"sh", "-c", script, "sh", "{src}", "{out}"}, Jobs: 2, Timeout: timeout}
	return c.Build(context.Background(), dir, t.TempDir())
}

func TestBuild(t *testing.T) {
	cases, err := build(t, `grep -q '#error' "$1" && { echo "$1: stop"; exit 3; }; cp "$1" "$2"`, 0)
	if err != nil || len(cases) != 2 {
		t.Fatal(cases, err)
	}
	a, b := cases[0], cases[1]
	if a.ID() != "newcc/fd_seek-a" || a.NotBuilt != "" || a.Expected["wazero"] != "a reason" {
		t.Errorf("%+v", a)
	}
	if made, err := os.ReadFile(a.Module); err != nil || string(made) != "int main(void) {}" {
		t.Errorf("%q, %v", made, err)
	}
	if b.Exit != 2 || !strings.HasPrefix(b.NotBuilt, "exit status 3\n") || !strings.HasSuffix(b.NotBuilt, "fd_seek-b.c: stop") {
		t.Errorf("%+v", b)
	}
}

// TestBuildFails: a compiler that makes nothing, never ends, or talks too much.
func TestBuildFails(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		timeout      time.Duration
		want         string
	}{
		{"makes nothing", "exit 0", 0, "no such file"},
		{"never ends", "echo begun; sleep 100", 50 * time.Millisecond, "deadline exceeded"},
		{"talks", "yes | head -c 10000000; exit 1", 0, "exit status 1\ny\ny\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cases, err := build(t, tt.script, tt.timeout)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cases {
				if !strings.Contains(c.NotBuilt, tt.want) || len(c.NotBuilt) > 3000 {
					t.Errorf("%d bytes: %.200s", len(c.NotBuilt), c.NotBuilt)
				}
			}
		})
	}
}

func TestBuildRefuses(t *testing.T) {
	dir := folder(t, map[string]string{"a.c": ""})
	for _, tt := range []struct {
		command []string
		dir     string
		want    error
	}{
		{[]string{"cc", "{src}"}, dir, conformance.ErrCommand},
		{[]string{"cc", "-o", "{out}"}, dir, conformance.ErrCommand},
		{nil, dir, conformance.ErrCommand},
		{[]string{"no-such-compiler-at-all", "{src}", "{out}"}, dir, exec.ErrNotFound},
		{[]string{"sh", "{src}", "{out}"}, filepath.Join(dir, "missing"), os.ErrNotExist},
	} {
		c := conformance.Compiler{Name: "x", Command: tt.command}
		if _, err := c.Build(context.Background(), tt.dir, t.TempDir()); !errors.Is(err, tt.want) {
			t.Errorf("%q: %v, want %v", tt.command, err, tt.want)
		}
	}
	var wrong *conformance.SuiteError
	c := conformance.Compiler{Name: "x", Command: []string{"sh", "{src}", "{out}"}}
	if _, err := c.Build(context.Background(), t.TempDir(), t.TempDir()); !errors.As(err, &wrong) {
		t.Errorf("a folder without sources: %v", err)
	}
}

// TestWriteSources: the embedded sources are those of the C suite, with all that
// they need.
func TestWriteSources(t *testing.T) {
	dir := t.TempDir()
	if err := conformance.WriteSources(dir); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir("suite/c", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".wasm" {
			return err
		}
		n++
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("suite/c", path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(dir, rel))
		if err == nil && string(got) != string(want) {
			t.Errorf("%s differs", rel)
		}
		return err
	})
	if err != nil || n < 200 {
		t.Errorf("%d files, %v", n, err)
	}
}
