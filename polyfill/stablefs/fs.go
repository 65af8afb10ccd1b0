package stablefs

import "github.com/icsplice/icsplice/abi"

// FS is a file system and the heap that it needs. Its zero value, with a store,
// is ready. After a Store that panicked it is of no use; a new FS is.
//
// What each call changes stands together, with the first inodes' places on either
// side, as each page of the heap that a message changes costs it 1,000
// instructions.
type FS struct {
	open openTable

	store   Store
	mounted bool
	super   super
	user    translation
	space   space
	crowded bool   // the chain of the name that is being made is long
	careful bool   // no slot is written at once: one that was freed, or the bucket, is not committed
	changes uint32 // commits, so that what was read ahead can tell that it is old

	op    uint32 // the running call: nodes that it touched stay in the cache
	moved bool   // a node is not at its first place in the cache
	chunk uint32 // 1 + the chunk of inodes last looked at, and its address
	first uint64

	word   uint32 // scratch, as what follows
	slot   slot
	memo   memo
	prefix prefix
	links  [slotSize]byte

	cache [cacheSize]file
	tx    tx

	ahead   readAhead
	name    [MaxName + 1]byte
	entries [tableDepth][64]uint32
	spill   [maxSpill]uint32
	path    [2 * MaxPath]byte
	zero    [blockSize]byte
}

// place is the address of a block of the file system's own area.
//
//go:inline
func (fs *FS) place(block uint64) uint64 {
	return uint64(fs.super.Base)<<bucketShift + block<<blockShift
}

// begin opens every call.
//
//go:inline
func (fs *FS) begin() abi.Errno {
	fs.op++
	if fs.mounted && !fs.moved {
		return 0
	}
	return fs.settle()
}

//go:noinline
func (fs *FS) settle() abi.Errno {
	if fs.moved {
		fs.dropMoved()
	}
	return fs.Mount()
}

// end closes a call that may have planned changes: it makes them if errno is 0,
// and else forgets them and with them whatever the heap knows, which may be ahead
// of what was planned.
func (fs *FS) end(errno abi.Errno) abi.Errno {
	if errno == 0 && !fs.commit() {
		errno = abi.ErrnoNospc
	}
	if errno != 0 {
		return fs.abort(errno)
	}
	return 0
}

func (fs *FS) abort(errno abi.Errno) abi.Errno {
	fs.tx.n, fs.tx.count, fs.tx.full = 0, 0, false
	fs.forget()
	fs.load()
	fs.mounted = fs.mounted && fs.plausible()
	return errno
}

// forget empties the caches.
func (fs *FS) forget() {
	fs.chunk = 0
	fs.space.known, fs.careful = false, false
	fs.user.known = false
	fs.changes++
	for i := range fs.cache {
		fs.cache[i].ino = 0
	}
	fs.moved = false
	fs.prefix.n = 0
}
