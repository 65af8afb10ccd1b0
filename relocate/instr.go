package relocate

import (
	"fmt"
	"math/bits"

	"github.com/icsplice/icsplice/internal/wasm"
)

// plainKinds holds the kinds of the instructions of one byte, which are nearly
// all, where a look-up costs least.
var plainKinds = func() (kinds [256]wasm.Imm) {
	for op := range kinds {
		info, _ := wasm.Op(op).Info()
		kinds[op] = info.Imm
	}
	return kinds
}()

// kindOf is the kind of an instruction that the CodeReader has read.
func kindOf(op wasm.Op) wasm.Imm {
	if op < 256 {
		return plainKinds[op]
	}
	info, _ := op.Info()
	return info.Imm
}

// instr rewrites one instruction, or leaves it to be copied.
func (w *rewriter) instr(in *wasm.Instr, r *wasm.CodeReader) error {
	kind := kindOf(in.Op)
	switch kind {
	case wasm.ImmNone, wasm.ImmBrTable, wasm.ImmLane, wasm.ImmF32, wasm.ImmF64, wasm.ImmV128, wasm.ImmShuffle, wasm.ImmFence:
		return nil
	case wasm.ImmLocal, wasm.ImmLabel:
		w.shorten(in, in.X)
		return nil
	case wasm.ImmI32, wasm.ImmI64:
		w.shortenConst(in)
		return nil
	case wasm.ImmMemarg, wasm.ImmMemargLane:
		return w.memarg(in, kind == wasm.ImmMemargLane)
	case wasm.ImmFunc:
		return w.call(in, r)
	case wasm.ImmTypeTable:
		return w.callIndirect(in, r)
	case wasm.ImmMemory, wasm.ImmMemoryMemory, wasm.ImmDataMemory, wasm.ImmData:
		return w.memory(in)
	case wasm.ImmBlockType, wasm.ImmHeapType, wasm.ImmValTypes:
		return w.types(in, kind)
	case wasm.ImmGlobal:
		if code := code(w.m.Gets, in.X); code != nil && in.Op == wasm.OpGlobalGet {
			w.replace(in, code)
			return nil
		}
		return w.index(in, &w.m.Globals, in.X, "global")
	case wasm.ImmTable:
		return w.index(in, &w.m.Tables, in.X, "table")
	case wasm.ImmElem:
		return w.index(in, &w.m.Elems, in.X, "element segment")
	case wasm.ImmTag:
		return w.index(in, &w.m.Tags, in.X, "tag")
	case wasm.ImmTableTable:
		return w.pair(in, &w.m.Tables, "table", &w.m.Tables, "table")
	case wasm.ImmElemTable:
		return w.pair(in, &w.m.Elems, "element segment", &w.m.Tables, "table")
	}
	return w.other(in, r, kind)
}

// index renumbers the one index of an instruction.
func (w *rewriter) index(in *wasm.Instr, s *Space, from uint64, what string) error {
	to, ok := s.Get(from)
	if !ok || to == Removed {
		return w.outOfRange(in, what, from)
	}
	if uint64(to) != from {
		w.one(in, uint64(to))
	} else {
		w.shorten(in, from)
	}
	return nil
}

// one writes the instruction with v as its only immediate.
func (w *rewriter) one(in *wasm.Instr, v uint64) {
	w.flush(in)
	w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
	w.dst = wasm.AppendUleb(w.dst, v)
}

// shorten writes an immediate that stays in as few bytes as it takes: linkers
// of object files leave them padded to five.
func (w *rewriter) shorten(in *wasm.Instr, v uint64) {
	if n := in.End - in.Imm; n > 1 && n != wasm.UlebSize(v) {
		w.one(in, v)
	}
}

func (w *rewriter) shortenConst(in *wasm.Instr) {
	if n := in.End - in.Imm; n == 1 || n == slebSize(int64(in.X)) {
		return
	}
	w.flush(in)
	w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
	w.dst = wasm.AppendSleb(w.dst, int64(in.X))
}

// slebSize is the length of the shortest signed LEB128 of v, in bytes.
func slebSize(v int64) int {
	return (bits.Len64(uint64(v^v>>63)) + 1 + 6) / 7
}

// pair renumbers both indices of an instruction.
func (w *rewriter) pair(in *wasm.Instr, xs *Space, xwhat string, ys *Space, ywhat string) error {
	x, ok := xs.Get(in.X)
	if !ok || x == Removed {
		return w.outOfRange(in, xwhat, in.X)
	}
	y, ok := ys.Get(in.Y)
	if !ok || y == Removed {
		return w.outOfRange(in, ywhat, in.Y)
	}
	if uint64(x) != in.X || uint64(y) != in.Y || in.End-in.Imm > wasm.UlebSize(in.X)+wasm.UlebSize(in.Y) {
		w.flush(in)
		w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
		w.dst = wasm.AppendUleb(w.dst, uint64(x))
		w.dst = wasm.AppendUleb(w.dst, uint64(y))
	}
	return nil
}

