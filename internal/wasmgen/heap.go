package wasmgen

import "github.com/icsplice/icsplice/internal/wasm"

// makeOrCast pushes a new struct or array, or a reference cast to a type.
func (b *body) makeOrCast(t wasm.ValType) bool {
	at := int(t.Heap)
	typ := &b.pool.types[at]
	if b.oneIn(3) || typ.Kind == wasm.KindFunc {
		b.expr(b.top(at))
		if t.Code == codeRef {
			b.op(wasm.OpRefCast).heap(t.Heap)
		} else {
			b.op(wasm.OpRefCastNull).heap(t.Heap)
		}
		return true
	}
	if typ.Kind == wasm.KindStruct {
		for _, f := range typ.Fields {
			b.expr(unpacked(f))
		}
		b.op(wasm.OpStructNew).typ(at)
		return true
	}
	b.newArray(at, typ.Fields[0])
	return true
}

func (b *body) newArray(at int, f wasm.FieldType) {
	switch b.intn(4) {
	case 0:
		b.expr(unpacked(f))
		b.op(wasm.OpI32Const).s32(b.intn(8))
		b.op(wasm.OpArrayNew).typ(at)
	case 1:
		if b.arraySegment(at, f) {
			return
		}
		fallthrough
	default:
		n := b.intn(4)
		for range n {
			b.expr(unpacked(f))
		}
		b.op(wasm.OpArrayNewFixed).typ(at).u32(n)
	}
}

// segmentFor finds a segment for arrays of a field's type: of data for numbers,
// of elements for references.
func (b *body) segmentFor(f wasm.FieldType) (i int, data, ok bool) {
	if f.Packed != 0 || !f.Type.IsRef() {
		return b.intn(max(len(b.out.Data), 1)), true, len(b.out.Data) > 0
	}
	for i, t := range b.elemTypes {
		if b.pool.matches(t, f.Type) {
			return i, false, true
		}
	}
	return 0, false, false
}

// arraySegment makes an array out of a segment.
func (b *body) arraySegment(at int, f wasm.FieldType) bool {
	i, data, ok := b.segmentFor(f)
	if !ok {
		return false
	}
	b.op(wasm.OpI32Const).s32(b.intn(3))
	b.op(wasm.OpI32Const).s32(b.intn(3))
	if data {
		b.op(wasm.OpArrayNewData).typ(at).u32(i)
	} else {
		b.op(wasm.OpArrayNewElem).typ(at).u32(i)
	}
	return true
}

func (b *body) arrayLen() bool {
	list := b.pool.of(wasm.KindArray)
	if len(list) == 0 {
		return false
	}
	b.expr(refNull(pick(&b.source, list)))
	b.op(wasm.OpArrayLen)
	return true
}

// place is a field of a struct, or the elements of an array.
type place struct {
	typ, field int
	wasm.FieldType
	array bool
}

func (b *body) places(fits func(wasm.FieldType) bool) []place {
	var list []place
	for i := range b.pool.types {
		t := &b.pool.types[i]
		for k, f := range t.Fields {
			if fits(f) {
				list = append(list, place{i, k, f, t.Kind == wasm.KindArray})
			}
		}
	}
	return list
}

// fieldFor pushes a value of the type out of a struct or array.
func (b *body) fieldFor(t wasm.ValType) bool {
	list := b.places(func(f wasm.FieldType) bool { return f.Packed == 0 && f.Type == t })
	if len(list) == 0 {
		return false
	}
	b.get(pick(&b.source, list))
	return true
}

// get pushes what stands in a place; the three instructions of each kind follow
// one another.
func (b *body) get(p place) {
	b.expr(refNull(p.typ))
	signed := wasm.Op(0)
	if p.Packed != 0 {
		signed = 1 + wasm.Op(b.intn(2))
	}
	if p.array {
		b.op(wasm.OpI32Const).s32(b.intn(3))
		b.op(wasm.OpArrayGet + signed).typ(p.typ)
	} else {
		b.op(wasm.OpStructGet + signed).typ(p.typ).u32(p.field)
	}
}

// heapWrite changes a struct or array, or looks at a packed field.
func (b *body) heapWrite() {
	if list := b.places(func(f wasm.FieldType) bool { return f.Packed != 0 }); len(list) > 0 && b.oneIn(3) {
		b.get(pick(&b.source, list))
		b.consume([]wasm.ValType{wasm.I32})
		return
	}
	list := b.places(func(f wasm.FieldType) bool { return f.Mutable })
	if len(list) == 0 {
		b.store()
		return
	}
	p := pick(&b.source, list)
	b.expr(refNull(p.typ))
	if !p.array {
		b.expr(unpacked(p.FieldType))
		b.op(wasm.OpStructSet).typ(p.typ).u32(p.field)
		return
	}
	b.op(wasm.OpI32Const).s32(b.intn(3))
	b.arrayWrite(p)
}

// arrayWrite changes elements of the array that is pushed, from the index that
// is pushed.
func (b *body) arrayWrite(p place) {
	switch b.intn(4) {
	case 1:
		b.expr(unpacked(p.FieldType))
		b.op(wasm.OpI32Const).s32(b.intn(3))
		b.op(wasm.OpArrayFill).typ(p.typ)
	case 2:
		b.expr(refNull(p.typ))
		b.op(wasm.OpI32Const).s32(b.intn(2))
		b.op(wasm.OpI32Const).s32(b.intn(3))
		b.op(wasm.OpArrayCopy).typ(p.typ).typ(p.typ)
	case 3:
		if b.arrayInit(p) {
			return
		}
		fallthrough
	default:
		b.expr(unpacked(p.FieldType))
		b.op(wasm.OpArraySet).typ(p.typ)
	}
}

func (b *body) arrayInit(p place) bool {
	i, data, ok := b.segmentFor(p.FieldType)
	if !ok {
		return false
	}
	b.op(wasm.OpI32Const).s32(b.intn(3))
	b.op(wasm.OpI32Const).s32(b.intn(3))
	if data {
		b.op(wasm.OpArrayInitData).typ(p.typ).u32(i)
	} else {
		b.op(wasm.OpArrayInitElem).typ(p.typ).u32(i)
	}
	return true
}
