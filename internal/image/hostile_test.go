package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Offsets in a directory's slot, see polyfill/FORMAT.md.
const (
	slotIno  = 12
	slotType = 17
	slotName = 24
)

// forge changes the slot of the only entry of that name.
func (d *disk) forge(name string, at int, value []byte) {
	d.t.Helper()
	all := make([]byte, d.stable.Size()<<16)
	if err := d.stable.Read(all, 0); err != nil {
		d.t.Fatal(err)
	}
	if bytes.Count(all, []byte(name)) != 1 {
		d.t.Fatalf("%q is not once in the image", name)
	}
	place := bytes.Index(all, []byte(name)) - slotName + at
	if err := d.stable.Write(value, uint64(place)); err != nil {
		d.t.Fatal(err)
	}
}

// forgeIno makes the entry of a name lead to the folder at path.
func (d *disk) forgeIno(name, path string) {
	d.t.Helper()
	d.use(func(p program) {
		ino, err := p.lookupAll(path)
		p.check(err)
		d.forge(name, slotIno, binary.LittleEndian.AppendUint32(nil, uint32(ino)))
	})
}

// TestHostileImages: what no program can have made ends every walk, before
// anything on the host is touched.
func TestHostileImages(t *testing.T) {
	for name, forge := range map[string]func(*disk){
		"loop":        func(d *disk) { d.forgeIno("inner-folder", "/h/outer-folder") },
		"root":        func(d *disk) { d.forgeIno("inner-folder", "/") },
		"twice":       func(d *disk) { d.forgeIno("other-folder", "/h/outer-folder/inner-folder") },
		"slash":       func(d *disk) { d.forge("plain-file", slotName, []byte("../../file")) },
		"type":        func(d *disk) { d.forge("plain-file", slotType, []byte{byte(abi.FiletypeSocketStream)}) },
		"file folder": func(d *disk) { d.forge("plain-file", slotType, []byte{byte(abi.FiletypeDirectory)}) },
	} {
		t.Run(name, func(t *testing.T) {
			host := treetest.Dir(t, treetest.Tree{"outer-folder/inner-folder/": "", "other-folder/": "", "plain-file": "1"})
			d := newDisk(t, host, "/h")
			d.copyIn()
			treetest.Make(t, host, treetest.Tree{"plain-file": "changed by the host"})
			want := treetest.Read(t, host, nil)
			forge(d)
			_, err := d.copyOut()
			if damage, refused := new(DamageError), new(Error); !errors.As(err, &damage) && !errors.As(err, &refused) {
				t.Errorf("error %v", err)
			}
			wantTree(t, "host", want, treetest.Read(t, host, nil))
		})
	}
}

// TestHostileRemoval: a folder in itself is not removed for ever.
func TestHostileRemoval(t *testing.T) {
	d := newDisk(t, treetest.Dir(t, treetest.Tree{"outer-folder/inner-folder/": ""}), "/h")
	d.copyIn()
	d.forgeIno("inner-folder", "/h/outer-folder")
	empty := newDisk(t, t.TempDir(), "/h")
	err := Use(d.stable, func(f *FS) error { _, err := f.CopyIn(empty.host, "/h"); return err })
	if damage := new(DamageError); !errors.As(err, &damage) || !strings.HasSuffix(damage.Path, "outer-folder/inner-folder") {
		t.Errorf("error %v", err)
	}
}

// TestDeepImage: paths end where no program's do.
func TestDeepImage(t *testing.T) {
	d := newDisk(t, t.TempDir(), "/")
	d.use(func(p program) {
		p.mkdir(strings.Repeat("/"+strings.Repeat("n", 255), 16)) // 4,095 bytes
		if list, err := p.List(); len(list) != 16 || err != nil {
			t.Fatalf("%d entries, %v", len(list), err)
		}
		p.mkdir(strings.Repeat("/"+strings.Repeat("n", 255), 17))
		_, err := p.List()
		if damage := new(DamageError); !errors.As(err, &damage) {
			t.Errorf("error %v", err)
		}
	})
}

func TestStatTellsTypes(t *testing.T) {
	d := newDisk(t, treetest.Dir(t, treetest.Tree{"plain-file": "1"}), "/")
	d.copyIn()
	d.forge("plain-file", slotType, []byte{byte(abi.FiletypeSymbolicLink)})
	d.use(func(p program) {
		list, err := p.List()
		p.check(err)
		_, err = p.Stat(list[0])
		if damage := new(DamageError); !errors.As(err, &damage) {
			t.Errorf("error %v", err)
		}
	})
}

// TestSockets: what is neither file, folder nor link is named, and what the
// image has in its place is removed.
func TestSockets(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"d/a": "1"})
	l, err := net.Listen("unix", filepath.Join(host, "d", "s"))
	if err != nil {
		t.Skip("NOTHING WAS TESTED: ", err)
	}
	defer l.Close()
	d := newDisk(t, host, "/")
	d.use(func(p program) { p.mkdir("/d/s/was/here") })
	d.copyIn()
	if !slices.Equal(d.before.Left, []string{"d/s"}) {
		t.Errorf("left %q", d.before.Left)
	}
	d.use(func(p program) { wantTree(t, "copied", treetest.Tree{"d/": "", "d/a": "1"}, p.tree("/")) })
}

