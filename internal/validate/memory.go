package validate

import "github.com/icsplice/icsplice/internal/wasm"

// addressed is the type of an instruction with the addresses of its memory or
// table.
func addressed(op wasm.Op, is64 bool) *opType {
	if is64 {
		return opTypes64.of(op)
	}
	return opTypes.of(op)
}

// memory tells whether a memory, which must exist, has 64-bit addresses.
func (v *checker) memory(i uint64) bool {
	if i >= uint64(len(v.memories)) {
		v.fail("%s: memory %d of %d", v.in.Op, i, len(v.memories))
		return false
	}
	return v.memories[i].is64
}

// access checks a load, a store or an atomic access with its memarg.
func (v *checker) access(t *opType) {
	in := &v.in
	if in.X > uint64(t.align) || in.X != uint64(t.align) && in.Op>>16 == 0xfe {
		v.fail("%s: alignment 2^%d, the natural one is 2^%d", in.Op, in.X, t.align)
	}
	is64 := v.memory(in.Z)
	if is64 {
		t = opTypes64.of(in.Op)
	} else if in.Y > 1<<32-1 {
		v.fail("%s: offset %#x in a memory of 32-bit addresses", in.Op, in.Y)
	}
	v.fixed(t)
}

// checkData checks the index of a data segment. A body may name one only if their
// number stands before the bodies.
func (v *checker) checkData(i uint64) {
	if v.m.DataCount == nil {
		v.fail("%s needs a data count section", v.in.Op)
	} else if i >= uint64(len(v.m.Data)) {
		v.fail("%s: data segment %d of %d", v.in.Op, i, len(v.m.Data))
	}
}

// table gives a table, which must exist.
func (v *checker) table(i uint64) table {
	if i >= uint64(len(v.tables)) {
		v.fail("%s: table %d of %d", v.in.Op, i, len(v.tables))
		return table{}
	}
	return v.tables[i]
}

// elem gives the type of an element segment, which must exist.
func (v *checker) elem(i uint64) valType {
	if i >= uint64(len(v.elems)) {
		v.fail("%s: element segment %d of %d", v.in.Op, i, len(v.elems))
		return bottom
	}
	return v.elems[i]
}

// checkElements checks that elements of one type may be copied to those of another.
func (v *checker) checkElements(from, to valType) {
	if v.err == nil && !v.below(from, to) {
		v.fail("type mismatch: %s from elements of %s to those of %s", v.in.Op, from, to)
	}
}

// bulk checks those instructions on memories and tables that have two index
// types or an element type.
func (v *checker) bulk(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpMemoryCopy:
		v.copy(v.memory(in.X), v.memory(in.Y))
	case wasm.OpTableCopy:
		to, from := v.table(in.X), v.table(in.Y)
		v.checkElements(from.elem, to.elem)
		v.copy(to.is64, from.is64)
	case wasm.OpTableGrow:
		t := v.table(in.X)
		v.pop(addressType(t.is64))
		v.pop(t.elem)
		v.push(addressType(t.is64))
	case wasm.OpTableFill:
		t := v.table(in.X)
		v.pop(addressType(t.is64))
		v.pop(t.elem)
		v.pop(addressType(t.is64))
	default:
		v.unknown(in.Op)
	}
}

// copy takes destination, source and length of a copy. The length has 64 bits if
// both have.
func (v *checker) copy(to64, from64 bool) {
	v.pop(addressType(to64 && from64))
	v.pop(addressType(from64))
	v.pop(addressType(to64))
}
