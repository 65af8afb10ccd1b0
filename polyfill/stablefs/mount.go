package stablefs

import "github.com/icsplice/icsplice/abi"

// Mount makes the file system ready; every other call does it too. It formats
// an empty store. What else it finds there without a file system becomes the
// program's own stable memory as it is, with the file system behind it.
//
// notsup: the format is of a newer version. io: the image is damaged. nospc:
// stable memory cannot grow.
func (fs *FS) Mount() abi.Errno {
	if fs.mounted {
		return 0
	}
	if !littleEndian() {
		return abi.ErrnoNotsup
	}
	fs.forget()
	if errno := fs.findOrFormat(); errno != 0 {
		return errno
	}
	if !fs.replay() {
		return abi.ErrnoIo
	}
	fs.load()
	if !fs.plausible() {
		return abi.ErrnoIo
	}
	fs.mounted = true
	errno := fs.reclaimOrphans()
	fs.mounted = errno == 0
	return errno
}

func littleEndian() bool {
	s := super{Magic: 1}
	return s.bytes()[0] == 1
}

// findOrFormat leaves the superblock in fs.super.
func (fs *FS) findOrFormat() abi.Errno {
	ready, errno := fs.findSuper()
	if ready || errno != 0 {
		return errno
	}
	if fs.super.Magic == magic {
		return fs.format(fs.super.Base, fs.super.UserPages)
	}
	pages := fs.store.Size()
	if pages == 0 || pages == formatted && fs.blank() {
		return fs.format(0, 0)
	}
	base := (pages + bucketPages - 1) / bucketPages
	if base >= maxBuckets {
		return abi.ErrnoNospc
	}
	return fs.format(uint32(base), pages)
}

// findSuper looks for the superblock at the start of every bucket. It answers
// false, and leaves its magic, where a format was cut short, and false without
// the magic where there is none.
func (fs *FS) findSuper() (ready bool, errno abi.Errno) {
	s := &fs.super
	for base := uint32(0); base < maxBuckets && uint64(base)*bucketPages < fs.store.Size(); base++ {
		fs.readSuper(base)
		if s.Magic != magic || s.Base != base {
			continue
		}
		switch {
		case s.Version != version || s.Geometry != geometry:
			return false, abi.ErrnoNotsup
		case s.State == stateReady:
			return true, 0
		case s.State == stateFormatting && s.UserPages <= uint64(base)*bucketPages:
			return false, 0
		}
		return false, abi.ErrnoIo
	}
	s.Magic = 0
	return false, 0
}

func (fs *FS) readSuper(base uint32) {
	at := uint64(base) << bucketShift
	fs.super.Magic = 0
	if at+superSize <= fs.store.Size()<<pageShift {
		fs.store.Read(fs.super.bytes(), at)
	}
}

// blank tells whether the store is what a format that was cut short before its
// first write leaves: it has that many pages, and they are zero.
func (fs *FS) blank() bool {
	for at := uint64(0); at < formatted*pageSize; at += uint64(len(fs.path)) {
		fs.store.Read(fs.path[:], at)
		for _, b := range fs.path[:] {
			if b != 0 {
				return false
			}
		}
	}
	return true
}

// format makes an empty file system in the bucket base, behind pages of the
// program's own. The first write says that it is under way; until the last one
// the next mount starts anew.
func (fs *FS) format(base uint32, pages uint64) abi.Errno {
	need := uint64(base)*bucketPages + formatted
	if have := fs.store.Size(); have < need && fs.store.Grow(need-have) != have {
		return abi.ErrnoNospc
	}
	fs.super = super{
		Magic: magic, Version: version, Geometry: geometry, Base: base,
		State: stateFormatting, Buckets: base + 1, NodeTop: Root + 1, NodeCount: 1,
		UserPages: pages,
	}
	fs.store.Write(fs.super.bytes(), fs.place(atSuper))
	fs.writeUserTable(0, base)
	fs.formatSpace()
	fs.formatRoot()
	fs.super.State = stateReady
	fs.store.Write(fs.super.bytes(), fs.place(atSuper))
	return 0
}

func (fs *FS) formatRoot() {
	if fs.get32(fs.place(atJournal)) != 0 { // new pages are zero
		fs.write32(fs.place(atJournal), 0)
	}
	fs.write32(fs.place(atChunks), fs.super.Base<<(bucketShift-blockShift)+atNodes)
	n := &fs.cache[Root].node
	*n = node{Type: abi.FiletypeDirectory, Mapped: 1, Nlink: 2, Parent: Root}
	fs.store.Write(n.bytes()[:nodeHeader], fs.place(atNodes)+nodeSize*uint64(Root))
}

// load reads what the heap keeps of the superblock.
func (fs *FS) load() {
	at := fs.place(atSuper)
	fs.store.Read(fs.super.bytes(), at)
	fs.store.Read(fs.space.ranges[:], at+superRanges)
	fs.store.Read(words32(fs.space.groups[:]), at+superGroups)
	fs.space.pages = fs.store.Size()
}

// plausible checks the numbers of the superblock that others rest on.
func (fs *FS) plausible() bool {
	s := &fs.super
	have := fs.store.Size()
	buckets := (s.UserPages + bucketPages - 1) / bucketPages
	return uint64(s.Base)*bucketPages+formatted <= have &&
		s.Base < s.Buckets && s.Buckets <= maxBuckets &&
		uint64(s.Buckets-1)*bucketPages < have &&
		s.NodeTop > Root && s.NodeTop <= maxNodes && uint64(s.NodeTop)*nodeSize <= have<<pageShift &&
		s.NodeCount < uint32(s.NodeTop) && s.NodeFree < s.NodeTop &&
		s.Orphans < s.NodeTop && buckets < uint64(s.Buckets)
}
