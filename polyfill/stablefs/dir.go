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

// place is a slot that is to be written.
type place struct {
	slot uint32
	at   uint64
	head uint32
	new  bool // no one reads it before the commit
}

// insert enters a name that the directory does not have.
func (fs *FS) insert(f *file, name []byte, hash uint32, ino Ino, typ abi.Filetype) abi.Errno {
	if f.node.Nlink == 0 {
		return abi.ErrnoNoent
	}
	more := uint32(0)
	var p place
	for i := (len(name) - 1) / slotName; i > 0; i-- {
		if errno := fs.takeSlot(f, &p); errno != 0 {
			return errno
		}
		fs.slot.Next, fs.slot.Hash, fs.slot.Ino = 0, 0, 0
		fs.slot.Kind, fs.slot.Type, fs.slot.Len, fs.slot.More = slotMore, 0, 0, more
		fs.putSlot(&p, name[i*slotName:min(len(name), (i+1)*slotName)])
		more = p.slot + 1
	}
	if errno := fs.takeSlot(f, &p); errno != 0 {
		return errno
	}
	chain := chainOf(hash, f.slots())
	head, errno := fs.slotPlace(f, chain)
	if errno != 0 {
		return errno
	}
	next := p.head
	if chain != p.slot {
		if next, errno = fs.link(f, head); errno != 0 {
			return errno
		}
	}
	s := &fs.slot
	s.Next, s.Hash, s.Ino, s.Kind, s.Type = next, hash, ino, slotEntry, typ
	s.Len, s.More = uint8(len(name)), more
	if chain == p.slot && p.new {
		p.head = p.slot + 1
	} else {
		fs.put32(head, p.slot+1)
	}
	fs.putSlot(&p, name[:min(len(name), slotName)])
	f.node.Count++
	return 0
}

// putSlot writes fs.slot with a name. A slot that is new is written at once, if
// it may be.
func (fs *FS) putSlot(p *place, name []byte) {
	fs.slot.Head = p.head
	copy(fs.slot.Name[:], name)
	b := fs.slot.bytes()[:slotNameAt+len(name)]
	switch {
	case !p.new:
		fs.put(p.at+slotNext, b[slotNext:])
	case fs.careful:
		fs.put(p.at, b)
	default:
		fs.store.Write(b, p.at)
	}
}

// takeSlot gives a free slot. The caller writes it and the directory's inode.
func (fs *FS) takeSlot(f *file, p *place) (errno abi.Errno) {
	if f.node.Free == 0 {
		return fs.addSlot(f, p)
	}
	p.slot, p.new = f.node.Free-1, false
	if p.slot >= f.slots() {
		return abi.ErrnoIo
	}
	if p.at, errno = fs.slotPlace(f, p.slot); errno != 0 {
		return errno
	}
	fs.get(p.at, fs.links[:slotNameAt])
	if fs.links[slotKindAt] != slotFree {
		return abi.ErrnoIo
	}
	p.head = word32(fs.links[:], 0)
	f.node.Free = word32(fs.links[:], slotNext)
	return 0
}

// addSlot makes the table longer by a slot, and by the chain that begins there.
func (fs *FS) addSlot(f *file, p *place) (errno abi.Errno) {
	s := f.slots()
	if s >= maxSlots {
		return abi.ErrnoNospc
	}
	if s%(blockSize/slotSize) == 0 {
		if errno = fs.addSlots(f); errno != 0 {
			return errno
		}
	}
	p.slot, p.new, p.head = s, true, 0
	if p.at, errno = fs.slotPlace(f, s); errno != 0 {
		return errno
	}
	f.node.Size += slotSize
	if s > 0 {
		p.head, errno = fs.splitChain(f, s)
	}
	return errno
}

// addSlots sees to it that there is a block at the end of the table.
func (fs *FS) addSlots(f *file) abi.Errno {
	lb := blocksOf(f.node.Size)
	r, errno := fs.mapped(f, lb, 1)
	if errno != 0 || r.block != 0 {
		return errno
	}
	block, n, errno := fs.alloc(fs.goal(f, lb), 1, max(lb, 1))
	if errno != 0 {
		return errno
	}
	if n, errno = fs.assign(f, lb, block, n); errno != 0 {
		return errno
	}
	if n > 1 {
		f.node.Tail = 1
	}
	fs.putNode(f, 0, nodeHeader+f.node.more())
	return 0
}

// splitChain moves the entries that belong into the new chain s out of the one
// that had them, and answers the first of them.
func (fs *FS) splitChain(f *file, s uint32) (uint32, abi.Errno) {
	top := uint32(1) << (bits.Len32(s) - 1)
	stay, errno := fs.slotPlace(f, s&^top)
	if errno != 0 {
		return 0, errno
	}
	next, errno := fs.link(f, stay)
	moved, last := uint32(0), uint64(0)
	mask := top<<1 - 1
	for bound := maxChain; next != 0 && errno == 0; bound-- {
		if bound == 0 {
			return 0, abi.ErrnoNospc
		}
		at, errno := fs.slotPlace(f, next-1)
		if errno != 0 {
			return 0, errno
		}
		fs.get(at, fs.links[:slotInoAt])
		follow := word32(fs.links[:], slotNext)
		if word32(fs.links[:], 8)&mask != s {
			stay = fs.relink(stay, next, at)
		} else if moved == 0 {
			moved, last = next, at+slotNext
		} else {
			last = fs.relink(last, next, at)
		}
		next = follow
		if next > f.slots() {
			return 0, abi.ErrnoIo
		}
	}
	if moved != 0 {
		fs.relink(stay, 0, 0)
		fs.relink(last, 0, 0)
	}
	return moved, errno
}

