package validate

import "github.com/icsplice/icsplice/internal/wasm"

// step checks the current instruction. The cases are those that are frequent and
// have no fixed type.
func (v *checker) step() {
	in := &v.in
	if v.constant {
		v.checkConstant()
	}
	switch in.Op {
	case wasm.OpLocalGet:
		v.getLocal(in.X)
	case wasm.OpLocalSet:
		v.setLocal(in.X, false)
	case wasm.OpLocalTee:
		v.setLocal(in.X, true)
	case wasm.OpBlock, wasm.OpLoop:
		v.block()
	case wasm.OpEnd:
		v.end()
	case wasm.OpBr:
		v.br()
	case wasm.OpBrIf:
		v.brIf()
	case wasm.OpCall:
		v.call()
	case wasm.OpDrop:
		v.popAny("a value")
	case wasm.OpGlobalGet:
		v.push(v.global(in.X).typ)
	case wasm.OpGlobalSet:
		v.setGlobal(in.X)
	default:
		v.typed(opTypes.of(in.Op))
	}
}

// typed checks an instruction by its row of the table.
func (v *checker) typed(t *opType) {
	switch t.how {
	case typeOnly:
		v.fixed(t)
	case withMemarg:
		v.access(t)
	case withImmediates:
		v.immediate(t)
	default:
		v.special(&v.in)
	}
}

// immediate checks the immediates of an instruction with a fixed type.
func (v *checker) immediate(t *opType) {
	in := &v.in
	info, _ := in.Op.Info()
	switch info.Imm {
	case wasm.ImmMemargLane:
		v.checkLane(v.code[in.End-1], t.lanes)
		v.access(t)
		return
	case wasm.ImmLane:
		v.checkLane(byte(in.X), t.lanes)
	case wasm.ImmShuffle:
		for _, lane := range v.code[in.Imm:in.End] {
			v.checkLane(lane, 2*t.lanes)
		}
	case wasm.ImmMemory:
		t = addressed(in.Op, v.memory(in.X))
	case wasm.ImmDataMemory:
		t = addressed(in.Op, v.memory(in.Y))
		v.checkData(in.X)
	case wasm.ImmData:
		v.checkData(in.X)
	case wasm.ImmTable:
		t = addressed(in.Op, v.table(in.X).is64)
	case wasm.ImmElemTable:
		to := v.table(in.Y)
		v.checkElements(v.elem(in.X), to.elem)
		t = addressed(in.Op, to.is64)
	case wasm.ImmElem:
		v.elem(in.X)
	}
	v.fixed(t)
}

func (v *checker) checkLane(lane, lanes byte) {
	if lane >= lanes {
		v.fail("%s: lane %d of %d", v.in.Op, lane, lanes)
	}
}

// special checks an instruction without a fixed type that is not in step.
func (v *checker) special(in *wasm.Instr) {
	switch {
	case in.Op < 0x20 && in.Op != wasm.OpSelect && in.Op != wasm.OpSelectT:
		v.control(in)
	case in.Op < 0x100 && in.Op < wasm.OpRefNull:
		v.variable(in)
	case in.Op < 0x100:
		v.reference(in)
	case in.Op>>16 == 0xfb:
		v.gc(in)
	default:
		v.bulk(in)
	}
}

// unknown refuses an instruction of a proposal that is not covered.
func (v *checker) unknown(op wasm.Op) {
	info, _ := op.Info()
	v.fail("%s (%s proposal) is not validated: %w", op, info.Feature, wasm.ErrUnsupported)
}
