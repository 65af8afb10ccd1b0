package stablefs

import (
	"math/bits"
	"unsafe"

	"github.com/icsplice/icsplice/abi"
)

// Names are hashed, compared and checked eight bytes at a time: one by one they
// would be most of what a call costs.

// word64 is the little-endian number at p[i:i+8], which the caller has checked
// to be there.
//
//go:inline
func word64(p []byte, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(p)), i))
}

//go:inline
func word32(p []byte, i int) uint32 {
	return *(*uint32)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(p)), i))
}

// tail is the last bytes of p, from i on, fewer than 8, as a little-endian
// number.
func tail(p []byte, i int) uint64 {
	n := len(p)
	rest := n - i
	switch {
	case rest <= 0:
		return 0
	case n >= 8:
		return word64(p, n-8) >> (64 - 8*rest)
	case n >= 4:
		return uint64(word32(p, 0)) | uint64(word32(p, n-4))>>(64-8*n)<<32
	}
	t := uint64(p[0])
	if n > 1 {
		t |= uint64(p[1]) << 8
	}
	if n > 2 {
		t |= uint64(p[2]) << 16
	}
	return t
}

const (
	hashFactor = 0x9e3779b97f4a7c15
	ones       = 0x0101010101010101
	highs      = 0x8080808080808080
	slashes    = 0x2f2f2f2f2f2f2f2f
)

// hashName spreads a name over 32 bits. It is part of the format.
//
//go:inline
func hashName(name []byte) uint32 {
	h := uint64(0)
	i := 0
	for ; i+8 <= len(name); i += 8 {
		h = mix(h, word64(name, i))
	}
	return finish(h, tail(name, i), len(name))
}

//go:inline
func mix(h, word uint64) uint64 {
	h = (h ^ word) * hashFactor
	return h ^ h>>32
}

//go:inline
func finish(h, last uint64, n int) uint32 {
	return uint32((mix(h, last) ^ uint64(n)) * hashFactor >> 32)
}

// special marks the bytes of a word that are a slash, zero or not ASCII. Above
// the first one it may mark others.
//
//go:inline
func special(word uint64) uint64 {
	return ((word - ones) | (word ^ slashes - ones) | word) & highs
}

// component is the length and the hash of the name that a path begins with, up
// to a slash.
//
// inval: it holds a zero byte. ilseq: it is not UTF-8.
//
//go:inline
func component(p []byte) (n int, hash uint32, errno abi.Errno) {
	h := uint64(0)
	i := 0
	for ; i+8 <= len(p); i += 8 {
		word := word64(p, i)
		if found := special(word); found != 0 {
			return stop(p, h, word, i, bits.TrailingZeros64(found))
		}
		h = mix(h, word)
	}
	last := tail(p, i)
	if found := special(last) & (1<<(8*(len(p)-i)) - 1); found != 0 {
		return stop(p, h, last, i, bits.TrailingZeros64(found))
	}
	return len(p), finish(h, last, len(p)), 0
}

// plainName is the hash of a name of up to slotName bytes. It answers false where
// the name is longer, empty, begins with a dot or holds a slash, a zero or a byte
// that is not ASCII.
//
//go:inline
func plainName(p []byte) (hash uint32, ok bool) {
	h := plainHash(p)
	return uint32(h), h != notPlain
}

const notPlain = 1 << 32

// plainHash is plainName in one number: notPlain for false.
//
//go:noinline
//go:nobounds
func plainHash(p []byte) uint64 {
	n := uint32(len(p))
	if n-1 >= slotName || p[0] == '.' {
		return notPlain
	}
	h, found, last := uint64(0), uint64(0), uint64(0)
	switch {
	case n >= 8:
		i := uint32(0)
		for ; i+8 <= n; i += 8 {
			word := word64(p, int(i))
			found |= special(word)
			h = mix(h, word)
		}
		if i < n {
			last = word64(p, int(n-8)) >> ((8 * (i + 8 - n)) & 63)
		}
	case n >= 4:
		last = uint64(word32(p, 0)) | uint64(word32(p, int(n-4)))>>((64-8*n)&63)<<32
	default:
		last = uint64(p[0]) | uint64(p[n/2])<<(n/2*8) | uint64(p[n-1])<<(8*n-8)
	}
	found |= special(last) & (1<<(8*(n%8)) - 1)
	if found != 0 {
		return notPlain
	}
	return uint64(finish(h, last, int(n)))
}

// stop ends a component at the byte of the word at p[i:] that has the bit at.
func stop(p []byte, h, word uint64, i, at int) (int, uint32, abi.Errno) {
	n := i + at/8
	if p[n] != '/' {
		return slowComponent(p)
	}
	return n, finish(h, word&(1<<(at&^7)-1), n), 0
}

func slowComponent(p []byte) (int, uint32, abi.Errno) {
	i := 0
	for i < len(p) && p[i] != '/' {
		switch c := p[i]; {
		case c == 0:
			return 0, 0, abi.ErrnoInval
		case c < 0x80:
			i++
		default:
			n := sequence(p[i:])
			if n == 0 {
				return 0, 0, abi.ErrnoIlseq
			}
			i += n
		}
	}
	return i, hashName(p[:i]), 0
}

// equalName compares a name of up to slotName bytes with that in a slot.
//
//go:inline
func equalName(name []byte, slot *[slotName]byte) bool {
	s := slot[:]
	n := len(name)
	if n < 8 {
		if n >= 4 {
			return word32(name, 0) == word32(s, 0) && word32(name, n-4) == word32(s, n-4)
		}
		return tail(name, 0) == word64(s, 0)&(1<<(8*n)-1)
	}
	for i := 0; i+8 < n; i += 8 {
		if word64(name, i) != word64(s, i) {
			return false
		}
	}
	return word64(name, n-8) == word64(s, n-8)
}

// plain tells whether p is ASCII without zero or a slash, as far as whole words
// of it show; it answers how far they do.
func plain(p []byte) int {
	i := 0
	for i+8 <= len(p) && special(word64(p, i)) == 0 {
		i += 8
	}
	return i
}