// relink plans that the link at from leads to next, if it does not yet, and
// answers the address of the link in the slot at.
func (fs *FS) relink(from uint64, next uint32, at uint64) uint64 {
	if fs.get32(from) != next {
		fs.put32(from, next)
	}
	return at + slotNext
}

// erase takes the entry that was found last out of the directory.
func (fs *FS) erase(f *file) abi.Errno {
	e := &fs.memo.found
	next := fs.slot.Next
	more := fs.slot.More
	fs.put32(e.from, next)
	fs.freeSlot(f, e.slot, e.at)
	for n := uint32(slotName); n < uint32(fs.slot.Len); n += slotName {
		if more == 0 || more > f.slots() {
			return abi.ErrnoIo
		}
		s := more - 1
		at, errno := fs.slotPlace(f, s)
		if errno != 0 {
			return errno
		}
		fs.get(at, fs.links[:slotNameAt])
		if fs.links[slotKindAt] != slotMore {
			return abi.ErrnoIo
		}
		more = word32(fs.links[:], slotNameAt-4)
		fs.freeSlot(f, s, at)
	}
	if f.node.Count--; f.node.Count == 0 {
		f.node.Size, f.node.Free, f.node.Tail = 0, 0, 1
		fs.careful = true
	}
	return 0
}

// freeSlot puts a slot into the list of free ones.
func (fs *FS) freeSlot(f *file, s uint32, at uint64) {
	le := fs.links[:slotKindAt+1-slotNext]
	clear(le)
	free := f.node.Free
	le[0], le[1], le[2], le[3] = byte(free), byte(free>>8), byte(free>>16), byte(free>>24)
	fs.put(at+slotNext, le)
	f.node.Free = s + 1
}

const slotsAhead = 16

// readAhead holds 16 slots of a directory.
type readAhead struct {
	dir     Ino
	first   uint32
	n       uint32
	changes uint32
	slots   [slotsAhead]slot
}

// ReadDir gives the entry at a cookie, or behind it where that one is gone: 0 is
// the start, and each entry has the cookie of the next. "." and ".." come first.
// It answers false behind the last entry. A cookie stays good while others are
// removed and made.
//
// notdir, noent, io.
func (fs *FS) ReadDir(dir Ino, cookie uint64, d *Dirent) (bool, abi.Errno) {
	a := &fs.ahead
	if i := cookie - 2 - uint64(a.first); i < uint64(a.n) && a.dir == dir && a.changes == fs.changes && cookie >= 2 {
		if p := &a.slots[i%slotsAhead]; p.Kind == slotEntry && p.Len <= slotName {
			d.Ino, d.Type, d.Next, d.Name = p.Ino, p.Type, cookie+1, p.Name[:p.Len]
			return true, 0
		}
	}
	return fs.readDirSlow(dir, cookie, d)
}

func (fs *FS) readDirSlow(dir Ino, cookie uint64, d *Dirent) (bool, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return false, errno
	}
	f, errno := fs.directory(dir)
	if errno != 0 {
		return false, errno
	}
	if cookie < 2 {
		fs.name[0], fs.name[1] = '.', '.'
		*d = Dirent{dir, abi.FiletypeDirectory, cookie + 1, fs.name[:cookie+1]}
		if cookie == 1 {
			d.Ino = f.node.Parent
		}
		return true, 0
	}
	for s := cookie - 2; s < uint64(f.slots()); s++ {
		p, errno := fs.aheadSlot(f, uint32(s))
		if errno != 0 {
			return false, errno
		}
		if p.Kind != slotEntry {
			continue
		}
		name := p.Name[:min(p.Len, slotName)]
		if p.Len > slotName {
			if name, errno = fs.longName(f, p); errno != 0 {
				return false, errno
			}
		}
		*d = Dirent{p.Ino, p.Type, s + 3, name}
		return true, 0
	}
	return false, 0
}

// aheadSlot gives slot s, with the 15 beside it, which the next calls will want.
func (fs *FS) aheadSlot(f *file, s uint32) (*slot, abi.Errno) {
	a := &fs.ahead
	if a.dir != f.ino || a.changes != fs.changes || s-a.first >= a.n {
		first := s &^ (slotsAhead - 1)
		at, errno := fs.slotPlace(f, first)
		if errno != 0 {
			return nil, errno
		}
		a.n = min(slotsAhead, f.slots()-first)
		fs.store.Read(fs.aheadBytes()[:a.n*slotSize], at)
		a.dir, a.first, a.changes = f.ino, first, fs.changes
	}
	return &a.slots[s-a.first], 0
}
