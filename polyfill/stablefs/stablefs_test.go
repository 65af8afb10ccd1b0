package stablefs

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

const (
	dirType  = abi.FiletypeDirectory
	fileType = abi.FiletypeRegularFile
)

func want(t *testing.T, what string, got, wanted abi.Errno) {
	t.Helper()
	if got != wanted {
		t.Fatalf("%s: %v, want %v", what, got, wanted)
	}
}

func create(t *testing.T, fs *FS, dir Ino, name string, typ abi.Filetype) Ino {
	t.Helper()
	ino, errno := fs.Create(dir, []byte(name), typ, 1)
	want(t, "create "+name, errno, 0)
	return ino
}

func put(t *testing.T, fs *FS, ino Ino, off uint64, p []byte) {
	t.Helper()
	n, errno := fs.WriteAt(ino, off, p, 2)
	want(t, "write", errno, 0)
	if n != len(p) {
		t.Fatalf("wrote %d bytes of %d", n, len(p))
	}
}

func content(t *testing.T, fs *FS, ino Ino) []byte {
	t.Helper()
	var a Attr
	want(t, "stat", fs.Stat(ino, &a), 0)
	p := make([]byte, a.Size)
	n, errno := fs.ReadAt(ino, 0, p)
	want(t, "read", errno, 0)
	if n != len(p) {
		t.Fatalf("read %d bytes of %d", n, len(p))
	}
	return p
}

func list(t *testing.T, fs *FS, dir Ino) []string {
	t.Helper()
	var names []string
	var d Dirent
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := fs.ReadDir(dir, cookie, &d)
		want(t, "readdir", errno, 0)
		if !more {
			return names
		}
		names = append(names, string(d.Name))
	}
}

func checkImage(t *testing.T, m Store) {
	t.Helper()
	for _, p := range Fsck(m) {
		t.Error(p)
	}
	if t.Failed() {
		t.FailNow()
	}
}

func TestContentsSurviveARemount(t *testing.T) {
	for _, size := range []int{0, 1, 100, 192, 193, 4096, 4097, 100_000, 20 << 20} {
		m := newMemory()
		fs := New(m)
		ino := create(t, fs, Root, "f", fileType)
		p := bytes.Repeat([]byte("0123456789abcdef!"), size/17+1)[:size]
		for off := 0; off < size; off += 70_000 {
			put(t, fs, ino, uint64(off), p[off:min(size, off+70_000)])
		}
		for _, again := range []*FS{fs, New(m)} {
			if !bytes.Equal(content(t, again, ino), p) {
				t.Errorf("%d bytes did not come back", size)
			}
		}
	}
}

func TestManyNames(t *testing.T) {
	m := newMemory()
	fs := New(m)
	const n = 3000
	name := func(i int) string { return fmt.Sprintf("%0*d", 4+i%250, i) }
	inos := map[string]Ino{}
	for i := range n {
		inos[name(i)] = create(t, fs, Root, name(i), fileType)
	}
	for i := 0; i < n; i += 3 {
		want(t, "unlink", fs.Unlink(Root, []byte(name(i)), 3), 0)
		delete(inos, name(i))
	}
	checkImage(t, m)
	fs = New(m)
	for i := range n {
		ino, _, errno := fs.Lookup(Root, []byte(name(i)))
		if i%3 == 0 {
			want(t, name(i), errno, abi.ErrnoNoent)
		} else if errno != 0 || ino != inos[name(i)] {
			t.Fatalf("%s: inode %d, %v, want %d", name(i), ino, errno, inos[name(i)])
		}
	}
	if got := list(t, fs, Root); len(got) != len(inos)+2 || got[0] != "." || got[1] != ".." {
		t.Fatalf("%d names, want %d", len(got), len(inos)+2)
	}
}

func TestSparseFile(t *testing.T) {
	m := newMemory()
	fs := New(m)
	ino := create(t, fs, Root, "f", fileType)
	model := make([]byte, 3<<20)
	for i := range 500 {
		off := i * 7919 * 4099 % (len(model) - 5000)
		p := bytes.Repeat([]byte{byte(i + 1)}, 1+i*37%5000)
		copy(model[off:], p)
		put(t, fs, ino, uint64(off), p)
	}
	got := content(t, New(m), ino)
	if !bytes.Equal(got, model[:len(got)]) {
		t.Fatal("a sparse file differs")
	}
	checkImage(t, m)
	want(t, "set size", fs.SetSize(ino, 1000, 4), 0)
	checkImage(t, m)
	want(t, "set size", fs.SetSize(ino, 2<<20, 4), 0)
	clear(model[1000:])
	if got := content(t, New(m), ino); !bytes.Equal(got, model[:2<<20]) {
		t.Fatal("a file that was cut and grew again differs")
	}
}
