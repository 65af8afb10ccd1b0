package stablefs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// bounded is a memory that a call may not use without end.
type bounded struct {
	*memory
	left int
}

func (b *bounded) Read(p []byte, off uint64) {
	if b.left--; b.left < 0 {
		panic("a call reads without end")
	}
	b.memory.Read(p, off)
}

// sample is an image with one of everything.
func sample(t testing.TB) *memory {
	m := newMemory()
	fs := New(m)
	must := func(errno abi.Errno) {
		if errno != 0 {
			t.Fatal(errno)
		}
	}
	file := func(dir Ino, name string) Ino {
		ino, errno := fs.Create(dir, []byte(name), fileType, 1)
		must(errno)
		return ino
	}
	write := func(ino Ino, off uint64, n int) {
		_, errno := fs.WriteAt(ino, off, bytes.Repeat([]byte{7}, n), 1)
		must(errno)
	}
	dir, errno := fs.Create(Root, []byte("dir"), dirType, 1)
	must(errno)
	for i := range 70 {
		file(dir, fmt.Sprintf("file %d", i))
	}
	write(file(Root, "small"), 0, 100)
	sparse := file(Root, "sparse")
	for i := range uint64(40) {
		write(sparse, i*100_000, 10)
	}
	must(fs.Symlink(Root, []byte("link"), []byte("dir/../small"), 1))
	must(fs.Symlink(Root, []byte("long link"), bytes.Repeat([]byte("dir/../"), 60), 1))
	must(fs.Link(Root, bytes.Repeat([]byte("n"), 200), sparse, 1))
	gone := file(Root, "gone")
	write(gone, 0, 10_000)
	must(fs.Open(gone))
	must(fs.Unlink(Root, []byte("gone"), 1))
	must(fs.Unlink(dir, []byte("file 7"), 1))
	if fs.UserGrow(3) != 0 {
		t.Fatal("cannot grow")
	}
	return m
}

// damage changes an image: each 8 bytes of how name a place and a value.
func damage(m *memory, how []byte) {
	regions := []uint64{atSuper, atJournal, atUser, atClass, atChunks, atBitmap, atNodes, atNodes,
		atData, atData, atData + 1, atData + 2, atData + 3, atData + 4, atData + 40}
	for ; len(how) >= 8; how = how[8:] {
		at := regions[int(how[0])%len(regions)]*blockSize + uint64(binary.LittleEndian.Uint16(how[1:]))
		n := 1 + how[3]%4
		m.Write(how[4:4+n], at)
	}
}

// exercise does everything that there is on an image and ignores what it
// answers: that it ends, and reads nothing outside the store, is the test.
func exercise(m *memory) {
	b := &bounded{m, 0}
	call := func() { b.left = 1_000_000 }
	call()
	Fsck(b)
	fs := New(b)
	if call(); fs.Mount() != 0 {
		return
	}
	p := make([]byte, 5000)
	var a Attr
	var r Resolved
	for _, path := range []string{"dir/file 3", "dir/file 7", "small", "sparse", "link", "long link",
		"dir/../dir", string(bytes.Repeat([]byte("n"), 200))} {
		call()
		if fs.Resolve(Root, []byte(path), FollowAlways, &r) != 0 || r.Ino == 0 {
			continue
		}
		call()
		fs.Stat(r.Ino, &a)
		call()
		fs.Open(r.Ino)
		call()
		fs.ReadAt(r.Ino, a.Size/2, p)
		fs.Readlink(r.Ino, p)
		call()
		fs.WriteAt(r.Ino, a.Size/3, p, 2)
		call()
		fs.SetSize(r.Ino, 12_345, 2)
		if !r.Dots {
			call()
			fs.Unlink(r.Parent, r.Name, 2)
		}
		call()
		fs.Close(r.Ino)
	}
	var d Dirent
	for _, dir := range []Ino{Root, 2} {
		for cookie, i := uint64(0), 0; i < 200; i++ {
			call()
			if more, errno := fs.ReadDir(dir, cookie, &d); !more || errno != 0 {
				break
			}
			cookie = d.Next
		}
	}
	for i := range 30 {
		call()
		dir, _ := fs.Create(Root, fmt.Appendf(nil, "new %d", i), dirType, 2)
		call()
		fs.Rename(Root, []byte("dir"), dir, []byte("dir"), 2)
		call()
		fs.Rmdir(Root, []byte("dir"), 2)
	}
	call()
	fs.UserWrite(p, 100_000)
	fs.UserGrow(200)
	call()
	var u Usage
	fs.Usage(&u)
	call()
	Fsck(b)
}

func FuzzImage(f *testing.F) {
	image := sample(f)
	f.Fuzz(func(t *testing.T, how []byte) {
		if len(how) > 4096 {
			return
		}
		m := image.clone()
		m.limit = m.pages + 500
		damage(m, how)
		exercise(m)
	})
}

