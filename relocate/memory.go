package relocate

import (
	"fmt"
	"math"

	"github.com/icsplice/icsplice/internal/wasm"
)

// quick moves an access to the one memory that most modules have, and reports
// whether it is one with nothing else to it.
func (w *rewriter) quick(in *wasm.Instr) bool {
	at := in.Imm + 1 // of the offset, behind one byte of alignment
	if in.MemIdx || !w.flat || w.code[in.Imm] >= 0x20 || in.Y > math.MaxUint32 {
		return false
	}
	if w.foldSum(in) {
		return true
	}
	offset := min(in.Y+w.shift, math.MaxUint32)
	w.copyTo(at)
	w.copied = in.End
	before := len(w.dst)
	w.dst = wasm.AppendUleb(w.dst, offset)
	least := wasm.UlebSize(in.Y)
	w.grown.Integers += least - (in.End - at)
	w.grown.Offsets += len(w.dst) - before - least
	return true
}

// memarg moves an access: its memory's index and its static offset.
func (w *rewriter) memarg(in *wasm.Instr, lane bool) error {
	if !lane && w.quick(in) {
		return nil
	}
	to, err := w.index(in, memoryIndex, in.Z)
	if err != nil {
		return err
	}
	mem := w.m.memory(in.Z)
	if in.Y > mem.last() {
		return w.fail(in, fmt.Sprintf("offset %#x in a memory of 32-bit addresses", in.Y))
	}
	if mem.Bounded {
		if err := w.bound(in, &mem); err != nil {
			return err
		}
	}
	w.head(in)
	start := len(w.dst)
	w.dst = appendMemarg(w.dst, in.X, to, mem.moved(in.Y))
	least, named := memargSize(in.Z, in.Y), memargSize(to, in.Y)
	w.grown.Integers += least - (in.End - in.Imm)
	w.grown.Indices += named - least
	w.grown.Offsets += len(w.dst) - start - named
	if lane {
		w.dst = append(w.dst, w.code[in.End-1])
		w.grown.Integers++ // was counted as a part of the memarg
	}
	return nil
}

func appendMemarg(dst []byte, align, memory, offset uint64) []byte {
	if memory != 0 {
		dst = append(dst, byte(align)|0x40)
		dst = wasm.AppendUleb(dst, memory)
	} else {
		dst = append(dst, byte(align))
	}
	return wasm.AppendUleb(dst, offset)
}

// memargSize is the length of a memarg in the fewest bytes.
func memargSize(memory, offset uint64) int {
	n := 1 + wasm.UlebSize(offset)
	if memory != 0 {
		n += wasm.UlebSize(memory)
	}
	return n
}

// last is the last address that code can name.
func (m *Memory) last() uint64 {
	if m.Is64 {
		return math.MaxUint64
	}
	return math.MaxUint32
}

// moved is the offset in the output, clamped.
func (m *Memory) moved(offset uint64) uint64 {
	if last := m.last(); offset > last-uint64(m.Shift) {
		return last
	}
	return offset + uint64(m.Shift)
}

// bound puts code before an access to a bounded memory that sends its address
// out of the memory where the access would pass the memory's size. What lies
// above the address on the stack waits in locals meanwhile.
func (w *rewriter) bound(in *wasm.Instr, mem *Memory) error {
	sig := in.Op.Signature()
	if sig == nil || sig.Width == 0 {
		return w.fail(in, "cannot be bounded")
	}
	w.before(in)
	start := len(w.dst)
	w.spills.free()
	values := sig.Params[1:]
	var waiting [4]uint64
	for i := len(values) - 1; i >= 0; i-- {
		waiting[i] = w.spills.take(values[i])
		w.local(wasm.OpLocalSet, waiting[i])
	}
	w.boundAddress(mem, in.Y, uint64(sig.Width), in.Op>>16 == 0xfe)
	for i := range values {
		w.local(wasm.OpLocalGet, waiting[i])
	}
	w.grown.Bounds += len(w.dst) - start
	return nil
}

// boundCode are the instructions for one width of addresses.
type boundCode struct {
	address              byte
	constant, atMost, or wasm.Op
}

var boundCodes = map[bool]*boundCode{
	false: {wasm.I32.Code, wasm.OpI32Const, wasm.OpI32LeU, wasm.OpI32Or},
	true:  {wasm.I64.Code, wasm.OpI64Const, wasm.OpI64LeU, wasm.OpI64Or},
}

