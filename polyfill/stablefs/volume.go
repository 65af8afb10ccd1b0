package stablefs

import "github.com/icsplice/icsplice/abi"

// Stable memory is shared by buckets of 8 MiB. The superblock counts the buckets
// in use; the next one goes to whoever needs it and stays there. The program's
// own stable memory is the buckets in its table, in their order. All others are
// the file system's, which uses them where they lie.

// translation is the bucket of the program's that was last looked up.
type translation struct {
	known           bool
	logical, bucket uint32
}

// acquire gives the file system the next bucket. It is made at once if no
// change is planned: a caller that writes to new blocks before its commit starts
// with an empty transaction.
func (fs *FS) acquire() bool {
	bucket := fs.super.Buckets
	if bucket >= maxBuckets {
		return false
	}
	first := bucket * bucketBlocks
	group := &fs.space.groups[bucket/groupBuckets]
	needed := uint32(1)
	if *group == 0 {
		needed = groupBlocks
	}
	if !fs.reach(uint64(first) + uint64(needed)) {
		return false
	}
	alone := fs.tx.n == 0
	fs.super.Buckets++
	// The rest of the superblock may hold what the running call has yet to plan.
	fs.put32(fs.place(atSuper)+superVaries, fs.super.Buckets)
	free := uint32(bucketBlocks)
	if *group == 0 {
		*group = first
		fs.put32(fs.place(atSuper)+superGroups+4*uint64(bucket/groupBuckets), first)
		free -= groupBlocks
	}
	if fs.enter(bucket) && free != bucketBlocks {
		fill(fs.space.bits[:], 0, groupBlocks)
		fs.putBits(0, groupBlocks)
	}
	fs.raise(bucket, free)
	fs.careful = fs.careful || !alone
	return !alone || fs.commit()
}

// putSuper plans to write the part of the superblock that varies.
func (fs *FS) putSuper() {
	fs.put(fs.place(atSuper)+superVaries, fs.super.bytes()[superVaries:])
}

// UserSize tells how many pages of stable memory the program has by its own
// calls; 0 where the file system cannot be mounted.
func (fs *FS) UserSize() uint64 {
	if fs.begin() != 0 {
		return 0
	}
	return fs.super.UserPages
}

// UserGrow adds n zero pages to the program's own stable memory. It returns how
// many there were, or -1 as an unsigned number.
func (fs *FS) UserGrow(n uint64) uint64 {
	const failed = ^uint64(0)
	if fs.begin() != 0 {
		return failed
	}
	old := fs.super.UserPages
	if n > maxBuckets*bucketPages-old {
		return failed
	}
	if n == 0 {
		return old
	}
	pages := old + n
	first := uint32((old + bucketPages - 1) / bucketPages)
	count := uint32((pages+bucketPages-1)/bucketPages) - first
	if uint64(fs.super.Buckets)+uint64(count) > maxBuckets || !fs.reachUser(first, count, pages) {
		return failed
	}
	fs.writeUserTable(first, count)
	fs.super.Buckets += count
	fs.super.UserPages = pages
	fs.putSuper()
	if fs.end(0) != 0 {
		return failed
	}
	return old
}

// reachUser lets the store grow so that it holds the program's last page, when
// count buckets have been added behind the first ones.
func (fs *FS) reachUser(first, count uint32, pages uint64) bool {
	bucket := uint64(fs.super.Buckets) + uint64(count) - 1
	if count == 0 {
		b, ok := fs.userBucket(first - 1)
		if !ok {
			return false
		}
		bucket = uint64(b)
	}
	end := bucket*bucketPages + (pages-1)%bucketPages + 1
	return fs.reach(end << (pageShift - blockShift))
}

// writeUserTable enters the next count buckets as the program's. Entries beyond
// its size mean nothing, so this needs no transaction. In a format the next
// buckets are the first ones.
func (fs *FS) writeUserTable(first, count uint32) {
	next := fs.super.Buckets
	if fs.super.State == stateFormatting {
		next = 0
	}
	at := fs.place(atUser) + 2*uint64(first)
	for done := uint32(0); done < count; {
		k := min(count-done, slotSize/2)
		for i := uint32(0); i < k; i++ {
			b := next + done + i
			fs.links[2*i], fs.links[2*i+1] = byte(b), byte(b>>8)
		}
		fs.store.Write(fs.links[:2*k], at+2*uint64(done))
		done += k
	}
}

// userBucket looks up where a bucket of the program's lies.
func (fs *FS) userBucket(logical uint32) (uint32, bool) {
	u := &fs.user
	if u.known && u.logical == logical {
		return u.bucket, true
	}
	fs.store.Read(fs.links[:2], fs.place(atUser)+2*uint64(logical))
	b := uint32(fs.links[0]) | uint32(fs.links[1])<<8
	if b >= fs.super.Buckets || b == fs.super.Base {
		return 0, false
	}
	*u = translation{true, logical, b}
	return b, true
}

// UserRead fills p from the program's own stable memory, from byte off on.
//
// fault: it does not reach so far.
func (fs *FS) UserRead(p []byte, off uint64) abi.Errno { return fs.userMove(p, off, false) }

// UserWrite puts p into the program's own stable memory at byte off.
//
// fault: it does not reach so far.
func (fs *FS) UserWrite(p []byte, off uint64) abi.Errno { return fs.userMove(p, off, true) }

func (fs *FS) userMove(p []byte, off uint64, write bool) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	size := fs.super.UserPages << pageShift
	if off > size || uint64(len(p)) > size-off {
		return abi.ErrnoFault
	}
	for len(p) > 0 {
		bucket, ok := fs.userBucket(uint32(off >> bucketShift))
		inside := off & (1<<bucketShift - 1)
		n := int(min(uint64(len(p)), 1<<bucketShift-inside))
		at := uint64(bucket)<<bucketShift + inside
		if !ok || at+uint64(n) > fs.store.Size()<<pageShift {
			return abi.ErrnoIo
		}
		if write {
			fs.store.Write(p[:n], at)
		} else {
			fs.store.Read(p[:n], at)
		}
		p, off = p[n:], off+uint64(n)
	}
	return 0
}
