package validate

import "github.com/icsplice/icsplice/internal/wasm"

// variable checks select and the instructions on single elements of tables.
func (v *checker) variable(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpSelect:
		v.selectNumbers()
	case wasm.OpSelectT:
		v.selectTyped()
	case wasm.OpTableGet:
		t := v.table(in.X)
		v.pop(addressType(t.is64))
		v.push(t.elem)
	case wasm.OpTableSet:
		t := v.table(in.X)
		v.pop(t.elem)
		v.pop(addressType(t.is64))
	default:
		v.unknown(in.Op)
	}
}

// global gives a global, which must exist.
func (v *checker) global(i uint64) global {
	if i >= uint64(len(v.globals)) {
		v.fail("%s: global %d of %d", v.in.Op, i, len(v.globals))
		return global{}
	}
	return v.globals[i]
}

func (v *checker) setGlobal(i uint64) {
	g := v.global(i)
	if v.err == nil && !g.mutable {
		v.fail("%s: global %d is immutable", v.in.Op, i)
	}
	v.pop(g.typ)
}

// selectNumbers is the select without a type, which has no references.
func (v *checker) selectNumbers() {
	v.pop(i32)
	b := v.popAny("a number")
	a := v.popAny("a number")
	switch {
	case a.isRef() || b.isRef():
		v.fail("type mismatch: select without a type wants numbers, the stack has %s and %s", a, b)
	case a != b && a != bottom && b != bottom:
		v.fail("type mismatch: select wants two values of one type, the stack has %s and %s", a, b)
	}
	v.push(max(a, b)) // bottom only if both are
}

func (v *checker) selectTyped() {
	if v.in.X != 1 {
		v.fail("select with %d types", v.in.X)
		return
	}
	for t := range wasm.ValTypeVec(v.code[v.in.Imm:v.in.End]) {
		want := v.valType(t)
		v.pop(i32)
		v.pop(want)
		v.pop(want)
		v.push(want)
	}
}

// valType converts a type that is an immediate.
func (v *checker) valType(t wasm.ValType) valType {
	out, err := v.types.convert(t)
	if err != nil {
		v.fail("%s: %w", v.in.Op, err)
	}
	return out
}

// heap converts a heap type that is an immediate.
func (v *checker) heap(h wasm.HeapType) heapType {
	out, err := v.types.heap(h)
	if err != nil {
		v.fail("%s: %w", v.in.Op, err)
	}
	return out
}
