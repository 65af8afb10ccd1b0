package stablefs

import (
	"bytes"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// TestAllocateReserves: what was allocated can be written when nothing else can,
// and reads zero until then.
func TestAllocateReserves(t *testing.T) {
	m := newMemory()
	m.limit = 64
	fs := New(m)
	ino := create(t, fs, Root, "f", fileType)
	put(t, fs, ino, 0, []byte("head"))
	put(t, fs, ino, 500_000, []byte("tail"))
	want(t, "allocate", fs.Allocate(ino, 0, 1_000_000, 5), 0)
	content0 := content(t, fs, ino)
	expected := make([]byte, 1_000_000)
	copy(expected, "head")
	copy(expected[500_000:], "tail")
	if !bytes.Equal(content0, expected) {
		t.Fatal("allocating changed the content")
	}
	fillUp(t, fs, 400)
	p := bytes.Repeat([]byte{7}, 1_000_000)
	n, errno := fs.WriteAt(ino, 0, p, 6)
	want(t, "write", errno, 0)
	if n != len(p) || !bytes.Equal(content(t, fs, ino), p) {
		t.Errorf("%d bytes were written into what was allocated", n)
	}
	checkImage(t, m)
}

// TestAllocateClears: what a block held beyond the size does not come back.
func TestAllocateClears(t *testing.T) {
	for _, off := range []uint64{0, 10, 35, 36, 100, 4000, 4095} {
		fs := New(newMemory())
		ino := create(t, fs, Root, "f", fileType)
		put(t, fs, ino, 0, bytes.Repeat([]byte{9}, 5000))
		want(t, "size", fs.SetSize(ino, 35, 3), 0)
		want(t, "allocate", fs.Allocate(ino, off, 1000, 4), 0)
		expected := make([]byte, max(35, off+1000))
		copy(expected, bytes.Repeat([]byte{9}, 35))
		if !bytes.Equal(content(t, fs, ino), expected) {
			t.Errorf("allocated from %d: old bytes are back", off)
		}
	}
}

// TestAllocateWithoutRoom leaves the file as it was.
func TestAllocateWithoutRoom(t *testing.T) {
	m := newMemory()
	m.limit = 64
	fs := New(m)
	ino := create(t, fs, Root, "f", fileType)
	put(t, fs, ino, 0, bytes.Repeat([]byte{1}, 10_000))
	var before, after Attr
	want(t, "stat", fs.Stat(ino, &before), 0)
	for _, n := range []uint64{64 << 20, 1 << 40} {
		want(t, "allocate", fs.Allocate(ino, 0, n, 9), abi.ErrnoNospc)
		want(t, "stat", fs.Stat(ino, &after), 0)
		if before != after {
			t.Errorf("%+v became %+v", before, after)
		}
	}
	put(t, fs, create(t, fs, Root, "g", fileType), 0, bytes.Repeat([]byte{2}, 100_000))
	checkImage(t, m)
}
