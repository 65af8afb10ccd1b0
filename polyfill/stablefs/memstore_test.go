package stablefs

import "maps"

// memory is a store of sparse blocks, so that a test can have a large one. It
// counts what reaches it.
type memory struct {
	blocks map[uint64]*held
	owner  *byte // of the blocks that are not shared with a clone
	pages  uint64
	limit  uint64 // of pages; 0 is none

	reads, writes, bytesRead, bytesWritten int
	budget                                 int // writes until it panics; below 0 it never does
}

// held is a block of a memory.
type held struct {
	owner *byte
	data  [blockSize]byte
}

// fault is what a memory panics with at a write that it was told to fail.
type fault struct{}

func newMemory() *memory {
	return &memory{blocks: map[uint64]*held{}, owner: new(byte), budget: -1}
}

func (m *memory) Size() uint64 { return m.pages }

func (m *memory) Grow(n uint64) uint64 {
	limit := m.limit
	if limit == 0 {
		limit = maxBuckets * bucketPages
	}
	if n > limit || m.pages > limit-n {
		return ^uint64(0)
	}
	m.pages += n
	return m.pages - n
}

func (m *memory) check(p []byte, off uint64) {
	if end := m.pages << pageShift; off > end || uint64(len(p)) > end-off {
		panic("stable memory out of bounds")
	}
}

func (m *memory) Read(p []byte, off uint64) {
	m.check(p, off)
	m.reads++
	m.bytesRead += len(p)
	for len(p) > 0 {
		n := int(min(uint64(len(p)), blockSize-off%blockSize))
		if b := m.blocks[off/blockSize]; b != nil {
			copy(p[:n], b.data[off%blockSize:])
		} else {
			clear(p[:n])
		}
		p, off = p[n:], off+uint64(n)
	}
}

func (m *memory) Write(p []byte, off uint64) {
	m.check(p, off)
	if m.budget == 0 {
		panic(fault{})
	}
	m.budget--
	m.writes++
	m.bytesWritten += len(p)
	for len(p) > 0 {
		n := int(min(uint64(len(p)), blockSize-off%blockSize))
		copy(m.own(off / blockSize)[off%blockSize:], p[:n])
		p, off = p[n:], off+uint64(n)
	}
}

// own is a block that no clone has.
func (m *memory) own(i uint64) *[blockSize]byte {
	b := m.blocks[i]
	switch {
	case b == nil:
		b = &held{owner: m.owner}
	case b.owner != m.owner:
		b = &held{m.owner, b.data}
	}
	m.blocks[i] = b
	return &b.data
}

// clone copies the contents, not the counts. Blocks are shared until one of the
// two writes to them.
func (m *memory) clone() *memory {
	c := newMemory()
	c.pages, c.limit = m.pages, m.limit
	c.blocks = maps.Clone(m.blocks)
	m.owner = new(byte)
	return c
}
