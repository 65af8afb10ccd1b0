package relocate

import (
	"math"

	"github.com/icsplice/icsplice/internal/wasm"
)

// stopsMoved, and stopsUnmoved where no memory moves, are the instructions that a
// rewrite looks at; all others are copied, with their integers shortened. The
// Verbatim ones leave out what only simplify and constant32 have a use for.
var (
	stopsMoved, stopsUnmoved                 = makeStops(true, false), makeStops(false, false)
	stopsMovedVerbatim, stopsUnmovedVerbatim = makeStops(true, true), makeStops(false, true)
)

// stops are those for a map.
func (m *Map) stops() *wasm.OpSet {
	switch unmoved := m.unmoved(); {
	case unmoved && m.Verbatim:
		return stopsUnmovedVerbatim
	case unmoved:
		return stopsUnmoved
	case m.Verbatim:
		return stopsMovedVerbatim
	}
	return stopsMoved
}

func makeStops(moved, verbatim bool) *wasm.OpSet {
	var ops []wasm.Op
	for op := range wasm.Op(256) {
		switch plainKinds[op] {
		case wasm.ImmLocal, wasm.ImmLabel, wasm.ImmI32, wasm.ImmI64, wasm.ImmNone, wasm.ImmF32, wasm.ImmF64:
		case wasm.ImmMemarg:
			if moved {
				ops = append(ops, op)
			}
		default:
			ops = append(ops, op)
		}
	}
	ops = append(ops, wasm.OpMemoryInit, wasm.OpStructNew, wasm.OpV128Load, wasm.OpI32AtomicLoad) // all with prefixes
	if !verbatim {
		ops = append(ops, wasm.OpNop, wasm.OpI32Const, wasm.OpI64ExtendI32U)
	}
	return wasm.NewOpSet(true, ops...)
}

// simplify writes an instruction, and those after it, in fewer bytes. There are
// never more of them than before, and what they do is the same to the bit.
func (w *rewriter) simplify(in *wasm.Instr, r *wasm.CodeReader) error {
	if w.m.Verbatim {
		return nil
	}
	switch in.Op {
	case wasm.OpNop:
		w.become(in, in.End)
	case wasm.OpI64ExtendI32U:
		return w.extended(in, r)
	}
	return nil
}

// become puts code in the place of the instructions from in up to an offset.
func (w *rewriter) become(in *wasm.Instr, end int, code ...byte) {
	w.copyTo(in.Start)
	w.dst = append(w.dst, code...)
	w.copied = end
	w.grown.Peepholes += len(code) - (end - in.Start)
}

// extended looks behind i64.extend_i32_u, where Go's compiler computes addresses
// in 64 bits and then takes the lower 32: those depend on the lower ones alone.
func (w *rewriter) extended(in *wasm.Instr, r *wasm.CodeReader) error {
	peek := *r
	var next [3]wasm.Instr
	for i := range next {
		if more, err := peek.Next(&next[i]); err != nil || !more {
			return err
		}
		switch {
		case i == 0 && next[0].Op == wasm.OpI64Eqz:
			w.become(in, next[0].End, byte(wasm.OpI32Eqz))
		case i == 0 && next[0].Op == wasm.OpI32WrapI64:
			w.become(in, next[0].End)
		case i == 2 && next[2].Op == wasm.OpI32WrapI64 && w.foldExtended(in, &next, &peek):
		case i == 2 && next[2].Op == wasm.OpI32WrapI64:
			w.become(in, next[2].End)
			start := len(w.dst)
			w.constant(wasm.OpI32Const, int64(int32(next[0].X)))
			w.op(next[1].Op - wasm.OpI64Add + wasm.OpI32Add)
			w.grown.Peepholes += len(w.dst) - start
		case i == 0 && next[0].Op == wasm.OpI64Const, i == 1 && arithmetic(next[1].Op):
			continue
		default:
			return nil
		}
		*r = peek
		return nil
	}
	return nil
}

