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
	r      wasm.CodeReader
	known  [maxAnchors]anchor
	num    int        // of known ones
	stack  [8]operand // the last values, number i at i modulo 8
	low, n int        // the first value that is remembered, and the one past the last
}

// reach is the largest constant that an anchored local can be added to.
func reach(shift uint32) uint64 { return uint64(shift) + 0xffff }

// anchor is a local that is anchored until the block of that depth ends.
type anchor struct {
	local uint32
	depth int
}

// maxAnchors bounds the locals that are followed at a time.
const maxAnchors = 8

// operand is a value on the stack.
type operand struct {
	kind       operandKind
	local, add uint32
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
			a.low, a.n, a.num = 0, 0, 0 // the rewriter meets the error, too
			return
		}
		a.step(&in)
	}
}

// below is the value that has n others above it.
func (a *anchors) below(n int) operand {
	if i := a.n - 1 - n; i >= a.low {
		return a.stack[i%len(a.stack)]
	}
	return operand{}
}

func (a *anchors) push(v operand) {
	a.stack[a.n%len(a.stack)] = v
	a.n++
	a.low = max(a.low, a.n-len(a.stack))
}

func (a *anchors) pop(n int) { a.n = max(a.low, a.n-n) }

// forget forgets all values.
func (a *anchors) forget() { a.low, a.n = 0, 0 }

// anchored tells whether a local is.
func (a *anchors) anchored(local uint32) bool {
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
	if in.Op > 0xff {
		a.forget()
		return
	}
	switch e := &effects[in.Op]; e.what {
	case getsLocal:
		a.push(operand{kind: aLocal, local: uint32(in.X)})
	case setsLocal:
		a.pop(1)
		a.assign(uint32(in.X))
	case teesLocal:
		a.pop(1)
		a.assign(uint32(in.X))
		a.push(operand{kind: aLocal, local: uint32(in.X)})
	case constant32:
		a.push(operand{kind: aConstant, add: uint32(in.X), start: in.Start})
	case adds32:
		a.sum(in)
	case accesses:
		if in.Z == 0 {
			a.access(a.below(int(e.pops) - 1))
		}
		fallthrough
	case computes:
		a.pop(int(e.pops))
		for range e.pushes {
			a.push(operand{})
		}
	default:
		a.control(in)
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
func (a *anchors) assign(local uint32) {
	a.keep(func(k anchor) bool { return k.local != local })
	for i := a.low; i < a.n; i++ {
		if x := &a.stack[i%len(a.stack)]; x.local == local {
			x.kind = anything
		}
	}
}

// control follows what is neither of numbers nor of memory.
func (a *anchors) control(in *wasm.Instr) {
	a.forget()
	depth := a.r.Depth()
	switch in.Op {
	case wasm.OpLoop: // what follows is reached from further on, too
		a.num = 0
	case wasm.OpEnd, wasm.OpDelegate:
		a.keep(func(k anchor) bool { return k.depth <= depth })
	case wasm.OpElse, wasm.OpCatch, wasm.OpCatchAll:
		a.keep(func(k anchor) bool { return k.depth < depth })
	}
}

// access follows an access of memory 0 at an address.
func (a *anchors) access(address operand) {
	if address.kind == aLocal && a.num < maxAnchors && !a.anchored(address.local) {
		a.known[a.num] = anchor{address.local, a.r.Depth()}
		a.num++
	}
}

// sumBefore tells whether the address of an access, which has so many values
// above it, is the sum of an anchored local and of a constant in reach.
func (w *rewriter) sumBefore(access *wasm.Instr, values int) (operand, bool) {
	w.anchors.advance(access.Start)
	x := w.anchors.below(values)
	ok := x.kind == aSum && uint64(x.add) <= reach(uint32(w.shift)) && w.anchors.anchored(x.local)
	return x, ok
}

// what says what an instruction of one byte is to anchors.
type what uint8

const (
	controls what = iota // or anything that is not listed
	getsLocal
	setsLocal
	teesLocal
	constant32
	adds32
	accesses
	computes
)

// effect is what an instruction of one byte does to the stack.
type effect struct {
	what         what
	pops, pushes uint8
}

var effects = func() (effects [256]effect) {
	for i := range effects {
		if sig := wasm.Op(i).Signature(); sig != nil {
			effects[i] = effect{computes, uint8(len(sig.Params)), uint8(len(sig.Results))}
			if sig.Width > 0 {
				effects[i].what = accesses
			}
		}
	}
	effects[wasm.OpLocalGet] = effect{getsLocal, 0, 1}
	effects[wasm.OpLocalSet] = effect{setsLocal, 1, 0}
	effects[wasm.OpLocalTee] = effect{teesLocal, 1, 1}
	effects[wasm.OpI32Const].what = constant32
	effects[wasm.OpI32Add].what = adds32
	effects[wasm.OpGlobalGet] = effect{computes, 0, 1}
	effects[wasm.OpGlobalSet] = effect{computes, 1, 0}
	effects[wasm.OpDrop] = effect{computes, 1, 0}
	effects[wasm.OpSelect] = effect{computes, 3, 1}
	return effects
}()

// foldSum lets the static offset do what an addition right before the access, or
// before the one simple instruction for its value, did.
func (w *rewriter) foldSum(in *wasm.Instr) bool {
	sig := in.Op.Signature()
	if w.m.Verbatim || w.m.memory(0).Whole || sig == nil || in.Op>>16 == 0xfe || !w.addBefore(in, len(sig.Params)-1) {
		return false
	}
	x, ok := w.sumBefore(in, len(sig.Params)-1)
	if !ok || x.start < w.copied {
		return false
	}
	w.copyTo(x.start)
	w.copied = x.end
	w.grown.Peepholes -= x.end - x.start
	w.access(in, uint64(x.add))
	return true
}

// addBefore looks for an i32.const and an i32.add where those of a foldable sum
// would stand, as following the code up to here takes time. It may find what is
// none.
func (w *rewriter) addBefore(in *wasm.Instr, values int) bool {
	p := in.Start
	for range values {
		p = w.integerBefore(p) - 1 // the opcode of the value
	}
	if p < 1 || w.code[p-1] != byte(wasm.OpI32Add) {
		return false
	}
	p = w.integerBefore(p - 1)
	return p > 0 && w.code[p-1] == byte(wasm.OpI32Const)
}

// integerBefore is where a LEB128 begins that ends before p.
func (w *rewriter) integerBefore(p int) int {
	for p--; p > 0 && w.code[p-1] >= 0x80; p-- {
	}
	return p
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
