package stablefs

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// reread takes over what is in the files: one was written in part.
func (m *model) reread(fs *FS) {
	for _, t := range m.things(false) {
		var a Attr
		if t.typ == fileType && fs.Stat(t.ino, &a) == 0 {
			t.data, t.mtim = make([]byte, a.Size), a.Mtim
			fs.ReadAt(t.ino, 0, t.data)
		}
	}
}

// runWithoutRoom does the operations in so many pages. One that finds no room
// must leave everything as it was, but for the file that a write got part of the
// way with. It tells how many found none.
func runWithoutRoom(ops []operation, pages uint64) (full int, err error) {
	store := newMemory()
	store.limit = pages
	fs := New(store)
	m := newModel()
	for i, o := range ops {
		before, _ := m.copy(nil)
		do, wanted := m.apply(o, uint64(i+1))
		if o.kind == "remount" {
			fs = New(store)
		}
		got := do(fs)
		short := o.kind == "write" && got == abi.ErrnoIo
		switch {
		case short, got == abi.ErrnoNospc && wanted == 0:
			full++
			m = before
		case got != wanted:
			return full, fmt.Errorf("step %d, %+v: %v, want %v", i, o, got, wanted)
		}
		if short {
			m.reread(fs)
		}
		if err := m.compare(fs, nil); err != nil {
			return full, fmt.Errorf("step %d, %+v: %w", i, o, err)
		}
		if problems := Fsck(store); len(problems) > 0 {
			return full, fmt.Errorf("step %d, %+v: %w", i, o, problems[0])
		}
	}
	return full, nil
}

// TestModelWithoutRoom: what finds no room changes nothing.
func TestModelWithoutRoom(t *testing.T) {
	const length = 150
	full := 0
	for seed := range uint64(*steps / length / 2) {
		pages := formatted + seed%4
		ops := randomOperations(seed, length)
		n, err := runWithoutRoom(ops, pages)
		full += n
		if err == nil {
			continue
		}
		ops = shrinkOperations(ops, func(ops []operation) bool {
			_, err := runWithoutRoom(ops, pages)
			return err != nil
		})
		for _, o := range ops {
			t.Logf("%#v,", o)
		}
		_, err = runWithoutRoom(ops, pages)
		t.Fatalf("seed %d, %d pages: %v", seed, pages, err)
	}
	if full < 100 {
		t.Errorf("only %d operations found no room", full)
	}
}

// useUp fills a file until so many blocks are free and stable memory cannot grow.
func useUp(t *testing.T, fs *FS, m *memory, left uint64) {
	t.Helper()
	ino := create(t, fs, Root, "rest", fileType)
	var u Usage
	want(t, "usage", fs.Usage(&u), 0)
	m.limit = m.pages
	have := m.pages * (pageSize / blockSize)
	beyond := uint64(fs.super.Buckets)*bucketBlocks - have // in the bucket, not in stable memory
	n := u.FreeBlocks - beyond - left
	for at := uint64(0); at < n; at++ {
		put(t, fs, ino, at<<blockShift, []byte("rest"))
	}
	want(t, "open", fs.Open(ino), 0)
	want(t, "close", fs.Close(ino), 0) // gives back what is behind its end
	want(t, "usage", fs.Usage(&u), 0)
	if u.FreeBlocks-beyond != left {
		t.Fatalf("%d blocks are free, want %d", u.FreeBlocks-beyond, left)
	}
}

// TestSpillWithoutRoom: a file with a 17th extent, which finds no room in a table,
// stays whole, whatever step it fails at. One in the middle goes into the table
// itself; one that will grow sends another there.
func TestSpillWithoutRoom(t *testing.T) {
	const middle, end = 2750 << blockShift, (2001 + 1500*(maxExtent-1)) << blockShift
	write := func(fs *FS, ino Ino, at uint64) abi.Errno {
		_, errno := fs.WriteAt(ino, at, []byte("more"), 3)
		return errno
	}
	grow := map[string]func(fs *FS, ino Ino) abi.Errno{
		"write":    func(fs *FS, ino Ino) abi.Errno { return write(fs, ino, middle) },
		"append":   func(fs *FS, ino Ino) abi.Errno { return write(fs, ino, end) },
		"allocate": func(fs *FS, ino Ino) abi.Errno { return fs.Allocate(ino, middle, 1, 3) },
	}
	for what, do := range grow {
		failed := 0
		for left := range uint64(6) {
			m := newMemory()
			fs := New(m)
			ino := create(t, fs, Root, "f", fileType)
			for i := range uint64(maxExtent) {
				put(t, fs, ino, (2000+1500*i)<<blockShift, fmt.Append(nil, "part ", i))
			}
			useUp(t, fs, m, left)
			before := content(t, fs, ino)
			if errno := do(fs, ino); errno != 0 {
				want(t, what, errno, abi.ErrnoNospc)
				failed++
				if !bytes.Equal(content(t, fs, ino), before) {
					t.Errorf("%s with %d blocks: the content has changed", what, left)
				}
			}
			want(t, "times", fs.SetTimes(ino, 1, 1, abi.FstflagMtim, 1), 0)
			put(t, fs, ino, 2000<<blockShift, []byte("part"))
			checkImage(t, m)
		}
		if failed < 3 {
			t.Errorf("%s failed %d times only", what, failed)
		}
	}
}

// TestBucketFaults cuts short the making of a file for which the directory needs
// a block of a new bucket. The number of the inode comes from the list of free
// ones, or was never used.
func TestBucketFaults(t *testing.T) {
	for _, used := range []bool{false, true} {
		image := newMemory()
		fs := New(image)
		if used {
			create(t, fs, Root, "was here", fileType)
		}
		dir := create(t, fs, Root, "d", dirType)
		for i := range blockSize / slotSize {
			create(t, fs, dir, fmt.Sprint(i), fileType)
		}
		if used {
			want(t, "unlink", fs.Unlink(Root, []byte("was here"), 1), 0)
		}
		image.Grow(bucketPages - image.pages)
		fs = New(image)
		useUp(t, fs, image, 0)
		image.limit = 0
		buckets := fs.super.Buckets
		name := []byte("one more")
		everyWrite(t, image, func(fs *FS) abi.Errno {
			_, errno := fs.Create(dir, name, fileType, 1)
			return errno
		}, func(fs *FS) {
			if fs.Lookup(dir, name); fs.super.Buckets > buckets+1 {
				t.Errorf("%d buckets, before %d", fs.super.Buckets, buckets)
			}
		})
	}
}
