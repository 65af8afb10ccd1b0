package stablefs

import "github.com/icsplice/icsplice/abi"

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
		at := fs.slotPlace(f, first)
		if at == 0 {
			return nil, abi.ErrnoIo
		}
		a.n = min(slotsAhead, f.slots()-first)
		fs.store.Read(fs.aheadBytes()[:a.n*slotSize], at)
		a.dir, a.first, a.changes = f.ino, first, fs.changes
	}
	return &a.slots[s-a.first], 0
}
