package wasm

// Integers are LEB128, https://webassembly.github.io/spec/core/binary/values.html.
//
// A reader takes the bytes and a position and gives the value and the next
// position. A fault is a negative position, lebTruncated or lebOverlong, which
// the readers pass on if they are given one. So a decoder checks once after
// several reads.
const (
	lebTruncated = -1
	lebOverlong  = -2
)

// uleb32 reads an unsigned integer of at most 32 bits.
func uleb32(b []byte, p int) (uint64, int) {
	if uint(p) < uint(len(b)) && b[p] < 0x80 {
		return uint64(b[p]), p + 1
	}
	return ulebSlow(b, p, 32)
}

// uleb64 reads an unsigned integer of at most 64 bits.
func uleb64(b []byte, p int) (uint64, int) {
	if uint(p) < uint(len(b)) && b[p] < 0x80 {
		return uint64(b[p]), p + 1
	}
	return ulebSlow(b, p, 64)
}

// sleb reads a signed integer of at most width bits: 32, 33 or 64.
func sleb(b []byte, p int, width uint) (int64, int) {
	if uint(p) < uint(len(b)) && b[p] < 0x80 {
		return int64(int8(b[p]<<1)) >> 1, p + 1
	}
	return slebSlow(b, p, width)
}

func ulebSlow(b []byte, p int, width uint) (uint64, int) {
	if p < 0 {
		return 0, p
	}
	var v uint64
	for shift := uint(0); ; shift += 7 {
		if p >= len(b) {
			return 0, lebTruncated
		}
		c := b[p]
		p++
		if left := width - shift; left < 7 && c>>left != 0 {
			return 0, lebOverlong
		}
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v, p
		}
	}
}

func slebSlow(b []byte, p int, width uint) (int64, int) {
	if p < 0 {
		return 0, p
	}
	var v int64
	for shift := uint(0); ; shift += 7 {
		if p >= len(b) {
			return 0, lebTruncated
		}
		c := b[p]
		p++
		if left := width - shift; left <= 7 && !fitsSigned(c, left) {
			return 0, lebOverlong
		}
		v |= int64(c&0x7f) << shift
		if c < 0x80 {
			if shift += 7; shift < 64 {
				v = v << (64 - shift) >> (64 - shift)
			}
			return v, p
		}
	}
}

// fitsSigned tells whether c may be the last byte of a signed integer of which
// left bits are still to come: no continuation, and the unused bits repeat the
// sign.
func fitsSigned(c byte, left uint) bool {
	rest := int8(c<<1) >> left // the sign bit and all above it
	return c < 0x80 && (rest == 0 || rest == -1)
}

// ReadUleb32 reads an unsigned LEB128 of at most 32 bits from the start of b and
// gives its length in bytes, 0 if it is truncated or beyond 32 bits.
func ReadUleb32(b []byte) (v uint32, n int) {
	u, p := uleb32(b, 0)
	return uint32(u), max(p, 0)
}

// ReadUleb64 is ReadUleb32 for 64 bits.
func ReadUleb64(b []byte) (v uint64, n int) {
	v, p := uleb64(b, 0)
	return v, max(p, 0)
}

// ReadSleb32 reads a signed LEB128 of at most 32 bits from the start of b and
// gives its length in bytes, 0 if it is truncated or beyond 32 bits.
func ReadSleb32(b []byte) (v int32, n int) {
	s, p := sleb(b, 0, 32)
	return int32(s), max(p, 0)
}

// ReadSleb33 is ReadSleb32 for the 33 bits of block types and heap types.
func ReadSleb33(b []byte) (v int64, n int) {
	v, p := sleb(b, 0, 33)
	return v, max(p, 0)
}

// ReadSleb64 is ReadSleb32 for 64 bits.
func ReadSleb64(b []byte) (v int64, n int) {
	v, p := sleb(b, 0, 64)
	return v, max(p, 0)
}

// AppendUleb writes v as an unsigned LEB128 in its fewest bytes.
func AppendUleb(b []byte, v uint64) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

// AppendSleb writes v as a signed LEB128 in its fewest bytes.
func AppendSleb(b []byte, v int64) []byte {
	for v < -64 || v > 63 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v)&0x7f)
}

// UlebSize is the number of bytes that AppendUleb writes for v.
func UlebSize(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// AppendPaddedUleb32 writes v in five bytes, so that the size of what follows
// can be filled in when it is known.
func AppendPaddedUleb32(b []byte, v uint32) []byte {
	return append(b, byte(v)|0x80, byte(v>>7)|0x80, byte(v>>14)|0x80, byte(v>>21)|0x80, byte(v>>28))
}
