package stablefs

import "unsafe"

// Names are hashed, compared and checked eight bytes at a time: one by one they
// would be most of what a call costs.

// word64 is the little-endian number at p[i:i+8], which the caller has checked
// to be there.
func word64(p []byte, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(p)), i))
}

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

// hashName spreads a name over 32 bits. It is part of the format.
func hashName(name []byte) uint32 {
	const k = 0x9e3779b97f4a7c15
	h := uint64(len(name))
	i := 0
	for ; i+8 <= len(name); i += 8 {
		h = (h ^ word64(name, i)) * k
		h ^= h >> 32
	}
	h = (h ^ tail(name, i)) * k
	h = (h ^ h>>32) * k
	return uint32(h >> 32)
}

// equalName compares a name of up to slotName bytes with that in a slot.
func equalName(name []byte, slot *[slotName]byte) bool {
	s := slot[:]
	i := 0
	for ; i+8 <= len(name); i += 8 {
		if word64(name, i) != word64(s, i) {
			return false
		}
	}
	rest := len(name) - i
	return rest == 0 || tail(name, i) == word64(s, i)&(1<<(8*rest)-1)
}

// plain is how many of the first bytes of p are surely ASCII and neither zero
// nor a slash.
func plain(p []byte) int {
	const ones, highs, slashes = 0x0101010101010101, 0x8080808080808080, 0x2f2f2f2f2f2f2f2f
	i := 0
	for ; i+8 <= len(p); i += 8 {
		x := word64(p, i)
		if ((x-ones)|(x^slashes-ones)|x)&highs != 0 {
			break
		}
	}
	return i
}
