package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/canister"
)

func TestStateLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	first, err := openStable(path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = openStable(path)
	if !errors.Is(err, canister.ErrStableLocked) {
		t.Fatalf("error %v", err)
	}
	var stderr bytes.Buffer
	if code := report(&stderr, err); code != exitRefused || !strings.Contains(stderr.String(), "--state") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}

func TestStatePath(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/state")
	f := &runFlags{}
	a, err := f.statePath("/a/notes.wasm")
	if err != nil || !strings.HasPrefix(a, "/state/icsplice/notes-") || filepath.Ext(a) != ".stable" {
		t.Errorf("path %q, %v", a, err)
	}
	if b, _ := f.statePath("/b/notes.wasm"); b == a {
		t.Errorf("modules in two places share %q", a)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/home/u")
	if c, _ := f.statePath("/a/notes.wasm"); !strings.HasPrefix(c, "/home/u/.local/state/icsplice/") {
		t.Errorf("path %q", c)
	}
	f.state = "mine"
	if d, _ := f.statePath("/a/notes.wasm"); d != "mine" {
		t.Errorf("path %q", d)
	}
}

func TestOpenStateFresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "state")
	f := &runFlags{state: path}
	s, _, err := f.openState("x.wasm")
	if err != nil {
		t.Fatal(err)
	}
	s.Grow(3)
	if err := errors.Join(s.Commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []uint64{3, 0} {
		f.fresh = want == 0
		if s, _, err = f.openState("x.wasm"); err != nil || s.Size() != want {
			t.Fatalf("fresh %v: %d pages, %v", f.fresh, s.Size(), err)
		}
		s.Close()
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("%v, %v", info, err)
	}
}
