package relocate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// part is what one number among the immediates of an instruction stands for.
type part uint8

const (
	plain part = iota // a label, a local or a count, which stays
	memoryOrder
	typeIndex
	funcIndex
	tableIndex
	memoryIndex
	globalIndex
	tagIndex
	elemIndex
	dataIndex
)

var partNames = [...]string{
	typeIndex: "type", funcIndex: "function", tableIndex: "table", memoryIndex: "memory",
	globalIndex: "global", tagIndex: "tag", elemIndex: "element segment", dataIndex: "data segment",
}

// parts are the numbers of those kinds of immediates that are nothing else.
var parts = [256][]part{
	wasm.ImmLabel: {plain}, wasm.ImmLocal: {plain}, wasm.ImmFunc: {funcIndex}, wasm.ImmType: {typeIndex},
	wasm.ImmTable: {tableIndex}, wasm.ImmGlobal: {globalIndex}, wasm.ImmTag: {tagIndex},
	wasm.ImmMemory: {memoryIndex}, wasm.ImmData: {dataIndex}, wasm.ImmElem: {elemIndex},
	wasm.ImmTypeTable: {typeIndex, tableIndex}, wasm.ImmTableTable: {tableIndex, tableIndex},
	wasm.ImmMemoryMemory: {memoryIndex, memoryIndex}, wasm.ImmDataMemory: {dataIndex, memoryIndex},
	wasm.ImmElemTable: {elemIndex, tableIndex}, wasm.ImmTypeField: {typeIndex, plain},
	wasm.ImmTypeN: {typeIndex, plain}, wasm.ImmTypeData: {typeIndex, dataIndex},
	wasm.ImmTypeElem: {typeIndex, elemIndex}, wasm.ImmTypeType: {typeIndex, typeIndex},
	wasm.ImmTypeTag: {typeIndex, tagIndex}, wasm.ImmOrderingGlobal: {memoryOrder, globalIndex},
	wasm.ImmOrderingTable: {memoryOrder, tableIndex}, wasm.ImmOrderingType: {memoryOrder, typeIndex},
	wasm.ImmOrderingField: {memoryOrder, typeIndex, plain},
}

// space is the index space of a part, nil where the number stays.
func (m *Map) space(p part) *Space {
	switch p {
	case typeIndex:
		return &m.Types
	case funcIndex:
		return &m.Funcs
	case tableIndex:
		return &m.Tables
	case memoryIndex:
		return &m.Memories
	case globalIndex:
		return &m.Globals
	case tagIndex:
		return &m.Tags
	case elemIndex:
		return &m.Elems
	case dataIndex:
		return &m.Datas
	}
	return nil
}

// index is the new number of i, an immediate of in.
func (w *rewriter) index(in *wasm.Instr, p part, i uint64) (uint64, error) {
	s := w.m.space(p)
	if s == nil {
		return i, nil
	}
	to, ok := s.Get(i)
	if !ok || to == Removed {
		return 0, w.fail(in, fmt.Sprintf("%s %d does not exist in its module", partNames[p], i))
	}
	return uint64(to), nil
}

// numbers renumbers immediates that are numbers and nothing else.
func (w *rewriter) numbers(in *wasm.Instr, parts []part) error {
	from := [3]uint64{in.X, in.Y, in.Z}
	var to [3]uint64
	least, size := 0, 0 // in bytes, of the old and the new numbers
	for i, p := range parts {
		var err error
		if to[i], err = w.index(in, p, from[i]); err != nil {
			return err
		}
		least += wasm.UlebSize(from[i])
		size += wasm.UlebSize(to[i])
	}
	if to == from && size == in.End-in.Imm {
		return nil
	}
	w.head(in)
	for _, v := range to[:len(parts)] {
		w.dst = wasm.AppendUleb(w.dst, v)
	}
	w.grown.Integers += least - (in.End - in.Imm)
	w.grown.Indices += size - least
	return nil
}

// HeapType is the type renumbered. It is false where the type does not exist.
func (m *Map) HeapType(h wasm.HeapType) (wasm.HeapType, bool) {
	if h < 0 {
		return h, true
	}
	to, ok := m.Types.Get(uint64(h))
	return wasm.HeapType(to), ok && to != Removed
}

