package stablefs

import "github.com/icsplice/icsplice/abi"

// file is an inode in the cache, with the extent that was last used of it.
type file struct {
	ino  Ino
	op   uint32 // the call that last touched it, and that it stays for
	at   uint64 // its address
	body bool   // what is behind the header has been read
	now  extent
	node
}

// inode gives the header of the inode ino; whole gives what is behind it. The
// pointer is good until the call ends.
//
// io: there is no such inode, or it makes no sense.
//
//go:inline
func (fs *FS) inode(ino Ino) (*file, abi.Errno) {
	f := &fs.cache[ino%cacheSize]
	if f.ino != ino || ino == 0 {
		if f = fs.inodeSlow(ino); f == nil {
			return nil, abi.ErrnoIo
		}
	}
	f.op = fs.op
	return f, 0
}

// leave lets the cache give an inode's place away before the call ends. A path
// may pass through more inodes than there are places.
func (f *file) leave() { f.op = 0 }

// inodeSlow finds or reads an inode, and answers nil where it makes no sense.
// Where its place in the cache is taken by another that the call uses, it gets a
// place behind, until the next call.
//
//go:noinline
func (fs *FS) inodeSlow(ino Ino) *file {
	f := &fs.cache[ino%cacheSize]
	if f.op == fs.op && f.ino != 0 {
		if f = fs.placeBehind(ino); f == nil || f.ino == ino {
			return f
		}
	}
	f.ino = 0
	at := fs.nodePlace(ino)
	if at == 0 {
		return nil
	}
	fs.get(at, f.node.bytes()[:nodeHeader])
	if !f.node.small() && !(f.node.sound() && fs.holds(&f.node)) {
		return nil
	}
	f.ino, f.at, f.now.N = ino, at, 0
	f.body = f.node.more() == 0
	return f
}

// placeBehind gives the place in the cache of an inode that cannot have its
// first one. There are more than a call touches.
//
//go:noinline
func (fs *FS) placeBehind(ino Ino) *file {
	for i := Ino(1); i < cacheWays; i++ {
		f := &fs.cache[(ino+i)%cacheSize]
		if f.ino == ino {
			return f
		}
		if f.op != fs.op || f.ino == 0 {
			fs.moved = true
			return f
		}
	}
	return nil
}

// whole reads what is behind the header of an inode.
func (fs *FS) whole(f *file) abi.Errno {
	if f.body {
		return 0
	}
	fs.get(f.at+nodeHeader, f.node.bytes()[nodeHeader:nodeHeader+f.node.more()])
	if f.node.Mapped != 0 && !fs.extentsSound(&f.node) {
		return abi.ErrnoIo
	}
	f.body = true
	return 0
}

// small tells whether an inode is a file whose content lies in it: of many files
// most are, and it is quickly told.
//
//go:inline
func (n *node) small() bool {
	return word32(n.bytes(), 0) == uint32(abi.FiletypeRegularFile) &&
		n.Size <= inlineSize && n.Table|n.Extents == 0
}

// sound tells whether the header of an inode in use makes sense.
func (n *node) sound() bool {
	switch n.Type {
	case abi.FiletypeDirectory:
		if n.Mapped == 0 || n.Size%slotSize != 0 || n.Size > maxSlots*slotSize {
			return false
		}
	case abi.FiletypeSymbolicLink:
		if n.Size > MaxPath {
			return false
		}
	case abi.FiletypeRegularFile:
	default:
		return false
	}
	return n.Size <= MaxSize && n.Extents <= maxExtent && n.Depth <= tableDepth &&
		(n.Depth == 0) == (n.Table == 0) && (n.Mapped != 0 || n.Size <= inlineSize)
}

// holds tells whether a directory has no more slots than there can be: its blocks
// have no holes, and no two are the same. Loops over slots rest on it.
func (fs *FS) holds(n *node) bool {
	return n.Type != abi.FiletypeDirectory || n.Size <= fs.space.pages<<pageShift
}

// more is how many bytes behind the header mean something.
//
//go:inline
func (n *node) more() uint32 {
	if n.Mapped != 0 {
		return n.Extents * 12
	}
	return uint32(n.Size)
}

// nodePlace is the address of an inode, or 0 where there is none.
//
//go:inline
func (fs *FS) nodePlace(ino Ino) uint64 {
	if ino == 0 || ino >= fs.super.NodeTop {
		return 0
	}
	if chunk := uint32(ino)/chunkNodes + 1; fs.chunk != chunk && !fs.findChunk(chunk) {
		return 0
	}
	return fs.first + nodeSize*uint64(ino%chunkNodes)
}

