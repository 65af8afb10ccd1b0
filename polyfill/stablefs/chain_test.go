package stablefs

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

// inverse is 1/hashFactor modulo 2^64.
var inverse = func() uint64 {
	x := uint64(hashFactor)
	for range 6 {
		x *= 2 - hashFactor*x
	}
	return x
}()

// colliding gives a name of 16 bytes, of which this is the first half, with a hash
// that has state behind it: names with the same state have the same hash.
func colliding(first, state uint64) []byte {
	h := state ^ state>>32 // undoes the last step of mix
	name := binary.LittleEndian.AppendUint64(nil, first)
	return binary.LittleEndian.AppendUint64(name, h*inverse^mix(0, first))
}

// collidingNames gives names whose hashes agree in their low bits or more: of
// every two, one has the hash of all the others like it.
func collidingNames(n int, low uint32) [][]byte {
	r := rand.New(rand.NewPCG(1, 1))
	var names [][]byte
	hash := hashName(colliding(1, 1))
	for len(names) < n {
		name := colliding(r.Uint64(), 1)
		if len(names)%2 == 1 {
			if name = fmt.Append(nil, r.Uint64()); (hashName(name)^hash)<<(32-low) != 0 {
				continue
			}
		}
		if checkName(name) == 0 {
			names = append(names, name)
		}
	}
	return names
}

// TestCollidingNames: a directory takes names that someone chose so that they
// collide, as many as others, and loses none.
func TestCollidingNames(t *testing.T) {
	const count = 3000
	m := newMemory()
	fs := New(m)
	names := collidingNames(count, 10)
	inos := map[string]Ino{}
	for i, name := range names {
		if i%3 == 0 {
			inos[string(name)] = create(t, fs, Root, "first", fileType)
			want(t, "rename", fs.Rename(Root, []byte("first"), Root, name, 1), 0)
		} else {
			inos[string(name)] = create(t, fs, Root, string(name), fileType)
		}
		// Others let the directory grow, so that its chains are split.
		create(t, fs, Root, fmt.Sprint("other ", i), fileType)
	}
	checkImage(t, m)
	if same := hashName(names[0]) == hashName(names[2]); !same {
		t.Error("the names do not collide")
	}
	rand.New(rand.NewPCG(2, 2)).Shuffle(count, func(i, j int) { names[i], names[j] = names[j], names[i] })
	for i, name := range names {
		ino, _, errno := fs.Lookup(Root, name)
		want(t, "lookup", errno, 0)
		if ino != inos[string(name)] {
			t.Fatalf("%q is inode %d, want %d", name, ino, inos[string(name)])
		}
		if i%2 == 0 {
			want(t, "unlink", fs.Unlink(Root, name, 1), 0)
		} else {
			want(t, "rename", fs.Rename(Root, name, Root, fmt.Append(nil, "was ", i), 1), 0)
		}
	}
	checkImage(t, m)
	if n := len(list(t, fs, Root)) - 2; n != count+count/2 {
		t.Errorf("%d entries are left, want %d", n, count+count/2)
	}
}

// TestPrecedes: the order is one, and of two hashes that differ the one with the
// lowest differing bit clear comes first.
func TestPrecedes(t *testing.T) {
	for _, tt := range []struct {
		a, b uint32
		want bool
	}{{0, 0, false}, {0, 1, true}, {1, 0, false}, {2, 1, true}, {1, 3, true}, {3, 1, false}, {1 << 31, 0, false}, {0, 1 << 31, true}} {
		if got := precedes(tt.a, tt.b); got != tt.want {
			t.Errorf("precedes(%#x, %#x) = %v", tt.a, tt.b, got)
		}
	}
}
