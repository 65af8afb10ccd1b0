package canister

import (
	"github.com/tetratelabs/wazero/experimental"
)

// heap is the linear memory of an instance, with a copy of what it held when
// the last execution ended. The copy is sparse: a page of zeros takes no room,
// so that a large heap which is mostly empty costs little.
type heap struct {
	buf    []byte
	shadow []*[osPage]byte // by page of 4 KiB, nil for zeros
	dirty  []int           // what compare found, in order
}

// Allocate gives wazero the buffer that it asks for; part of
// experimental.MemoryAllocator.
func (h *heap) Allocate(_, _ uint64) experimental.LinearMemory { return h }

// Reallocate makes the memory size bytes long; part of
// experimental.LinearMemory. Capacity grows by half, so that many small
// memory.grow copy little.
func (h *heap) Reallocate(size uint64) []byte {
	if size > uint64(cap(h.buf)) {
		grown := make([]byte, size, max(size, min(uint64(cap(h.buf))*3/2, 4<<30)))
		copy(grown, h.buf)
		h.buf = grown
	}
	h.buf = h.buf[:size]
	return h.buf
}

// Free is part of experimental.LinearMemory.
func (h *heap) Free() { h.buf = nil }

// slice is size bytes at address, or false if they do not all exist.
func (h *heap) slice(address, size uint64) ([]byte, bool) {
	n := uint64(len(h.buf))
	if address > n || size > n-address {
		return nil, false
	}
	return h.buf[address : address+size : address+size], true
}

var zeroPage [osPage]byte

// compare finds the pages that differ from the copy.
func (h *heap) compare() {
	h.dirty = h.dirty[:0]
	for page := range len(h.buf) / osPage {
		if *h.now(page) != *h.was(page) {
			h.dirty = append(h.dirty, page)
		}
	}
}

func (h *heap) now(page int) *[osPage]byte { return (*[osPage]byte)(h.buf[page*osPage:]) }

func (h *heap) was(page int) *[osPage]byte {
	if page < len(h.shadow) && h.shadow[page] != nil {
		return h.shadow[page]
	}
	return &zeroPage
}

// changed counts the pages that compare found, in runs of span pages: a run
// with one changed page counts whole.
func (h *heap) changed(span int) uint64 {
	var count uint64
	last := -1
	for _, page := range h.dirty {
		if page/span != last {
			last = page / span
			count += uint64(span)
		}
	}
	return count
}

// commit copies the pages that compare found.
func (h *heap) commit() {
	pages := len(h.buf) / osPage
	if pages > len(h.shadow) {
		h.shadow = append(h.shadow, make([]*[osPage]byte, pages-len(h.shadow))...)
	}
	for _, page := range h.dirty {
		if h.shadow[page] == nil {
			h.shadow[page] = new([osPage]byte)
		}
		*h.shadow[page] = *h.now(page)
	}
	h.dirty = h.dirty[:0]
}

// restore brings the pages that compare found back to what they were.
func (h *heap) restore() {
	for _, page := range h.dirty {
		*h.now(page) = *h.was(page)
	}
	h.dirty = h.dirty[:0]
}

// grown says that the memory is larger than its copy.
func (h *heap) grown() bool { return len(h.buf) > len(h.shadow)*osPage }
