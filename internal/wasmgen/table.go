package wasmgen

import "github.com/icsplice/icsplice/internal/wasm"

// slot pushes an index into a table: mostly inside, sometimes at its end or
// outside.
func (b *body) slot(table int) {
	n := int(b.space[wasm.ExternTable][table].table.Limits.Min)
	switch b.intn(32) {
	case 29:
		b.op(wasm.OpI32Const).s32(n)
	case 30:
		b.op(wasm.OpI32Const).s32(int(int32(b.uint32())))
	case 31:
		b.expr(wasm.I32)
	case 25, 26, 27, 28:
		b.expr(wasm.I32)
		b.op(wasm.OpI32Const).s32(3)
		b.op(wasm.OpI32And)
	default:
		b.op(wasm.OpI32Const).s32(b.intn(max(n, 1)))
	}
}

// table draws a table; false if there is none that instructions may touch.
func (b *body) table() (int, wasm.ValType, bool) {
	n := len(b.space[wasm.ExternTable])
	if n == 0 || !b.has(wasm.FeatureReferenceTypes) {
		return 0, wasm.ValType{}, false
	}
	i := b.intn(n)
	return i, b.space[wasm.ExternTable][i].table.Elem, true
}

func (b *body) tableSize() bool {
	i, _, ok := b.table()
	if ok {
		b.op(wasm.OpTableSize).u32(i)
	}
	return ok
}

// tableGet pushes a reference from a table.
func (b *body) tableGet(t wasm.ValType) bool {
	if !b.has(wasm.FeatureReferenceTypes) {
		return false
	}
	list := b.find(wasm.ExternTable, func(e *entity) bool { return b.pool.matches(e.table.Elem, t) })
	if len(list) == 0 {
		return false
	}
	i := pick(&b.source, list)
	b.slot(i)
	b.op(wasm.OpTableGet).u32(i)
	return true
}

// tableWrite sets, fills or grows.
func (b *body) tableWrite() {
	i, elem, ok := b.table()
	if !ok {
		b.setLocal()
		return
	}
	switch b.intn(4) {
	case 0, 1:
		b.slot(i)
		b.expr(elem)
		b.op(wasm.OpTableSet).u32(i)
	case 2:
		b.slot(i)
		b.expr(elem)
		b.op(wasm.OpI32Const).s32(b.intn(5))
		b.op(wasm.OpTableFill).u32(i)
	default:
		b.tableGrow(i, elem)
	}
}

// tableGrow grows a table that is not large yet. Where it has no maximum, only
// an engine's memory would set one, so that it does not ask for too much.
func (b *body) tableGrow(i int, elem wasm.ValType) {
	b.op(wasm.OpTableSize).u32(i)
	b.op(wasm.OpI32Const).s32(maxSlots)
	b.op(wasm.OpI32LtU)
	b.openTyped(wasm.OpIf, typeVoid, nil)
	b.expr(elem)
	if b.oneIn(4) && b.space[wasm.ExternTable][i].table.Limits.HasMax {
		b.op(wasm.OpI32Const).s32(-1 - b.intn(3))
	} else {
		b.op(wasm.OpI32Const).s32(b.intn(4))
	}
	b.op(wasm.OpTableGrow).u32(i)
	b.consume([]wasm.ValType{wasm.I32})
	b.close()
}

// tableBulk copies, initialises or drops.
func (b *body) tableBulk() {
	if !b.has(wasm.FeatureBulkMemory) || len(b.space[wasm.ExternTable]) == 0 {
		b.bulkMemory()
		return
	}
	i := b.intn(len(b.space[wasm.ExternTable]))
	elem := b.space[wasm.ExternTable][i].table.Elem
	var segments []int
	for s, t := range b.elemTypes {
		if b.pool.matches(t, elem) {
			segments = append(segments, s)
		}
	}
	switch b.intn(4) {
	case 0:
		b.tableCopy(i, elem)
	case 1, 2:
		if len(segments) > 0 {
			b.ranges(i, i)
			b.op(wasm.OpTableInit).u32(pick(&b.source, segments)).u32(i)
		}
	default:
		if len(b.elemTypes) > 0 && b.oneIn(2) {
			b.op(wasm.OpElemDrop).u32(b.intn(len(b.elemTypes)))
		}
	}
}

func (b *body) tableCopy(to int, elem wasm.ValType) {
	list := b.find(wasm.ExternTable, func(e *entity) bool { return b.pool.matches(e.table.Elem, elem) })
	from := pick(&b.source, list)
	b.ranges(to, from)
	b.op(wasm.OpTableCopy).u32(to).u32(from)
}

// ranges pushes two starts and a length.
func (b *body) ranges(to, from int) {
	b.slot(to)
	b.slot(from)
	b.op(wasm.OpI32Const).s32(b.intn(4))
}
