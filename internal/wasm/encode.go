package wasm

import "math"

// Encode writes the module: every integer in its fewest bytes, no section
// without items, custom sections behind the section that After names. For a
// module that Read made, Read gives an equal one from the result (offsets in
// the input aside). The result shares no memory with the module.
func (m *Module) Encode() []byte { return m.Append(nil) }

// Append is Encode to the end of b.
func (m *Module) Append(b []byte) []byte {
	e := encoder{m: m}
	if room := m.sizeHint(); cap(b)-len(b) < room {
		b = append(make([]byte, 0, len(b)+room), b...)
	}
	b = e.head(b)
	if len(m.Code) > 0 {
		b = e.items(e.codeHeader(b, e.codeSize()), SectionCode)
	}
	return e.tail(b)
}

// EncodeAround encodes a module whose bodies are written already: b[room:] holds
// them as a code section does, each behind its size, and Code need only be as
// long as there are of them. What comes before them is written into the room in
// front, and b is only copied where that, or its capacity, is too small: a module
// is mostly bodies. The result is a part of b or of the copy, and in either case
// what was b[room:] stays where it is, so that Code may be slices of it.
func (m *Module) EncodeAround(b []byte, room int) []byte {
	e := encoder{m: m}
	head := e.head(nil)
	if len(m.Code) > 0 {
		head = e.codeHeader(head, uint64(len(b)-room))
	}
	if more := len(head) - room; more > 0 {
		b, room = append(make([]byte, more, more+cap(b)), b...), len(head)
	}
	b = b[room-len(head):]
	copy(b, head)
	return e.tail(b)
}

// HeadSize is the number of bytes that Encode writes before the bodies, or a few
// more: their sizes need not be known.
func (m *Module) HeadSize() int {
	e := encoder{m: m}
	return len(e.codeHeader(e.head(nil), math.MaxUint32))
}

// TailHint is about the number of bytes that Encode writes behind the bodies, and
// not less.
func (m *Module) TailHint() int {
	n := 64
	for i := range m.Data {
		n += m.Data[i].Len() + len(m.Data[i].Offset) + 16
	}
	for i := range m.Customs {
		n += len(m.Customs[i].Bytes) + len(m.Customs[i].Name) + 16
	}
	return n
}

// sizeHint is about the size of the encoded module, in bytes: what is long
// exactly, and room for what is not.
func (m *Module) sizeHint() int {
	n := 4096 + 16*len(m.Types) + 3*len(m.Funcs) + 48*(len(m.Imports)+len(m.Exports)) + 12*len(m.Globals)
	for i := range m.Code {
		n += len(m.Code[i].Bytes) + 5
	}
	for i := range m.Elems {
		n += 16 + 3*len(m.Elems[i].Funcs) + 4*len(m.Elems[i].Exprs)
	}
	return n + m.TailHint()
}

// has tells whether the section is written.
func (m *Module) has(id SectionID) bool {
	switch id {
	case SectionStart:
		return m.Start != nil
	case SectionDataCount:
		return m.DataCount != nil
	}
	return m.items(id) > 0
}

// items is the number of items in a section that is a vector.
func (m *Module) items(id SectionID) int {
	switch id {
	case SectionType:
		return len(m.RecGroups)
	case SectionImport:
		return len(m.Imports)
	case SectionFunction:
		return len(m.Funcs)
	case SectionTable:
		return len(m.Tables)
	case SectionMemory:
		return len(m.Memories)
	case SectionTag:
		return len(m.Tags)
	case SectionGlobal:
		return len(m.Globals)
	case SectionExport:
		return len(m.Exports)
	case SectionElement:
		return len(m.Elems)
	case SectionCode:
		return len(m.Code)
	case SectionData:
		return len(m.Data)
	}
	return 0
}

type encoder struct{ m *Module }

// head writes what comes before the code section.
func (e *encoder) head(b []byte) []byte {
	b = e.customs(append(b, header...), SectionCustom)
	return e.sections(b, sectionOrder[:rank(SectionCode)-1])
}

// tail writes what comes behind the bodies.
func (e *encoder) tail(b []byte) []byte {
	b = e.customs(b, SectionCode)
	return e.sections(b, sectionOrder[rank(SectionCode):])
}

func (e *encoder) sections(b []byte, ids []SectionID) []byte {
	for _, id := range ids {
		if e.m.has(id) {
			b = e.section(b, id)
		}
		b = e.customs(b, id)
	}
	return b
}

func (e *encoder) customs(b []byte, after SectionID) []byte {
	for i := range e.m.Customs {
		c := &e.m.Customs[i]
		if c.After != after {
			continue
		}
		size := UlebSize(uint64(len(c.Name))) + len(c.Name) + len(c.Bytes)
		b = AppendUleb(append(b, byte(SectionCustom)), uint64(size))
		b = append(AppendName(b, c.Name), c.Bytes...)
	}
	return b
}

// section writes the content behind a gap for the size and closes the gap.
func (e *encoder) section(b []byte, id SectionID) []byte {
	const gap = 5
	b = append(b, byte(id), 0, 0, 0, 0, 0)
	start := len(b)
	b = e.content(b, id)
	size := len(b) - start
	sized := AppendUleb(b[:start-gap], uint64(size))
	return append(sized, b[start:start+size]...)
}

