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
	mask := ^uint32(0) >> (bits.LeadingZeros32((n-1)|1) & 31)
	if c := hash & mask; c < n {
		return c
	}
	return hash & (mask >> 1)
}

//go:inline
func (f *file) slots() uint32 { return uint32(f.node.Size / slotSize) }

// slotPlace is the address of a slot, or 0 where the directory has no block for
// it.
func (fs *FS) slotPlace(f *file, s uint32) uint64 { return fs.quickPlace(f, s) }

// quickPlace is slotPlace for where it counts. The current extent of a directory
// is a long one, as its slots are used in any order.
//
//go:inline
func (fs *FS) quickPlace(f *file, s uint32) uint64 {
	if d := s/(blockSize/slotSize) - f.now.Lb; d < f.now.N {
		return slotIn(f.now.Pb+d, s)
	}
	return fs.slotElsewhere(f, s)
}

// slotElsewhere is slotPlace for a slot that is not in the current extent. The
// last extents are the longest.
//
//go:noinline
//go:nobounds
func (fs *FS) slotElsewhere(f *file, s uint32) uint64 {
	lb := s / (blockSize / slotSize)
	i := (f.node.Extents - 1) % maxExtent
	for i > 0 && f.node.Ext[i].Lb > lb {
		i--
	}
	e := &f.node.Ext[i]
	d := lb - e.Lb
	if d >= e.N || f.node.Extents == 0 {
		return fs.slotInTable(f, s)
	}
	if e.N > f.now.N {
		f.now = *e
	}
	return slotIn(e.Pb+d, s)
}

//go:noinline
func (fs *FS) slotInTable(f *file, s uint32) uint64 {
	r, errno := fs.mapped(f, s/(blockSize/slotSize), 1)
	if errno != 0 || r.block == 0 {
		return 0
	}
	return slotIn(r.block, s)
}

// slotIn is the address of slot s, which is in this block.
//
//go:inline
func slotIn(block, s uint32) uint64 {
	return uint64(block)<<blockShift + slotSize*uint64(s%(blockSize/slotSize))
}

// link reads a u32 of a slot that names another slot as 1 + its number. It
// answers badLink where there is no such slot.
//
//go:inline
func (fs *FS) link(f *file, at uint64) uint32 {
	next := fs.get32(at)
	if next > f.slots() {
		return badLink
	}
	return next
}

const badLink = 1<<32 - 1

// A chain is split in one transaction, which has room for some 200 changes, and
// who knows the hash can choose names that end up in one chain. So a chain that
// gets longer than maxLoose is kept in an order in which a split only cuts it.

// precedes is that order: by the lowest bit in which two hashes differ.
//
//go:inline
func precedes(a, b uint32) bool {
	d := a ^ b
	return a&(d&-d) == 0 && d != 0
}

// chainPlace finds where an entry with this hash, which gets the slot p, goes in
// its chain: the address of the link that is to lead to it, and what it leads to
// now. That is the head of a chain that is short.
func (fs *FS) chainPlace(f *file, hash uint32, p *place) (from uint64, next uint32, errno abi.Errno) {
	n := f.slots()
	if chain := chainOf(hash, n); chain == p.slot && p.new {
		from, next = p.at, p.head
	} else if from = fs.slotPlace(f, chain); from != 0 {
		next = fs.link(f, from)
	} else {
		next = badLink
	}
	for bound := n; next != 0 && fs.crowded; bound-- {
		at := uint64(0)
		if next != badLink && bound != 0 {
			at = fs.slotPlace(f, next-1)
		}
		if at == 0 {
			return 0, 0, abi.ErrnoIo
		}
		fs.get(at, fs.links[:slotInoAt])
		if !precedes(word32(fs.links[:], slotHash), hash) {
			return from, next, 0
		}
		from = at + slotNext
		if next = word32(fs.links[:], slotNext); next > n {
			next = badLink
		}
	}
	if next == badLink {
		return 0, 0, abi.ErrnoIo
	}
	return from, next, 0
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
	absent  bool   // no entry of dir has the hash
	length  uint32 // of the chain, where the name was not found
	found
}

// searchDir finds the entry of a name and leaves it in fs.slot and its place in
// fs.memo. Nothing is planned yet when it is called. noent: there is none.
func (fs *FS) searchDir(f *file, name []byte, hash uint32) abi.Errno {
	m := &fs.memo
	if m.hash == hash && m.dir == f.ino && m.changes == fs.changes {
		if m.absent {
			return abi.ErrnoNoent
		}
		if int(fs.slot.Len) == len(name) && fs.sameName(f, name) {
			return 0
		}
	}
	m.dir, m.absent, m.length = 0, true, 0
	errno := fs.searchChain(f, name, hash)
	if errno == 0 || errno == abi.ErrnoNoent && m.absent {
		m.dir, m.hash, m.changes = f.ino, hash, fs.changes
	}
	return errno
}

//go:inline
func (fs *FS) searchChain(f *file, name []byte, hash uint32) abi.Errno {
	n := f.slots()
	if n == 0 {
		return abi.ErrnoNoent
	}
	at := fs.quickPlace(f, chainOf(hash, n))
	if at == 0 {
		return abi.ErrnoIo
	}
	fs.store.Read(fs.wordBytes(), at)
	next := fs.word
	s := &fs.slot
	for bound := n; next != 0; bound-- {
		if next > n || bound == 0 {
			return abi.ErrnoIo
		}
		from := at
		if at = fs.quickPlace(f, next-1); at == 0 {
			return abi.ErrnoIo
		}
		fs.store.Read(s.bytes(), at)
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
		fs.memo.length++
	}
	return abi.ErrnoNoent
}

// sameName compares a name with that of the entry in fs.slot, which is as long.
//
//go:noinline
func (fs *FS) sameName(f *file, name []byte) bool {
	if len(name) <= slotName {
		return equalName(name, &fs.slot.Name)
	}
	return fs.sameLong(f, name)
}

//go:noinline
func (fs *FS) sameLong(f *file, name []byte) bool {
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
		at := fs.slotPlace(f, more-1)
		if at == 0 {
			return nil, abi.ErrnoIo
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