func (w *rewriter) outOfRange(in *wasm.Instr, what string, i uint64) error {
	return w.fail(in, fmt.Sprintf("%s %d does not exist in its module", what, i))
}

// memarg shifts a static offset.
func (w *rewriter) memarg(in *wasm.Instr, lane bool) error {
	if _, ok := w.m.Memories.Get(in.Z); !ok {
		return w.outOfRange(in, "memory", in.Z)
	}
	if in.Z != 0 {
		return w.fail(in, fmt.Sprintf("memory %d: only one memory can be relocated", in.Z))
	}
	mem := w.m.memory(in.Z)
	if mem.Shift == 0 {
		return nil
	}
	offset := min(in.Y+uint64(mem.Shift), 1<<32-1)
	w.flush(in)
	w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
	w.dst = wasm.AppendUleb(w.dst, in.X)
	w.dst = wasm.AppendUleb(w.dst, offset)
	if lane {
		w.dst = append(w.dst, w.code[in.End-1])
	}
	return nil
}

// memory rewrites the instructions that name a memory or a data segment.
func (w *rewriter) memory(in *wasm.Instr) error {
	if in.Op == wasm.OpDataDrop {
		return w.segment(in, w.m.Drop)
	}
	if err := w.onlyMemory(in); err != nil {
		return err
	}
	mem := w.m.memory(0)
	switch in.Op {
	case wasm.OpMemorySize:
		return w.substitute(in, mem.Size)
	case wasm.OpMemoryGrow:
		return w.substitute(in, mem.Grow)
	case wasm.OpMemoryCopy:
		return w.substitute(in, code(mem.Copy, 0))
	case wasm.OpMemoryFill:
		return w.substitute(in, mem.Fill)
	case wasm.OpMemoryInit:
		return w.segment(in, mem.Init)
	}
	return w.fail(in, "cannot be relocated")
}

// onlyMemory refuses memories other than 0.
func (w *rewriter) onlyMemory(in *wasm.Instr) error {
	indices := [2]uint64{in.X, in.Y}
	if in.Op == wasm.OpMemoryInit {
		indices[0] = 0
	}
	for _, i := range indices {
		if i != 0 {
			return w.fail(in, fmt.Sprintf("memory %d: only one memory can be relocated", i))
		}
	}
	if _, ok := w.m.Memories.Get(0); !ok {
		return w.outOfRange(in, "memory", 0)
	}
	return nil
}

func (w *rewriter) substitute(in *wasm.Instr, code []byte) error {
	if code != nil {
		w.replace(in, code)
	}
	return nil
}

// segment substitutes or renumbers an instruction on data segment X.
func (w *rewriter) segment(in *wasm.Instr, by [][]byte) error {
	to, ok := w.m.Datas.Get(in.X)
	if !ok || to == Removed {
		return w.outOfRange(in, "data segment", in.X)
	}
	if code := code(by, in.X); code != nil {
		w.replace(in, code)
		return nil
	}
	if uint64(to) == in.X {
		return nil
	}
	w.flush(in)
	w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
	w.dst = wasm.AppendUleb(w.dst, uint64(to))
	if in.Op == wasm.OpMemoryInit {
		w.dst = append(w.dst, 0)
	}
	return nil
}

// call renumbers call, return_call and ref.func.
func (w *rewriter) call(in *wasm.Instr, r *wasm.CodeReader) error {
	var c Call
	if in.X < uint64(len(w.m.Calls)) {
		c = w.m.Calls[in.X]
	}
	if in.Op == wasm.OpCall && c.Inline != nil {
		w.replace(in, c.Inline)
	} else if err := w.index(in, &w.m.Funcs, in.X, "function"); err != nil {
		return err
	}
	if in.Op == wasm.OpCall && c.MayUnwind {
		return w.check(in, r)
	}
	return nil
}

func (w *rewriter) callIndirect(in *wasm.Instr, r *wasm.CodeReader) error {
	if err := w.pair(in, &w.m.Types, "type", &w.m.Tables, "table"); err != nil {
		return err
	}
	if u := w.m.Unwind; in.Op == wasm.OpCallIndirect && u != nil && u.Indirect[in.X] {
		return w.check(in, r)
	}
	return nil
}

// check adds the test of the unwinding flag behind a call.
func (w *rewriter) check(in *wasm.Instr, r *wasm.CodeReader) error {
	peek, next := *r, wasm.Instr{}
	if _, err := peek.Next(&next); err != nil {
		return err
	}
	if w.exit.skipsCheck(r.Depth(), &next) {
		return nil
	}
	if w.checked == nil {
		var err error
		if w.checked, err = w.m.Unwind.check(w.results, &w.m.Types); err != nil {
			return w.fail(in, err.Error())
		}
	}
	w.dst = append(w.dst, w.code[w.copied:in.End]...)
	w.copied = in.End
	w.dst = append(w.dst, w.checked...)
	return nil
}
