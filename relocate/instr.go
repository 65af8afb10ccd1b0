package relocate

import (
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
	case wasm.ImmNone:
		return w.simplify(in, r)
	case wasm.ImmLane, wasm.ImmF32, wasm.ImmF64, wasm.ImmV128, wasm.ImmShuffle, wasm.ImmFence:
		return nil
	case wasm.ImmLocal, wasm.ImmLabel:
		w.shorten(in)
		return nil
	case wasm.ImmI32:
		return w.constant32(in, r)
	case wasm.ImmI64:
		w.shortenConst(in)
		return nil
	case wasm.ImmMemarg, wasm.ImmMemargLane:
		return w.memarg(in, kind == wasm.ImmMemargLane)
	case wasm.ImmFunc:
		return w.call(in, r)
	case wasm.ImmTypeTable:
		return w.callIndirect(in, r)
	case wasm.ImmMemory, wasm.ImmMemoryMemory, wasm.ImmDataMemory, wasm.ImmData:
		return w.bulk(in, kind)
	case wasm.ImmTable, wasm.ImmTableTable, wasm.ImmElemTable, wasm.ImmOrderingTable:
		return w.table(in, kind)
	case wasm.ImmGlobal:
		var by []byte
		if in.Op == wasm.OpGlobalGet {
			by = w.m.Gets[in.X]
		}
		return w.substitute(in, kind, by)
	case wasm.ImmType:
		return w.typeOnly(in, r)
	}
	if kind == wasm.ImmBrTable && shortLabels(in) {
		return nil
	}
	if parts := parts[kind]; parts != nil {
		return w.numbers(in, parts)
	}
	return w.typed(in, kind)
}

// shortLabels reports whether every label of a br_table takes one byte.
func shortLabels(in *wasm.Instr) bool {
	return in.End-in.Imm == wasm.UlebSize(in.X)+int(in.X)+1
}

// shorten writes an immediate that stays in as few bytes as it takes: linkers
// of object files leave them padded to five.
func (w *rewriter) shorten(in *wasm.Instr) {
	old := in.End - in.Imm
	if old == 1 || old == wasm.UlebSize(in.X) {
		return
	}
	w.head(in)
	w.dst = wasm.AppendUleb(w.dst, in.X)
	w.grown.Integers += wasm.UlebSize(in.X) - old
}

func (w *rewriter) shortenConst(in *wasm.Instr) {
	old := in.End - in.Imm
	if old == 1 || old == slebSize(int64(in.X)) {
		return
	}
	w.head(in)
	w.dst = wasm.AppendSleb(w.dst, int64(in.X))
	w.grown.Integers += slebSize(int64(in.X)) - old
}

// slebSize is the length of the shortest signed LEB128 of v, in bytes.
func slebSize(v int64) int {
	return (bits.Len64(uint64(v^v>>63)) + 1 + 6) / 7
}

// call renumbers call, return_call and ref.func.
func (w *rewriter) call(in *wasm.Instr, r *wasm.CodeReader) error {
	var c Call
	if in.X < uint64(len(w.m.Calls)) {
		c = w.m.Calls[in.X]
	}
	if in.Op == wasm.OpCall && c.Inline != nil {
		w.replace(in, c.Inline)
	} else if err := w.numbers(in, parts[wasm.ImmFunc]); err != nil {
		return err
	}
	if in.Op == wasm.OpCall && c.MayUnwind {
		return w.check(in, r, c.Results)
	}
	return nil
}

func (w *rewriter) callIndirect(in *wasm.Instr, r *wasm.CodeReader) error {
	w.convert(in, w.m.table(in.Y).Index)
	if err := w.numbers(in, parts[wasm.ImmTypeTable]); err != nil {
		return err
	}
	if u := w.m.Unwind; in.Op == wasm.OpCallIndirect && u != nil && in.X < uint64(len(u.Indirect)) && u.Indirect[in.X] {
		return w.check(in, r, u.results(in.X))
	}
	return nil
}

// typeOnly renumbers what has a type for its only immediate.
func (w *rewriter) typeOnly(in *wasm.Instr, r *wasm.CodeReader) error {
	if err := w.numbers(in, parts[wasm.ImmType]); err != nil {
		return err
	}
	if u := w.m.Unwind; in.Op == wasm.OpCallRef && u != nil && u.Any {
		return w.check(in, r, u.results(in.X))
	}
	return nil
}
