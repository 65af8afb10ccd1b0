package image

import (
	"io"
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
	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// disk is a stable memory and a folder of the host that stands for one in it.
type disk struct {
	t      *testing.T
	stable canister.StableMemory
	host   *os.Root
	guest  string
	before *Copied
}

func newDisk(t *testing.T, host, guest string) *disk {
	t.Helper()
	root, err := os.OpenRoot(host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &disk{t: t, stable: canister.NewStableMemory(), host: root, guest: guest}
}

// use works on the image as a program does.
func (d *disk) use(work func(program)) {
	d.t.Helper()
	if err := Use(d.stable, func(f *FS) error { work(program{d.t, f}); return nil }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) copyIn() {
	d.t.Helper()
	err := Use(d.stable, func(f *FS) (err error) {
		d.before, err = f.CopyIn(d.host, d.guest)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) copyOut() (refused []Link, err error) {
	return refused, Use(d.stable, func(f *FS) (err error) {
		refused, err = f.CopyOut(d.host, d.guest, d.before.Entries)
		return err
	})
}

// program is what a run does to the files of an image.
type program struct {
	t *testing.T
	*FS
}

func (p program) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p program) at(name string) place {
	p.t.Helper()
	ino, err := p.lookupAll(path.Dir(name))
	p.check(err)
	return place{name, ino, path.Base(name)}
}

func (p program) writes(name, content string) {
	p.t.Helper()
	ino, _, err := p.make(p.at(name), abi.FiletypeRegularFile)
	p.check(err)
	p.check(p.write(name, ino, strings.NewReader(content)))
}

func (p program) removes(name string) {
	p.t.Helper()
	p.check(p.remove(p.at(name)))
}

func (p program) links(name, target string) {
	p.t.Helper()
	p.check(p.link(p.at(name), target))
}

func (p program) mkdir(name string) {
	p.t.Helper()
	_, err := p.makeAll(name)
	p.check(err)
}

// tree reads a folder of the image.
func (p program) tree(guest string) treetest.Tree {
	p.t.Helper()
	dir, err := p.lookupAll(guest)
	p.check(err)
	list, err := p.appendBeneath(nil, ".", dir)
	p.check(err)
	tree := treetest.Tree{}
	for _, n := range list {
		switch n.Type {
		case abi.FiletypeDirectory:
			tree[n.Path+"/"] = ""
		case abi.FiletypeSymbolicLink:
			target, err := p.Readlink(n)
			p.check(err)
			tree[n.Path] = "-> " + target
		default:
			b, err := io.ReadAll(p.Reader(n))
			p.check(err)
			tree[n.Path] = string(b)
		}
	}
	return tree
}

func wantTree(t *testing.T, what string, want, got treetest.Tree) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s:\n%s", what, diff)
	}
}

func TestCopy(t *testing.T) {
	before := treetest.Tree{
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
	host := treetest.Dir(t, before)
	d := newDisk(t, host, "/srv/data")
	d.use(func(p program) {
		p.mkdir("/srv/data/old/deep/down")
		p.writes("/srv/data/old/deep/down/file", "x")
		p.mkdir("/srv/data/gone")
		p.mkdir("/srv/data/link/was")
		p.links("/srv/data/relink", "elsewhere")
		p.writes("/srv/data/a", "stale")
		p.writes("/srv/beside", "stays")
	})
	d.copyIn()
	d.use(func(p program) {
		wantTree(t, "copied in", before, p.tree("/srv/data"))
		wantTree(t, "beside", treetest.Tree{"beside": "stays", "data/": ""}, withoutBelow(p.tree("/srv"), "data/"))
		p.writes("/srv/data/a", "two")
		p.writes("/srv/data/d/new", "")
		p.removes("/srv/data/gone")
		p.removes("/srv/data/gonedir")
		p.removes("/srv/data/file2dir")
		p.mkdir("/srv/data/file2dir/sub")
		p.removes("/srv/data/dir2file")
		p.writes("/srv/data/dir2file", "now a file")
		p.links("/srv/data/relink", "big")
		p.links("/srv/data/d/up", "../a")
		p.links("/srv/data/escape", "../../secret")
	})
	refused, err := d.copyOut()
	if want := []Link{{"escape", "../../secret"}}; err != nil || !slices.Equal(refused, want) {
		t.Errorf("refused %v, %v, want %v", refused, err, want)
	}
	after := maps.Clone(before)
	after["a"], after["d/new"] = "two", ""
	after["file2dir/"], after["file2dir/sub/"], after["dir2file"] = "", "", "now a file"
	after["relink"], after["d/up"] = "-> big", "-> ../a"
	for _, name := range []string{"gone", "gonedir/", "gonedir/x", "file2dir", "dir2file/"} {
		delete(after, name)
	}
	wantTree(t, "copied back", after, treetest.Read(t, host, nil))
}

func withoutBelow(tree treetest.Tree, prefix string) treetest.Tree {
	maps.DeleteFunc(tree, func(name, _ string) bool { return name != prefix && strings.HasPrefix(name, prefix) })
	return tree
}

// What the program left alone must not be touched on the host, not even where
// the host changed it meanwhile.
func TestCopyOutLeavesTheRest(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1", "b": "1", "d/": ""})
	if err := os.Chmod(filepath.Join(host, "b"), 0o750); err != nil {
		t.Fatal(err)
	}
	d := newDisk(t, host, "/")
	d.copyIn()
	treetest.Make(t, host, treetest.Tree{"a": "changed by the host", "d/new": "made by the host"})
	d.use(func(p program) { p.writes("/b", "changed by the program") })
	if _, err := d.copyOut(); err != nil {
		t.Fatal(err)
	}
	want := treetest.Tree{"a": "changed by the host", "b": "changed by the program", "d/": "", "d/new": "made by the host"}
	wantTree(t, "copied back", want, treetest.Read(t, host, nil))
	info, err := os.Stat(filepath.Join(host, "b"))
	if err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
}

// A link of the host that leads out of the folder must not be written through.
func TestCopyOutStaysInside(t *testing.T) {
	secret := treetest.Tree{"target/": "", "target/secret": "untouched"}
	outside := treetest.Dir(t, secret)
	target := "-> " + filepath.Join(outside, "target")
	host := treetest.Dir(t, treetest.Tree{"door": target, "plain/": ""})
	d := newDisk(t, host, "/h")
	d.copyIn()
	d.use(func(p program) {
		p.removes("/h/door")
		p.mkdir("/h/door")
		p.writes("/h/door/secret", "through the door")
		p.writes("/h/plain/x", "inside")
	})
	// Between the copies the host puts a link where the program has a folder.
	if err := os.Remove(filepath.Join(host, "plain")); err != nil {
		t.Fatal(err)
	}
	treetest.Make(t, host, treetest.Tree{"plain": target})
	if _, err := d.copyOut(); err == nil {
		t.Error("the copy back went through a link that leads out")
	}
	wantTree(t, "outside", secret, treetest.Read(t, outside, nil))
}

func TestCopyOutFolderRemoved(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1", "d/": "", "d/x": "2"})
	d := newDisk(t, host, "/h")
	d.copyIn()
	d.use(func(p program) { p.removes("/h") })
	if _, err := d.copyOut(); err != nil {
		t.Fatal(err)
	}
	wantTree(t, "left", treetest.Tree{}, treetest.Read(t, host, nil))
}

// Copying in what is there already must not write to stable memory.
func TestCopyInWritesOnlyChanges(t *testing.T) {
	d := newDisk(t, treetest.Dir(t, treetest.Tree{"a": strings.Repeat("x", 100_000), "l": "-> a", "d/e": "1"}), "/h")
	d.copyIn()
	first := d.before
	counting := &countingStore{Store: Store(d.stable)}
	err := use(counting, func(f *FS) (err error) {
		d.before, err = f.CopyIn(d.host, d.guest)
		return err
	})
	if err != nil || counting.written > 0 {
		t.Errorf("%d bytes written, %v", counting.written, err)
	}
	if diff := cmp.Diff(first, d.before); diff != "" {
		t.Errorf("the second copy found something else:\n%s", diff)
	}
}

type countingStore struct {
	stablefs.Store
	written int
}

func (c *countingStore) Write(p []byte, off uint64) {
	c.written += len(p)
	c.Store.Write(p, off)
}

func TestCopyInKeepsTimes(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1"})
	info, err := os.Stat(filepath.Join(host, "a"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDisk(t, host, "/")
	d.copyIn()
	d.use(func(p program) {
		list, err := p.List()
		p.check(err)
		a, err := p.Stat(list[0])
		if err != nil || a.Mtim != uint64(info.ModTime().UnixNano()) {
			t.Errorf("modified at %d, %v, want %d", a.Mtim, err, info.ModTime().UnixNano())
		}
	})
}

func TestLeadsOut(t *testing.T) {
	tests := []struct {
		rel, target string
		want        bool
	}{
		{"link", "file", false},
		{"link", "./a/b", false},
		{"link", "..", true},
		{"link", "../host", true},
		{"a/link", "..", false},
		{"a/link", "../file", false},
		{"a/link", "../../file", true},
		{"a/b/link", "../../file", false},
		{"link", "a/../../x", true},
		{"link", "a/..", true}, // a may be a link elsewhere
		{"link", "/etc/passwd", true},
		{"link", "", true},
	}
	for _, tt := range tests {
		if got := leadsOut(tt.rel, tt.target); got != tt.want {
			t.Errorf("leadsOut(%q, %q) = %v", tt.rel, tt.target, got)
		}
	}
}
