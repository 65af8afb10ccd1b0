package validate

import (
	"github.com/icsplice/icsplice/internal/wasm"
)

var emptyBlock = &funcType{}

// shortBlocks are the types of blocks with one result whose type has one byte.
var shortBlocks = func() (blocks [0x80]*funcType) {
	for code := range blocks {
		blocks[code] = &funcType{results: []valType{shortType(byte(code))}}
	}
	return blocks
}()

// control checks the instructions below 0x20 that step leaves.
func (v *checker) control(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpUnreachable:
		v.never()
	case wasm.OpIf:
		sig := v.blockType(in.X, in.Y)
		v.pop(i32)
		v.enter(in.Op, sig)
	case wasm.OpElse:
		v.elseBranch()
	case wasm.OpBrTable:
		v.brTable()
	case wasm.OpReturn:
		v.peekAll(v.frames[0].sig.results)
		v.never()
	case wasm.OpCallIndirect:
		v.callIndirect(v.apply)
	case wasm.OpReturnCall:
		if sig := v.callee(); sig != nil {
			v.tail(sig)
		}
	case wasm.OpReturnCallIndirect:
		v.callIndirect(v.tail)
	case wasm.OpCallRef:
		v.callRef(v.apply)
	case wasm.OpReturnCallRef:
		v.callRef(v.tail)
	default:
		v.exception(in)
	}
}

// blockType gives the type of a block, which X and Y hold as Instr says.
func (v *checker) blockType(x, y uint64) *funcType {
	code := int64(x) + 0x80
	switch {
	case int64(x) >= 0:
		return v.funcType(x)
	case code == 0x40:
		return emptyBlock
	case code == refNull || code == refSome:
		return v.valueBlock(wasm.ValType{Code: byte(code), Heap: wasm.HeapType(y)})
	}
	return shortBlocks[code&0x7f]
}

// valueBlock is the type of a block with one result in its long form. The types
// are kept: there are not more than types written in the module.
func (v *checker) valueBlock(w wasm.ValType) *funcType {
	t := v.valType(w)
	sig := v.values[t]
	if sig == nil {
		sig = &funcType{results: []valType{t}}
		v.values[t] = sig
	}
	return sig
}

// funcType gives a function type that the instruction names; the empty one if
// there is none.
func (v *checker) funcType(i uint64) *funcType {
	if i >= uint64(len(v.types)) {
		v.fail("%s: type %d of %d", v.in.Op, i, len(v.types))
	} else if sig := v.types[i].sig; sig != nil {
		return sig
	} else {
		v.fail("%s: type %d is not a function type", v.in.Op, i)
	}
	return emptyBlock
}

// block is block, loop, if and try.
func (v *checker) block() {
	v.enter(v.in.Op, v.blockType(v.in.X, v.in.Y))
}

func (v *checker) enter(op wasm.Op, sig *funcType) {
	v.popAll(sig.params)
	v.open(op, sig)
	v.pushAll(sig.params)
}

func (v *checker) end() {
	f := v.finish()
	if f.op == wasm.OpIf && !v.types.allBelow(f.sig.params, f.sig.results) {
		v.fail("type mismatch: an if without else has results that are not its parameters")
	}
	v.close()
}

func (v *checker) elseBranch() {
	f := v.finish()
	if f.op != wasm.OpIf {
		v.fail("else outside an if")
	}
	v.resume(wasm.OpElse, f.sig.params)
}

// resume goes on with another part of the innermost block.
func (v *checker) resume(op wasm.Op, operands []valType) {
	f := v.top()
	f.op, f.unreachable = op, false
	v.pushAll(operands)
}

// label gives the block that a label names, counted from the innermost one; the
// outermost if there is none.
func (v *checker) label(n uint64) *frame {
	if n >= uint64(len(v.frames)) {
		v.fail("%s: label %d of %d", v.in.Op, n, len(v.frames))
		return &v.frames[0]
	}
	return &v.frames[len(v.frames)-1-int(n)]
}

func (v *checker) br() {
	v.peekAll(v.label(v.in.X).labelTypes())
	v.never()
}

func (v *checker) brIf() {
	v.pop(i32)
	v.transfer(v.label(v.in.X).labelTypes())
}

// transfer gives the operands on the stack the types of a label that may be
// branched to.
func (v *checker) transfer(list []valType) {
	if len(list) > 0 {
		v.popAll(list)
		v.pushAll(list)
	}
}

// brTable checks every target of a br_table. The blocks must agree on the number
// of values only: on one stack each may want its own supertypes.
func (v *checker) brTable() {
	v.pop(i32)
	arity, last := -1, -1
	for n := range wasm.BrTableTargets(v.code[v.in.Imm:v.in.End]) {
		if int(n) == last {
			continue
		}
		last = int(n)
		list := v.label(uint64(n)).labelTypes()
		if arity < 0 {
			arity = len(list)
		}
		if len(list) != arity {
			v.fail("type mismatch: br_table to labels with %d and with %d values", arity, len(list))
		}
		if v.peekAll(list); v.err != nil {
			return
		}
	}
	v.never()
}

// callee gives the type of the function that the instruction names, nil if there
// is none.
func (v *checker) callee() *funcType {
	i := v.in.X
	if i >= uint64(len(v.funcs)) {
		v.fail("%s: function %d of %d", v.in.Op, i, len(v.funcs))
		return nil
	}
	return v.types[v.funcs[i]].sig
}

func (v *checker) call() {
	if sig := v.callee(); sig != nil {
		v.apply(sig)
	}
}

func (v *checker) apply(sig *funcType) {
	v.popAll(sig.params)
	v.pushAll(sig.results)
}

// tail is a call whose results are those of the function.
func (v *checker) tail(sig *funcType) {
	if want := v.frames[0].sig.results; !v.types.allBelow(sig.results, want) {
		v.fail("type mismatch: %s of a function with other results, %v for %v", v.in.Op, sig.results, want)
	}
	v.popAll(sig.params)
	v.never()
}

func (v *checker) callIndirect(call func(*funcType)) {
	t := v.table(v.in.Y)
	if v.err == nil && !v.below(t.elem, ref(heapFunc, true)) {
		v.fail("type mismatch: %s by a table of %s", v.in.Op, t.elem)
	}
	v.pop(addressType(t.is64))
	call(v.funcType(v.in.X))
}

func (v *checker) callRef(call func(*funcType)) {
	sig := v.funcType(v.in.X)
	if v.err != nil {
		return
	}
	v.pop(ref(v.types[v.in.X].canon, true))
	call(sig)
}
