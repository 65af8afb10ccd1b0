package canister

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// pointKind says what is inserted into a body.
type pointKind byte

const (
	segmentStart   pointKind = iota // charge for the segment
	reentrantStart                  // and check the limit: function entry, loop head
	sizeCharge                      // charge for the size operand on the stack
	sizeChargeFuel                  // and count its bytes as operators
	irreversible                    // note a change that cannot be taken back
)

// point is a place in the code where something is inserted.
type point struct {
	at        int // offset in the code
	kind      pointKind
	cost      uint64 // instructions of the segment
	operators uint64 // operators of the segment, as wasmtime counts
}

// segments finds the points of one body in the order of their places. refs
// says of each global whether it holds a reference.
func segments(code []byte, base int, refs []bool) (points []point, ops uint64, err error) {
	points = []point{{kind: reentrantStart, cost: functionCost, operators: 1}}
	current := 0
	r := wasm.NewCodeReader(code, base)
	var in wasm.Instr
	for {
		more, err := r.Next(&in)
		if err != nil || !more {
			return points, ops, err
		}
		ops++
		points[current].cost += opCost(in.Op)
		points[current].operators += operators(in.Op)
		switch in.Op {
		case wasm.OpLoop:
			current = len(points)
			points = append(points, point{at: in.End, kind: reentrantStart})
		case wasm.OpIf, wasm.OpElse, wasm.OpEnd, wasm.OpBr, wasm.OpBrIf, wasm.OpBrTable,
			wasm.OpReturn, wasm.OpUnreachable, wasm.OpReturnCall, wasm.OpReturnCallIndirect:
			current = len(points)
			points = append(points, point{at: in.End, kind: segmentStart})
		default:
			points = appendExtras(points, &in, refs)
		}
	}
}

// appendExtras adds what is inserted right before an instruction.
func appendExtras(points []point, in *wasm.Instr, refs []bool) []point {
	switch in.Op {
	case wasm.OpMemoryCopy, wasm.OpMemoryFill:
		points = append(points, point{at: in.Start, kind: sizeChargeFuel})
	case wasm.OpMemoryInit, wasm.OpTableInit, wasm.OpTableCopy, wasm.OpTableFill:
		points = append(points, point{at: in.Start, kind: sizeCharge})
	}
	switch in.Op {
	case wasm.OpTableSet, wasm.OpTableGrow, wasm.OpTableFill, wasm.OpTableCopy,
		wasm.OpTableInit, wasm.OpDataDrop, wasm.OpElemDrop:
		points = append(points, point{at: in.Start, kind: irreversible})
	case wasm.OpGlobalSet:
		if in.X < uint64(len(refs)) && refs[in.X] {
			points = append(points, point{at: in.Start, kind: irreversible})
		}
	}
	return points
}

func (in *instrumenter) rewriteBodies(n int) error {
	for i := range n {
		body := in.module.Code[i]
		_, code, base, err := body.Locals()
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
		points, ops, err := segments(code, base, in.references)
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
		in.operators += ops
		locals := body.Bytes[:len(body.Bytes)-len(code)]
		in.module.Code[i].Bytes = in.emit(locals, code, points)
	}
	return nil
}

// emit writes a body anew with the points put in.
func (in *instrumenter) emit(locals, code []byte, points []point) []byte {
	out := make([]byte, 0, len(locals)+len(code)+24*len(points))
	out = append(out, locals...)
	done := 0
	for i := range points {
		out = append(out, code[done:points[i].at]...)
		done = points[i].at
		out = in.emitPoint(out, &points[i])
	}
	return append(out, code[done:]...)
}

func (in *instrumenter) emitPoint(b []byte, p *point) []byte {
	switch p.kind {
	case sizeCharge:
		in.operators++
		return op(b, wasm.OpCall, in.charge)
	case sizeChargeFuel:
		in.operators++
		return op(b, wasm.OpCall, in.chargeFuel)
	case irreversible:
		b = append(b, byte(wasm.OpI32Const), 1)
		return op(b, wasm.OpGlobalSet, in.irreversible)
	}
	return in.emitSegment(b, p)
}

// The operators that the IC itself would insert, for the cost of compilation.
const (
	segmentOperators = 4
	checkOperators   = 6
)

func (in *instrumenter) emitSegment(b []byte, p *point) []byte {
	if p.cost > 0 || p.kind == reentrantStart {
		in.operators += segmentOperators
	}
	if p.cost > 0 {
		b = emitAdd(b, in.left, wasm.OpI64Sub, p.cost)
	}
	if in.countsFuel && p.operators > 0 {
		b = emitAdd(b, in.fuel, wasm.OpI64Add, p.operators)
	}
	if p.kind == reentrantStart {
		in.operators += checkOperators
		b = in.emitCheck(b)
	}
	return b
}

// emitAdd adds n to a global, or subtracts it.
func emitAdd(b []byte, global uint32, o wasm.Op, n uint64) []byte {
	b = op(b, wasm.OpGlobalGet, global)
	b = wasm.AppendSleb(append(b, byte(wasm.OpI64Const)), int64(n))
	b = append(b, byte(o))
	return op(b, wasm.OpGlobalSet, global)
}
