package validate

import "github.com/icsplice/icsplice/internal/wasm"

// gc checks the instructions with the prefix 0xfb.
func (v *checker) gc(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpStructNew, wasm.OpStructNewDefault:
		v.structNew(in.Op == wasm.OpStructNewDefault)
	case wasm.OpStructGet, wasm.OpStructGetS, wasm.OpStructGetU:
		h, f := v.structField()
		v.get(h, f, in.Op == wasm.OpStructGet)
	case wasm.OpStructSet:
		h, f := v.structField()
		v.checkMutable(f)
		v.pop(f.unpacked())
		v.pop(ref(h, true))
	case wasm.OpRefTest, wasm.OpRefTestNull, wasm.OpRefCast, wasm.OpRefCastNull:
		v.cast(in)
	case wasm.OpBrOnCast, wasm.OpBrOnCastFail:
		v.brOnCast()
	case wasm.OpAnyConvertExtern:
		v.push(ref(heapAny, v.popOf(heapExtern).isNull()))
	case wasm.OpExternConvertAny:
		v.push(ref(heapExtern, v.popOf(heapAny).isNull()))
	case wasm.OpRefI31:
		v.pop(i32)
		v.push(ref(heapI31, false))
	default:
		v.array(in)
	}
}

// popOf takes a reference below an abstract heap type.
func (v *checker) popOf(h heapType) valType {
	t := v.popRef()
	if v.err == nil && !v.below(t, ref(h, true)) {
		v.mismatch(ref(h, true).String(), "has "+t.String())
	}
	return t
}

// defined gives a type of a kind that the instruction names, nil if there is none.
func (v *checker) defined(i uint64, kind wasm.CompositeKind) *typeDef {
	if i >= uint64(len(v.types)) {
		v.fail("%s: type %d of %d", v.in.Op, i, len(v.types))
		return nil
	}
	if v.types[i].kind != kind {
		v.fail("%s: type %d is of another kind", v.in.Op, i)
		return nil
	}
	return &v.types[i]
}

func (v *checker) structNew(defaults bool) {
	def := v.defined(v.in.X, wasm.KindStruct)
	if def == nil {
		return
	}
	for i := len(def.fields) - 1; i >= 0; i-- {
		f := def.fields[i]
		if !defaults {
			v.pop(f.unpacked())
		} else if !f.unpacked().defaultable() {
			v.fail("%s: field %d has no default value", v.in.Op, i)
		}
	}
	v.push(ref(def.canon, false))
}

// structField gives the field that the instruction names and the heap type of
// its struct.
func (v *checker) structField() (heapType, field) {
	def := v.defined(v.in.X, wasm.KindStruct)
	if def == nil {
		return heapBottom, field{}
	}
	if v.in.Y >= uint64(len(def.fields)) {
		v.fail("%s: field %d of %d", v.in.Op, v.in.Y, len(def.fields))
		return heapBottom, field{}
	}
	return def.canon, def.fields[v.in.Y]
}

// get reads a field of a struct that is on the stack. Packed fields are read by
// instructions that say how to extend them.
func (v *checker) get(h heapType, f field, plain bool) {
	if v.err == nil && plain != (f.packed == 0) {
		v.fail("%s of a field that is packed or not, contrary to the instruction", v.in.Op)
	}
	v.pop(ref(h, true))
	v.push(f.unpacked())
}

func (v *checker) checkMutable(f field) {
	if v.err == nil && !f.mutable {
		v.fail("%s of an immutable field", v.in.Op)
	}
}

// cast is ref.test and ref.cast. The operand may have any type of the hierarchy
// that the wanted one is in.
func (v *checker) cast(in *wasm.Instr) {
	h := v.heap(wasm.HeapType(in.X))
	if v.err != nil {
		return
	}
	v.pop(ref(v.types.top(h), true))
	switch in.Op {
	case wasm.OpRefTest, wasm.OpRefTestNull:
		v.push(i32)
	default:
		v.push(ref(h, in.Op == wasm.OpRefCastNull))
	}
}

// brOnCast branches if the reference has a type, or if it has not. The branch or
// what follows it knows that it is not: then null is excluded if the cast takes it.
func (v *checker) brOnCast() {
	fromHeap, toHeap := wasm.CastTypes(v.code[v.in.Imm:v.in.End])
	from := ref(v.heap(fromHeap), v.in.X&1 != 0)
	to := ref(v.heap(toHeap), v.in.X&2 != 0)
	list := v.label(v.in.Y).labelTypes()
	if v.err != nil {
		return
	}
	if !v.below(to, from) {
		v.fail("type mismatch: %s from %s to %s, which is not below it", v.in.Op, from, to)
	}
	taken, next := to, ref(from.heap(), from.isNull() && !to.isNull())
	if v.in.Op == wasm.OpBrOnCastFail {
		taken, next = next, taken
	}
	n := len(list) - 1
	if n < 0 || !v.below(taken, list[n]) {
		v.fail("type mismatch: %s to a label that does not take %s last", v.in.Op, taken)
		return
	}
	v.pop(from)
	v.transfer(list[:n])
	v.push(next)
}
