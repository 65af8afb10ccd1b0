package stablefs

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

var steps = flag.Int("steps", 6000, "random operations in the fault test, five times as many in the model test")

// model is a POSIX file system of plain Go values.
type model struct {
	root *thing
	open []*thing
}

type thing struct {
	typ     abi.Filetype
	ino     Ino
	data    []byte // content, or target
	entries map[string]*thing
	parent  *thing
	nlink   int
	mtim    uint64
}

func newModel() *model {
	r := &thing{typ: dirType, ino: Root, entries: map[string]*thing{}, nlink: 2}
	r.parent = r
	return &model{root: r}
}

// operation is a step of a random test. Its numbers choose among what there is,
// so that any part of a sequence is a sequence too.
type operation struct {
	kind       string
	a, b, c, d int
}

var kinds = strings.Fields(`create create create create mkdir mkdir symlink link link
	unlink unlink unlink rmdir rmdir rename rename rename rename
	write write write write write write truncate allocate open open close remount`)

func randomOperations(seed uint64, n int) []operation {
	r := rand.New(rand.NewPCG(seed, 1))
	ops := make([]operation, n)
	for i := range ops {
		ops[i] = operation{kinds[r.IntN(len(kinds))], r.IntN(1 << 20), r.IntN(1 << 20),
			r.IntN(1 << 20), r.IntN(1 << 20)}
	}
	return ops
}

// nameOf chooses one of few names, so that they meet; some have several slots.
func nameOf(n int) []byte {
	n %= 24
	name := fmt.Sprintf("n%d", n)
	switch {
	case n >= 20:
		name += strings.Repeat("long", 6*n-100)
	case n >= 16:
		name += strings.Repeat("x", slotName+n-18-len(name))
	}
	return []byte(name)
}

// things lists what of a kind the model has, in a fixed order.
func (m *model) things(dir bool) []*thing {
	var all []*thing
	seen := map[*thing]bool{}
	var visit func(t *thing)
	visit = func(t *thing) {
		if seen[t] {
			return
		}
		seen[t] = true
		if (t.typ == dirType) == dir {
			all = append(all, t)
		}
		for _, name := range t.names() {
			visit(t.entries[name])
		}
	}
	visit(m.root)
	for _, t := range m.open {
		visit(t)
	}
	return all
}