//go:noinline
func (fs *FS) findChunk(chunk uint32) bool {
	fs.chunk = 0
	block := fs.get32(fs.place(atChunks) + 4*uint64(chunk-1))
	if !fs.within(block, chunkBlocks) {
		return false
	}
	fs.chunk, fs.first = chunk, uint64(block)<<blockShift
	return true
}

// putNode plans to write the bytes [from, to) of an inode.
func (fs *FS) putNode(f *file, from, to uint32) {
	fs.put(f.at+uint64(from), f.node.bytes()[from:to])
}

// writeNode writes the bytes [from, to) of an inode at once: a single change,
// with none planned.
func (fs *FS) writeNode(f *file, from, to uint32) {
	fs.store.Write(f.node.bytes()[from:to], f.at+uint64(from))
}

// putWhole plans to write an inode with all that means something in it.
func (fs *FS) putWhole(f *file) { fs.putNode(f, 0, nodeHeader+f.node.more()) }

// newNode takes the inode that freeNode gave.
func (fs *FS) newNode(ino Ino, typ abi.Filetype, now uint64) (*file, abi.Errno) {
	fs.super.NodeCount++
	fs.putSuper()
	f, errno := fs.blankNode(ino)
	if errno != 0 {
		return nil, errno
	}
	f.node.Type, f.node.Nlink = typ, 1
	f.node.Mtim, f.node.Ctim, f.node.Atim = now, now, now
	return f, 0
}

// freeNode takes an inode's number off the list of free ones, or the next that
// was never used. newNode plans to write that.
func (fs *FS) freeNode() (Ino, abi.Errno) {
	s := &fs.super
	if ino := s.NodeFree; ino != 0 {
		at := fs.nodePlace(ino)
		if at == 0 {
			return 0, abi.ErrnoIo
		}
		fs.get(at, fs.links[:8])
		s.NodeFree = Ino(word32(fs.links[:], nodeNlink))
		if fs.links[0] != 0 || s.NodeFree >= s.NodeTop {
			return 0, abi.ErrnoIo
		}
		return ino, 0
	}
	ino := s.NodeTop
	if ino >= maxNodes {
		return 0, abi.ErrnoNospc
	}
	if ino%chunkNodes == 0 {
		if errno := fs.newChunk(uint32(ino) / chunkNodes); errno != 0 {
			return 0, errno
		}
	}
	s.NodeTop++
	return ino, 0
}

func (fs *FS) newChunk(chunk uint32) abi.Errno {
	block, n, errno := fs.alloc(0, chunkBlocks, chunkBlocks)
	if errno != 0 {
		return errno
	}
	if n < chunkBlocks {
		return abi.ErrnoNospc
	}
	fs.put32(fs.place(atChunks)+4*uint64(chunk), block)
	return 0
}

// blankNode puts an empty inode into the cache, without reading what was there.
func (fs *FS) blankNode(ino Ino) (*file, abi.Errno) {
	at := fs.nodePlace(ino)
	if at == 0 {
		return nil, abi.ErrnoIo
	}
	for i := Ino(0); i < cacheWays; i++ {
		f := &fs.cache[(ino+i)%cacheSize]
		if f.ino == ino || f.op != fs.op || f.ino == 0 {
			fs.moved = fs.moved || i > 0
			clear(f.node.bytes()[:nodeHeader])
			f.ino, f.op, f.at, f.now.N = ino, fs.op, at, 0
			f.body = true
			return f, 0
		}
	}
	return nil, abi.ErrnoNomem
}

// drop takes an inode that the call does not use out of the cache.
func (fs *FS) drop(ino Ino) {
	for i := Ino(0); i < cacheWays; i++ {
		if f := &fs.cache[(ino+i)%cacheSize]; f.ino == ino {
			f.ino = 0
		}
	}
}

// dropMoved empties the places in the cache that hold an inode of another place.
func (fs *FS) dropMoved() {
	fs.moved = false
	for i := range fs.cache {
		if f := &fs.cache[i]; f.ino%cacheSize != Ino(i) {
			f.ino = 0
		}
	}
}

// releaseNode gives an inode without blocks back.
func (fs *FS) releaseNode(f *file) {
	s := &fs.super
	f.node.Type, f.node.Nlink = 0, uint32(s.NodeFree)
	fs.putNode(f, 0, nodeSizeAt)
	s.NodeFree = f.ino
	s.NodeCount--
	fs.putSuper()
	f.ino = 0
}
