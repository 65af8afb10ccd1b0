package validate

import "github.com/icsplice/icsplice/internal/wasm"

// exception checks the instructions of both exception proposals.
func (v *checker) exception(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpThrow:
		v.popAll(v.tag(in.X))
		v.never()
	case wasm.OpThrowRef:
		v.pop(ref(heapExn, true))
		v.never()
	case wasm.OpTryTable:
		v.tryTable()
	case wasm.OpTry:
		v.block()
	case wasm.OpCatch:
		v.catch(v.tag(in.X))
	case wasm.OpCatchAll:
		v.catch(nil)
	case wasm.OpDelegate:
		v.delegate()
	case wasm.OpRethrow:
		if op := v.label(in.X).op; op != wasm.OpCatch && op != wasm.OpCatchAll {
			v.fail("rethrow: label %d is not that of a catch", in.X)
		}
		v.never()
	default:
		v.unknown(in.Op)
	}
}

// tag gives the values that an exception of a tag carries.
func (v *checker) tag(i uint64) []valType {
	if i >= uint64(len(v.tags)) {
		v.fail("%s: tag %d of %d", v.in.Op, i, len(v.tags))
		return nil
	}
	return v.tags[i].params
}

// catch starts a handler of a legacy try block.
func (v *checker) catch(operands []valType) {
	if f := v.finish(); f.op != wasm.OpTry && f.op != wasm.OpCatch {
		v.fail("%s outside a try, or after its catch_all", v.in.Op)
	}
	v.resume(v.in.Op, operands)
}

// delegate ends a legacy try block. Its label counts from outside of the block.
func (v *checker) delegate() {
	if f := v.finish(); f.op != wasm.OpTry {
		v.fail("delegate outside a try, or after its catch")
	}
	v.close()
	if v.in.X >= uint64(len(v.frames)) {
		v.fail("delegate: label %d of %d", v.in.X, len(v.frames))
	}
}

// tryTable opens a block whose handlers are labels outside of it.
func (v *checker) tryTable() {
	sig := v.blockType(v.in.Y, v.in.Z)
	for c := range wasm.TryTableCatches(v.code[v.in.Imm:v.in.End]) {
		v.checkCatch(c)
	}
	v.enter(wasm.OpTryTable, sig)
}

// checkCatch compares what a handler hands over with what its label takes.
func (v *checker) checkCatch(c wasm.Catch) {
	var got []valType
	if c.Kind == wasm.CatchTag || c.Kind == wasm.CatchTagRef {
		got = v.tag(uint64(c.Tag))
	}
	if c.Kind == wasm.CatchTagRef || c.Kind == wasm.CatchAllRef {
		v.caught = append(append(v.caught[:0], got...), ref(heapExn, false))
		got = v.caught
	}
	want := v.label(uint64(c.Label)).labelTypes()
	if !v.types.allBelow(got, want) {
		v.fail("type mismatch: a catch gives %v, label %d takes %v", got, c.Label, want)
	}
}
