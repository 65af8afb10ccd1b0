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
	for _, test := range []struct {
		fresh, succeeds bool
		want            uint64
	}{{false, false, 3}, {true, false, 0}, {false, false, 3}, {true, true, 0}, {false, false, 0}} {
		f.fresh = test.fresh
		if s, _, err = f.openState("x.wasm"); err != nil || s.Size() != test.want {
			t.Fatalf("%+v: %d pages, %v", test, s.Size(), err)
		}
		if test.succeeds {
			err = s.Commit()
		}
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenStateOdd: what is no image is refused, and with --fresh replaced.
func TestOpenStateOdd(t *testing.T) {
	f := &runFlags{state: filepath.Join(t.TempDir(), "odd")}
	if err := os.WriteFile(f.state, []byte("12345678"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.openState("x.wasm"); !errors.Is(err, canister.ErrStableSize) {
		t.Errorf("error %v", err)
	}
	f.fresh = true
	s, _, err := f.openState("x.wasm")
	if err != nil || s.Size() != 0 {
		t.Fatal(err)
	}
	s.Close()
}
