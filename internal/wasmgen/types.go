package wasmgen

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// The reference types beside wasm.FuncRef and wasm.ExternRef.
var (
	anyRef = wasm.ValType{Code: 0x6e}
	eqRef  = wasm.ValType{Code: 0x6d}
	i31Ref = wasm.ValType{Code: 0x6c}
	exnRef = wasm.ValType{Code: 0x69}
)

const (
	codeRefNull = 0x63
	codeRef     = 0x64
)

func refNull(t int) wasm.ValType {
	return wasm.ValType{Code: codeRefNull, Heap: wasm.HeapType(t)}
}

func ref(t int) wasm.ValType { return wasm.ValType{Code: codeRef, Heap: wasm.HeapType(t)} }

// concrete tells whether t names a type of the pool.
func concrete(t wasm.ValType) bool {
	return (t.Code == codeRef || t.Code == codeRefNull) && t.Heap >= 0
}

// pool holds the types of a set. Every module declares all of them, in an order
// and number of its own; a type is known by its position here.
type pool struct {
	types  []wasm.SubType // type indices in them are positions, too
	groups []wasm.RecGroup
}

// The types that the generator itself needs stand first in each pool.
const (
	typeVoid    = iota // -> ()
	typeI32            // -> i32
	typeI64            // -> i64
	typeI32I32         // i32 -> i32
	typeI32I64         // i32 -> i64
	typeI64I64         // i64 -> i64
	typeI32Void        // i32 -> ()
)

func newPool() *pool {
	p := &pool{}
	i32, i64 := []wasm.ValType{wasm.I32}, []wasm.ValType{wasm.I64}
	for _, t := range []wasm.SubType{
		typeVoid: {}, typeI32: {Results: i32}, typeI64: {Results: i64},
		typeI32I32: {Params: i32, Results: i32}, typeI32I64: {Params: i32, Results: i64},
		typeI64I64: {Params: i64, Results: i64}, typeI32Void: {Params: i32},
	} {
		t.Kind = wasm.KindFunc
		p.add(false, t)
	}
	return p
}

func (p *pool) add(explicit bool, list ...wasm.SubType) {
	p.groups = append(p.groups, wasm.RecGroup{First: wasm.TypeIndex(len(p.types)), Count: uint32(len(list)), Explicit: explicit})
	p.types = append(p.types, list...)
}

// of lists the types of a kind.
func (p *pool) of(kind wasm.CompositeKind) []int {
	var list []int
	for i := range p.types {
		if p.types[i].Kind == kind {
			list = append(list, i)
		}
	}
	return list
}

// drawPool adds drawn types to the generator's own.
func (d *drawer) drawPool() {
	for range d.intn(5) {
		d.pool.add(false, d.funcType(len(d.pool.types)))
	}
	if !d.has(wasm.FeatureGc) {
		return
	}
	for range d.intn(4) {
		d.group()
	}
}

// funcType draws one whose references go to types below bound.
func (d *drawer) funcType(bound int) wasm.SubType {
	t := wasm.SubType{Kind: wasm.KindFunc}
	for range d.intn(4) {
		t.Params = append(t.Params, d.drawType(bound, false))
	}
	results := 1
	if d.has(wasm.FeatureMultiValue) {
		results = 3
	}
	for range d.intn(results + 1) {
		t.Results = append(t.Results, d.drawType(bound, false))
	}
	return t
}

// drawType draws a value type; one with a default value if defaultable.
func (d *drawer) drawType(bound int, defaultable bool) wasm.ValType {
	list := []wasm.ValType{wasm.I32, wasm.I64, wasm.I32, wasm.F64, wasm.F32}
	if d.has(wasm.FeatureSimd) {
		list = append(list, wasm.V128)
	}
	if d.has(wasm.FeatureReferenceTypes) {
		list = append(list, wasm.FuncRef, wasm.ExternRef)
	}
	if d.has(wasm.FeatureGc) {
		list = append(list, anyRef, eqRef, i31Ref)
	}
	if d.has(wasm.FeatureFunctionReferences) && bound > 0 {
		list = append(list, refNull(d.intn(bound)))
		if !defaultable {
			list = append(list, ref(d.intn(bound)))
		}
	}
	return pick(&d.source, list)
}

// group draws a recursion group: structs, arrays and functions that may refer
// to one another and to what stands before.
func (d *drawer) group() {
	first, n := len(d.pool.types), 1+d.intn(3)
	var list []wasm.SubType
	for i := range n {
		list = append(list, d.composite(first+i, first+n, list))
	}
	d.pool.add(n > 1 || d.oneIn(3), list...)
}

// composite draws the type of a position. Types up to bound may be referred to;
// a supertype stands before it.
func (d *drawer) composite(at, bound int, group []wasm.SubType) wasm.SubType {
	if super, ok := d.super(at, group); ok {
		return super
	}
	var t wasm.SubType
	switch d.intn(3) {
	case 0:
		t = wasm.SubType{Kind: wasm.KindStruct}
		for range d.intn(4) {
			t.Fields = append(t.Fields, d.field(bound))
		}
	case 1:
		t = wasm.SubType{Kind: wasm.KindArray, Fields: []wasm.FieldType{d.field(bound)}}
	default:
		t = d.funcType(bound)
	}
	if d.oneIn(2) {
		t.Sub = 0x50
	}
	return t
}

// super makes a subtype of an earlier struct that is open.
func (d *drawer) super(at int, group []wasm.SubType) (wasm.SubType, bool) {
	all := slices.Concat(d.pool.types, group)
	var open []int
	for i := range all[:at] {
		if all[i].Kind == wasm.KindStruct && all[i].Sub == 0x50 && len(all[i].Fields) < 6 {
			open = append(open, i)
		}
	}
	if len(open) == 0 || d.mostly(2) {
		return wasm.SubType{}, false
	}
	super := pick(&d.source, open)
	t := wasm.SubType{Kind: wasm.KindStruct, Sub: byte(0x4f + d.intn(2)), Supers: []wasm.TypeIndex{wasm.TypeIndex(super)}}
	t.Fields = append(slices.Clone(all[super].Fields), d.field(at))
	return t, true
}

// field draws one that has a default value.
func (d *drawer) field(bound int) wasm.FieldType {
	f := wasm.FieldType{Mutable: d.mostly(3)}
	if d.oneIn(4) {
		f.Packed = byte(0x77 + d.intn(2))
		return f
	}
	f.Type = d.drawType(bound, true)
	return f
}

// unpacked is the type of a field's value on the stack.
func unpacked(f wasm.FieldType) wasm.ValType {
	if f.Packed != 0 {
		return wasm.I32
	}
	return f.Type
}

// matches tells whether a value of the pool's type from may stand for one of to,
// as far as the generator makes use of it.
func (p *pool) matches(from, to wasm.ValType) bool {
	if from == to {
		return true
	}
	if !concrete(from) {
		return false
	}
	if from.Code == codeRef && to.Code == codeRefNull && from.Heap == to.Heap {
		return true
	}
	switch p.types[from.Heap].Kind {
	case wasm.KindFunc:
		return to == wasm.FuncRef
	default:
		return to == anyRef || to == eqRef
	}
}