// TestDamagedImages changes images at random, with values that numbers in the
// format are likely to have.
func TestDamagedImages(t *testing.T) {
	image := sample(t)
	r := rand.New(rand.NewPCG(4, 2))
	for i := range *steps / 6 {
		how := make([]byte, 8*(1+r.IntN(4)))
		for j := range how {
			how[j] = byte(r.Uint32() >> (r.IntN(4) * 8))
			if j%8 == 2 {
				how[j] %= 16
			}
			if j%8 > 4 && r.IntN(2) == 0 {
				how[j] = []byte{0, 0xff, 0x7f, 1}[r.IntN(4)]
			}
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("%d: %x: %v", i, how, p)
					panic(p)
				}
			}()
			m := image.clone()
			m.limit = m.pages + 500
			damage(m, how)
			exercise(m)
		}()
	}
}

// TestFsckNamesDamage breaks one invariant at a time.
func TestFsckNamesDamage(t *testing.T) {
	place := func(block uint64, off int) uint64 { return block*blockSize + uint64(off) }
	root := place(atNodes, nodeSize*int(Root))
	tests := []struct {
		kind  ProblemKind
		at    uint64
		bytes []byte
	}{
		{BadSuper, place(atSuper, 12), []byte{0xff}},
		{BadSuper, place(atSuper, superVaries), []byte{0, 0, 0, 0}},
		{BadJournal, place(atJournal, 0), []byte{40}},
		{BadUser, place(atUser, 0), []byte{0}},
		{BadNode, root, []byte{9}},
		{BadFreeList, place(atSuper, superVaries+4), []byte{3}},
		{BadOrphans, place(atSuper, superVaries+16), []byte{3}},
		{BadExtent, root + nodeHeader + 4, []byte{1, 0, 0, 0x10}},
		{SharedBlock, root + nodeHeader + 4, []byte{atData + 1}},
		{BadLinks, root + nodeNlink, []byte{7}},
		{BadParent, place(atNodes, 2*nodeSize+nodeParent), []byte{2}},
		{BadBitmap, place(atBitmap, 0), []byte{0}},
		{LeakedBlock, place(atBitmap, bitmapSize-1), []byte{0x80}},
		{BadClass, place(atClass, 0), []byte{1}},
		{BadSlots, root + 48, []byte{99}},
	}
	for _, test := range tests {
		m := sample(t)
		m.Write(test.bytes, test.at)
		found := false
		for _, p := range Fsck(m) {
			found = found || p.Kind == test.kind
		}
		if !found {
			t.Errorf("%s: not found; %v", test.kind, Fsck(m))
		}
	}
}

func TestRepair(t *testing.T) {
	m := sample(t)
	m.Write(make([]byte, 30), atBitmap*blockSize)                // marks blocks in use as free
	m.Write([]byte{0xff, 0xff}, atBitmap*blockSize+bitmapSize-9) // leaks some
	m.Write([]byte{2}, atClass*blockSize)
	if len(Fsck(m)) == 0 {
		t.Fatal("the damage is not seen")
	}
	if left := Repair(m); len(left) > 0 {
		t.Errorf("not repaired: %v", left)
	}
	if errno := New(m).Mount(); errno != 0 {
		t.Error(errno)
	}
	m.Write([]byte{9}, atNodes*blockSize+nodeSize)
	before := m.writes
	if len(Repair(m)) == 0 || m.writes != before {
		t.Error("a broken inode is none of Repair's business")
	}
}

// TestEndlessChain: a directory that claims 4 GiB of slots, all of them in one
// block and in one chain without end, is refused before anything goes through it.
func TestEndlessChain(t *testing.T) {
	m := newMemory()
	fs := New(m)
	want(t, "mount", fs.Mount(), 0)
	const block = atData + 1 // and three more: a table of three levels, and the slots
	for level := range uint64(tableDepth) {
		for i := range uint64(tableFan) {
			fs.write32((block+level)<<blockShift+4*i, uint32(block+level+1))
		}
	}
	for i := range uint64(blockSize / slotSize) {
		s := slot{Head: 1, Next: 1, Kind: slotEntry, Len: 1}
		m.Write(s.bytes(), (block+tableDepth)<<blockShift+slotSize*i)
	}
	n := node{Type: dirType, Mapped: 1, Depth: tableDepth, Nlink: 2, Size: maxSlots * slotSize, Parent: Root, Table: block}
	m.Write(n.bytes()[:nodeHeader], atNodes<<blockShift+nodeSize*uint64(Root))
	fs = New(m)
	before := m.reads
	_, _, errno := fs.Lookup(Root, []byte("name"))
	want(t, "lookup", errno, abi.ErrnoIo)
	_, errno = fs.Create(Root, []byte("name"), fileType, 1)
	want(t, "create", errno, abi.ErrnoIo)
	if n := m.reads - before; n > 1000 {
		t.Errorf("%d reads", n)
	}
	if len(Fsck(m)) == 0 {
		t.Error("fsck finds nothing")
	}
}