// boundAddress bounds the address on top of the stack: a becomes
// select(a, outside, a <= limit).
func (w *rewriter) boundAddress(mem *Memory, offset, width uint64, atomic bool) {
	c := boundCodes[mem.Is64]
	never := offset > mem.Bytes || width > mem.Bytes-offset
	if never && !atomic {
		w.op(wasm.OpDrop)
	}
	var address uint64
	if !never {
		address = w.spills.take(c.address)
		w.local(wasm.OpLocalTee, address)
	}
	if !never && atomic {
		w.local(wasm.OpLocalGet, address)
	}
	// An address outside of every memory of less than 65,536 pages. That of an
	// atomic access keeps its last bits, as it traps on those, too.
	if atomic {
		w.constant(c.constant, -0x10000)
		w.op(c.or)
	} else {
		w.constant(c.constant, -1)
	}
	if !never {
		w.local(wasm.OpLocalGet, address)
		w.constant(c.constant, signed(mem.Bytes-offset-width, mem.Is64))
		w.op(c.atMost)
		w.op(wasm.OpSelect)
	}
}

// signed is an address as the operand of a constant.
func signed(address uint64, is64 bool) int64 {
	if is64 {
		return int64(address)
	}
	return int64(int32(address))
}

func (w *rewriter) op(op wasm.Op) { w.dst = append(w.dst, byte(op)) }

func (w *rewriter) local(op wasm.Op, i uint64) {
	w.dst = wasm.AppendUleb(append(w.dst, byte(op)), i)
}

func (w *rewriter) constant(op wasm.Op, v int64) {
	w.dst = wasm.AppendSleb(append(w.dst, byte(op)), v)
}

// spills are locals that a body gets in addition to its own.
type spills struct {
	first uint64 // the index of the first one
	types []byte // codes of their types
	used  []bool // in the instruction at hand
}

func (s *spills) free() { clear(s.used) }

// take is the index of a local of the type that is not in use.
func (s *spills) take(typ byte) uint64 {
	for i, t := range s.types {
		if t == typ && !s.used[i] {
			s.used[i] = true
			return s.first + uint64(i)
		}
	}
	s.types = append(s.types, typ)
	s.used = append(s.used, true)
	return s.first + uint64(len(s.types)-1)
}

// bulk rewrites the instructions that name a memory or a data segment.
func (w *rewriter) bulk(in *wasm.Instr, kind wasm.Imm) error {
	var by []byte
	switch in.Op {
	case wasm.OpDataDrop:
		by = w.m.Drop[in.X]
	case wasm.OpMemorySize:
		by = w.m.memory(in.X).Size
	case wasm.OpMemoryGrow:
		by = w.m.memory(in.X).Grow
	case wasm.OpMemoryFill:
		by = w.m.memory(in.X).Fill
	case wasm.OpMemoryCopy:
		by = w.m.memory(in.X).Copy[in.Y]
	case wasm.OpMemoryInit:
		by = w.m.memory(in.Y).Init[in.X]
	case wasm.OpMemoryDiscard:
		if m := w.m.memory(in.X); m.Shift > 0 || m.Bounded {
			return w.fail(in, "a memory that is stacked has no pages of its own to discard")
		}
	}
	return w.substitute(in, kind, by)
}

// table rewrites the instructions that name a table.
func (w *rewriter) table(in *wasm.Instr, kind wasm.Imm) error {
	t := w.m.table(in.X)
	var by []byte
	switch in.Op {
	case wasm.OpTableGet:
		w.convert(in, t.Index)
	case wasm.OpTableSet:
		by = t.Set
	case wasm.OpTableSize:
		by = t.Size
	case wasm.OpTableGrow:
		by = t.Grow
	case wasm.OpTableFill:
		by = t.Fill
	case wasm.OpTableCopy:
		by = t.Copy[in.Y]
	case wasm.OpTableInit:
		by = w.m.table(in.Y).Init[in.X]
	default: // atomic ones
		if t := w.m.table(in.Y); t.Index != nil || t.Set != nil {
			return w.fail(in, "a table that is stacked has no atomic accesses")
		}
	}
	return w.substitute(in, kind, by)
}

// convert puts code before an instruction that turns the index on top of the
// stack into that of the output's table.
func (w *rewriter) convert(in *wasm.Instr, index []byte) {
	if len(index) > 0 {
		w.before(in)
		w.dst = append(w.dst, index...)
		w.grown.Bounds += len(index)
	}
}

// substitute puts code in the instruction's place, or renumbers it where the
// code is nil. Its indices are checked in any case.
func (w *rewriter) substitute(in *wasm.Instr, kind wasm.Imm, code []byte) error {
	if code == nil {
		return w.numbers(in, parts[kind])
	}
	for i, p := range parts[kind] {
		if _, err := w.index(in, p, [3]uint64{in.X, in.Y, in.Z}[i]); err != nil {
			return err
		}
	}
	w.replace(in, code)
	return nil
}