func (t *thing) names() []string {
	var names []string
	for name := range t.entries {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (m *model) pick(dir bool, n int) *thing {
	all := m.things(dir)
	if len(all) == 0 {
		return nil
	}
	return all[n%len(all)]
}

// apply does an operation in the model and tells what is to be done in the file
// system, which answers what it should have answered.
func (m *model) apply(o operation, now uint64) (do func(*FS) abi.Errno, wanted abi.Errno) {
	d := m.pick(true, o.a)
	name := nameOf(o.b)
	switch o.kind {
	case "create", "mkdir":
		return m.applyCreate(o, d, name, now)
	case "symlink":
		target := bytes.Repeat([]byte("t/"), 1+o.c%200)
		return func(fs *FS) abi.Errno {
			errno := fs.Symlink(d.ino, name, target, now)
			m.learn(fs, d, name)
			return errno
		}, m.add(d, name, &thing{typ: abi.FiletypeSymbolicLink, data: target, nlink: 1})
	case "link":
		return m.applyLink(d, name, m.pick(false, o.c), now)
	case "unlink":
		return func(fs *FS) abi.Errno { return fs.Unlink(d.ino, name, now) }, m.remove(d, name, false)
	case "rmdir":
		return func(fs *FS) abi.Errno { return fs.Rmdir(d.ino, name, now) }, m.remove(d, name, true)
	case "rename":
		to, newName := m.pick(true, o.c), nameOf(o.d)
		return func(fs *FS) abi.Errno {
			return fs.Rename(d.ino, name, to.ino, newName, now)
		}, m.rename(d, name, to, newName)
	}
	return m.applyFile(o, now)
}

// learn notes the number of an inode that was just made.
func (m *model) learn(fs *FS, d *thing, name []byte) {
	if t := d.entries[string(name)]; t != nil && t.ino == 0 {
		t.ino, _, _ = fs.Lookup(d.ino, name)
	}
}

func (m *model) add(d *thing, name []byte, t *thing) abi.Errno {
	if d.nlink == 0 {
		return abi.ErrnoNoent
	}
	if d.entries[string(name)] != nil {
		return abi.ErrnoExist
	}
	d.entries[string(name)] = t
	if t.typ == dirType {
		d.nlink++
		t.parent = d
	}
	return 0
}

func (m *model) applyCreate(o operation, d *thing, name []byte, now uint64) (func(*FS) abi.Errno, abi.Errno) {
	t := &thing{typ: fileType, nlink: 1, mtim: now}
	if o.kind == "mkdir" {
		t = &thing{typ: dirType, nlink: 2, entries: map[string]*thing{}, mtim: now}
	}
	wanted := m.add(d, name, t)
	return func(fs *FS) abi.Errno {
		_, errno := fs.Create(d.ino, name, t.typ, now)
		m.learn(fs, d, name)
		return errno
	}, wanted
}

func (m *model) applyLink(d *thing, name []byte, t *thing, now uint64) (func(*FS) abi.Errno, abi.Errno) {
	if t == nil {
		return func(*FS) abi.Errno { return 0 }, 0
	}
	ino := t.ino
	wanted := abi.ErrnoNoent
	if t.nlink > 0 {
		if wanted = m.add(d, name, t); wanted == 0 {
			t.nlink++
		}
	} else if d.entries[string(name)] != nil {
		wanted = abi.ErrnoExist
	}
	return func(fs *FS) abi.Errno { return fs.Link(d.ino, name, ino, now) }, wanted
}

func (m *model) remove(d *thing, name []byte, dir bool) abi.Errno {
	t := d.entries[string(name)]
	switch {
	case t == nil:
		return abi.ErrnoNoent
	case !dir && t.typ == dirType:
		return abi.ErrnoIsdir
	case dir && t.typ != dirType:
		return abi.ErrnoNotdir
	case dir && len(t.entries) > 0:
		return abi.ErrnoNotempty
	}
	delete(d.entries, string(name))
	m.unname(d, t)
	return 0
}

func (m *model) unname(d, t *thing) {
	t.nlink--
	if t.typ == dirType {
		t.nlink = 0
		d.nlink--
	}
}

func (m *model) rename(d *thing, name []byte, to *thing, newName []byte) abi.Errno {
	t, old := d.entries[string(name)], to.entries[string(newName)]
	if t == nil {
		return abi.ErrnoNoent
	}
	if t.typ == dirType {
		for at := to; ; at = at.parent {
			if at == t {
				return abi.ErrnoInval
			}
			if at == at.parent {
				break
			}
		}
	}
	switch {
	case to.nlink == 0:
		return abi.ErrnoNoent
	case old == t:
		return 0
	case old == nil:
	case old.typ == dirType && t.typ != dirType:
		return abi.ErrnoIsdir
	case old.typ != dirType && t.typ == dirType:
		return abi.ErrnoNotdir
	case len(old.entries) > 0:
		return abi.ErrnoNotempty
	}
	if old != nil {
		m.unname(to, old)
	}
	delete(d.entries, string(name))
	to.entries[string(newName)] = t
	if t.typ == dirType {
		d.nlink--
		to.nlink++
		t.parent = to
	}
	return 0
}

func (m *model) applyFile(o operation, now uint64) (func(*FS) abi.Errno, abi.Errno) {
	nothing := func(*FS) abi.Errno { return 0 }
	t := m.pick(false, o.a)
	switch {
	case o.kind == "remount":
		m.open = nil
		return nothing, 0
	case o.kind == "close":
		return m.applyClose(o)
	case o.kind == "open":
		if o.b%3 == 0 {
			t = m.pick(true, o.a)
		}
		if t == nil || len(m.open) >= 20 {
			return nothing, 0
		}
		m.open = append(m.open, t)
		return func(fs *FS) abi.Errno { return fs.Open(t.ino) }, 0
	case t == nil:
		return nothing, 0
	case t.typ != fileType:
		return func(fs *FS) abi.Errno { return fs.SetSize(t.ino, 0, now) }, abi.ErrnoInval
	}
	return m.applyContent(o, t, now)
}

func (m *model) applyContent(o operation, t *thing, now uint64) (func(*FS) abi.Errno, abi.Errno) {
	// Small numbers are likelier than large ones, and edges of blocks likely.
	off := o.b % (1 << (4 + o.c%14))
	if o.d%3 == 0 {
		off &^= blockSize - 1
	}
	n := 1 + o.d%(1<<(2+o.b%14))
	t.mtim = now
	switch o.kind {
	case "truncate":
		t.resize(off)
		return func(fs *FS) abi.Errno { return fs.SetSize(t.ino, uint64(off), now) }, 0
	case "allocate":
		t.resize(max(len(t.data), off+n))
		return func(fs *FS) abi.Errno { return fs.Allocate(t.ino, uint64(off), uint64(n), now) }, 0
	}
	p := bytes.Repeat([]byte{byte(now), byte(now >> 8), byte(n)}, n/3+1)[:n]
	t.resize(max(len(t.data), off+n))
	copy(t.data[off:], p)
	return func(fs *FS) abi.Errno {
		k, errno := fs.WriteAt(t.ino, uint64(off), p, now)
		if errno == 0 && k != n {
			return abi.ErrnoIo
		}
		return errno
	}, 0
}

func (t *thing) resize(n int) {
	if n <= len(t.data) {
		t.data = t.data[:n:n]
		return
	}
	t.data = append(t.data, make([]byte, n-len(t.data))...)
}

func (m *model) applyClose(o operation) (func(*FS) abi.Errno, abi.Errno) {
	if len(m.open) == 0 {
		return func(*FS) abi.Errno { return 0 }, 0
	}
	i := o.a % len(m.open)
	t := m.open[i]
	m.open = append(m.open[:i:i], m.open[i+1:]...)
	return func(fs *FS) abi.Errno { return fs.Close(t.ino) }, 0
}

// compare reads the whole file system by its calls and tells the first
// difference from the model. A file whose content is in doubt is passed over by
// except.
func (m *model) compare(fs *FS, except *thing) error {
	seen := map[*thing]bool{}
	if err := compareThing(fs, m.root, m.root.ino, "/", except, seen); err != nil {
		return err
	}
	for _, t := range m.open {
		if err := compareThing(fs, t, t.ino, "open", except, seen); err != nil {
			return err
		}
	}
	return nil
}

func compareThing(fs *FS, t *thing, ino Ino, path string, except *thing, seen map[*thing]bool) error {
	if seen[t] {
		if ino != t.ino {
			return fmt.Errorf("%s: inode %d, want %d", path, ino, t.ino)
		}
		return nil
	}
	seen[t] = true
	var a Attr
	if errno := fs.Stat(ino, &a); errno != 0 {
		return fmt.Errorf("%s: stat: %v", path, errno)
	}
	if ino != t.ino || a.Type != t.typ || int(a.Nlink) != t.nlink {
		return fmt.Errorf("%s: %+v, want inode %d of type %d with %d links", path, a, t.ino, t.typ, t.nlink)
	}
	if t == except {
		return nil
	}
	if t.typ == dirType {
		return compareDirectory(fs, t, path, except, seen)
	}
	if t.typ == fileType && a.Mtim != t.mtim {
		return fmt.Errorf("%s: changed at %d, want %d", path, a.Mtim, t.mtim)
	}
	return compareContent(fs, t, &a, path)
}

func compareContent(fs *FS, t *thing, a *Attr, path string) error {
	p := make([]byte, len(t.data)+1)
	n, errno := 0, abi.Errno(0)
	if t.typ == fileType {
		n, errno = fs.ReadAt(t.ino, 0, p)
	} else {
		n, errno = fs.Readlink(t.ino, p)
	}
	if errno != 0 || a.Size != uint64(len(t.data)) {
		return fmt.Errorf("%s: %d bytes, %v; want %d", path, a.Size, errno, len(t.data))
	}
	for i, c := range p[:n] {
		if c != t.data[i] {
			return fmt.Errorf("%s: byte %d is %d, want %d", path, i, c, t.data[i])
		}
	}
	return nil
}

func compareDirectory(fs *FS, t *thing, path string, except *thing, seen map[*thing]bool) error {
	var d Dirent
	found := map[string]bool{}
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := fs.ReadDir(t.ino, cookie, &d)
		if errno != 0 {
			return fmt.Errorf("%s: readdir: %v", path, errno)
		}
		if !more {
			break
		}
		name := string(d.Name)
		if found[name] {
			return fmt.Errorf("%s: %s is there twice", path, name)
		}
		found[name] = true
		if name == ".." && d.Ino != t.parent.ino && t.nlink > 0 {
			return fmt.Errorf("%s: parent %d, want %d", path, d.Ino, t.parent.ino)
		}
	}
	if len(found) != len(t.entries)+2 {
		return fmt.Errorf("%s: %d entries, want %d", path, len(found)-2, len(t.entries))
	}
	for _, name := range t.names() {
		ino, typ, errno := fs.Lookup(t.ino, []byte(name))
		if errno != 0 || !found[name] || typ != t.entries[name].typ {
			return fmt.Errorf("%s: %s: %v", path, name, errno)
		}
		if err := compareThing(fs, t.entries[name], ino, path+name+"/", except, seen); err != nil {
			return err
		}
	}
	return nil
}

// runModel does the operations and tells the first difference.
func runModel(ops []operation, every int) error {
	store := newMemory()
	fs := New(store)
	m := newModel()
	for i, o := range ops {
		do, wanted := m.apply(o, uint64(i+1))
		if o.kind == "remount" {
			fs = New(store)
		}
		if got := do(fs); got != wanted {
			return fmt.Errorf("step %d, %+v: %v, want %v", i, o, got, wanted)
		}
		if i%every != every-1 && i != len(ops)-1 {
			continue
		}
		if err := m.compare(fs, nil); err != nil {
			return fmt.Errorf("step %d, %+v: %w", i, o, err)
		}
		if problems := Fsck(store); len(problems) > 0 {
			return fmt.Errorf("step %d, %+v: %w", i, o, problems[0])
		}
	}
	return nil
}

// shrinkOperations leaves out what is not needed for a failure.
func shrinkOperations(ops []operation, fails func([]operation) bool) []operation {
	for size := len(ops) / 2; size > 0; size /= 2 {
		for i := 0; i+size <= len(ops); {
			less := append(append([]operation{}, ops[:i]...), ops[i+size:]...)
			if fails(less) {
				ops = less
			} else {
				i += size
			}
		}
	}
	return ops
}

func TestModel(t *testing.T) {
	const length = 300
	for seed := uint64(0); seed < uint64(5**steps/length); seed++ {
		ops := randomOperations(seed, length)
		if runModel(ops, 25) == nil {
			continue
		}
		ops = shrinkOperations(ops, func(ops []operation) bool { return runModel(ops, 1) != nil })
		for _, o := range ops {
			fmt.Fprintf(os.Stderr, "%#v,\n", o)
		}
		t.Fatalf("seed %d: %v", seed, runModel(ops, 1))
	}
}