// failing is a stable memory whose reads fail from the n-th on.
type failing struct {
	canister.StableMemory
	left int
}

var errDisk = errors.New("the disk is broken")

func (f *failing) Read(p []byte, off uint64) error {
	if f.left--; f.left < 0 {
		return errDisk
	}
	return f.StableMemory.Read(p, off)
}

// TestStoreFails: whichever read fails, that is what is said.
func TestStoreFails(t *testing.T) {
	d := newDisk(t, treetest.Dir(t, treetest.Tree{"a": "1", "d/b": strings.Repeat("2", 10_000)}), "/")
	d.copyIn()
	for n := 0; ; n++ {
		f := &failing{d.stable, n}
		err := Use(f, func(f *FS) error { _, err := f.CopyIn(d.host, "/"); return err })
		if f.left >= 0 {
			if err != nil || n < 4 {
				t.Errorf("after %d reads: %v", n, err)
			}
			return
		}
		if store := new(StoreError); !errors.As(err, &store) || !errors.Is(err, errDisk) {
			t.Fatalf("read %d fails: %v", n, err)
		}
	}
}

func TestOtherPanicsPass(t *testing.T) {
	defer func() {
		if p := recover(); p != "BUG: other" {
			t.Errorf("recovered %v", p)
		}
	}()
	Use(canister.NewStableMemory(), func(*FS) error { panic("BUG: other") })
}

func TestMountFails(t *testing.T) {
	d := newDisk(t, t.TempDir(), "/")
	d.copyIn()
	if err := d.stable.Write([]byte{0xff}, 8); err != nil { // the version
		t.Fatal(err)
	}
	err := Use(d.stable, func(*FS) error { t.Error("it is opened"); return nil })
	if mount := new(MountError); !errors.As(err, &mount) || mount.Errno != abi.ErrnoNotsup {
		t.Errorf("error %v", err)
	}
}

// TestHollowFile: a file of which there is little but its size is not written out.
func TestHollowFile(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1", "huge": "2"})
	d := newDisk(t, host, "/")
	d.copyIn()
	grow := func(size uint64) {
		d.use(func(p program) {
			ino, _, errno := p.fs.Lookup(stablefs.Root, []byte("huge"))
			p.check(failed("find", "huge", errno))
			p.check(failed("grow", "huge", p.fs.SetSize(ino, size, 1)))
		})
	}
	grow(stablefs.MaxSize)
	_, err := d.copyOut()
	if refused := new(Error); !errors.As(err, &refused) || refused.Errno != abi.ErrnoFbig || refused.Path != "huge" {
		t.Errorf("error %v", err)
	}
	wantTree(t, "host", treetest.Tree{"a": "1", "huge": "2"}, treetest.Read(t, host, nil))
	d.copyIn() // which finds another size, and reads no more
	d.use(func(p program) { wantTree(t, "image", treetest.Tree{"a": "1", "huge": "2"}, p.tree("/")) })
	grow(20 << 20) // larger than the image
	if _, err = d.copyOut(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(host, "huge")); err != nil || info.Size() != 20<<20 {
		t.Errorf("%v, %v", info, err)
	}
}

// TestDamagedImages: whatever bytes of an image are changed, copying it out and
// over it ends, with an error of a kind that is named, or none.
func TestDamagedImages(t *testing.T) {
	host := treetest.Dir(t, treetest.Tree{"a": "1", "big": strings.Repeat("x", 100_000), "d/e/f": "2", "d/link": "-> e", "d/g/": ""})
	d := newDisk(t, host, "/")
	d.copyIn()
	if err := d.stable.Commit(); err != nil {
		t.Fatal(err)
	}
	over := newDisk(t, treetest.Dir(t, treetest.Tree{"d": "a file", "a/b": "1"}), "/")
	r := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for range *damages {
		for range 1 + r.IntN(3) {
			block := damaged[r.IntN(len(damaged))]
			if err := d.stable.Write([]byte{byte(r.Uint32())}, block<<12+r.Uint64N(1<<12)); err != nil {
				t.Fatal(err)
			}
		}
		out := newDisk(t, t.TempDir(), "/")
		for _, err := range []error{
			Use(d.stable, func(f *FS) error { f.hollow = 1 << 20; _, err := f.CopyOut(out.host, "/", nil); return err }),
			Use(d.stable, func(f *FS) error { _, err := f.CopyIn(over.host, "/"); return err }),
		} {
			if err == nil {
				continue
			}
			failed++
			if !named(err) {
				t.Errorf("%T %v", err, err)
			}
		}
		if err := errors.Join(d.stable.Discard(), out.host.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if failed == 0 {
		t.Error("no damage was seen")
	}
}

var damages = flag.Int("damages", 300, "damaged images to try")

// damaged are blocks with something in them, most of it inodes and what folders hold.
var damaged = []uint64{0, 1, 50, 82, 114, 114, 114, 146, 147, 148, 149}

func named(err error) bool {
	var (
		refused *Error
		damage  *DamageError
		mount   *MountError
		store   *StoreError
		host    *fs.PathError
		link    *os.LinkError
	)
	return errors.As(err, &refused) || errors.As(err, &damage) || errors.As(err, &mount) || errors.As(err, &store) ||
		errors.As(err, &host) || errors.As(err, &link)
}
