package stablefs

import "testing"

// named is n bytes of a name; each length has other ones.
func named(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte('a' + (i*7+n)%26)
	}
	return p
}

// TestPlainName: it hashes as hashName does, or declines.
func TestPlainName(t *testing.T) {
	for n := range 60 {
		name := named(n)
		hash, ok := plainName(name)
		if ok != (n > 0 && n <= slotName) {
			t.Errorf("%d bytes: %v", n, ok)
		}
		if ok && hash != hashName(name) {
			t.Errorf("%d bytes: %#x, want %#x", n, hash, hashName(name))
		}
		for i := range name {
			for _, c := range []byte{0, '/', 0x80, 0xff} {
				kept := name[i]
				name[i] = c
				if _, ok := plainName(name); ok {
					t.Errorf("%d bytes with %#x at %d are no plain name", n, c, i)
				}
				name[i] = kept
			}
		}
	}
	for _, name := range []string{".", "..", ".a", "..........."} {
		if _, ok := plainName([]byte(name)); ok {
			t.Errorf("%s is no plain name", name)
		}
	}
}

// TestEqualName: names that differ in one byte are not equal.
func TestEqualName(t *testing.T) {
	for n := 1; n <= slotName; n++ {
		name, in := named(n), [slotName]byte{}
		copy(in[:], name)
		for i := n; i < slotName; i++ {
			in[i] = 0xee // left by a longer name
		}
		if !equalName(name, &in) {
			t.Errorf("%d bytes are not equal", n)
		}
		for i := range name {
			in[i] ^= 1
			if equalName(name, &in) {
				t.Errorf("%d bytes are equal with another one at %d", n, i)
			}
			in[i] ^= 1
		}
	}
}
