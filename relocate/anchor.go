package relocate

import "github.com/icsplice/icsplice/internal/wasm"

// An access through a local that did not trap anchors the local: its value was
// inside of memory, and memory does not shrink. As the output's memory is shorter
// than 65,536 pages and begins Shift bytes below the input's, a sum of the local
// and of a constant up to reach(Shift) does not wrap. Such a constant may move to
// the static offset of an access, and its addition goes.
//
// anchors follows the code from its start, only as far as somebody asks. It knows
// which locals are anchored where it stands, and of the values on the stack what
// little matters.
type anchors struct {
	r     wasm.CodeReader
	known [maxAnchors]anchor
	num   int        // of known ones
	stack [8]operand // the last values; those below are forgotten
	n     int
}

// reach is the largest constant that an anchored local can be added to.
func reach(shift uint32) uint64 { return uint64(shift) + 0xffff }

// anchor is a local that is anchored until the block of that depth ends.
type anchor struct {
	local uint64
	depth int
}

// maxAnchors bounds the locals that are followed at a time.
const maxAnchors = 8

// operand is a value on the stack.
type operand struct {
	kind       operandKind
	local, add uint64
	start, end int // of the code that adds the constant
}

type operandKind uint8

const (
	anything operandKind = iota
	aLocal
	aConstant // add
	aSum      // of local and add
)

// advance goes on to an offset in the code.
func (a *anchors) advance(to int) {
	var in wasm.Instr
	for a.r.Pos() < to {
		if more, err := a.r.Next(&in); err != nil || !more {
			a.n, a.num = 0, 0 // the rewriter meets the error, too
			return
		}
		a.step(&in)
	}
}

// below is the value that has n others above it.
func (a *anchors) below(n int) operand {
	if n >= a.n {
		return operand{}
	}
	return a.stack[a.n-1-n]
}

func (a *anchors) push(v operand) {
	if a.n == len(a.stack) {
		copy(a.stack[:], a.stack[1:])
		a.n--
	}
	a.stack[a.n] = v
	a.n++
}

func (a *anchors) pop(n int) { a.n = max(0, a.n-n) }

// anchored tells whether a local is.
func (a *anchors) anchored(local uint64) bool {
	for _, k := range a.known[:a.num] {
		if k.local == local {
			return true
		}
	}
	return false
}

// keep leaves only the anchors that hold.
func (a *anchors) keep(holds func(anchor) bool) {
	n := 0
	for _, k := range a.known[:a.num] {
		if holds(k) {
			a.known[n] = k
			n++
		}
	}
	a.num = n
}

// step follows one instruction.
func (a *anchors) step(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpLocalGet:
		a.push(operand{kind: aLocal, local: in.X})
	case wasm.OpLocalSet:
		a.pop(1)
		a.assign(in.X)
	case wasm.OpLocalTee:
		a.assign(in.X)
		a.pop(1)
		a.push(operand{kind: aLocal, local: in.X})
	case wasm.OpI32Const:
		a.push(operand{kind: aConstant, add: uint64(uint32(in.X)), start: in.Start})
	case wasm.OpI32Add:
		a.sum(in)
	case wasm.OpGlobalGet:
		a.push(operand{})
	case wasm.OpGlobalSet, wasm.OpDrop:
		a.pop(1)
	default:
		a.other(in)
	}
}

// sum follows i32.add. The constant stands right before it.
func (a *anchors) sum(in *wasm.Instr) {
	x, y := a.below(1), a.below(0)
	a.pop(2)
	if x.kind == aLocal && y.kind == aConstant {
		a.push(operand{kind: aSum, local: x.local, add: y.add, start: y.start, end: in.End})
	} else {
		a.push(operand{})
	}
}

// assign forgets what was known of a local.
func (a *anchors) assign(local uint64) {
	a.keep(func(k anchor) bool { return k.local != local })
	for i := range a.stack[:a.n] {
		if a.stack[i].local == local {
			a.stack[i].kind = anything
		}
	}
}

// other follows control, accesses and all the rest.
func (a *anchors) other(in *wasm.Instr) {
	depth := a.r.Depth()
	switch in.Op {
	case wasm.OpLoop: // what follows is reached from further on, too
		a.n, a.num = 0, 0
	case wasm.OpEnd, wasm.OpDelegate:
		a.n = 0
		a.keep(func(k anchor) bool { return k.depth <= depth })
	case wasm.OpElse, wasm.OpCatch, wasm.OpCatchAll:
		a.n = 0
		a.keep(func(k anchor) bool { return k.depth < depth })
	default:
		sig := in.Op.Signature()
		if sig == nil {
			a.n = 0
			return
		}
		if sig.Width > 0 && in.Z == 0 {
			a.access(a.below(len(sig.Params)-1), depth)
		}
		a.pop(len(sig.Params))
		for range sig.Results {
			a.push(operand{})
		}
	}
}

// access follows an access of memory 0 at an address.
func (a *anchors) access(address operand, depth int) {
	if address.kind == aLocal && a.num < maxAnchors && !a.anchored(address.local) {
		a.known[a.num] = anchor{address.local, depth}
		a.num++
	}
}

// sumBefore tells whether the address of an access, which has so many values
// above it, is the sum of an anchored local and of a constant in reach.
func (w *rewriter) sumBefore(access *wasm.Instr, values int) (operand, bool) {
	w.anchors.advance(access.Start)
	x := w.anchors.below(values)
	ok := x.kind == aSum && x.add <= reach(uint32(w.shift)) && w.anchors.anchored(x.local)
	return x, ok
}

// foldSum lets the static offset do what an addition right before the access, or
// before the one simple instruction for its value, did.
func (w *rewriter) foldSum(in *wasm.Instr) bool {
	sig := in.Op.Signature()
	if w.m.Verbatim || sig == nil || in.Op>>16 == 0xfe || !w.addBefore(in, len(sig.Params)-1) {
		return false
	}
	x, ok := w.sumBefore(in, len(sig.Params)-1)
	if !ok || x.start < w.copied {
		return false
	}
	w.copyTo(x.start)
	w.copied = x.end
	w.grown.Peepholes -= x.end - x.start
	w.access(in, x.add)
	return true
}

// addBefore looks for an i32.add where that of a foldable sum would stand. It may
// find what is none.
func (w *rewriter) addBefore(in *wasm.Instr, values int) bool {
	p := in.Start
	for range values {
		for p--; p > 0 && w.code[p-1] >= 0x80; p-- {
		}
		p-- // the opcode of the value
	}
	return p > 0 && w.code[p-1] == byte(wasm.OpI32Add)
}

// access writes an access of the flat memory with an addition to its offset.
func (w *rewriter) access(in *wasm.Instr, add uint64) {
	w.copyTo(in.Imm)
	w.copied = in.End
	start := len(w.dst)
	w.dst = appendMemarg(w.dst, in.X, 0, min(in.Y+add+w.shift, 1<<32-1))
	least := memargSize(0, in.Y)
	w.grown.Integers += least - (in.End - in.Imm)
	w.grown.Offsets += len(w.dst) - start - least
}
