package stablefs

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

var leakSteps = flag.Int("leak", 100_000, "random operations in the leak test")

// TestNothingLeaks does random operations, most of which succeed, closes and
// removes all there is, and finds as many blocks and inodes in use as before. One
// store is so small that it is full most of the time.
func TestNothingLeaks(t *testing.T) {
	for _, pages := range []uint64{160, 1600} {
		t.Run(fmt.Sprint(pages, " pages"), func(t *testing.T) {
			m := newMemory()
			m.limit = pages
			w := wanderer{t: t, m: m, fs: New(m), r: rand.New(rand.NewPCG(pages, 1)), failed: map[abi.Errno]int{}}
			before := w.used()
			for i := range *leakSteps {
				w.step(uint64(i))
				if i%10_000 == 0 {
					checkImage(t, m)
				}
			}
			w.closeAll()
			w.removeAll(Root)
			checkImage(t, m)
			if after := w.used(); after != before {
				t.Errorf("in use %+v, before %+v", after, before)
			}
			t.Logf("%d steps, failed: %v", *leakSteps, w.failed)
			if w.done < *leakSteps/6 {
				t.Errorf("only %d operations did something", w.done)
			}
		})
	}
}

// wanderer does random operations where it happens to be.
type wanderer struct {
	t      *testing.T
	m      *memory
	fs     *FS
	r      *rand.Rand
	open   []Ino
	done   int
	failed map[abi.Errno]int
}

type inUse struct{ blocks, files uint64 }

// used counts blocks and inodes, without those that the root keeps for further
// entries and those of inodes, which are never given back.
func (w *wanderer) used() inUse {
	w.t.Helper()
	want(w.t, "open", w.fs.Open(Root), 0)
	want(w.t, "close", w.fs.Close(Root), 0)
	var u Usage
	want(w.t, "usage", w.fs.Usage(&u), 0)
	s := &w.fs.super
	chunks := uint64(s.NodeTop-1)/chunkNodes + 1
	return inUse{uint64(s.Buckets)*bucketBlocks - chunks*chunkBlocks - u.FreeBlocks, uint64(u.Files)}
}

// name chooses one of few names; some take several slots.
func (w *wanderer) name() []byte {
	n := w.r.IntN(14)
	return append([]byte{'a' + byte(n)}, bytes.Repeat([]byte("x"), n*n)...)
}

// pick goes to an entry at most two directories deep.
func (w *wanderer) pick() (dir Ino, name []byte, ino Ino, typ abi.Filetype) {
	dir = Root
	for depth := 0; ; depth++ {
		name = w.name()
		ino, typ, _ = w.fs.Lookup(dir, name)
		if typ != dirType || depth == 2 || w.r.IntN(4) == 0 {
			return dir, name, ino, typ
		}
		dir = ino
	}
}

func (w *wanderer) step(now uint64) {
	dir, name, ino, typ := w.pick()
	errno := abi.ErrnoSuccess
	switch w.r.IntN(20) {
	case 0, 1, 2:
		_, errno = w.fs.Create(dir, name, fileType, now)
	case 3:
		_, errno = w.fs.Create(dir, name, dirType, now)
	case 4:
		errno = w.fs.Symlink(dir, name, bytes.Repeat([]byte("t"), 1+w.r.IntN(400)), now)
	case 5, 6:
		errno = w.fs.Unlink(dir, name, now)
	case 7:
		errno = w.fs.Rmdir(dir, name, now)
	case 8, 9:
		to, newName, _, _ := w.pick()
		errno = w.fs.Rename(dir, name, to, newName, now)
	case 10:
		if to, newName, _, _ := w.pick(); ino != 0 {
			errno = w.fs.Link(to, newName, ino, now)
		}
	case 11, 12:
		errno = w.toggle(ino)
	case 13:
		if w.r.IntN(100) == 0 {
			w.fs, w.open = New(w.m), nil
		}
	default:
		errno = w.content(ino, typ, now)
	}
	w.count(errno)
}

func (w *wanderer) count(errno abi.Errno) {
	w.t.Helper()
	switch errno {
	case abi.ErrnoSuccess:
		w.done++
	case abi.ErrnoIo, abi.ErrnoNomem, abi.ErrnoNotsup, abi.ErrnoBadf:
		w.t.Fatal(errno)
	default:
		w.failed[errno]++
	}
}

// toggle opens an inode, or closes one that is open.
func (w *wanderer) toggle(ino Ino) abi.Errno {
	if n := len(w.open); n > 0 && (ino == 0 || n > 20) {
		i := w.r.IntN(n)
		ino = w.open[i]
		w.open = append(w.open[:i], w.open[i+1:]...)
		return w.fs.Close(ino)
	}
	if ino == 0 {
		return abi.ErrnoNoent
	}
	errno := w.fs.Open(ino)
	if errno == 0 {
		w.open = append(w.open, ino)
	}
	return errno
}

// content changes a file, also one that is open and has no name.
func (w *wanderer) content(ino Ino, typ abi.Filetype, now uint64) abi.Errno {
	if n := len(w.open); n > 0 && w.r.IntN(4) == 0 {
		ino = w.open[w.r.IntN(n)]
	} else if typ != fileType {
		return abi.ErrnoNoent
	}
	off := uint64(w.r.IntN(1 << (4 + w.r.IntN(20))))
	n := 1 + w.r.IntN(1<<(2+w.r.IntN(16)))
	switch w.r.IntN(8) {
	case 0:
		return w.fs.SetSize(ino, off, now)
	case 1:
		return w.fs.Allocate(ino, off, uint64(n), now)
	case 2:
		off <<= 16 // far out
	}
	_, errno := w.fs.WriteAt(ino, off, make([]byte, n), now)
	return errno
}

func (w *wanderer) closeAll() {
	for _, ino := range w.open {
		want(w.t, "close", w.fs.Close(ino), 0)
	}
	w.open = nil
}

// removeAll empties a directory.
func (w *wanderer) removeAll(dir Ino) {
	var d Dirent
	for cookie := uint64(2); ; cookie = d.Next {
		more, errno := w.fs.ReadDir(dir, cookie, &d)
		want(w.t, "readdir", errno, 0)
		if !more {
			return
		}
		name := bytes.Clone(d.Name)
		if d.Type == dirType {
			w.removeAll(d.Ino)
			want(w.t, "rmdir", w.fs.Rmdir(dir, name, 1), 0)
		} else {
			want(w.t, "unlink", w.fs.Unlink(dir, name, 1), 0)
		}
	}
}
