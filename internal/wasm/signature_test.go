package wasm

import "testing"

// TestSignature looks types up, also where there are none.
func TestSignature(t *testing.T) {
	for _, test := range []struct {
		op   Op
		want *Signature
	}{
		{OpI32Add, &Signature{"\x7f\x7f", "\x7f", 0}},
		{OpF64Store, &Signature{"\x00\x7c", "", 8}},
		{OpI64AtomicRmw32CmpxchgU, &Signature{"\x00\x7e\x7e", "\x7e", 4}},
		{OpV128Load32x2S, &Signature{"\x00", "\x7b", 8}},
		{OpMemoryFill, &Signature{"\x00\x7f\x00", "", 0}},
		{OpRefEq, &Signature{"\x6d\x6d", "\x7f", 0}},
		{OpNop, &Signature{}},
		{OpSelect, nil}, {OpCall, nil}, {OpMemoryCopy, nil}, {OpSuspend, nil},
		{0xff, nil}, {0xfa0000, nil}, {0xfb0027, nil}, {0xff0000, nil}, {0x010000, nil}, {0xffffffff, nil},
	} {
		got := test.op.Signature()
		if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s: %+v, want %+v", test.op, got, test.want)
		}
	}
}
