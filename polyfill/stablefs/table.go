package stablefs

import "github.com/icsplice/icsplice/abi"

// A table maps logical blocks one by one: a tree of blocks of 1,024 u32, of the
// depth that the highest block needs. An entry is a block's number, 0 for none.

// reachOf is how many logical blocks a table of this depth maps.
func reachOf(depth uint8) uint64 { return 1 << (10 * depth) }

// entryPlace is the address of the entry for lb in a block of the table of this
// level, 1 for a leaf.
func entryPlace(block uint32, level uint8, lb uint32) uint64 {
	index := lb >> (10 * (level - 1)) % tableFan
	return uint64(block)<<blockShift + 4*uint64(index)
}

func (fs *FS) entry(at uint64) (uint32, bool) {
	block := fs.get32(at)
	return block, block == 0 || fs.within(block, 1)
}

// tableRun finds what the table maps lb to, and how far it goes on in a row, at
// most want, and 64 blocks.
func (fs *FS) tableRun(f *file, lb, want uint32) (run, abi.Errno) {
	block, level := f.node.Table, f.node.Depth
	if uint64(lb) >= reachOf(level) {
		return run{0, want}, 0
	}
	if !fs.within(block, 1) {
		return run{}, abi.ErrnoIo
	}
	for ; level > 1; level-- {
		next, ok := fs.entry(entryPlace(block, level, lb))
		if !ok {
			return run{}, abi.ErrnoIo
		}
		if next == 0 {
			span := uint32(reachOf(level - 1))
			return run{0, min(want, span-lb%span)}, 0
		}
		block = next
	}
	return fs.leafRun(f, block, lb, want)
}

func (fs *FS) leafRun(f *file, block, lb, want uint32) (run, abi.Errno) {
	e := fs.entries[0][:]
	count := min(64, tableFan-lb%tableFan)
	if want == 1 {
		count = min(count, 16)
	}
	fs.get(entryPlace(block, 1, lb), words32(e[:count]))
	n := uint32(1)
	if e[0] == 0 {
		for n < min(count, want) && e[n] == 0 {
			n++
		}
		return run{0, n}, 0
	}
	for n < count && e[n] == e[0]+n {
		n++
	}
	if !fs.within(e[0], n) {
		return run{}, abi.ErrnoIo
	}
	f.now = extent{lb, e[0], n}
	return run{e[0], min(n, want)}, 0
}

// tableSet enters n blocks, at most maxSpill, in the running transaction. The
// caller writes the inode.
func (fs *FS) tableSet(f *file, lb, block, n uint32) abi.Errno {
	for f.node.Depth == 0 || uint64(lb)+uint64(n) > reachOf(f.node.Depth) {
		if errno := fs.deepen(f); errno != 0 {
			return errno
		}
	}
	for n > 0 {
		leaf, errno := fs.leaf(f, lb)
		if errno != 0 {
			return errno
		}
		k := min(n, tableFan-lb%tableFan)
		for i := uint32(0); i < k; i++ {
			fs.spill[i] = block + i
		}
		fs.put(entryPlace(leaf, 1, lb), words32(fs.spill[:k]))
		lb, block, n = lb+k, block+k, n-k
	}
	return 0
}

// deepen puts a new root on the table.
func (fs *FS) deepen(f *file) abi.Errno {
	if f.node.Depth >= tableDepth {
		return abi.ErrnoFbig
	}
	block, errno := fs.tableBlock()
	if errno != 0 {
		return errno
	}
	if f.node.Depth > 0 {
		fs.put32(uint64(block)<<blockShift, f.node.Table)
	}
	f.node.Table = block
	f.node.Depth++
	return 0
}

// tableBlock takes a block and clears it. Nothing refers to it before the
// commit, so it is written at once.
func (fs *FS) tableBlock() (uint32, abi.Errno) {
	block, _, errno := fs.alloc(0, 1, 1)
	if errno == 0 {
		fs.store.Write(fs.zero[:], uint64(block)<<blockShift)
	}
	return block, errno
}

// leaf finds the leaf for lb, and makes it and what leads to it.
func (fs *FS) leaf(f *file, lb uint32) (uint32, abi.Errno) {
	block := f.node.Table
	if !fs.within(block, 1) {
		return 0, abi.ErrnoIo
	}
	for level := f.node.Depth; level > 1; level-- {
		at := entryPlace(block, level, lb)
		next, ok := fs.entry(at)
		if !ok {
			return 0, abi.ErrnoIo
		}
		if next == 0 {
			made, errno := fs.tableBlock()
			if errno != 0 {
				return 0, errno
			}
			next = made
			fs.put32(at, next)
		}
		block = next
	}
	return block, 0
}

// prune frees what the table maps from lb on, and the blocks of the table that
// are then empty.
func (fs *FS) prune(f *file, lb uint32) abi.Errno {
	root, depth := f.node.Table, f.node.Depth
	if !fs.within(root, 1) {
		return abi.ErrnoIo
	}
	if errno := fs.pruneBlock(root, depth, 0, uint64(lb)); errno != 0 {
		return errno
	}
	if lb > 0 {
		return 0
	}
	f.node.Table, f.node.Depth = 0, 0
	fs.putNode(f, 0, nodeHeader)
	return fs.free(root, 1)
}

// nextUsed is the first of 64 entries that is not 0, from i on, or 64 or more.
func nextUsed(e []uint32, i uint64) uint64 {
	for i < 64 && e[i] == 0 {
		if i++; i%2 == 0 {
			for i < 64 && word64(words32(e), int(4*i)) == 0 {
				i += 2
			}
		}
	}
	return i
}

// pruneBlock clears the entries of a block of the table, whose first one maps
// the logical block base, from logical block lb on.
func (fs *FS) pruneBlock(block uint32, level uint8, base, lb uint64) abi.Errno {
	each := reachOf(level - 1)
	e := fs.entries[level-1][:]
	from := (max(lb, base) - base) / each
	for first := from &^ 63; first < tableFan; first += 64 {
		at := uint64(block)<<blockShift + 4*first
		fs.get(at, words32(e))
		changed := false
		for i := nextUsed(e, max(from, first)-first); i < 64; i = nextUsed(e, i+1) {
			start := base + (first+i)*each
			if !fs.within(e[i], 1) {
				return abi.ErrnoIo
			}
			if level > 1 {
				if errno := fs.pruneBlock(e[i], level-1, start, lb); errno != 0 {
					return errno
				}
			}
			if start < lb {
				continue
			}
			if errno := fs.free(e[i], 1); errno != 0 {
				return errno
			}
			e[i], changed = 0, true
			if level > 1 || fs.tx.n > journalSize/2 {
				fs.put(at, words32(e))
				changed = false
				if !fs.commit() {
					return abi.ErrnoNospc
				}
			}
		}
		if changed {
			fs.put(at, words32(e))
			if !fs.commit() {
				return abi.ErrnoNospc
			}
		}
	}
	return 0
}
