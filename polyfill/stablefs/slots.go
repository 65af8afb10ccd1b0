package stablefs

import (
	"math/bits"

	"github.com/icsplice/icsplice/abi"
)

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
	from, next, errno := fs.chainPlace(f, hash, &p)
	if errno != 0 {
		return errno
	}
	s := &fs.slot
	s.Next, s.Hash, s.Ino, s.Kind, s.Type = next, hash, ino, slotEntry, typ
	s.Len, s.More = uint8(len(name)), more
	if from == p.at && p.new {
		p.head = p.slot + 1
	} else {
		fs.put32(from, p.slot+1)
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
func (fs *FS) takeSlot(f *file, p *place) abi.Errno {
	if f.node.Free == 0 {
		return fs.addSlot(f, p)
	}
	p.slot, p.new = f.node.Free-1, false
	if p.slot >= f.slots() {
		return abi.ErrnoIo
	}
	if p.at = fs.slotPlace(f, p.slot); p.at == 0 {
		return abi.ErrnoIo
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
	if p.at = fs.slotPlace(f, s); p.at == 0 {
		return abi.ErrnoIo
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
	block, n, errno := fs.alloc(fs.before(f, lb).block, 1, max(lb, 1))
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
	stay := fs.slotPlace(f, s&^top)
	if stay == 0 {
		return 0, abi.ErrnoIo
	}
	next := fs.link(f, stay)
	if next == badLink {
		return 0, abi.ErrnoIo
	}
	moved, last := uint32(0), uint64(0)
	mask := top<<1 - 1
	for bound := s; next != 0; bound-- {
		if bound == 0 {
			return 0, abi.ErrnoIo
		}
		at := fs.slotPlace(f, next-1)
		if at == 0 {
			return 0, abi.ErrnoIo
		}
		fs.get(at, fs.links[:slotInoAt])
		follow := word32(fs.links[:], slotNext)
		if word32(fs.links[:], slotHash)&mask != s {
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
	return moved, 0
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
		at := fs.slotPlace(f, s)
		if at == 0 {
			return abi.ErrnoIo
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