// ValType is the type with its heap type renumbered, as HeapType.
func (m *Map) ValType(t wasm.ValType) (wasm.ValType, bool) {
	if t.Code != codeRefNull && t.Code != codeRef {
		return t, true
	}
	h, ok := m.HeapType(t.Heap)
	return wasm.ValType{Code: t.Code, Heap: h}, ok
}

// The codes of reference types that spell out their heap type.
const (
	codeRefNull = 0x63
	codeRef     = 0x64
)

// typed rewrites the immediates that hold types or vectors. They are written
// anew whole, and taken back where nothing has changed.
func (w *rewriter) typed(in *wasm.Instr, kind wasm.Imm) error {
	t := typedImm{m: w.m, imm: w.code[in.Imm:in.End], out: w.scratch[:0]}
	t.write(in, kind)
	w.scratch = t.out
	if t.what != "" {
		return w.fail(in, t.what)
	}
	if string(t.out) == string(t.imm) {
		return nil
	}
	w.head(in)
	w.dst = append(w.dst, t.out...)
	w.grown.Indices += len(t.out) - len(t.imm)
	return nil
}

// typedImm writes the immediates of one instruction anew.
type typedImm struct {
	m        *Map
	imm, out []byte
	what     string // what does not exist, if anything
}

func (t *typedImm) write(in *wasm.Instr, kind wasm.Imm) {
	switch kind {
	case wasm.ImmBlockType:
		t.block(in.X, in.Y)
	case wasm.ImmHeapType:
		t.heap(wasm.HeapType(in.X))
	case wasm.ImmValTypes:
		t.uleb(in.X)
		for v := range wasm.ValTypeVec(t.imm) {
			t.val(v)
		}
	case wasm.ImmBrTable:
		t.uleb(in.X)
		for label := range wasm.BrTableTargets(t.imm) {
			t.uleb(uint64(label))
		}
	case wasm.ImmTryTable:
		t.block(in.Y, in.Z)
		t.uleb(in.X)
		for c := range wasm.TryTableCatches(t.imm) {
			if c.Kind <= wasm.CatchTagRef {
				c.Tag = wasm.TagIndex(t.index(tagIndex, uint64(c.Tag)))
			}
			t.out = c.Append(t.out)
		}
	case wasm.ImmBrOnCast:
		from, to := wasm.CastTypes(t.imm)
		t.out = append(t.out, byte(in.X))
		t.uleb(in.Y)
		t.heap(from)
		t.heap(to)
	case wasm.ImmResume:
		t.uleb(t.index(typeIndex, in.X))
		t.handlers(in.Y, kind)
	case wasm.ImmResumeThrow:
		t.uleb(t.index(typeIndex, in.X))
		t.uleb(t.index(tagIndex, in.Y))
		t.handlers(in.Z, kind)
	default:
		t.what = "cannot be relocated"
	}
}

func (t *typedImm) handlers(n uint64, kind wasm.Imm) {
	t.uleb(n)
	for h := range wasm.ResumeHandlers(t.imm, kind) {
		h.Tag = wasm.TagIndex(t.index(tagIndex, uint64(h.Tag)))
		t.out = h.Append(t.out)
	}
}

func (t *typedImm) uleb(v uint64) { t.out = wasm.AppendUleb(t.out, v) }

func (t *typedImm) index(p part, i uint64) uint64 {
	to, ok := t.m.space(p).Get(i)
	if !ok || to == Removed {
		t.what = fmt.Sprintf("%s %d does not exist in its module", partNames[p], i)
	}
	return uint64(to)
}

func (t *typedImm) heap(h wasm.HeapType) {
	if h >= 0 {
		h = wasm.HeapType(t.index(typeIndex, uint64(h)))
	}
	t.out = wasm.AppendSleb(t.out, int64(h))
}

func (t *typedImm) val(v wasm.ValType) {
	if v.Code == codeRefNull || v.Code == codeRef {
		t.out = append(t.out, v.Code)
		t.heap(v.Heap)
		return
	}
	t.out = append(t.out, v.Code)
}

// block writes a block type as Instr holds it.
func (t *typedImm) block(x, y uint64) {
	if i := int64(x); i >= 0 {
		t.heap(wasm.HeapType(i))
		return
	}
	t.val(wasm.ValType{Code: byte(x) & 0x7f, Heap: wasm.HeapType(y)})
}
