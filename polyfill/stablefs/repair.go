//go:build !tinygo

package stablefs

// Repair does what Fsck does, and then makes the bitmaps and the classes
// agree with the inodes, if nothing else is wrong: so leaked blocks are free
// again. It answers the problems that are left.
func Repair(store Store) []Problem {
	for _, p := range Fsck(store) {
		switch p.Kind {
		case LeakedBlock, BadBitmap, BadClass:
		default:
			return Fsck(store)
		}
	}
	c := &fsck{fs: New(store)}
	c.reset()
	if !c.open() {
		return c.problems
	}
	c.checkUser()
	c.checkArea()
	c.checkFree()
	c.checkNodes()
	for b := range c.fs.super.Buckets {
		if !c.user[b] && b >= c.fs.super.Base {
			c.rebuild(b)
		}
	}
	return Fsck(store)
}

// rebuild writes the bitmap and the classes of a bucket.
func (c *fsck) rebuild(bucket uint32) {
	fs := c.fs
	at, ok := fs.bitmap(bucket)
	if !ok {
		return
	}
	s := &fs.space
	clear(s.bits[:])
	for i := range uint32(bucketBlocks) {
		if _, used := c.owner[bucket*bucketBlocks+i]; used {
			fill(s.bits[:], i, 1)
		}
	}
	fs.store.Write(words64(s.bits[:]), at)
	_, longest, _ := s.find(bucketBlocks + 1)
	fs.putClass(bucket, classOf(longest))
	if r := bucket / rangeBuckets; s.ranges[r] < classOf(longest) {
		fs.putRange(r, classOf(longest))
	}
	fs.commit()
}
