package stablefs

import "github.com/icsplice/icsplice/abi"

// Bytes of a block that lie beyond a file's size are never shown and may be
// anything; so may whole blocks there, which Tail tells of. So whatever lets a
// file grow over a gap clears the gap first.

//go:inline
func blocksOf(size uint64) uint32 { return uint32((size + blockSize - 1) >> blockShift) }

// regular gives the inode of a regular file.
func (fs *FS) regular(ino Ino) (*file, abi.Errno) {
	f, errno := fs.inode(ino)
	if errno != 0 {
		return nil, errno
	}
	if f.node.Type != abi.FiletypeRegularFile {
		if f.node.Type == abi.FiletypeDirectory {
			return nil, abi.ErrnoIsdir
		}
		return nil, abi.ErrnoInval
	}
	return f, fs.whole(f)
}

// ReadAt fills p with the content of a regular file from byte off on, and tells
// how many bytes it has there: fewer than len(p) only at its end.
//
// isdir, inval: it is not a regular file. io.
func (fs *FS) ReadAt(ino Ino, off uint64, p []byte) (int, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return 0, errno
	}
	f, errno := fs.regular(ino)
	if errno != 0 {
		return 0, errno
	}
	return fs.read(f, off, p)
}

func (fs *FS) read(f *file, off uint64, p []byte) (int, abi.Errno) {
	size := f.node.Size
	if off >= size {
		return 0, 0
	}
	if left := size - off; uint64(len(p)) > left {
		p = p[:left]
	}
	if f.node.Mapped == 0 {
		return copy(p, f.node.inline()[off:size]), 0
	}
	inside := off % blockSize
	if d := uint32(off>>blockShift) - f.now.Lb; d < f.now.N &&
		inside+uint64(len(p)) <= uint64(f.now.N-d)<<blockShift {
		fs.store.Read(p, uint64(f.now.Pb+d)<<blockShift+inside)
		return len(p), 0
	}
	for done := 0; done < len(p); {
		n, errno := fs.readRun(f, off+uint64(done), p[done:])
		if errno != 0 {
			return 0, errno
		}
		done += n
	}
	return len(p), 0
}

// readRun reads what lies in a row.
func (fs *FS) readRun(f *file, off uint64, p []byte) (int, abi.Errno) {
	inside := off % blockSize
	want := blocksOf(inside + uint64(len(p)))
	r, errno := fs.mapped(f, uint32(off>>blockShift), want)
	if errno != 0 {
		return 0, errno
	}
	n := int(min(uint64(len(p)), uint64(r.n)<<blockShift-inside))
	if r.block == 0 {
		clear(p[:n])
	} else {
		fs.store.Read(p[:n], uint64(r.block)<<blockShift+inside)
	}
	return n, 0
}

// WriteAt puts p into a regular file at byte off and tells how many bytes it
// wrote: fewer than len(p) only where there was no room for the rest.
//
// isdir, inval: it is not a regular file. fbig: beyond MaxSize. nospc, io.
func (fs *FS) WriteAt(ino Ino, off uint64, p []byte, now uint64) (int, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return 0, errno
	}
	f, errno := fs.regular(ino)
	if errno != 0 || len(p) == 0 {
		return 0, errno
	}
	if off > MaxSize || uint64(len(p)) > MaxSize-off {
		return 0, abi.ErrnoFbig
	}
	n, errno := fs.write(f, off, p, now)
	if errno = fs.end(errno); n > 0 {
		errno = 0
	}
	return n, errno
}

func (fs *FS) write(f *file, off uint64, p []byte, now uint64) (int, abi.Errno) {
	end := off + uint64(len(p))
	if f.node.Mapped == 0 {
		if end <= inlineSize {
			return fs.writeInline(f, off, p, now), 0
		}
		if errno := fs.toBlocks(f); errno != 0 {
			return 0, errno
		}
	}
	inside := off % blockSize
	if d := uint32(off>>blockShift) - f.now.Lb; d < f.now.N && off <= f.node.Size &&
		inside+uint64(len(p)) <= uint64(f.now.N-d)<<blockShift {
		fs.store.Write(p, uint64(f.now.Pb+d)<<blockShift+inside)
		fs.touch(f, end, now)
		return len(p), 0
	}
	if off > f.node.Size {
		if errno := fs.clearGap(f, off); errno != 0 {
			return 0, errno
		}
	}
	for done := 0; done < len(p); {
		n, errno := fs.writeRun(f, off+uint64(done), p[done:], now)
		if errno != 0 {
			return done, errno
		}
		done += n
	}
	return len(p), 0
}

// touch records a change of content that reaches to end.
//
//go:inline
func (fs *FS) touch(f *file, end, now uint64) {
	n := &f.node
	if end <= n.Size && n.Mtim == now && n.Ctim == now {
		return
	}
	n.Size = max(n.Size, end)
	n.Mtim, n.Ctim = now, now
	fs.writeNode(f, nodeSizeAt, nodeAtim)
}

