package main

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/spf13/cobra"
)

// newSession is a session with the host folder at guest, and its stderr.
func newSession(t *testing.T, host, guest string) (*session, *bytes.Buffer) {
	t.Helper()
	state := filepath.Join(t.TempDir(), "state")
	stable, err := canister.OpenStableFile(state)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stable.Close() })
	var stderr bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetErr(&stderr)
	mounts, err := parseMounts(cmd, []string{host + "::" + guest})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeMounts(mounts) })
	for _, m := range mounts {
		if err := m.open(); err != nil {
			t.Fatal(err)
		}
	}
	return &session{cmd: cmd, stable: stable, state: state, mounts: mounts}, &stderr
}

// TestCopyTells: what is not copied is named, in the words of the command line.
func TestCopyTells(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1"})
	l, err := net.Listen("unix", filepath.Join(host, "socket"))
	if err != nil {
		t.Skip("NOTHING WAS TESTED: ", err)
	}
	defer l.Close()
	s, stderr := newSession(t, host, "/srv")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	if want := "icsplice: socket in " + host + " is neither a file, a folder nor a link; the program does not see it\n"; stderr.String() != want {
		t.Errorf("said %q, want %q", stderr, want)
	}
	stderr.Reset()
	out := treetest.Dir(t, treetest.Tree{"a": "1", "escape": "-> ../../secret"})
	inner, _ := newSession(t, out, "/srv")
	inner.stable = s.stable
	if err := inner.copyIn(); err != nil {
		t.Fatal(err)
	}
	if err := s.copyOut(); err != nil {
		t.Fatal(err)
	}
	if want := `icsplice: the link escape leads to "../../secret", out of ` + host + "; it is not copied back\n"; stderr.String() != want {
		t.Errorf("said %q, want %q", stderr, want)
	}
}

// TestDamagedState: a state file that cannot be mounted is named, with the way out.
func TestDamagedState(t *testing.T) {
	s, _ := newSession(t, t.TempDir(), "/srv")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	if err := s.stable.Write([]byte{0xff}, 8); err != nil { // the format's version
		t.Fatal(err)
	}
	var said bytes.Buffer
	if code := report(&said, s.copyIn()); code != exitRefused || !strings.Contains(said.String(), s.state) || !strings.Contains(said.String(), "--fresh") {
		t.Errorf("exit code %d, %s", code, &said)
	}
}
