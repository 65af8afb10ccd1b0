// Package stablefs is a POSIX file system in the stable memory of the Internet
// Computer. ../FORMAT.md describes every byte that it writes.
//
// Three rules shape it.
//
// Nothing is buffered: when a call returns, stable memory holds its effect
// whole, and an FS is only a cache that any new FS over the same store
// replaces. A call that changes more than one place writes its changes into a
// small redo journal first (tx.go), so that it happens whole or not at all even
// where a store write fails and nothing is rolled back.
//
// Stable memory is nearly as quick as the heap: a read costs 20 instructions
// and one for each byte. So structures are small records that are read and
// written where they lie, not blocks that are cached.
//
// An image is input: what is read from it is checked before it becomes an
// address, and every loop over it is bounded. A broken image answers
// abi.ErrnoIo.
//
// The same code is compiled by TinyGo without a heap, so nothing in here
// allocates, and by Go, where a Store is an interface. An FS serves one
// goroutine at a time.
package stablefs

import "github.com/icsplice/icsplice/abi"

// Ino is the number of an inode. 0 is none.
type Ino uint32

// Root is the root directory.
const Root Ino = 1

// Attr is what Stat tells about a file. Size is in bytes, times are in
// nanoseconds since 1970. The size of a directory is that of its slot table.
type Attr struct {
	Ino   Ino
	Type  abi.Filetype
	Nlink uint64
	Size  uint64
	Atim  uint64
	Mtim  uint64
	Ctim  uint64
}

// Dirent is one entry of a directory. Name lies in the FS and is valid until
// its next call. Next is the cookie of the entry behind it.
type Dirent struct {
	Ino  Ino
	Type abi.Filetype
	Next uint64
	Name []byte
}

// Resolved is where a path leads. Name lies in the path or in the FS and is
// valid until the FS's next call of Resolve, and as long as the path is.
//
// Where the last component is missing, Ino is 0 and Parent is a directory in
// which Name can be created. Where the path ends in "." or ".." (or in a symlink
// to such a path), Dots is true, and there is no Parent and no Name, because no
// entry of that name can be made, removed or renamed.
type Resolved struct {
	Parent        Ino
	Name          []byte
	Ino           Ino
	Type          abi.Filetype // of Ino; FiletypeUnknown where Ino is 0
	TrailingSlash bool         // the path ended in a slash: it means a directory
	Dots          bool
}

// Follow says when Resolve follows a symbolic link at the end of a path.
type Follow uint8

const (
	// FollowSlash follows it where the path ends in a slash.
	FollowSlash Follow = iota
	// FollowAlways follows it.
	FollowAlways
	// FollowNever stays at the link: what makes, removes or renames an entry
	// does that to the entry itself.
	FollowNever
)

// Usage counts what a file system takes up. Pages have 64 KiB, blocks 4 KiB.
type Usage struct {
	Pages      uint64 // of stable memory in all, the program's own included
	FreeBlocks uint64 // free in the buckets that the file system has
	Files      uint32 // inodes in use
}
