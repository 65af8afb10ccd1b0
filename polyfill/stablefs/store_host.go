//go:build !tinygo

package stablefs

// Store is stable memory: pages of 64 KiB that are zero when they are new.
// Read and Write stay inside Size; a Store may panic where they do not, as the
// IC traps, and where it cannot serve them. Grow adds n pages and returns how
// many there were, or -1 as an unsigned number where there is no room.
type Store interface {
	Size() uint64
	Grow(n uint64) uint64
	Read(p []byte, off uint64)
	Write(p []byte, off uint64)
}

// New is a file system over a store, which is looked at by its first call.
func New(store Store) *FS { return &FS{store: store} }
