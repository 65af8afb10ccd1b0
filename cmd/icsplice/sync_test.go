package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/polyfill/stablefs"
	"github.com/spf13/cobra"
)

// tree is a folder's content by path: "folder/" for folders, the bytes of
// files, "-> target" for links.
type tree map[string]string

func (tr tree) make(t *testing.T, dir string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(tr)) {
		p := filepath.Join(dir, filepath.FromSlash(name))
		var err error
		switch target, isLink := strings.CutPrefix(tr[name], "-> "); {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(p, 0o755)
		case isLink:
			err = os.Symlink(target, p)
		default:
			err = os.WriteFile(p, []byte(tr[name]), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func readTree(t *testing.T, dir string) tree {
	t.Helper()
	tr := tree{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		rel = filepath.ToSlash(rel)
		switch d.Type() {
		case fs.ModeDir:
			tr[rel+"/"] = ""
		case fs.ModeSymlink:
			target, err := os.Readlink(p)
			tr[rel] = "-> " + target
			return err
		default:
			b, err := os.ReadFile(p)
			tr[rel] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// guestTree reads a folder of the guest.
func guestTree(t *testing.T, g *guest, dir string) tree {
	t.Helper()
	ino, err := g.lookupAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	tr := tree{}
	list, err := (&mount{}).list(g, ".", ino, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		switch f.kind {
		case fs.ModeDir:
			tr[f.rel+"/"] = ""
		case fs.ModeSymlink:
			target, err := g.readlink(f.ino)
			if err != nil {
				t.Fatal(err)
			}
			tr[f.rel] = "-> " + target
		default:
			var b bytes.Buffer
			if _, err := b.ReadFrom(g.reader(f.ino)); err != nil {
				t.Fatal(err)
			}
			tr[f.rel] = b.String()
		}
	}
	return tr
}

// program is what a run does to the guest's files.
type program struct {
	t *testing.T
	g *guest
}

func (p program) dir(name string) (stablefs.Ino, string) {
	ino, err := p.g.lookupAll(path.Dir(name))
	if err != nil {
		p.t.Fatal(err)
	}
	return ino, path.Base(name)
}

func (p program) write(name, content string) {
	dir, base := p.dir(name)
	ino, err := p.g.place(dir, base, abi.FiletypeRegularFile)
	if err == nil {
		err = p.g.write(ino, strings.NewReader(content))
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p program) remove(name string) {
	dir, base := p.dir(name)
	if err := p.g.remove(dir, base); err != nil {
		p.t.Fatal(err)
	}
}

func (p program) mkdir(name string) {
	if _, err := p.g.makeAll(name); err != nil {
		p.t.Fatal(err)
	}
}

func (p program) link(name, target string) {
	dir, base := p.dir(name)
	if err := p.g.link(dir, base, target); err != nil {
		p.t.Fatal(err)
	}
}

// newSession is a session with the host folder at guest, and its stderr.
func newSession(t *testing.T, host, guest string) (*session, *bytes.Buffer) {
	t.Helper()
	stable, err := canister.OpenStableFile(filepath.Join(t.TempDir(), "state"))
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
	return &session{cmd: cmd, stable: stable, mounts: mounts}, &stderr
}

func reopen(t *testing.T, s *session) program {
	t.Helper()
	g, err := openGuest(s.stable)
	if err != nil {
		t.Fatal(err)
	}
	return program{t, g}
}

func TestSync(t *testing.T) {
	before := tree{
		"a":         "one",
		"big":       strings.Repeat("0123456789", 300_000),
		"d/":        "",
		"d/e/":      "",
		"d/e/f":     "deep",
		"gone":      "x",
		"gonedir/":  "",
		"gonedir/x": "y",
		"file2dir":  "f",
		"dir2file/": "",
		"link":      "-> d/e",
		"out":       "-> /etc/passwd", // the host's own, so it stays
		"relink":    "-> a",
	}
	host := t.TempDir()
	before.make(t, host)
	s, stderr := newSession(t, host, "/srv/data")
	p := reopen(t, s)
	p.mkdir("/srv/data/old")
	p.write("/srv/data/a", "stale")
	p.write("/srv/beside", "stays")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	p = reopen(t, s)
	if diff := cmp.Diff(before, guestTree(t, p.g, "/srv/data")); diff != "" {
		t.Fatalf("copied in:\n%s", diff)
	}

	p.write("/srv/data/a", "two")
	p.write("/srv/data/d/new", "")
	p.remove("/srv/data/gone")
	p.remove("/srv/data/gonedir")
	p.remove("/srv/data/file2dir")
	p.mkdir("/srv/data/file2dir/sub")
	p.remove("/srv/data/dir2file")
	p.write("/srv/data/dir2file", "now a file")
	p.link("/srv/data/relink", "big")
	p.link("/srv/data/d/up", "../a")
	p.link("/srv/data/escape", "../../secret")
	if err := s.copyOut(); err != nil {
		t.Fatal(err)
	}
	after := maps.Clone(before)
	after["a"], after["d/new"] = "two", ""
	after["file2dir/"], after["file2dir/sub/"], after["dir2file"] = "", "", "now a file"
	after["relink"], after["d/up"] = "-> big", "-> ../a"
	for _, name := range []string{"gone", "gonedir/", "gonedir/x", "file2dir", "dir2file/"} {
		delete(after, name)
	}
	if diff := cmp.Diff(after, readTree(t, host)); diff != "" {
		t.Errorf("copied back:\n%s", diff)
	}
	if want := `the link escape leads to "../../secret"`; !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr %q lacks %q", stderr, want)
	}
}

// What the program left alone must not be touched on the host, not even where
// the host changed it meanwhile.
func TestSyncLeavesTheRest(t *testing.T) {
	host := t.TempDir()
	tree{"a": "1", "b": "1", "d/": ""}.make(t, host)
	if err := os.Chmod(filepath.Join(host, "b"), 0o750); err != nil {
		t.Fatal(err)
	}
	s, _ := newSession(t, host, "/")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	tree{"a": "changed by the host", "d/new": "made by the host"}.make(t, host)
	reopen(t, s).write("/b", "changed by the program")
	if err := s.copyOut(); err != nil {
		t.Fatal(err)
	}
	want := tree{"a": "changed by the host", "b": "changed by the program", "d/": "", "d/new": "made by the host"}
	if diff := cmp.Diff(want, readTree(t, host)); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(host, "b"))
	if err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
}

// A link of the host that leads out of the folder must not be written through.
func TestSyncStaysInside(t *testing.T) {
	outside, host := t.TempDir(), t.TempDir()
	tree{"target/": "", "target/secret": "untouched"}.make(t, outside)
	tree{"door": "-> " + filepath.Join(outside, "target"), "plain/": ""}.make(t, host)
	s, _ := newSession(t, host, "/h")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	p := reopen(t, s)
	p.remove("/h/door")
	p.mkdir("/h/door")
	p.write("/h/door/secret", "through the door")
	p.write("/h/plain/x", "inside")
	// Between the copies the host puts a link where the program has a folder.
	if err := os.Remove(filepath.Join(host, "plain")); err != nil {
		t.Fatal(err)
	}
	tree{"plain": "-> " + filepath.Join(outside, "target")}.make(t, host)
	if err := s.copyOut(); err == nil {
		t.Error("the copy back went through a link that leads out")
	}
	want := tree{"target/": "", "target/secret": "untouched"}
	if diff := cmp.Diff(want, readTree(t, outside)); diff != "" {
		t.Error(diff)
	}
}

func TestSyncFolderRemoved(t *testing.T) {
	host := t.TempDir()
	tree{"a": "1", "d/": "", "d/x": "2"}.make(t, host)
	s, _ := newSession(t, host, "/h")
	if err := s.copyIn(); err != nil {
		t.Fatal(err)
	}
	reopen(t, s).remove("/h")
	if err := s.copyOut(); err != nil {
		t.Fatal(err)
	}
	if got := readTree(t, host); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}

// Copying in what is there already must not write to stable memory.
func TestSyncWritesOnlyChanges(t *testing.T) {
	host := t.TempDir()
	tree{"a": strings.Repeat("x", 100_000), "l": "-> a"}.make(t, host)
	s, _ := newSession(t, host, "/h")
	for range 2 {
		if err := s.copyIn(); err != nil {
			t.Fatal(err)
		}
	}
	counting := &countingStore{store: store{s.stable}}
	m := &mount{host: host, guest: "/h", before: map[string]entry{}}
	g := &guest{fs: stablefs.New(counting)}
	if err := m.copyIn(g, nil); err != nil {
		t.Fatal(err)
	}
	if counting.written > 0 {
		t.Errorf("%d bytes written", counting.written)
	}
}

type countingStore struct {
	store
	written int
}

func (c *countingStore) Write(p []byte, off uint64) {
	c.written += len(p)
	c.store.Write(p, off)
}