// writeInline changes a file that lies in its inode. Content that was there
// before is first cleared up to off.
func (fs *FS) writeInline(f *file, off uint64, p []byte, now uint64) int {
	n := &f.node
	from := min(off, n.Size)
	b := n.inline()
	clear(b[from:off])
	copy(b[off:], p)
	end := off + uint64(len(p))
	n.Size = max(n.Size, end)
	n.Mtim, n.Ctim = now, now
	if from <= 64 && fs.tx.n == 0 {
		fs.writeNode(f, nodeSizeAt, nodeHeader+uint32(end))
		return len(p)
	}
	fs.putNode(f, nodeHeader+uint32(from), nodeHeader+uint32(end))
	fs.putNode(f, nodeSizeAt, nodeAtim)
	return len(p)
}

// toBlocks moves the content of a file out of its inode, into one block.
func (fs *FS) toBlocks(f *file) abi.Errno {
	n := &f.node
	size := uint32(n.Size)
	if size > 0 {
		block, _, errno := fs.alloc(0, 1, 1)
		if errno != 0 {
			return errno
		}
		fs.store.Write(n.inline()[:size], uint64(block)<<blockShift)
		n.Ext[0] = extent{0, block, 1}
		n.Extents = 1
	}
	n.Mapped = 1
	fs.putWhole(f)
	if !fs.commit() {
		return abi.ErrnoNospc
	}
	return 0
}

// clearGap makes the bytes from the size of a mapped file up to off a hole or
// zero, and commits that.
func (fs *FS) clearGap(f *file, off uint64) abi.Errno {
	size := f.node.Size
	if f.node.Tail != 0 {
		if errno := fs.shrink(f, blocksOf(size)); errno != 0 {
			return errno
		}
	}
	if inside := size % blockSize; inside != 0 {
		r, errno := fs.mapped(f, uint32(size>>blockShift), 1)
		if errno != 0 {
			return errno
		}
		if r.block != 0 {
			n := min(off-size, blockSize-inside)
			fs.store.Write(fs.zero[:n], uint64(r.block)<<blockShift+inside)
		}
	}
	if !fs.commit() {
		return abi.ErrnoNospc
	}
	return 0
}

// writeRun writes what lies in a row, into new blocks where there are none.
func (fs *FS) writeRun(f *file, off uint64, p []byte, now uint64) (int, abi.Errno) {
	lb, inside := uint32(off>>blockShift), off%blockSize
	want := blocksOf(inside + uint64(len(p)))
	r, errno := fs.mapped(f, lb, want)
	if errno != 0 {
		return 0, errno
	}
	if r.block == 0 {
		return fs.writeHole(f, off, p, r.n, now)
	}
	n := min(uint64(len(p)), uint64(r.n)<<blockShift-inside)
	fs.store.Write(p[:n], uint64(r.block)<<blockShift+inside)
	fs.touch(f, off+n, now)
	return int(n), 0
}

// done commits one step of a call.
func (fs *FS) done() abi.Errno {
	if !fs.commit() {
		return abi.ErrnoNospc
	}
	return 0
}

// writeHole writes into blocks that it takes for that: hole of them, or more if
// the file grows there. All it writes before the commit goes to blocks that are
// free until then.
func (fs *FS) writeHole(f *file, off uint64, p []byte, hole uint32, now uint64) (int, abi.Errno) {
	lb, inside := uint32(off>>blockShift), off%blockSize
	size := f.node.Size
	before := fs.before(f, lb)
	want := hole
	if lb >= blocksOf(size) {
		want = max(hole, ahead(blocksOf(size), before.n))
		if errno := fs.clearTail(f, lb); errno != 0 {
			return 0, errno
		}
	}
	if errno := fs.makeRoom(f, want); errno != 0 {
		return 0, errno
	}
	block, got, errno := fs.alloc(before.block, hole, want)
	if errno != 0 {
		return 0, errno
	}
	if got, errno = fs.assign(f, lb, block, got); errno != 0 {
		return 0, errno
	}
	at := uint64(block) << blockShift
	if inside > 0 {
		fs.store.Write(fs.zero[:inside], at)
	}
	n := min(uint64(len(p)), uint64(got)<<blockShift-inside)
	fs.store.Write(p[:n], at+inside)
	if end := off + n; end < size && end%blockSize != 0 {
		fs.store.Write(fs.zero[:blockSize-end%blockSize], at+inside+n)
	}
	nd := &f.node
	nd.Size = max(size, off+n)
	nd.Mtim, nd.Ctim = now, now
	if lb+got > blocksOf(nd.Size) {
		nd.Tail = 1
	}
	fs.putWhole(f)
	return int(n), fs.done()
}

// ahead is how many blocks a file takes that grows behind a row: as many again as
// it has, so that it has few extents, but none if it was written here and there.
func ahead(has, row uint32) uint32 {
	if row == 0 {
		return 0
	}
	return min(has, max(2*row, 4), bucketBlocks)
}

// clearTail sees to it that no blocks are behind a hole at lb, beyond the size.
func (fs *FS) clearTail(f *file, lb uint32) abi.Errno {
	n := &f.node
	if n.Tail == 0 {
		return 0
	}
	if n.Table == 0 && n.after(lb) == n.Extents {
		n.Tail = 0
		return 0
	}
	if errno := fs.shrink(f, lb); errno != 0 {
		return errno
	}
	return fs.done()
}
