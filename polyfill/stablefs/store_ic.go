//go:build tinygo

package stablefs

import "unsafe"

//go:wasmimport ic0 stable64_size
func stable64Size() uint64

//go:wasmimport ic0 stable64_grow
func stable64Grow(pages uint64) uint64

//go:wasmimport ic0 stable64_read
func stable64Read(dst, offset, size uint64)

//go:wasmimport ic0 stable64_write
func stable64Write(offset, src, size uint64)

// Store is the canister's stable memory.
type Store struct{}

// Size tells how many pages of 64 KiB there are.
func (Store) Size() uint64 { return stable64Size() }

// Grow adds n pages and returns how many there were, or -1.
func (Store) Grow(n uint64) uint64 { return stable64Grow(n) }

// Read fills p with the bytes from off on.
func (Store) Read(p []byte, off uint64) {
	stable64Read(uint64(uintptr(unsafe.Pointer(unsafe.SliceData(p)))), off, uint64(len(p)))
}

// Write puts p at off.
func (Store) Write(p []byte, off uint64) {
	stable64Write(off, uint64(uintptr(unsafe.Pointer(unsafe.SliceData(p)))), uint64(len(p)))
}
