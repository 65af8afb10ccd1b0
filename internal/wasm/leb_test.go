package wasm

import (
	"bytes"
	"math"
	"testing"
)

// TestLEB writes and reads integers at the edges of each length.
func TestLEB(t *testing.T) {
	for shift := range 64 {
		for _, d := range []uint64{0, 1, neg1} {
			u := uint64(1)<<shift + d
			b := AppendUleb(nil, u)
			if got, n := ReadUleb64(b); got != u || n != len(b) || n != UlebSize(u) {
				t.Errorf("%d: % x gives %d in %d bytes", u, b, got, n)
			}
			got32, n := ReadUleb32(b)
			if fits := u <= math.MaxUint32; fits != (n == len(b)) || fits && uint64(got32) != u {
				t.Errorf("%d: % x gives %d in %d bytes of 32 bits", u, b, got32, n)
			}
			checkSigned(t, int64(u))
			checkSigned(t, -int64(u))
		}
	}
}

func checkSigned(t *testing.T, v int64) {
	b := AppendSleb(nil, v)
	if got, n := ReadSleb64(b); got != v || n != len(b) {
		t.Errorf("%d: % x gives %d in %d bytes", v, b, got, n)
	}
	s32, n := ReadSleb32(b)
	if fits := v == int64(int32(v)); fits != (n == len(b)) || fits && int64(s32) != v {
		t.Errorf("%d: % x gives %d in %d bytes of 32 bits", v, b, s32, n)
	}
	s33, n := ReadSleb33(b)
	if fits := v == v<<31>>31; fits != (n == len(b)) || fits && s33 != v {
		t.Errorf("%d: % x gives %d in %d bytes of 33 bits", v, b, s33, n)
	}
}

// TestLEBPadding accepts padding within the width and nothing beyond it.
func TestLEBPadding(t *testing.T) {
	if v, n := ReadUleb32(AppendPaddedUleb32(nil, 0xfedcba98)); v != 0xfedcba98 || n != 5 {
		t.Errorf("%#x in %d bytes", v, n)
	}
	for _, c := range []struct {
		bytes              []byte
		u32, s32, s33, s64 int // lengths, 0 if refused
	}{
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x00}, 5, 5, 5, 5},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0x7f}, 0, 5, 5, 5},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x10}, 0, 0, 0, 5},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x08}, 5, 0, 5, 5},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x70}, 0, 0, 5, 5},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 0, 0, 0, 6},
		{append(bytes.Repeat([]byte{0x80}, 9), 0), 0, 0, 0, 10},
		{append(bytes.Repeat([]byte{0xff}, 9), 0x7f), 0, 0, 0, 10},
		{append(bytes.Repeat([]byte{0xff}, 9), 0x01), 0, 0, 0, 0},
		{append(bytes.Repeat([]byte{0x80}, 10), 0), 0, 0, 0, 0},
		{[]byte{0x80}, 0, 0, 0, 0},
		{nil, 0, 0, 0, 0},
	} {
		_, u32 := ReadUleb32(c.bytes)
		_, s32 := ReadSleb32(c.bytes)
		_, s33 := ReadSleb33(c.bytes)
		_, s64 := ReadSleb64(c.bytes)
		if u32 != c.u32 || s32 != c.s32 || s33 != c.s33 || s64 != c.s64 {
			t.Errorf("% x: lengths %d %d %d %d, want %d %d %d %d",
				c.bytes, u32, s32, s33, s64, c.u32, c.s32, c.s33, c.s64)
		}
	}
}
