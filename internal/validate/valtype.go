package validate

import "github.com/icsplice/icsplice/internal/wasm"

// valType is a value type in one word, so that two are compared at once: the
// binary format's code, and for references, which always have the long form
// here, the heap type in the upper 24 bits. The zero value is the bottom type,
// which is below all others and stands on the stack of unreachable code.
type valType uint32

const (
	bottom  valType = 0
	i32     valType = 0x7f
	i64     valType = 0x7e
	f32     valType = 0x7d
	f64     valType = 0x7c
	v128    valType = 0x7b
	refNull         = 0x63
	refSome         = 0x64
)

// heapType is a canonical type index (see types.canon) or the code of an
// abstract heap type, which is negative.
type heapType int32

// The abstract heap types. heapBottom is below all others.
const (
	heapNoCont   heapType = 0x75 - 0x80
	heapNoExn    heapType = 0x74 - 0x80
	heapNoFunc   heapType = 0x73 - 0x80
	heapNoExtern heapType = 0x72 - 0x80
	heapNone     heapType = 0x71 - 0x80
	heapFunc     heapType = 0x70 - 0x80
	heapExtern   heapType = 0x6f - 0x80
	heapAny      heapType = 0x6e - 0x80
	heapEq       heapType = 0x6d - 0x80
	heapI31      heapType = 0x6c - 0x80
	heapStruct   heapType = 0x6b - 0x80
	heapArray    heapType = 0x6a - 0x80
	heapExn      heapType = 0x69 - 0x80
	heapCont     heapType = 0x68 - 0x80
	heapBottom   heapType = -0x80
)

func ref(h heapType, null bool) valType {
	if null {
		return valType(h)<<8 | refNull
	}
	return valType(h)<<8 | refSome
}

func (t valType) heap() heapType { return heapType(int32(t) >> 8) }
func (t valType) isRef() bool    { return t&0xff == refNull || t&0xff == refSome }
func (t valType) isNull() bool   { return t&0xff == refNull }

// isNumber tells whether t is a type of numbers or vectors.
func (t valType) isNumber() bool { return t >= v128 && t <= i32 }

// defaultable tells whether t has a value to begin with.
func (t valType) defaultable() bool { return t&0xff != refSome }

// String is the type in the text format. A concrete type is shown by the first
// index of those that are equal to it.
func (t valType) String() string {
	h := wasm.HeapType(t.heap())
	switch {
	case t == bottom:
		return "any type"
	case t == ref(heapBottom, false):
		return "any reference"
	case t.isNull() && h < 0:
		return wasm.ValType{Code: byte(h) & 0x7f}.String()
	case t.isRef():
		return wasm.ValType{Code: byte(t), Heap: h}.String()
	}
	return wasm.ValType{Code: byte(t)}.String()
}

// shortType converts the code of a value type that has one byte.
func shortType(code byte) valType {
	if t := valType(code); t.isNumber() {
		return t
	}
	return ref(heapType(code)-0x80, true)
}

// abstractBelow tells whether one abstract heap type is below another.
func abstractBelow(a, b heapType) bool {
	switch a {
	case heapNone:
		return b == heapAny || b == heapEq || b == heapI31 || b == heapStruct || b == heapArray
	case heapI31, heapStruct, heapArray:
		return b == heapEq || b == heapAny
	case heapEq:
		return b == heapAny
	case heapNoFunc:
		return b == heapFunc
	case heapNoExtern:
		return b == heapExtern
	case heapNoExn:
		return b == heapExn
	case heapNoCont:
		return b == heapCont
	}
	return false
}

// top is the largest abstract heap type of the hierarchy that h is in.
func topOf(h heapType) heapType {
	switch h {
	case heapFunc, heapNoFunc:
		return heapFunc
	case heapExtern, heapNoExtern:
		return heapExtern
	case heapExn, heapNoExn:
		return heapExn
	case heapCont, heapNoCont:
		return heapCont
	}
	return heapAny
}
