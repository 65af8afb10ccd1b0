package stablefs

import "github.com/icsplice/icsplice/abi"

// The blocks of a file are in up to 16 extents in its inode, which are sorted,
// and, where those do not suffice, in its table (table.go). No block is in both.

// run is a part of a file that lies in a row: n logical blocks, from block on;
// where block is 0 they are a hole.
type run struct{ block, n uint32 }

// mapped finds what lies at the logical block lb, and how far, at most want.
func (fs *FS) mapped(f *file, lb, want uint32) (run, abi.Errno) {
	if d := lb - f.now.Lb; d < f.now.N {
		return run{f.now.Pb + d, min(f.now.N-d, want)}, 0
	}
	i := f.node.after(lb)
	if i > 0 {
		if e := &f.node.Ext[i-1]; lb-e.Lb < e.N {
			f.now = *e
			return run{e.Pb + lb - e.Lb, min(e.N-(lb-e.Lb), want)}, 0
		}
	}
	if i < f.node.Extents {
		want = min(want, f.node.Ext[i].Lb-lb)
	}
	if f.node.Table == 0 {
		return run{0, want}, 0
	}
	return fs.tableRun(f, lb, want)
}

// after counts the extents that begin at lb or before. The last ones are the
// longest, as files grow, so it looks there first.
func (n *node) after(lb uint32) uint32 {
	i := n.Extents
	for i > 0 && i <= maxExtent && n.Ext[i-1].Lb > lb {
		i--
	}
	return i
}

// extentsSound tells whether the extents of an inode are sorted and within the
// file system.
func (fs *FS) extentsSound(n *node) bool {
	end := uint64(0)
	for i := range n.Extents {
		e := &n.Ext[i]
		if uint64(e.Lb) < end || e.N == 0 || !fs.within(e.Pb, e.N) {
			return false
		}
		end = uint64(e.Lb) + uint64(e.N)
	}
	return end <= MaxSize>>blockShift+bucketBlocks
}

// makeRoom moves the shortest extent into the table if all are in use, and it is
// short and shorter than want. What it changes it makes at once, so it comes
// before other changes.
func (fs *FS) makeRoom(f *file, want uint32) abi.Errno {
	n := &f.node
	if n.Extents < maxExtent || want == 1 {
		return 0
	}
	least := uint32(0)
	for i := uint32(1); i < maxExtent; i++ {
		if n.Ext[i].N < n.Ext[least].N {
			least = i
		}
	}
	e := n.Ext[least]
	if e.N > maxSpill || e.N >= want {
		return 0
	}
	n.remove(least)
	f.now.N = 0
	if errno := fs.tableSet(f, e.Lb, e.Pb, e.N); errno != 0 {
		return errno
	}
	fs.putWhole(f)
	if !fs.commit() {
		return abi.ErrnoNospc
	}
	return 0
}

func (n *node) remove(i uint32) {
	copy(n.Ext[i:n.Extents], n.Ext[i+1:n.Extents])
	n.Extents--
}

// assign enters n blocks from block on as the logical blocks from lb on, which
// are a hole, in the running transaction. It may enter fewer and then gives the
// others back.
func (fs *FS) assign(f *file, lb, block, n uint32) (uint32, abi.Errno) {
	nd := &f.node
	i := nd.after(lb)
	if i > 0 {
		if e := &nd.Ext[i-1]; e.Lb+e.N == lb && e.Pb+e.N == block {
			e.N += n
			f.now = *e
			return n, 0
		}
	}
	if nd.Extents < maxExtent {
		copy(nd.Ext[i+1:], nd.Ext[i:nd.Extents])
		nd.Ext[i] = extent{lb, block, n}
		nd.Extents++
		f.now = nd.Ext[i]
		return n, 0
	}
	if n > maxSpill {
		if errno := fs.free(block+maxSpill, n-maxSpill); errno != 0 {
			return 0, errno
		}
		n = maxSpill
	}
	return n, fs.tableSet(f, lb, block, n)
}

// before tells about the row that ends before lb: the block behind it, where the
// next one best lies, and how many it is known to have; zeros where there is none.
func (fs *FS) before(f *file, lb uint32) run {
	if lb == 0 {
		return run{}
	}
	r, errno := fs.mapped(f, lb-1, 1)
	if errno != 0 || r.block == 0 {
		return run{}
	}
	return run{r.block + 1, lb - f.now.Lb}
}

// shrink frees the blocks from logical block lb on, in as many transactions as
// it takes, and takes the mark away that there may be such blocks.
func (fs *FS) shrink(f *file, lb uint32) abi.Errno {
	if !fs.commit() {
		return abi.ErrnoNospc
	}
	f.now.N = 0
	if errno := fs.whole(f); errno != 0 {
		return errno
	}
	if f.node.Table != 0 {
		if errno := fs.prune(f, lb); errno != 0 {
			return errno
		}
	}
	for f.node.Extents > 0 {
		done, errno := fs.cut(f, lb)
		if errno != 0 {
			return errno
		}
		if done {
			break
		}
		if fs.tx.n > journalSize/2 {
			fs.putWhole(f)
			if !fs.commit() {
				return abi.ErrnoNospc
			}
		}
	}
	f.node.Tail = 0
	fs.putWhole(f)
	return 0
}

// cut frees the end of the last extent, of one bucket at most.
func (fs *FS) cut(f *file, lb uint32) (done bool, errno abi.Errno) {
	e := &f.node.Ext[f.node.Extents-1]
	if e.N == 0 || !fs.within(e.Pb, e.N) {
		return true, abi.ErrnoIo
	}
	end := e.Lb + e.N
	if end <= lb {
		return true, 0
	}
	n := min(end-max(lb, e.Lb), 1+(e.Pb+e.N-1)%bucketBlocks)
	e.N -= n
	block := e.Pb + e.N
	if e.N == 0 {
		f.node.Extents--
	}
	return false, fs.free(block, n)
}
