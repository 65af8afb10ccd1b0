package stablefs

import (
	"math/bits"

	"github.com/icsplice/icsplice/abi"
)

// Free space is a bitmap for each bucket, 1 bit a block, 1 for used. Above it
// stands a byte for each bucket, its class: 0 the bucket is not the file
// system's, else 1 + the number of bits of the length of its longest run of free
// blocks, or more: classes are lowered only by a search that was led astray.
// Above the classes stands the highest class of each range of 256 buckets.

// space is what the heap knows: the bitmap of one bucket and the table tops.
type space struct {
	known  bool
	bucket uint32
	pages  uint64 // of the store
	bits   [bucketBlocks / 64]uint64
	groups [maxGroups]uint32
	ranges [maxRanges]uint8
	class  [rangeBuckets]uint8 // scratch
}

func classOf(run uint32) uint8 { return 1 + uint8(bits.Len32(run)) }

func (fs *FS) formatSpace() {
	base := fs.super.Base
	bitmap := base<<(bucketShift-blockShift) + atBitmap
	at := fs.place(atSuper)
	fs.write32(at+superGroups+4*uint64(base/groupBuckets), bitmap)
	b := &fs.space.bits
	clear(b[:])
	fill(b[:], 0, atData)
	fs.store.Write(words64(b[:]), uint64(bitmap)<<blockShift+bitmapSize*uint64(base%groupBuckets))
	fs.links[0] = classOf(bucketBlocks - atData)
	fs.store.Write(fs.links[:1], fs.place(atClass)+uint64(base))
	fs.store.Write(fs.links[:1], at+superRanges+uint64(base/rangeBuckets))
}

// fill sets n bits from i on.
func fill(b []uint64, i, n uint32) {
	for end := i + n; i < end; {
		w, m, k := span(i, end)
		b[w] |= m
		i += k
	}
}

// wipe clears n bits from i on.
func wipe(b []uint64, i, n uint32) {
	for end := i + n; i < end; {
		w, m, k := span(i, end)
		b[w] &^= m
		i += k
	}
}

// span is the part of the bits [i, end) in the word w of bit i: their mask and
// how many they are.
func span(i, end uint32) (w uint32, mask uint64, n uint32) {
	n = min(end-i, 64-i%64)
	return i / 64, (^uint64(0) >> (64 - n)) << (i % 64), n
}

// runFrom is the length of the run of free blocks at i, at most limit.
func (s *space) runFrom(i, limit uint32) uint32 {
	j := i
	for j < bucketBlocks && j-i < limit {
		rest := s.bits[j/64] >> (j % 64)
		if rest != 0 {
			j += uint32(bits.TrailingZeros64(rest))
			break
		}
		j += 64 - j%64
	}
	return min(j-i, limit)
}

// runBefore is the length of the run of free blocks that ends before i.
func (s *space) runBefore(i uint32) uint32 {
	j := i
	for j > 0 {
		rest := s.bits[(j-1)/64] << (63 - (j-1)%64)
		if rest != 0 {
			j -= uint32(bits.LeadingZeros64(rest))
			break
		}
		j -= 1 + (j-1)%64
	}
	return i - j
}

// find looks for a run of n free blocks. It answers where the first begins, or the
// length of the longest where there is none.
func (s *space) find(n uint32) (at, longest uint32, found bool) {
	for i := uint32(0); i < bucketBlocks; {
		word := ^s.bits[i/64] >> (i % 64)
		if word == 0 {
			i += 64 - i%64
			continue
		}
		i += uint32(bits.TrailingZeros64(word))
		run := s.runFrom(i, n)
		if run == n {
			return i, run, true
		}
		longest = max(longest, run)
		i += run
	}
	return 0, longest, false
}

func (fs *FS) bitmap(bucket uint32) (uint64, bool) {
	block := fs.space.groups[bucket/groupBuckets]
	if block == 0 || !fs.within(block, groupBlocks) {
		return 0, false
	}
	return uint64(block)<<blockShift + bitmapSize*uint64(bucket%groupBuckets), true
}

// within tells whether n blocks from block on are in the file system's buckets,
// its own area excluded, and in the store. (That no bucket of the user's is
// among them is for Fsck to find.)
func (fs *FS) within(block, n uint32) bool {
	least := uint64(fs.super.Base)<<(bucketShift-blockShift) + atBitmap
	limit := uint64(fs.super.Buckets) << (bucketShift - blockShift)
	end := uint64(block) + uint64(n)
	return uint64(block) >= least && end <= min(limit, fs.space.pages<<(pageShift-blockShift))
}

// enter makes bucket's bitmap the known one.
func (fs *FS) enter(bucket uint32) bool {
	s := &fs.space
	if s.known && s.bucket == bucket {
		return true
	}
	at, ok := fs.bitmap(bucket)
	if !ok {
		return false
	}
	fs.get(at, words64(s.bits[:]))
	s.known, s.bucket = true, bucket
	return true
}

// putBits plans to write the words that hold the bits [i, i+n) of the known
// bitmap.
func (fs *FS) putBits(i, n uint32) {
	at, _ := fs.bitmap(fs.space.bucket)
	first, last := i/64, (i+n-1)/64
	fs.put(at+8*uint64(first), words64(fs.space.bits[first:last+1]))
}

