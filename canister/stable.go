package canister

import (
	"errors"
	"fmt"
)

// Sizes of stable memory, in bytes and in pages.
const (
	StablePageSize = 64 << 10
	MaxStablePages = 500 << 30 / StablePageSize // 500 GiB

	osPage = 4 << 10 // what the IC counts writes by, and what is rolled back
)

// ErrStableBounds says that an access lies outside of stable memory.
var ErrStableBounds = errors.New("stable memory out of bounds")

// StableMemory is the memory of a canister that outlives its code. Writes and
// growth take effect at once for the reader of the same StableMemory, and last
// when Commit returns; Discard takes them back.
//
// It is for one goroutine at a time.
type StableMemory interface {
	// Size is the size in pages of 64 KiB.
	Size() uint64
	// Grow adds pages of zeros and returns the size before. It fails if the
	// size would exceed MaxStablePages.
	Grow(pages uint64) (old uint64, ok bool)
	// Read fills p from offset, in bytes. The error wraps ErrStableBounds, or
	// is that of the file beneath.
	Read(p []byte, offset uint64) error
	// Write stores p at offset, in bytes. Errors are as those of Read.
	Write(p []byte, offset uint64) error
	// Clear makes the memory empty.
	Clear()
	// Commit makes all that was written since the last Commit last.
	Commit() error
	// Discard takes back all that was written since the last Commit.
	Discard() error
	// Close releases what the memory holds, without a Commit.
	Close() error
}

func checkStableBounds(size uint64, n int, offset uint64) error {
	limit := size * StablePageSize
	if offset > limit || uint64(n) > limit-offset {
		return fmt.Errorf("%w: %d bytes at %d of %d", ErrStableBounds, n, offset, limit)
	}
	return nil
}

func growStable(size *uint64, pages uint64) (uint64, bool) {
	if pages > MaxStablePages || *size+pages > MaxStablePages {
		return 0, false
	}
	old := *size
	*size += pages
	return old, true
}

// eachOSPage splits an access to n bytes at offset at 4 KiB boundaries: at is
// the position in the access, in is the one in the page.
func eachOSPage(n int, offset uint64, visit func(page uint64, at, in, size int) error) error {
	for at := 0; at < n; {
		page, in := (offset+uint64(at))/osPage, int((offset+uint64(at))%osPage)
		size := min(osPage-in, n-at)
		if err := visit(page, at, in, size); err != nil {
			return err
		}
		at += size
	}
	return nil
}

// memoryStable keeps stable memory in the heap of this process; only pages
// that were written take room. undo holds what the pages written since the
// last Commit were before, nil for a page that did not exist.
type memoryStable struct {
	size, committed uint64
	pages           map[uint64]*[osPage]byte
	undo            map[uint64]*[osPage]byte
}

// NewStableMemory is an empty stable memory that lives in this process.
func NewStableMemory() StableMemory {
	return &memoryStable{
		pages: map[uint64]*[osPage]byte{},
		undo:  map[uint64]*[osPage]byte{},
	}
}

func (m *memoryStable) Size() uint64 { return m.size }

func (m *memoryStable) Grow(pages uint64) (uint64, bool) { return growStable(&m.size, pages) }

func (m *memoryStable) Read(p []byte, offset uint64) error {
	if err := checkStableBounds(m.size, len(p), offset); err != nil {
		return err
	}
	return eachOSPage(len(p), offset, func(page uint64, at, in, size int) error {
		if b := m.pages[page]; b != nil {
			copy(p[at:at+size], b[in:])
		} else {
			clear(p[at : at+size])
		}
		return nil
	})
}

func (m *memoryStable) Write(p []byte, offset uint64) error {
	if err := checkStableBounds(m.size, len(p), offset); err != nil {
		return err
	}
	return eachOSPage(len(p), offset, func(page uint64, at, in, size int) error {
		copy(m.writable(page)[in:], p[at:at+size])
		return nil
	})
}

func (m *memoryStable) writable(page uint64) *[osPage]byte {
	b := m.pages[page]
	if _, saved := m.undo[page]; !saved {
		m.undo[page] = b
	} else if b != nil {
		return b
	}
	fresh := new([osPage]byte)
	if b != nil {
		*fresh = *b
	}
	m.pages[page] = fresh
	return fresh
}

func (m *memoryStable) Clear() {
	for page, b := range m.pages {
		if _, saved := m.undo[page]; !saved {
			m.undo[page] = b
		}
	}
	clear(m.pages)
	m.size = 0
}

func (m *memoryStable) Commit() error {
	m.committed = m.size
	m.undo = map[uint64]*[osPage]byte{}
	return nil
}

func (m *memoryStable) Discard() error {
	for page, b := range m.undo {
		if b == nil {
			delete(m.pages, page)
		} else {
			m.pages[page] = b
		}
	}
	m.size = m.committed
	m.undo = map[uint64]*[osPage]byte{}
	return nil
}

func (m *memoryStable) Close() error { return nil }
