package stablefs

import "github.com/icsplice/icsplice/abi"

// Stat tells about an inode.
//
// io: there is no such inode, or it makes no sense.
//
//go:inline
func (fs *FS) Stat(ino Ino, a *Attr) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	f, errno := fs.inode(ino)
	if errno != 0 {
		return errno
	}
	n := &f.node
	*a = Attr{ino, n.Type, uint64(n.Nlink), n.Size, n.Atim, n.Mtim, n.Ctim}
	return 0
}

// SetTimes sets the times that which names, to now or to those given. Reading a
// file never sets one.
//
// inval: which names a time twice. io.
func (fs *FS) SetTimes(ino Ino, atim, mtim uint64, which abi.Fstflags, now uint64) abi.Errno {
	const atims = abi.FstflagAtim | abi.FstflagAtimNow
	const mtims = abi.FstflagMtim | abi.FstflagMtimNow
	if which&atims == atims || which&mtims == mtims || which&^(atims|mtims) != 0 {
		return abi.ErrnoInval
	}
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	f, errno := fs.inode(ino)
	if errno != 0 {
		return errno
	}
	n := &f.node
	switch {
	case which&abi.FstflagAtim != 0:
		n.Atim = atim
	case which&abi.FstflagAtimNow != 0:
		n.Atim = now
	}
	switch {
	case which&abi.FstflagMtim != 0:
		n.Mtim = mtim
	case which&abi.FstflagMtimNow != 0:
		n.Mtim = now
	}
	n.Ctim = now
	fs.putNode(f, nodeMtim, nodeParent)
	return fs.end(0)
}

// Usage counts what the file system takes up. It looks at all of its bitmaps.
func (fs *FS) Usage(u *Usage) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	*u = Usage{Pages: fs.store.Size(), Files: fs.super.NodeCount}
	for b := uint32(0); b < fs.super.Buckets; b++ {
		if fs.classAt(b) == 0 {
			continue
		}
		if !fs.enter(b) {
			return abi.ErrnoIo
		}
		for i := uint32(0); i < bucketBlocks; {
			n := fs.space.runFrom(i, bucketBlocks)
			u.FreeBlocks += uint64(n)
			i += max(n, 1)
		}
	}
	return 0
}