// alloc finds between 1 and want free blocks in a row, at goal if they are free
// there, and marks them as used in the running transaction. It does not take a
// run shorter than need where stable memory can grow instead, unless need is
// above 16.
func (fs *FS) alloc(goal, need, want uint32) (block, n uint32, errno abi.Errno) {
	want = min(want, bucketBlocks)
	if goal != 0 {
		if block, n = fs.allocAt(goal, want); n != 0 {
			return block, n, 0
		}
	}
	if block, n = fs.allocFit(want, min(need, 16)); n != 0 {
		return block, n, 0
	}
	if fs.acquire() {
		if block, n = fs.allocFit(want, want); n != 0 {
			return block, n, 0
		}
	}
	if block, n = fs.allocFit(want, 1); n != 0 {
		return block, n, 0
	}
	return 0, 0, abi.ErrnoNospc
}

// allocAt takes what is free from goal on.
func (fs *FS) allocAt(goal, want uint32) (block, n uint32) {
	bucket, i := goal/bucketBlocks, goal%bucketBlocks
	if bucket >= fs.super.Buckets || fs.classAt(bucket) == 0 || !fs.enter(bucket) {
		return 0, 0
	}
	return fs.take(i, fs.space.runFrom(i, want))
}

// allocFit looks for want blocks, then for half as many and so on, but for no
// fewer than least.
func (fs *FS) allocFit(want, least uint32) (block, n uint32) {
	for ; ; want = max(want/2, least) {
		if bucket, i, ok := fs.search(want); ok && fs.enter(bucket) {
			if block, n = fs.take(i, want); n != 0 {
				return block, n
			}
		}
		if want <= least {
			return 0, 0
		}
	}
}

// take marks n blocks from i on in the known bucket as used, fewer where the
// store cannot grow so far.
func (fs *FS) take(i, n uint32) (uint32, uint32) {
	s := &fs.space
	block := s.bucket*bucketBlocks + i
	if !fs.reach(uint64(block) + uint64(n)) {
		have := s.pages << (pageShift - blockShift)
		if have <= uint64(block) {
			return 0, 0
		}
		n = uint32(min(have-uint64(block), uint64(n)))
	}
	if n == 0 || !fs.within(block, n) {
		return 0, 0
	}
	fill(s.bits[:], i, n)
	fs.putBits(i, n)
	return block, n
}

// reach lets the store grow so that it holds the blocks before end.
func (fs *FS) reach(end uint64) bool {
	s := &fs.space
	pages := (end<<blockShift + pageSize - 1) >> pageShift
	if pages <= s.pages {
		return true
	}
	s.pages = fs.store.Size()
	if pages <= s.pages {
		return true
	}
	if fs.store.Grow(pages-s.pages) != s.pages {
		return false
	}
	s.pages = pages
	return true
}

// search finds the first bucket with n free blocks in a row.
func (fs *FS) search(n uint32) (bucket, at uint32, found bool) {
	class := classOf(n-1) + 1 // runs of this class are n blocks and more
	for r := uint32(0); r*rangeBuckets < fs.super.Buckets; r++ {
		if fs.space.ranges[r] < class {
			continue
		}
		if bucket, at, found = fs.searchRange(r, n, class); found {
			return bucket, at, true
		}
	}
	return 0, 0, false
}

// searchRange looks into the buckets of a range that have this class or a
// higher one, and lowers the classes that it finds wrong, while the journal has
// room: they are only a hint.
func (fs *FS) searchRange(r, n uint32, class uint8) (bucket, at uint32, found bool) {
	s := &fs.space
	highest := uint8(0)
	count := min(rangeBuckets, fs.super.Buckets-r*rangeBuckets)
	fs.get(fs.place(atClass)+uint64(r)*rangeBuckets, s.class[:count])
	for i, c := range s.class[:count] {
		bucket = r*rangeBuckets + uint32(i)
		if c >= class && fs.enter(bucket) {
			at, longest, ok := s.find(n)
			if ok {
				return bucket, at, true
			}
			if fs.tx.n < journalSize/4 {
				c = classOf(longest)
				fs.putClass(bucket, c)
			}
		}
		highest = max(highest, c)
	}
	if highest < s.ranges[r] {
		fs.putRange(r, highest)
	}
	return 0, 0, false
}

func (fs *FS) classAt(bucket uint32) uint8 {
	fs.get(fs.place(atClass)+uint64(bucket), fs.links[:1])
	return fs.links[0]
}

func (fs *FS) putClass(bucket uint32, class uint8) {
	fs.links[0] = class
	fs.put(fs.place(atClass)+uint64(bucket), fs.links[:1])
}

func (fs *FS) putRange(r uint32, class uint8) {
	fs.space.ranges[r] = class
	fs.put(fs.place(atSuper)+superRanges+uint64(r), fs.space.ranges[r:r+1])
}

// raise tells the classes of a run of free blocks.
func (fs *FS) raise(bucket, run uint32) {
	class := classOf(run)
	if fs.classAt(bucket) < class {
		fs.putClass(bucket, class)
	}
	if r := bucket / rangeBuckets; fs.space.ranges[r] < class {
		fs.putRange(r, class)
	}
}

// free gives n blocks back in the running transaction.
func (fs *FS) free(block, n uint32) abi.Errno {
	if !fs.within(block, n) {
		return abi.ErrnoIo
	}
	for n > 0 {
		bucket, i := block/bucketBlocks, block%bucketBlocks
		k := min(n, bucketBlocks-i)
		if fs.classAt(bucket) == 0 || !fs.enter(bucket) {
			return abi.ErrnoIo
		}
		s := &fs.space
		wipe(s.bits[:], i, k)
		fs.putBits(i, k)
		before := s.runBefore(i)
		fs.raise(bucket, before+s.runFrom(i, bucketBlocks))
		block += k
		n -= k
	}
	return 0
}
