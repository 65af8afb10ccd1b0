package stablefs

import (
	"unsafe"

	"github.com/icsplice/icsplice/abi"
)

// The records of the format, which is little-endian, as Wasm is: they are read
// into place. New refuses a host that is big-endian.

const (
	magic    = 0x7366656c62617473 // "stablefs"
	version  = 1
	geometry = blockShift | bucketShift<<8 | 8<<16 | 6<<24
)

const (
	stateFormatting = 1
	stateReady      = 2
)

// super is the start of the superblock. What stands before Buckets never
// changes after the format.
type super struct {
	Magic    uint64
	Version  uint32
	Geometry uint32
	Base     uint32 // the bucket that this superblock is at the start of
	State    uint32
	_        uint64

	Buckets   uint32 // in use, by the file system or the user
	NodeFree  Ino    // list of free inodes
	NodeTop   Ino    // first inode never used
	NodeCount uint32 // in use
	Orphans   Ino    // list of inodes without a name
	_         uint32
	UserPages uint64
}

const (
	superSize   = 64
	superVaries = 32  // offset of Buckets
	superRanges = 256 // u8 for each range of buckets
	superGroups = 512 // u32 for each group: first block of its bitmaps
)

// extent says that N blocks from logical block Lb on lie from block Pb on.
type extent struct{ Lb, Pb, N uint32 }

// node is an inode.
type node struct {
	Type    abi.Filetype // 0 where it is free
	Mapped  bool8        // content is in blocks, not in the inode
	Tail    bool8        // there may be blocks beyond Size
	Depth   uint8        // levels of the table
	Nlink   uint32       // of a free inode: the next one
	Size    uint64
	Mtim    uint64
	Ctim    uint64
	Atim    uint64
	Parent  Ino    // of a directory
	Free    uint32 // of a directory: 1 + first free slot
	Count   uint32 // of a directory: entries
	Table   uint32 // root block of the table, or 0
	Next    Ino    // in the list of orphans
	Extents uint32 // how many of Ext are in use
	Ext     [maxExtent]extent
}

// bool8 is a flag of the format: any value but 0 sets it.
type bool8 uint8

// Offsets in a node, for writing a part of it.
const (
	nodeNlink  = 4
	nodeSizeAt = 8
	nodeMtim   = 16
	nodeAtim   = 32
	nodeParent = 40
	nodeFreeAt = 44
	nodeTable  = 52
	nodeNext   = 56
)

// slot is a record of a directory's table. Slot s is also the head of the hash
// chain number s, which has nothing to do with the entry in it.
type slot struct {
	Head uint32 // 1 + first slot of the chain
	Next uint32 // 1 + next slot of the chain that this entry is in, or of the free list
	Hash uint32
	Ino  Ino
	Kind uint8
	Type abi.Filetype
	Len  uint8
	_    uint8
	More uint32 // 1 + slot with the next part of the name
	Name [slotName]byte
}

const (
	slotFree  = 0
	slotEntry = 1
	slotMore  = 2

	slotNext   = 4
	slotHash   = 8
	slotInoAt  = 12
	slotKindAt = 16
	slotNameAt = 24
)

func (s *super) bytes() []byte { return unsafe.Slice((*byte)(unsafe.Pointer(s)), superSize) }

func (n *node) bytes() []byte { return unsafe.Slice((*byte)(unsafe.Pointer(n)), nodeSize) }

// inline is the content of a file that is not mapped.
func (n *node) inline() []byte { return n.bytes()[nodeHeader:] }

func (s *slot) bytes() []byte { return unsafe.Slice((*byte)(unsafe.Pointer(s)), slotSize) }

func (fs *FS) wordBytes() []byte { return unsafe.Slice((*byte)(unsafe.Pointer(&fs.word)), 4) }

func words32(p []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(p))), 4*len(p))
}

func words64(p []uint64) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(p))), 8*len(p))
}

func (fs *FS) aheadBytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&fs.ahead.slots)), int(unsafe.Sizeof(fs.ahead.slots)))
}
