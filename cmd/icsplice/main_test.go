package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"icsplice": main})
}

// TestScripts runs each script of testdata/script in a folder of its own, with
// the corpus at $CORPUS, the conformance suite in C at $SUITE and a home that it
// shares with nobody.
func TestScripts(t *testing.T) {
	corpus, err := filepath.Abs("../../corpus/bin")
	if err != nil {
		t.Fatal(err)
	}
	suite, err := filepath.Abs("../../conformance/suite/c")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir() // of compiled code
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("CORPUS", corpus)
			env.Setenv("SUITE", suite)
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("XDG_CACHE_HOME", cache)
			return os.Mkdir(filepath.Join(env.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"unhex": unhex,
			"head":  head,
		},
	})
}

// exits runs a command and checks its exit code:
//
//	exits 2 icsplice build
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// unhex writes the bytes that a text file gives in hexadecimal, without what
// follows a #:
//
//	unhex bad.hex bad.wasm
func unhex(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unhex FROM TO")
	}
	var digits strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		line, _, _ = strings.Cut(line, "#")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
}

// head keeps the first bytes of a file:
//
//	head 100 whole.wasm cut.wasm
func head(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: head BYTES FROM TO")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b[:n], 0o644))
}

// TestPrintable: a module's names cannot steer the terminal.
func TestPrintable(t *testing.T) {
	var b strings.Builder
	if n, err := (printable{&b}).Write([]byte("a\x1b[31m\tb\u009b\n")); n != 11 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if b.String() != "a?[31m\tb?\n" {
		t.Errorf("%q", b.String())
	}
}
