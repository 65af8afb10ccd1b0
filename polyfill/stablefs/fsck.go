//go:build !tinygo

package stablefs

import (
	"fmt"

	"github.com/icsplice/icsplice/abi"
)

// ProblemKind names an invariant of ../FORMAT.md that an image breaks.
type ProblemKind string

// The invariants.
const (
	BadSuper    ProblemKind = "superblock"
	BadJournal  ProblemKind = "journal"
	BadUser     ProblemKind = "user table"
	BadNode     ProblemKind = "inode"
	BadFreeList ProblemKind = "free inodes"
	BadOrphans  ProblemKind = "orphans"
	BadExtent   ProblemKind = "extent"
	BadTable    ProblemKind = "block table"
	BadEntry    ProblemKind = "directory entry"
	BadChain    ProblemKind = "hash chain"
	BadSlots    ProblemKind = "free slots"
	BadLinks    ProblemKind = "link count"
	BadParent   ProblemKind = "parent"
	BadBitmap   ProblemKind = "bitmap"
	BadClass    ProblemKind = "class"
	SharedBlock ProblemKind = "shared block"
	LeakedBlock ProblemKind = "leaked block"
	LeakedNode  ProblemKind = "leaked inode"
)

// Problem is an invariant that an image breaks. Ino is the inode concerned, or
// 0; Block is the block, or 0.
type Problem struct {
	Kind  ProblemKind
	Ino   Ino
	Block uint32
	Text  string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: inode %d, block %d: %s", p.Kind, p.Ino, p.Block, p.Text)
}

// Error makes a Problem an error.
func (p Problem) Error() string { return p.String() }

// fsck is one run of Fsck.
type fsck struct {
	fs       *FS
	problems []Problem
	user     map[uint32]bool // buckets of the program's
	owner    map[uint32]Ino  // of each block in use; 0 for the file system's own
	nodes    map[Ino]*node
	free     map[Ino]bool
	orphans  map[Ino]bool
	names    map[Ino]uint32 // entries that lead to an inode
	subdirs  map[Ino]uint32
}

// Fsck reads an image and names every invariant that it breaks. It writes
// nothing: a journal that waits for its replay is taken as replayed. An empty
// store, or one without a file system, has no problems.
func Fsck(store Store) []Problem {
	c := &fsck{fs: New(&shadow{store: store, changed: map[uint64][]byte{}})}
	c.reset()
	if !c.open() {
		return c.problems
	}
	c.checkUser()
	c.checkArea()
	c.checkFree()
	c.checkNodes()
	c.checkOrphans()
	c.checkNames()
	c.checkBitmaps()
	return c.problems
}

func (c *fsck) reset() {
	c.user, c.owner, c.nodes = map[uint32]bool{}, map[uint32]Ino{}, map[Ino]*node{}
	c.free, c.orphans = map[Ino]bool{}, map[Ino]bool{}
	c.names, c.subdirs = map[Ino]uint32{}, map[Ino]uint32{}
}

// shadow is a store whose changes stay in memory.
type shadow struct {
	store   Store
	changed map[uint64][]byte // blocks
}

func (s *shadow) Size() uint64       { return s.store.Size() }
func (s *shadow) Grow(uint64) uint64 { return ^uint64(0) }

func (s *shadow) Read(p []byte, off uint64) {
	s.store.Read(p, off)
	for at := off &^ (blockSize - 1); at < off+uint64(len(p)); at += blockSize {
		b := s.changed[at]
		switch {
		case b == nil:
		case at < off:
			copy(p, b[off-at:])
		default:
			copy(p[at-off:], b)
		}
	}
}

func (s *shadow) Write(p []byte, off uint64) {
	for len(p) > 0 {
		at := off &^ (blockSize - 1)
		b := s.changed[at]
		if b == nil {
			b = make([]byte, blockSize)
			s.store.Read(b, at)
			s.changed[at] = b
		}
		n := copy(b[off-at:], p)
		p, off = p[n:], off+uint64(n)
	}
}

func (c *fsck) report(kind ProblemKind, ino Ino, block uint32, format string, args ...any) {
	const enough = 1000 // more problems tell no more
	if len(c.problems) < enough {
		c.problems = append(c.problems, Problem{kind, ino, block, fmt.Sprintf(format, args...)})
	}
}

// open reads the superblock and replays the journal.
func (c *fsck) open() bool {
	fs := c.fs
	if fs.store.Size() == 0 {
		return false
	}
	ready, errno := fs.findSuper()
	if errno != 0 {
		c.report(BadSuper, 0, 0, "not usable: %v", errno)
		return false
	}
	if !ready {
		return false
	}
	fs.load()
	if !fs.replay() {
		c.report(BadJournal, 0, 0, "records that no commit wrote")
		return false
	}
	fs.load()
	if !fs.plausible() {
		c.report(BadSuper, 0, 0, "counts that contradict each other: %+v", fs.super)
		return false
	}
	return true
}

// claim notes who uses blocks.
func (c *fsck) claim(ino Ino, kind ProblemKind, block, n uint32) bool {
	if n == 0 || block == 0 || !c.fs.within(block, n) {
		c.report(kind, ino, block, "%d blocks out of bounds", n)
		return false
	}
	for i := range n {
		if c.user[(block+i)/bucketBlocks] {
			c.report(kind, ino, block+i, "in a bucket of the program's own")
			return false
		}
		if other, ok := c.owner[block+i]; ok {
			c.report(SharedBlock, ino, block+i, "used by inode %d too", other)
			return false
		}
		c.owner[block+i] = ino
	}
	return true
}

