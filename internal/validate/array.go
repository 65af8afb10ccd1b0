package validate

import "github.com/icsplice/icsplice/internal/wasm"

// array checks the instructions on arrays.
func (v *checker) array(in *wasm.Instr) {
	if in.Op > wasm.OpArrayInitElem { // array.len has a fixed type
		v.unknown(in.Op)
		return
	}
	def := v.defined(in.X, wasm.KindArray)
	if def == nil {
		return
	}
	h, f := def.canon, def.fields[0]
	switch in.Op {
	case wasm.OpArrayNew, wasm.OpArrayNewDefault, wasm.OpArrayNewFixed, wasm.OpArrayNewData, wasm.OpArrayNewElem:
		v.arrayNew(in, f)
		v.push(ref(h, false))
	case wasm.OpArrayGet, wasm.OpArrayGetS, wasm.OpArrayGetU:
		v.pop(i32)
		v.get(h, f, in.Op == wasm.OpArrayGet)
	case wasm.OpArraySet:
		v.checkMutable(f)
		v.pop(f.unpacked())
		v.pop(i32)
		v.pop(ref(h, true))
	case wasm.OpArrayFill:
		v.checkMutable(f)
		v.pop(i32)
		v.pop(f.unpacked())
		v.pop(i32)
		v.pop(ref(h, true))
	default:
		v.arrayCopy(in, h, f)
	}
}

// arrayNew takes what a new array is made of.
func (v *checker) arrayNew(in *wasm.Instr, f field) {
	switch in.Op {
	case wasm.OpArrayNew:
		v.pop(i32)
		v.pop(f.unpacked())
	case wasm.OpArrayNewDefault:
		v.pop(i32)
		if !f.unpacked().defaultable() {
			v.fail("%s: %s has no default value", in.Op, f.typ)
		}
	case wasm.OpArrayNewFixed:
		if in.Y > maxArrayFixed {
			v.fail("%s with %d operands, at most %d", in.Op, in.Y, maxArrayFixed)
			return
		}
		for range in.Y {
			v.pop(f.unpacked())
		}
	default:
		v.arraySource(in, f)
		v.pop(i32)
		v.pop(i32)
	}
}

// arraySource checks the segment that elements come from.
func (v *checker) arraySource(in *wasm.Instr, f field) {
	switch in.Op {
	case wasm.OpArrayNewData, wasm.OpArrayInitData:
		v.checkData(in.Y)
		if !f.unpacked().isNumber() {
			v.fail("%s: data cannot be %s", in.Op, f.typ)
		}
	default:
		v.checkElements(v.elem(in.Y), f.typ)
	}
}

// arrayCopy is array.copy, array.init_data and array.init_elem.
func (v *checker) arrayCopy(in *wasm.Instr, h heapType, f field) {
	v.checkMutable(f)
	v.pop(i32)
	v.pop(i32)
	if in.Op == wasm.OpArrayCopy {
		v.copySource(in.Y, f)
	} else {
		v.arraySource(in, f)
	}
	v.pop(i32)
	v.pop(ref(h, true))
}

// copySource takes the array that is copied from.
func (v *checker) copySource(i uint64, to field) {
	from := v.defined(i, wasm.KindArray)
	if from == nil {
		return
	}
	f := from.fields[0]
	if f.packed != to.packed || !v.below(f.typ, to.typ) {
		v.fail("type mismatch: %s between arrays of other elements", v.in.Op)
	}
	v.pop(ref(from.canon, true))
}
