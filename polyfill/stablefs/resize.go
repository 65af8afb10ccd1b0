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

// Allocate makes a regular file at least off+n bytes long. It reserves no
// blocks.
//
// inval: n is 0. Else as SetSize.
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
	if off+n <= f.node.Size {
		return 0
	}
	return fs.end(fs.resize(f, off+n, now))
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
