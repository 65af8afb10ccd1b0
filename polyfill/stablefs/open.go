package stablefs

import "github.com/icsplice/icsplice/abi"

// openTable counts how often each inode is open: a hash table with linear
// probing, at most half full.
type openTable struct {
	places [openSlots]opened
	used   uint32
}

// opened is an inode that is open, and how often.
type opened struct {
	ino   Ino
	count uint32
}

// home is the place where the probing for an inode begins. Inodes that were made
// together stand together, and the first ones at the end, beside what every call
// changes.
func home(ino Ino) uint32 { return uint32(-ino) % openSlots }

// find gives the place of an inode, or the free one where it would go.
func (t *openTable) find(ino Ino) uint32 {
	i := home(ino)
	for t.places[i].ino != 0 && t.places[i].ino != ino {
		i = (i - 1) % openSlots
	}
	return i
}

// remove empties a place and moves up what probing would not find any more.
func (t *openTable) remove(i uint32) {
	t.used--
	for j := (i - 1) % openSlots; t.places[j].ino != 0; j = (j - 1) % openSlots {
		if (home(t.places[j].ino)-j)%openSlots >= (i-j)%openSlots {
			t.places[i] = t.places[j]
			i = j
		}
	}
	t.places[i] = opened{}
}

func (t *openTable) open(ino Ino) bool { return t.places[t.find(ino)].ino == ino }

// Open keeps an inode alive until as many calls of Close, even if it loses its
// last name. A new FS has nothing open.
//
// nfile: MaxOpen inodes are open. noent: no inode has this number. io.
func (fs *FS) Open(ino Ino) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	t := &fs.open
	p := &t.places[t.find(ino)]
	if p.ino == ino && ino != 0 {
		p.count++
		return 0
	}
	if _, errno := fs.inode(ino); errno != 0 {
		return errno
	}
	if t.used == MaxOpen {
		return abi.ErrnoNfile
	}
	t.used++
	*p = opened{ino, 1}
	return 0
}

// Close undoes one Open. The last one gives back what the file does not need:
// blocks beyond its size, and all of it if it has no name any more.
//
// badf: the inode is not open. io.
func (fs *FS) Close(ino Ino) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	t := &fs.open
	i := t.find(ino)
	p := &t.places[i]
	if p.ino != ino || ino == 0 {
		return abi.ErrnoBadf
	}
	if p.count--; p.count > 0 {
		return 0
	}
	t.remove(i)
	f, errno := fs.inode(ino)
	if errno != 0 {
		return errno
	}
	if f.node.Nlink == 0 {
		return fs.end(fs.reclaim(f))
	}
	if f.node.Tail != 0 {
		return fs.end(fs.shrink(f, blocksOf(f.node.Size)))
	}
	return 0
}

// orphan notes an inode that has lost its last name and is to be reclaimed.
func (fs *FS) orphan(f *file) {
	f.node.Nlink = 0
	f.node.Next = fs.super.Orphans
	fs.super.Orphans = f.ino
	fs.putSuper()
	fs.putNode(f, 0, nodeHeader)
}

// reclaim frees an orphan.
func (fs *FS) reclaim(f *file) abi.Errno {
	if f.node.Mapped != 0 {
		if errno := fs.shrink(f, 0); errno != 0 {
			return errno
		}
		if errno := fs.done(); errno != 0 {
			return errno
		}
	}
	if errno := fs.unlist(f); errno != 0 {
		return errno
	}
	fs.releaseNode(f)
	return 0
}

// unlist takes an inode out of the list of orphans.
func (fs *FS) unlist(f *file) abi.Errno {
	s := &fs.super
	if s.Orphans == f.ino {
		s.Orphans = f.node.Next
		if s.Orphans >= s.NodeTop {
			return abi.ErrnoIo
		}
		fs.putSuper()
		return 0
	}
	at := s.Orphans
	for bound := s.NodeCount; bound > 0; bound-- {
		place := fs.nodePlace(at)
		if place == 0 {
			return abi.ErrnoIo
		}
		next := Ino(fs.get32(place + nodeNext))
		if next == f.ino {
			fs.put32(place+nodeNext, uint32(f.node.Next))
			fs.drop(at)
			return 0
		}
		at = next
	}
	return abi.ErrnoIo
}

// reclaimOrphans frees what was without a name, and open, when the last FS over
// this store ended.
func (fs *FS) reclaimOrphans() abi.Errno {
	for fs.super.Orphans != 0 {
		fs.op++
		f, errno := fs.inode(fs.super.Orphans)
		if errno == 0 && f.node.Nlink != 0 {
			errno = abi.ErrnoIo
		}
		if errno == 0 {
			errno = fs.reclaim(f)
		}
		if errno = fs.end(errno); errno != 0 {
			return errno
		}
	}
	return 0
}
