package stablefs

import (
	"fmt"
	"testing"
)

// traffic is what calls cost: calls of the store, and bytes.
type traffic struct{ calls, bytes int }

func (m *memory) traffic() traffic {
	return traffic{m.reads + m.writes, m.bytesRead + m.bytesWritten}
}

func (a traffic) minus(b traffic) traffic { return traffic{a.calls - b.calls, a.bytes - b.bytes} }

// dearer tells whether a costs more than 1.3 times what b does.
func (a traffic) dearer(b traffic) bool {
	return a.calls*10 > b.calls*13 || a.bytes*10 > b.bytes*13
}

// TestLargeDirectories compares calls in a directory of 1,000 entries with those
// in one of 100,000.
func TestLargeDirectories(t *testing.T) {
	const sample = 500
	costs := map[int]map[string]traffic{}
	for _, size := range []int{1000, 100_000} {
		m := newMemory()
		fs := New(m)
		name := func(i int) string { return fmt.Sprintf("entry number %d", i) }
		for i := range size {
			create(t, fs, Root, name(i), fileType)
		}
		cost := map[string]traffic{}
		measure := func(what string, do func(i int)) {
			before := m.traffic()
			for i := range sample {
				do(i * 7919 % size)
			}
			cost[what] = m.traffic().minus(before)
		}
		measure("create", func(i int) { create(t, fs, Root, "more of "+name(i), fileType) })
		measure("stat", func(i int) {
			var r Resolved
			var a Attr
			want(t, "resolve", fs.Resolve(Root, []byte(name(i)), FollowAlways, &r), 0)
			want(t, "stat", fs.Stat(r.Ino, &a), 0)
		})
		measure("rename", func(i int) {
			want(t, "rename", fs.Rename(Root, []byte("more of "+name(i)), Root, []byte("other "+name(i)), 1), 0)
		})
		measure("unlink", func(i int) { want(t, "unlink", fs.Unlink(Root, []byte("other "+name(i)), 1), 0) })
		before := m.traffic()
		want(t, "mount", New(m).Mount(), 0)
		cost["mount"] = m.traffic().minus(before)
		costs[size] = cost
	}
	for what, small := range costs[1000] {
		if large := costs[100_000][what]; large.dearer(small) {
			t.Errorf("%s: %+v with 1,000 entries, %+v with 100,000", what, small, large)
		}
	}
}

// TestLargeFiles compares random reads and writes in a file of 16 MiB with those
// in one of 8 GiB. In memory its blocks are all the same one.
func TestLargeFiles(t *testing.T) {
	costs := map[uint64]map[string]traffic{}
	for _, size := range []uint64{16 << 20, 8 << 30} {
		m := &hollow{newMemory()}
		fs := New(m)
		ino := create(t, fs, Root, "f", fileType)
		part := make([]byte, 1<<20)
		for off := uint64(0); off < size; off += uint64(len(part)) {
			put(t, fs, ino, off, part)
		}
		cost := map[string]traffic{}
		measure := func(what string, do func(off uint64)) {
			before := m.traffic()
			for i := range uint64(1000) {
				do(i * 2654435761 % (size / blockSize) * blockSize)
			}
			cost[what] = m.traffic().minus(before)
		}
		measure("read", func(off uint64) {
			if _, errno := fs.ReadAt(ino, off, part[:blockSize]); errno != 0 {
				t.Fatal(errno)
			}
		})
		measure("write", func(off uint64) { put(t, fs, ino, off, part[:blockSize]) })
		costs[size] = cost
	}
	for what, small := range costs[16<<20] {
		if large := costs[8<<30][what]; large.dearer(small) {
			t.Errorf("%s: %+v in 16 MiB, %+v in 8 GiB", what, small, large)
		}
	}
}

// hollow is a memory that forgets whole blocks of zeros, which need no room.
type hollow struct{ *memory }

func (h *hollow) Write(p []byte, off uint64) {
	if len(p)%blockSize == 0 && off%blockSize == 0 && p[0] == 0 {
		h.check(p, off)
		h.writes++
		h.bytesWritten += len(p)
		for at := off; at < off+uint64(len(p)); at += blockSize {
			delete(h.blocks, at/blockSize)
		}
		return
	}
	h.memory.Write(p, off)
}

// TestBytesWritten holds what a call writes besides its data.
func TestBytesWritten(t *testing.T) {
	m := newMemory()
	fs := New(m)
	before := m.bytesWritten
	for i := range 1000 {
		ino := create(t, fs, Root, fmt.Sprintf("small %d", i), fileType)
		put(t, fs, ino, 0, make([]byte, 100))
	}
	if n := (m.bytesWritten - before) / 1000; n > 1000 {
		t.Errorf("%d bytes are written for a small file", n)
	}
	ino := create(t, fs, Root, "large", fileType)
	before = m.bytesWritten
	for i := range uint64(4096) {
		put(t, fs, ino, i*4096, make([]byte, 4096))
	}
	if n := m.bytesWritten - before; n > 4096*4096*105/100 {
		t.Errorf("%d bytes are written for 16 MiB in blocks", n)
	}
	before, calls := m.bytesWritten, m.writes
	put(t, fs, create(t, fs, Root, "at once", fileType), 0, make([]byte, 4<<20))
	if n, k := m.bytesWritten-before, m.writes-calls; n > 4<<20+2000 || k > 25 {
		t.Errorf("%d bytes are written in %d writes for 4 MiB at once", n, k)
	}
}
