package validate

import "github.com/icsplice/icsplice/internal/wasm"

// reference checks the instructions from 0xd0 on.
func (v *checker) reference(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpRefNull:
		v.push(ref(v.heap(wasm.HeapType(in.X)), true))
	case wasm.OpRefIsNull:
		v.popRef()
		v.push(i32)
	case wasm.OpRefFunc:
		v.refFunc(in.X)
	case wasm.OpRefAsNonNull:
		v.push(ref(v.popRef().heap(), false))
	case wasm.OpBrOnNull:
		v.brOnNull()
	case wasm.OpBrOnNonNull:
		v.brOnNonNull()
	default:
		v.unknown(in.Op)
	}
}

// refFunc names a function that must also be named outside of bodies.
func (v *checker) refFunc(i uint64) {
	switch {
	case i >= uint64(len(v.funcs)):
		v.fail("ref.func: function %d of %d", i, len(v.funcs))
	case !v.declared.has(i):
		v.fail("ref.func: function %d is not declared by an export, a segment or a global", i)
	default:
		v.push(ref(v.types[v.funcs[i]].canon, false))
	}
}

// brOnNull is br_on_null: it branches without the reference.
func (v *checker) brOnNull() {
	t := v.popRef()
	v.transfer(v.label(v.in.X).labelTypes())
	v.push(ref(t.heap(), false))
}

// brOnNonNull branches with the reference, the last of the label's values.
func (v *checker) brOnNonNull() {
	list := v.label(v.in.X).labelTypes()
	if len(list) == 0 || !list[len(list)-1].isRef() {
		v.fail("type mismatch: %s to a label whose last value is not a reference", v.in.Op)
		return
	}
	rest := list[:len(list)-1]
	v.pop(ref(list[len(rest)].heap(), true))
	v.transfer(rest)
}
