//go:build !tinygo

package stablefs

import "github.com/icsplice/icsplice/abi"

// checkNames reads every directory, then compares the inodes' counts of links
// with the entries.
func (c *fsck) checkNames() {
	for ino := Root; ino < c.fs.super.NodeTop; ino++ {
		if n := c.nodes[ino]; n != nil && n.Type == abi.FiletypeDirectory {
			c.fs.op++
			if f, errno := c.fs.directory(ino); errno == 0 {
				c.checkDirectory(f)
			}
		}
	}
	for ino := Root; ino < c.fs.super.NodeTop; ino++ {
		if n := c.nodes[ino]; n != nil {
			c.checkLinks(ino, n)
		}
	}
}

func (c *fsck) checkLinks(ino Ino, n *node) {
	have := c.names[ino]
	if n.Type == abi.FiletypeDirectory {
		if ino == Root {
			have++
		}
		if have > 1 {
			c.report(BadLinks, ino, 0, "a directory with %d names", have)
		}
		if have == 1 {
			have = 2 + c.subdirs[ino]
		}
	}
	if n.Nlink != have {
		c.report(BadLinks, ino, 0, "counts %d links; %d lead there", n.Nlink, have)
	}
	if have == 0 && !c.orphans[ino] {
		c.report(LeakedNode, ino, 0, "has no name and is no orphan")
	}
}

// table is a directory's slots, by number.
type table []slot

func (c *fsck) readTable(f *file) (table, bool) {
	t := make(table, 0)
	for s := range f.slots() {
		at := c.fs.slotPlace(f, s)
		if at == 0 {
			c.report(BadExtent, f.ino, 0, "no block for slot %d", s)
			return nil, false
		}
		c.fs.get(at, c.fs.slot.bytes())
		t = append(t, c.fs.slot)
	}
	return t, true
}

// checkDirectory checks that every slot is in one place: an entry in its chain,
// a part of a name behind one entry, and a free one in the list.
func (c *fsck) checkDirectory(f *file) {
	t, ok := c.readTable(f)
	if !ok {
		return
	}
	seen := make([]bool, len(t))
	c.checkChains(f, t, seen)
	c.checkFreeSlots(f, t, seen)
	for s := range t {
		if !seen[s] {
			c.report(BadSlots, f.ino, 0, "slot %d leads nowhere", s)
		}
	}
}

func (c *fsck) checkChains(f *file, t table, seen []bool) {
	count := uint32(0)
	names := map[string]bool{}
	for chain := range t {
		for next := t[chain].Head; next != 0; {
			s := next - 1
			if int(s) >= len(t) || seen[s] || t[s].Kind != slotEntry {
				c.report(BadChain, f.ino, 0, "chain %d leads to slot %d", chain, s)
				break
			}
			seen[s] = true
			count++
			c.checkEntry(f, t, seen, uint32(chain), s, names)
			next = t[s].Next
		}
	}
	if count != f.node.Count {
		c.report(BadSlots, f.ino, 0, "counts %d entries; there are %d", f.node.Count, count)
	}
}

func (c *fsck) checkEntry(f *file, t table, seen []bool, chain, s uint32, names map[string]bool) {
	e := &t[s]
	name, ok := c.entryName(f, t, seen, e)
	if !ok {
		return
	}
	if checkName([]byte(name)) != 0 || names[name] {
		c.report(BadEntry, f.ino, 0, "slot %d: the name %q is not allowed, or there twice", s, name)
	}
	names[name] = true
	if hashName([]byte(name)) != e.Hash || chainOf(e.Hash, uint32(len(t))) != chain {
		c.report(BadChain, f.ino, 0, "the name %q is in chain %d", name, chain)
	}
	n := c.nodes[e.Ino]
	if n == nil || n.Type != e.Type {
		c.report(BadEntry, f.ino, 0, "%q is inode %d, which is free or of another type", name, e.Ino)
		return
	}
	c.names[e.Ino]++
	if n.Type == abi.FiletypeDirectory {
		c.subdirs[f.ino]++
		if n.Parent != f.ino {
			c.report(BadParent, e.Ino, 0, "names inode %d as its parent, not %d", n.Parent, f.ino)
		}
	}
}

func (c *fsck) entryName(f *file, t table, seen []bool, e *slot) (string, bool) {
	name := append([]byte{}, e.Name[:min(e.Len, slotName)]...)
	for more := e.More; len(name) < int(e.Len); {
		s := more - 1
		if int(s) >= len(t) || seen[s] || t[s].Kind != slotMore {
			c.report(BadEntry, f.ino, 0, "the name that begins with %q has no end", name)
			return "", false
		}
		seen[s] = true
		name = append(name, t[s].Name[:min(slotName, int(e.Len)-len(name))]...)
		more = t[s].More
	}
	return string(name), true
}

func (c *fsck) checkFreeSlots(f *file, t table, seen []bool) {
	for next := f.node.Free; next != 0; {
		s := next - 1
		if int(s) >= len(t) || seen[s] || t[s].Kind != slotFree {
			c.report(BadSlots, f.ino, 0, "the free list leads to slot %d", s)
			return
		}
		seen[s] = true
		next = t[s].Next
	}
}

// checkBitmaps compares the bitmaps with the blocks in use, and the classes with
// the bitmaps.
func (c *fsck) checkBitmaps() {
	fs := c.fs
	for b := range fs.super.Buckets {
		if c.user[b] {
			continue
		}
		class := fs.classAt(b)
		if b >= fs.super.Base && class == 0 {
			c.report(BadClass, 0, 0, "bucket %d is the file system's and has no class", b)
			continue
		}
		if !fs.enter(b) {
			c.report(BadBitmap, 0, 0, "bucket %d has none", b)
			continue
		}
		c.checkBits(b)
		_, longest, _ := fs.space.find(bucketBlocks + 1)
		if class < classOf(longest) || class > classOf(bucketBlocks) {
			c.report(BadClass, 0, 0, "bucket %d has a run of %d free blocks and class %d", b, longest, class)
		}
		if fs.space.ranges[b/rangeBuckets] < classOf(longest) {
			c.report(BadClass, 0, 0, "the range of bucket %d has too low a class", b)
		}
	}
}

func (c *fsck) checkBits(b uint32) {
	for i := range uint32(bucketBlocks) {
		block := b*bucketBlocks + i
		_, used := c.owner[block]
		marked := c.fs.space.bits[i/64]>>(i%64)&1 != 0
		if used && !marked {
			c.report(BadBitmap, c.owner[block], block, "in use and marked as free")
		}
		if marked && !used {
			c.report(LeakedBlock, 0, block, "marked as used and of no use")
		}
	}
}