// checkUser looks at the program's buckets.
func (c *fsck) checkUser() {
	fs := c.fs
	last := -1
	for i := range uint32((fs.super.UserPages + bucketPages - 1) / bucketPages) {
		b, ok := fs.userBucket(i)
		if !ok || int(b) <= last {
			c.report(BadUser, 0, 0, "entry %d is bucket %d", i, b)
			continue
		}
		last = int(b)
		c.user[b] = true
		if fs.classAt(b) != 0 {
			c.report(BadClass, 0, 0, "bucket %d is the program's and has a class", b)
		}
	}
}

// checkArea claims the superblock with its tables, bitmaps and inodes.
func (c *fsck) checkArea() {
	fs := c.fs
	for i := range uint32(atBitmap) {
		c.owner[fs.super.Base*bucketBlocks+i] = 0
	}
	for g, block := range fs.space.groups {
		if block != 0 {
			c.claim(0, BadBitmap, block, groupBlocks)
		} else if uint32(g) == fs.super.Base/groupBuckets {
			c.report(BadBitmap, 0, 0, "the first group has none")
		}
	}
	for i := range (uint32(fs.super.NodeTop) + chunkNodes - 1) / chunkNodes {
		c.claim(0, BadNode, fs.get32(fs.place(atChunks)+4*uint64(i)), chunkBlocks)
	}
}

// checkFree walks the list of free inodes.
func (c *fsck) checkFree() {
	fs := c.fs
	for ino := fs.super.NodeFree; ino != 0; {
		at := fs.nodePlace(ino)
		if at == 0 || c.free[ino] {
			c.report(BadFreeList, ino, 0, "out of bounds, or there twice")
			return
		}
		c.free[ino] = true
		fs.get(at, fs.links[:8])
		if fs.links[0] != 0 {
			c.report(BadFreeList, ino, 0, "in use")
		}
		ino = Ino(word32(fs.links[:], nodeNlink))
	}
}

// checkNodes reads every inode and claims its blocks.
func (c *fsck) checkNodes() {
	fs := c.fs
	count := uint32(0)
	for ino := Root; ino < fs.super.NodeTop; ino++ {
		if c.free[ino] {
			continue
		}
		count++
		fs.op++
		f, errno := fs.inode(ino)
		if errno != 0 {
			c.report(BadNode, ino, 0, "makes no sense")
			continue
		}
		if fs.whole(f) != 0 {
			c.report(BadExtent, ino, 0, "out of bounds, or not in order")
			continue
		}
		n := f.node
		c.nodes[ino] = &n
		c.checkBlocks(f)
	}
	if count != fs.super.NodeCount {
		c.report(BadSuper, 0, 0, "counts %d inodes; %d are in use", fs.super.NodeCount, count)
	}
	if r := c.nodes[Root]; r == nil || r.Type != abi.FiletypeDirectory || r.Parent != Root {
		c.report(BadNode, Root, 0, "no root directory")
	}
}

func (c *fsck) checkBlocks(f *file) {
	n := &f.node
	if n.Mapped == 0 {
		return
	}
	end := uint64(0)
	for _, e := range n.Ext[:n.Extents] {
		end = uint64(e.Lb) + uint64(e.N)
		c.claim(f.ino, BadExtent, e.Pb, e.N)
	}
	if n.Tail == 0 && end > uint64(blocksOf(n.Size)) {
		c.report(BadExtent, f.ino, 0, "beyond the size, and not marked so")
	}
	if n.Table != 0 {
		c.checkTable(f, n.Table, n.Depth, 0)
	}
}

func (c *fsck) checkTable(f *file, block uint32, level uint8, base uint64) {
	if !c.claim(f.ino, BadTable, block, 1) {
		return
	}
	entries := make([]uint32, tableFan)
	c.fs.get(uint64(block)<<blockShift, words32(entries))
	for i, e := range entries {
		lb := base + uint64(i)*reachOf(level-1)
		switch {
		case e == 0:
		case level > 1:
			c.checkTable(f, e, level-1, lb)
		default:
			c.checkMapped(f, e, lb)
		}
	}
}

func (c *fsck) checkMapped(f *file, block uint32, lb uint64) {
	n := &f.node
	c.claim(f.ino, BadTable, block, 1)
	if n.Tail == 0 && lb >= uint64(blocksOf(n.Size)) {
		c.report(BadTable, f.ino, block, "beyond the size, and not marked so")
	}
	if i := n.after(uint32(lb)); i > 0 && uint32(lb)-n.Ext[i-1].Lb < n.Ext[i-1].N {
		c.report(BadTable, f.ino, block, "logical block %d is in an extent too", lb)
	}
}

// checkOrphans walks the list of inodes without a name.
func (c *fsck) checkOrphans() {
	for ino := c.fs.super.Orphans; ino != 0; {
		n := c.nodes[ino]
		if n == nil || c.orphans[ino] || n.Nlink != 0 {
			c.report(BadOrphans, ino, 0, "free, or there twice, or it has a name")
			return
		}
		c.orphans[ino] = true
		ino = n.Next
	}
}
