package wasm

import (
	"bytes"
	"testing"
)

// TestTypeText prints value types and tells their features.
func TestTypeText(t *testing.T) {
	for _, c := range []struct {
		bytes   []byte
		text    string
		feature Feature
	}{
		{[]byte{0x7f}, "i32", FeatureMVP},
		{[]byte{0x7b}, "v128", FeatureSimd},
		{[]byte{0x70}, "funcref", FeatureMVP},
		{[]byte{0x6f}, "externref", FeatureReferenceTypes},
		{[]byte{0x69}, "exnref", FeatureExceptions},
		{[]byte{0x74}, "nullexnref", FeatureExceptions},
		{[]byte{0x75}, "nullcontref", FeatureStackSwitching},
		{[]byte{0x71}, "nullref", FeatureGc},
		{[]byte{0x6c}, "i31ref", FeatureGc},
		{[]byte{0x63, 0x6b}, "(ref null struct)", FeatureFunctionReferences},
		{[]byte{0x64, 0x80, 1}, "(ref 128)", FeatureFunctionReferences},
	} {
		v, p := valType(c.bytes, 0)
		if p != len(c.bytes) || v.String() != c.text || v.feature() != c.feature {
			t.Errorf("% x: %s, %s, %d bytes; want %s, %s", c.bytes, v, v.feature(), p, c.text, c.feature)
		}
		if out := AppendValType(nil, v); !bytes.Equal(out, c.bytes) {
			t.Errorf("%s: % x, was % x", c.text, out, c.bytes)
		}
	}
	if s := (ValType{Code: 0x40}).String(); s != "valtype 0x40" {
		t.Error(s)
	}
	if i, ok := HeapType(7).Index(); i != 7 || !ok {
		t.Error(i, ok)
	}
	if _, ok := HeapType(-16).Index(); ok {
		t.Error("func has an index")
	}
}

// TestMemarg writes what the code reader reads.
func TestMemarg(t *testing.T) {
	for _, b := range [][]byte{{2, 0}, {3, 0x80, 0x80, 4}, {0x40, 0, 0}, {0x42, 0x80, 1, 9}} {
		in := Instr{}
		r := NewCodeReader(append([]byte{byte(OpI32Load)}, b...), 0)
		if _, err := r.Next(&in); err != nil {
			t.Error(err)
		}
		if out := AppendMemarg(nil, in.X, in.Y, in.Z, in.MemIdx); !bytes.Equal(out, b) {
			t.Errorf("% x, was % x", out, b)
		}
	}
}

// TestConstantExpressions accepts and refuses initial values of globals.
func TestConstantExpressions(t *testing.T) {
	types := section(SectionType, 1, 0x5f, 0)
	for _, c := range []struct {
		typ, init []byte
		want      string
	}{
		{[]byte{0x7b}, append([]byte{0xfd, 12}, make([]byte, 16)...), ""},
		{[]byte{0x7c}, []byte{0x44, 0, 0, 0, 0, 0, 0, 0, 0}, ""},
		{[]byte{0x6e}, []byte{0xfb, 0, 0}, ""},
		{[]byte{0x6e}, []byte{0xfb, 0, 1}, "type 1 of 1"},
		{[]byte{0x6e}, []byte{0xfb, 8, 7, 0}, "type 7 of 1"},
		{[]byte{0x63, 0}, []byte{0xd0, 0}, ""},
		{[]byte{0x63, 0}, []byte{0xd0, 1}, "type 1 of 1"},
		{[]byte{0x6c}, []byte{0x41, 1, 0xfb, 0x1c}, ""},
		{[]byte{0x7f}, []byte{0x41, 1, 0x41, 2, 0x6c}, ""},
		{[]byte{0x7f}, []byte{0x41, 1, 0x41, 2, 0x6d}, "i32.div_s in a constant expression"},
		{[]byte{0x6e}, []byte{0xfb, 2, 0, 0}, "struct.get in a constant expression"},
	} {
		content := append(append([]byte{1}, c.typ...), 0)
		content = append(append(content, c.init...), byte(OpEnd))
		m, err := Read(module(types, section(SectionGlobal, content...)))
		var e *Error
		switch {
		case err == nil && c.want == "":
			if got := m.Globals[0].Init; !bytes.Equal(got[:len(got)-1], c.init) {
				t.Errorf("% x, was % x", got, c.init)
			}
		case err == nil:
			t.Errorf("% x is accepted, want %s", c.init, c.want)
		default:
			if e = err.(*Error); e.Msg != c.want || e.Index != 0 || e.Section != SectionGlobal {
				t.Errorf("% x: %v, want %s", c.init, err, c.want)
			}
		}
	}
}
