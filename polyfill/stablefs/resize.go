package stablefs

import "github.com/icsplice/icsplice/abi"

// SetSize makes a regular file longer, with a hole, or shorter.
//
// isdir, inval: it is not a regular file. fbig: beyond MaxSize. nospc, io.
func (fs *FS) SetSize(ino Ino, size uint64, now uint64) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	f, errno := fs.regular(ino)
	if errno != 0 {
		return errno
	}
	if size > MaxSize {
		return abi.ErrnoFbig
	}
	return fs.end(fs.resize(f, size, now))
}

// Allocate makes a regular file at least off+n bytes long and gives every byte
// of that range a place, so that writes to it do not want for room. Where that
// fails the file is as long as it was.
//
// inval: n is 0. Else as WriteAt.
func (fs *FS) Allocate(ino Ino, off, n uint64, now uint64) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	f, errno := fs.regular(ino)
	if errno != 0 {
		return errno
	}
	if n == 0 {
		return abi.ErrnoInval
	}
	if off > MaxSize || n > MaxSize-off {
		return abi.ErrnoFbig
	}
	if n > maxBuckets<<bucketShift {
		return abi.ErrnoNospc
	}
	size, mtim, ctim := f.node.Size, f.node.Mtim, f.node.Ctim
	for at, end := off, off+n; at < end && errno == 0; {
		at, errno = fs.fill(f, at, end, now)
	}
	if errno == 0 {
		fs.touch(f, off+n, now)
		return fs.end(0)
	}
	fs.end(errno)
	return fs.unallocate(ino, size, mtim, ctim, errno)
}

// unallocate makes a file again what it was before an Allocate that failed, but
// for the places that holes were given, and answers why it did.
func (fs *FS) unallocate(ino Ino, size, mtim, ctim uint64, why abi.Errno) abi.Errno {
	f, errno := fs.regular(ino)
	if errno != 0 {
		return errno
	}
	if f.node.Size > size {
		if errno := fs.end(fs.resize(f, size, mtim)); errno != 0 {
			return errno
		}
	}
	f.node.Mtim, f.node.Ctim = mtim, ctim
	fs.writeNode(f, nodeMtim, nodeAtim)
	return why
}

// fill writes zeros where at lies in a hole or beyond the size, at most to the
// end of the block and to end, and answers how far there is a place now. What a
// block has beyond the size is old.
func (fs *FS) fill(f *file, at, end, now uint64) (uint64, abi.Errno) {
	stop := min(end, (at|(blockSize-1))+1)
	if at < f.node.Size {
		if f.node.Mapped == 0 {
			return f.node.Size, 0
		}
		r, errno := fs.mapped(f, uint32(at>>blockShift), blocksOf(end))
		if errno != 0 {
			return at, errno
		}
		if r.block != 0 {
			return min(uint64(uint32(at>>blockShift)+r.n)<<blockShift, f.node.Size), 0
		}
		stop = min(stop, f.node.Size)
	}
	_, errno := fs.write(f, at, fs.zero[:stop-at], now)
	return stop, errno
}

func (fs *FS) resize(f *file, size, now uint64) abi.Errno {
	n := &f.node
	old := n.Size
	if n.Mapped == 0 {
		if size > inlineSize {
			if errno := fs.toBlocks(f); errno != 0 {
				return errno
			}
		} else if size > old {
			fs.writeInline(f, size, nil, now)
			return 0
		}
	}
	if size > old {
		if n.Mapped != 0 {
			if errno := fs.clearGap(f, size); errno != 0 {
				return errno
			}
		}
	} else if blocksOf(size) < blocksOf(old) && n.Mapped != 0 {
		n.Tail = 1
	}
	n.Size = size
	n.Mtim, n.Ctim = now, now
	fs.putNode(f, 0, nodeAtim)
	if n.Tail != 0 {
		return fs.shrink(f, blocksOf(size))
	}
	return 0
}