// foldExtended is foldSum for an address that Go's compiler computes: next are the
// constant, the operation and the wrapping behind i64.extend_i32_u, and r stands
// behind them. It passes what it has written.
func (w *rewriter) foldExtended(in *wasm.Instr, next *[3]wasm.Instr, r *wasm.CodeReader) bool {
	add := uint64(uint32(next[0].X))
	if next[1].Op != wasm.OpI64Add || !w.flat || w.m.memory(0).Whole || add > reach(uint32(w.shift)) {
		return false
	}
	peek := *r
	var value, access wasm.Instr
	if !nextAccess(&peek, &value, &access) || access.MemIdx || access.Y > math.MaxUint32 {
		return false
	}
	w.anchors.advance(in.Start)
	if x := w.anchors.below(0); x.kind != aLocal || !w.anchors.anchored(x.local) {
		return false
	}
	w.become(in, next[2].End)
	w.value(&value)
	w.access(&access, add)
	*r = peek
	return true
}

// arithmetic tells of an instruction on i64 whether the lower bits of its result
// depend on those of its operands alone and i32 has one like it, in its order.
func arithmetic(op wasm.Op) bool {
	return op >= wasm.OpI64Add && op <= wasm.OpI64Mul || op >= wasm.OpI64And && op <= wasm.OpI64Xor
}

// constant32 rewrites an i32.const of more than one byte. Where it is the address
// of an access, the sum of address, offset and shift may become the offset, and
// the constant 0, if that is shorter. Both sums trap alike past 2^32-1.
func (w *rewriter) constant32(in *wasm.Instr, r *wasm.CodeReader) error {
	peek := *r
	var value, access wasm.Instr
	if w.m.Verbatim || !nextAccess(&peek, &value, &access) || !w.foldAddress(in, &value, &access) {
		w.shortenConst(in)
		return nil
	}
	*r = peek
	return nil
}

// nextAccess reads an access that the address on top of the stack is for: a load,
// or a simple instruction for a value (left as it is for a load) and a store.
func nextAccess(r *wasm.CodeReader, value, access *wasm.Instr) bool {
	values := 0
	if more, err := r.Next(access); err != nil || !more {
		return false
	}
	switch access.Op {
	case wasm.OpLocalGet, wasm.OpI32Const, wasm.OpI64Const, wasm.OpF32Const, wasm.OpF64Const:
		*value, values = *access, 1
		if more, err := r.Next(access); err != nil || !more {
			return false
		}
	}
	return takes(access.Op, values)
}

// value writes the instruction that nextAccess has read, if any.
func (w *rewriter) value(in *wasm.Instr) {
	switch in.Op {
	case wasm.OpLocalGet:
		w.shorten(in)
	case wasm.OpI32Const, wasm.OpI64Const:
		w.shortenConst(in)
	}
}

// takes tells whether an instruction accesses memory with so many values above
// the address. Atomic accesses are none of those: their offset is a matter of
// alignment, too.
func takes(op wasm.Op, values int) bool {
	sig := op.Signature()
	return sig != nil && sig.Width > 0 && op>>16 != 0xfe && len(sig.Params) == 1+values && kindOf(op) == wasm.ImmMemarg
}

// foldAddress writes the address, the value if there is one, and the access,
// unless that makes nothing shorter.
func (w *rewriter) foldAddress(address, value, access *wasm.Instr) bool {
	mem := w.m.memory(access.Z)
	to, ok := w.m.Memories.Get(access.Z)
	if !ok || to == Removed || mem.Bounded || mem.Is64 || access.Y > mem.last() {
		return false
	}
	sum := uint64(uint32(address.X)) + access.Y
	if mem.Whole && sum > mem.last() {
		return false
	}
	sum = mem.moved(min(sum, mem.last()))
	kept := slebSize(int64(address.X)) + memargSize(uint64(to), mem.moved(access.Y))
	size := 1 + memargSize(uint64(to), sum)
	if size >= kept {
		return false
	}
	w.copyTo(address.Imm)
	w.dst = append(w.dst, 0)
	w.copied = address.End
	w.value(value)
	w.copyTo(access.Imm)
	w.dst = appendMemarg(w.dst, access.X, uint64(to), sum)
	w.copied = access.End
	least := slebSize(int64(address.X)) + memargSize(access.Z, access.Y)
	w.grown.Integers += least - (address.End - address.Imm) - (access.End - access.Imm)
	w.grown.Offsets += size - least
	return true
}
