package relocate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// types rewrites block types, heap types and the types of select.
func (w *rewriter) types(in *wasm.Instr, imm wasm.Imm) error {
	switch imm {
	case wasm.ImmBlockType:
		return w.blockType(in)
	case wasm.ImmHeapType:
		if int64(in.X) < 0 {
			return nil
		}
		return w.signedType(in, in.X)
	}
	return w.valTypes(in)
}

// blockType renumbers a type index or the heap type inside a reference type.
func (w *rewriter) blockType(in *wasm.Instr) error {
	if int64(in.X) >= 0 {
		return w.signedType(in, in.X)
	}
	const refNull, ref = -0x1d, -0x1c // 0x63 and 0x64 as s33
	if x := int64(in.X); (x == refNull || x == ref) && int64(in.Y) >= 0 {
		return w.unmoved(in, in.Y)
	}
	return nil
}

// signedType renumbers an s33 type index that is the whole immediate.
func (w *rewriter) signedType(in *wasm.Instr, i uint64) error {
	to, ok := w.m.Types.Get(i)
	if !ok || to == Removed {
		return w.outOfRange(in, "type", i)
	}
	if uint64(to) != i {
		w.flush(in)
		w.dst = append(w.dst, w.code[in.Start:in.Imm]...)
		w.dst = wasm.AppendSleb(w.dst, int64(to))
	}
	return nil
}

// valTypes checks the types of a typed select.
func (w *rewriter) valTypes(in *wasm.Instr) error {
	for t := range wasm.ValTypeVec(w.code[in.Imm:in.End]) {
		if t.Heap >= 0 && (t.Code == 0x63 || t.Code == 0x64) {
			if err := w.unmoved(in, uint64(t.Heap)); err != nil {
				return err
			}
		}
	}
	return nil
}

// unmoved refuses a type index that would have to change where this package
// can only copy.
func (w *rewriter) unmoved(in *wasm.Instr, i uint64) error {
	to, ok := w.m.Types.Get(i)
	if !ok || to == Removed {
		return w.outOfRange(in, "type", i)
	}
	if uint64(to) != i {
		return w.fail(in, fmt.Sprintf("type %d moves to %d, which is not supported here", i, to))
	}
	return nil
}

// other handles the instructions of proposals whose type, tag and field
// indices can be kept but not moved.
func (w *rewriter) other(in *wasm.Instr, r *wasm.CodeReader, kind wasm.Imm) error {
	if !w.m.Types.identity || !w.m.Tags.identity || !w.m.Elems.identity || !w.m.Datas.identity {
		return w.fail(in, "instruction cannot be renumbered")
	}
	switch in.Op {
	case wasm.OpCallRef:
		if u := w.m.Unwind; u != nil && u.Any {
			return w.check(in, r)
		}
	case wasm.OpTryTable:
		return w.tryTable(in)
	}
	switch kind {
	case wasm.ImmType, wasm.ImmTypeField, wasm.ImmTypeN, wasm.ImmTypeType, wasm.ImmTypeData, wasm.ImmTypeElem:
		if _, ok := w.m.Types.Get(in.X); !ok {
			return w.outOfRange(in, "type", in.X)
		}
	}
	return nil
}

// tryTable checks the tags of a try_table, which stays as it is.
func (w *rewriter) tryTable(in *wasm.Instr) error {
	for c := range wasm.TryTableCatches(w.code[in.Imm:in.End]) {
		if c.Kind > wasm.CatchTagRef {
			continue // catches all
		}
		if _, ok := w.m.Tags.Get(uint64(c.Tag)); !ok {
			return w.outOfRange(in, "tag", uint64(c.Tag))
		}
	}
	return nil
}
