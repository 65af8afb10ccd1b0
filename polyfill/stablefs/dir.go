package stablefs

import (
	"math/bits"

	"github.com/icsplice/icsplice/abi"
)

// A directory is a table of slots of 64 bytes in its blocks. An entry has one
// slot, and more where its name is long; its first slot's number is its cookie.
// Free slots are in a list. The entries are in hash chains too: with n slots
// there are n chains, and the head of chain i lies in slot i. A slot more is a
// chain more, and takes its entries from one other chain (linear hashing), so a
// directory of any size grows in small steps.

// chainOf is the number of the chain of a hash among n chains.
//
//go:inline
func chainOf(hash, n uint32) uint32 {
	mask := uint32(1)<<bits.Len32(n-1) - 1
	if c := hash & mask; c < n {
		return c
	}
	return hash & (mask >> 1)
}

//go:inline
func (f *file) slots() uint32 { return uint32(f.node.Size / slotSize) }

// slotPlace is the address of a slot.
func (fs *FS) slotPlace(f *file, s uint32) (uint64, abi.Errno) { return fs.quickPlace(f, s) }

// quickPlace is slotPlace for where it counts.
//
//go:inline
func (fs *FS) quickPlace(f *file, s uint32) (uint64, abi.Errno) {
	lb := s / (blockSize / slotSize)
	if lb-f.now.Lb >= f.now.N && !f.enter(lb) {
		r, errno := fs.mapped(f, lb, 1)
		if errno != 0 {
			return 0, errno
		}
		if r.block == 0 {
			return 0, abi.ErrnoIo
		}
		return slotIn(r.block, s), 0
	}
	return slotIn(f.now.Pb+lb-f.now.Lb, s), 0
}

// slotIn is the address of slot s, which is in this block.
//
//go:inline
func slotIn(block, s uint32) uint64 {
	return uint64(block)<<blockShift + slotSize*uint64(s%(blockSize/slotSize))
}

// link reads a u32 of a slot that names another slot as 1 + its number.
func (fs *FS) link(f *file, at uint64) (uint32, abi.Errno) {
	next := fs.get32(at)
	if next > f.slots() {
		return 0, abi.ErrnoIo
	}
	return next, 0
}

// found is an entry: its slot, which is in fs.slot, and the address of the link
// to it.
type found struct {
	slot uint32
	at   uint64
	from uint64
}

// memo is the last search, as a caller resolves a path and then does something
// with the entry. While nothing has changed, fs.slot is what it found.
type memo struct {
	dir     Ino
	hash    uint32
	changes uint32
	absent  bool // no entry of dir has the hash
	found
}

// searchDir finds the entry of a name and leaves it in fs.slot and its place in
// fs.memo. noent: there is none.
func (fs *FS) searchDir(f *file, name []byte, hash uint32) abi.Errno {
	m := &fs.memo
	if m.hash == hash && m.dir == f.ino && m.changes == fs.changes && fs.tx.n == 0 {
		if m.absent {
			return abi.ErrnoNoent
		}
		if int(fs.slot.Len) == len(name) && fs.sameName(f, name) {
			return 0
		}
	}
	m.dir, m.hash, m.changes, m.absent = 0, hash, fs.changes, true
	errno := fs.searchChain(f, name, hash)
	if errno == 0 {
		m.dir = f.ino
	} else if errno == abi.ErrnoNoent && m.absent {
		m.dir = f.ino
	}
	return errno
}

//go:inline
func (fs *FS) searchChain(f *file, name []byte, hash uint32) abi.Errno {
	n := f.slots()
	if n == 0 {
		return abi.ErrnoNoent
	}
	at, errno := fs.quickPlace(f, chainOf(hash, n))
	if errno != 0 {
		return errno
	}
	next := fs.get32(at)
	s := &fs.slot
	for bound := 2 * maxChain; next != 0; bound-- {
		if next > n || bound == 0 {
			return abi.ErrnoIo
		}
		from := at
		if at, errno = fs.quickPlace(f, next-1); errno != 0 {
			return errno
		}
		fs.get(at, s.bytes())
		if s.Kind != slotEntry {
			return abi.ErrnoIo
		}
		if s.Hash == hash {
			fs.memo.absent = false
			if int(s.Len) == len(name) && fs.sameName(f, name) {
				fs.memo.found = found{next - 1, at, from}
				return 0
			}
		}
		next = s.Next
		at += slotNext
	}
	return abi.ErrnoNoent
}

// sameName compares a name with that of the entry in fs.slot, which is as long.
func (fs *FS) sameName(f *file, name []byte) bool {
	if len(name) <= slotName {
		return equalName(name, &fs.slot.Name)
	}
	if !equalName(name[:slotName], &fs.slot.Name) {
		return false
	}
	long, errno := fs.longName(f, &fs.slot)
	if errno != 0 {
		return false
	}
	for i, c := range name {
		if long[i] != c {
			return false
		}
	}
	return true
}

// longName gathers the name of an entry that has several slots.
func (fs *FS) longName(f *file, s *slot) ([]byte, abi.Errno) {
	n := uint32(s.Len)
	copy(fs.name[:], s.Name[:])
	more := s.More
	for done := uint32(slotName); done < n; done += slotName {
		if more == 0 || more > f.slots() {
			return nil, abi.ErrnoIo
		}
		at, errno := fs.slotPlace(f, more-1)
		if errno != 0 {
			return nil, errno
		}
		fs.get(at, fs.links[:])
		if fs.links[slotKindAt] != slotMore {
			return nil, abi.ErrnoIo
		}
		more = word32(fs.links[:], slotNameAt-4)
		copy(fs.name[done:n], fs.links[slotNameAt:])
	}
	return fs.name[:n], 0
}