// codeHeader writes what comes before bodies of that size in the code section.
// It is not written as others are, since closing the gap would copy the bodies.
func (e *encoder) codeHeader(b []byte, bodies uint64) []byte {
	n := uint64(len(e.m.Code))
	b = AppendUleb(append(b, byte(SectionCode)), bodies+uint64(UlebSize(n)))
	return AppendUleb(b, n)
}

// codeSize is the size of all bodies with their sizes.
func (e *encoder) codeSize() uint64 {
	n := uint64(0)
	for i := range e.m.Code {
		size := uint64(len(e.m.Code[i].Bytes))
		n += uint64(UlebSize(size)) + size
	}
	return n
}

func (e *encoder) content(b []byte, id SectionID) []byte {
	switch id {
	case SectionStart:
		return AppendUleb(b, uint64(*e.m.Start))
	case SectionDataCount:
		return AppendUleb(b, uint64(*e.m.DataCount))
	}
	return e.items(AppendUleb(b, uint64(e.m.items(id))), id)
}

func (e *encoder) items(b []byte, id SectionID) []byte {
	for i := range e.m.items(id) {
		b = e.item(b, id, i)
	}
	return b
}

// item writes the i-th item of a section that is a vector.
func (e *encoder) item(b []byte, id SectionID, i int) []byte {
	m := e.m
	switch id {
	case SectionType:
		return e.recGroup(b, m.RecGroups[i])
	case SectionImport:
		return appendImport(b, &m.Imports[i])
	case SectionFunction:
		return AppendUleb(b, uint64(m.Funcs[i]))
	case SectionTable:
		return appendTable(b, &m.Tables[i])
	case SectionMemory:
		return AppendLimits(b, m.Memories[i])
	case SectionTag:
		return AppendUleb(append(b, 0), uint64(m.Tags[i]))
	case SectionGlobal:
		return append(AppendGlobalType(b, m.Globals[i].GlobalType), m.Globals[i].Init...)
	case SectionExport:
		x := &m.Exports[i]
		return AppendUleb(append(AppendName(b, x.Name), byte(x.Kind)), uint64(x.Index))
	case SectionElement:
		return appendElem(b, &m.Elems[i])
	case SectionCode:
		return AppendBytes(b, m.Code[i].Bytes)
	default: // SectionData
		return appendData(b, &m.Data[i])
	}
}

func (e *encoder) recGroup(b []byte, g RecGroup) []byte {
	if g.Explicit {
		b = AppendUleb(append(b, formRec), uint64(g.Count))
	}
	types := e.m.Types[g.First:][:g.Count]
	for i := range types {
		b = AppendSubType(b, &types[i])
	}
	return b
}

func appendImport(b []byte, imp *Import) []byte {
	b = append(AppendName(AppendName(b, imp.Module), imp.Name), byte(imp.Kind))
	switch imp.Kind {
	case ExternFunc:
		return AppendUleb(b, uint64(imp.Type))
	case ExternTable:
		return AppendTableType(b, imp.Table)
	case ExternMemory:
		return AppendLimits(b, imp.Memory)
	case ExternGlobal:
		return AppendGlobalType(b, imp.Global)
	default: // ExternTag
		return AppendUleb(append(b, 0), uint64(imp.Type))
	}
}

func appendTable(b []byte, t *Table) []byte {
	if t.Init == nil {
		return AppendTableType(b, t.TableType)
	}
	return append(AppendTableType(append(b, tableWithInit, 0), t.TableType), t.Init...)
}

func appendElem(b []byte, e *Elem) []byte {
	b = AppendUleb(b, uint64(e.Flags))
	if e.Mode() == Active {
		if e.Flags&elemExplicit != 0 {
			b = AppendUleb(b, uint64(e.Table))
		}
		b = append(b, e.Offset...)
	}
	exprs := e.Flags&elemExprs != 0
	if e.Flags&(elemNotActive|elemExplicit) != 0 {
		if exprs {
			b = AppendValType(b, e.Type)
		} else {
			b = append(b, elemKindFunc)
		}
	}
	if exprs {
		b = AppendUleb(b, uint64(len(e.Exprs)))
		for _, x := range e.Exprs {
			b = append(b, x...)
		}
		return b
	}
	b = AppendUleb(b, uint64(len(e.Funcs)))
	for _, f := range e.Funcs {
		b = AppendUleb(b, uint64(f))
	}
	return b
}

func appendData(b []byte, d *Data) []byte {
	b = AppendUleb(b, uint64(d.Flags))
	if d.Flags == 2 {
		b = AppendUleb(b, uint64(d.Memory))
	}
	if d.Mode() == Active {
		b = append(b, d.Offset...)
	}
	if d.Fill == nil {
		return AppendBytes(b, d.Init)
	}
	b = AppendUleb(b, uint64(d.Size))
	start := len(b)
	b = append(b, make([]byte, d.Size)...)
	d.Fill(b[start:])
	return b
}
