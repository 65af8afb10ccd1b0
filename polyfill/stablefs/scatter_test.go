package stablefs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestScatteredWrites: blocks that are written here and there, in any order, take
// little more than themselves and the leaves of the table that they need, and
// each write takes a few small accesses besides its own.
func TestScatteredWrites(t *testing.T) {
	const writes = 512
	for _, mebibytes := range []uint64{16, 8192} {
		step := mebibytes << 20 / writes / blockSize
		orders := map[string][]uint64{}
		for i := range uint64(writes) {
			orders["rising"] = append(orders["rising"], i*step)
			orders["falling"] = append(orders["falling"], (writes-1-i)*step)
			orders["pairs"] = append(orders["pairs"], i/2*2*step+i%2)
		}
		orders["random"] = slices.Clone(orders["rising"])
		rand.New(rand.NewPCG(1, 1)).Shuffle(writes, func(i, j int) {
			o := orders["random"]
			o[i], o[j] = o[j], o[i]
		})
		leaves := min(writes, mebibytes<<20/blockSize/tableFan)
		for name, order := range orders {
			t.Run(fmt.Sprint(mebibytes, " MiB ", name), func(t *testing.T) {
				scatter(t, order, writes+leaves+8, mebibytes<<20)
			})
		}
	}
}

// scatter writes blocks in an order into a new file, once as it grows and once
// within its size, and holds what is in use to so many blocks.
func scatter(t *testing.T, order []uint64, most, size uint64) {
	for _, sized := range []bool{false, true} {
		m := newMemory()
		fs := New(m)
		ino := create(t, fs, Root, "f", fileType)
		if sized {
			want(t, "size", fs.SetSize(ino, size, 1), 0)
		}
		want(t, "open", fs.Open(ino), 0)
		before := m.traffic()
		for _, block := range order {
			put(t, fs, ino, block<<blockShift, bytes.Repeat([]byte{1 + byte(block)}, blockSize))
		}
		cost := m.traffic().minus(before)
		if calls, over := cost.calls/len(order), cost.bytes/len(order)-blockSize; calls > 40 || over > 2*blockSize {
			t.Errorf("sized %v: a write takes %d calls and %d bytes besides its own", sized, calls, over)
		}
		want(t, "close", fs.Close(ino), 0)
		var u Usage
		want(t, "usage", fs.Usage(&u), 0)
		if n := uint64(fs.super.Buckets)*bucketBlocks - u.FreeBlocks - atData - 1; n > most {
			t.Errorf("sized %v: %d blocks are in use, more than %d", sized, n, most)
		}
		p := make([]byte, blockSize)
		for _, block := range order {
			fs.ReadAt(ino, block<<blockShift, p)
			if p[0] != 1+byte(block) || p[blockSize-1] != p[0] {
				t.Fatalf("block %d holds %d", block, p[0])
			}
		}
		checkImage(t, m)
	}
}
