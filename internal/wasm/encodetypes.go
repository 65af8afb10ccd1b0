package wasm

// AppendName writes a name: its length in bytes and the bytes.
func AppendName(b []byte, name string) []byte {
	return append(AppendUleb(b, uint64(len(name))), name...)
}

// AppendBytes writes a vector of bytes.
func AppendBytes(b, bytes []byte) []byte {
	return append(AppendUleb(b, uint64(len(bytes))), bytes...)
}

// AppendHeapType writes a heap type, an s33.
func AppendHeapType(b []byte, h HeapType) []byte { return AppendSleb(b, int64(h)) }

// AppendValType writes a value type.
func AppendValType(b []byte, t ValType) []byte {
	b = append(b, t.Code)
	if t.hasHeap() {
		b = AppendHeapType(b, t.Heap)
	}
	return b
}

// AppendBlockType writes a block type as Instr holds it: x an s33, y the heap
// type of a reference type in its long form.
func AppendBlockType(b []byte, x, y uint64) []byte {
	b = AppendSleb(b, int64(x))
	if code := int64(x) + 0x80; code == refNull || code == refNonNull {
		b = AppendHeapType(b, HeapType(y))
	}
	return b
}

// AppendMemarg writes a memarg as Instr holds it.
func AppendMemarg(b []byte, align, offset, memory uint64, memIdx bool) []byte {
	if memIdx {
		b = AppendUleb(AppendUleb(b, align|0x40), memory)
	} else {
		b = AppendUleb(b, align)
	}
	return AppendUleb(b, offset)
}

// AppendSection writes a section: id, size and content.
func AppendSection(b []byte, id SectionID, content []byte) []byte {
	return AppendBytes(append(b, byte(id)), content)
}

// AppendLimits writes the limits of a table or memory with their flags.
func AppendLimits(b []byte, l Limits) []byte {
	var flags byte
	for i, set := range [...]bool{l.HasMax, l.Shared, l.Is64, l.CustomPage} {
		if set {
			flags |= 1 << i
		}
	}
	b = AppendUleb(append(b, flags), l.Min)
	if l.HasMax {
		b = AppendUleb(b, l.Max)
	}
	if l.CustomPage {
		b = AppendUleb(b, uint64(l.PageSizeLog2))
	}
	return b
}

// AppendTableType writes a table type.
func AppendTableType(b []byte, t TableType) []byte {
	return AppendLimits(AppendValType(b, t.Elem), t.Limits)
}

// AppendGlobalType writes a global type.
func AppendGlobalType(b []byte, g GlobalType) []byte {
	b = AppendValType(b, g.Type)
	var flags byte
	if g.Mutable {
		flags |= 1
	}
	if g.Shared {
		flags |= 2
	}
	return append(b, flags)
}

func appendValTypes(b []byte, types []ValType) []byte {
	b = AppendUleb(b, uint64(len(types)))
	for _, t := range types {
		b = AppendValType(b, t)
	}
	return b
}

func appendFieldType(b []byte, f FieldType) []byte {
	if f.Packed != 0 {
		b = append(b, f.Packed)
	} else {
		b = AppendValType(b, f.Type)
	}
	if f.Mutable {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendSubType writes a type definition.
func AppendSubType(b []byte, t *SubType) []byte {
	if t.Sub != 0 {
		b = AppendUleb(append(b, t.Sub), uint64(len(t.Supers)))
		for _, s := range t.Supers {
			b = AppendUleb(b, uint64(s))
		}
	}
	b = append(b, byte(t.Kind))
	switch t.Kind {
	case KindFunc:
		b = appendValTypes(appendValTypes(b, t.Params), t.Results)
	case KindStruct:
		b = AppendUleb(b, uint64(len(t.Fields)))
		for _, f := range t.Fields {
			b = appendFieldType(b, f)
		}
	case KindArray:
		b = appendFieldType(b, t.Fields[0])
	case KindCont:
		b = AppendSleb(b, int64(t.Cont))
	}
	return b
}
