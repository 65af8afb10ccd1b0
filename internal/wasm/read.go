package wasm

import (
	"bytes"
	"fmt"
	"unsafe"
)

// sectionOrder lists the sections in the order in which they must stand.
// https://webassembly.github.io/spec/core/binary/modules.html#binary-module
var sectionOrder = [...]SectionID{
	SectionType, SectionImport, SectionFunction, SectionTable, SectionMemory,
	SectionTag, SectionGlobal, SectionExport, SectionStart, SectionElement,
	SectionDataCount, SectionCode, SectionData,
}

// rank is a section's place in sectionOrder, counted from 1; 0 if it has none.
func rank(id SectionID) int {
	for i, s := range sectionOrder {
		if s == id {
			return i + 1
		}
	}
	return 0
}

// Read reads a module. The module's slices of bytes alias b, which must not
// change while the module is in use.
//
// Checked: the header, the order and size of sections, every declaration's
// form, limits.go, names, and that indexes outside of bodies are in range.
// Bodies are cut out and must end in an end; a CodeReader checks the rest.
// Errors are of type *Error and may wrap ErrNotWasm, ErrCompressed,
// ErrComponent or ErrUnsupported.
func Read(b []byte) (*Module, error) {
	if err := checkHeader(b); err != nil {
		return nil, err
	}
	r := reader{input: b, m: &Module{}, room: MaxRecordBytes + len(b)}
	for p := len(header); p < len(b); {
		var err error
		if p, err = r.section(p); err != nil {
			return nil, err
		}
	}
	if err := r.checkCounts(); err != nil {
		return nil, err
	}
	return r.m, nil
}

var (
	header          = []byte("\x00asm\x01\x00\x00\x00")
	componentHeader = []byte("\x00asm\x0d\x00\x01\x00")
	gzipMagic       = []byte("\x1f\x8b")
)

func checkHeader(b []byte) error {
	fail := func(at int, msg string, cause error) error {
		return &Error{Section: SectionNone, Index: -1, Offset: at, Msg: msg, Err: cause}
	}
	switch {
	case bytes.HasPrefix(b, header):
		return nil
	case bytes.HasPrefix(b, gzipMagic):
		return fail(0, "", ErrCompressed)
	case bytes.HasPrefix(b, componentHeader):
		return fail(4, "", ErrComponent)
	case !bytes.HasPrefix(b, header[:4]):
		return fail(0, "", ErrNotWasm)
	case len(b) < len(header):
		return fail(len(b), "the header is cut off", ErrNotWasm)
	}
	return fail(4, fmt.Sprintf("version % x", b[4:8]), ErrNotWasm)
}

// reader is the state of Read from section to section.
type reader struct {
	input  []byte
	m      *Module
	spaces Spaces
	room   int       // the bytes that records may still take
	last   SectionID // the last non-custom section
	after  SectionID // the last that Encode would write
}

// section reads the section at p and gives the offset past it.
func (r *reader) section(p int) (int, error) {
	id := SectionID(r.input[p])
	size, start := uleb32(r.input, p+1)
	fail := func(format string, args ...any) (int, error) {
		return 0, &Error{Section: id, Index: -1, Offset: p, Msg: fmt.Sprintf(format, args...)}
	}
	switch {
	case start < 0:
		return fail("size: %s", faultTexts[start])
	case size > uint64(len(r.input)-start):
		return fail("%d bytes claimed, %d left in the input", size, len(r.input)-start)
	case id != SectionCustom && rank(id) == 0:
		return fail("no such section")
	case id != SectionCustom && id == r.last:
		return fail("declared twice")
	case id != SectionCustom && rank(id) < rank(r.last):
		return fail("must stand before the %s section", r.last)
	}
	end := start + int(size)
	d := decoder{b: r.input[:end], p: start, section: id, index: -1,
		types: len(r.m.Types), m: r.m, s: &r.spaces, room: &r.room}
	if id == SectionCustom {
		d.custom(p, r.after)
	} else {
		d.content()
		r.last = id
		if r.m.has(id) {
			r.after = id
		}
	}
	r.spaces.extend(r.m, id)
	return end, d.done()
}

// content reads the section that d stands in into the module.
func (d *decoder) content() {
	m := d.m
	switch d.section {
	case SectionType:
		d.typeSection()
	case SectionImport:
		m.Imports = items(d, MaxImports, unsafe.Sizeof(TableType{}), (*decoder).importEntry)
	case SectionFunction:
		m.Funcs = items(d, MaxFuncs, unsafe.Sizeof(TypeIndex(0)), (*decoder).typeOf)
	case SectionTable:
		m.Tables = items(d, MaxTables, unsafe.Sizeof(TableType{}), (*decoder).table)
	case SectionMemory:
		m.Memories = items(d, MaxMemories, unsafe.Sizeof(Limits{}), (*decoder).memory)
	case SectionTag:
		m.Tags = items(d, MaxTags, unsafe.Sizeof(TypeIndex(0)), (*decoder).tag)
	case SectionGlobal:
		m.Globals = items(d, MaxGlobals, unsafe.Sizeof(GlobalType{}), (*decoder).global)
	case SectionExport:
		d.exports()
	case SectionStart:
		f := FuncIndex(d.index32("function", len(d.s.Funcs)))
		m.Start = &f
	case SectionElement:
		m.Elems = items(d, MaxElemSegments, 0, (*decoder).elem)
	case SectionDataCount:
		n := d.u32()
		m.DataCount = &n
	case SectionCode:
		m.Code = items(d, MaxFuncs, 0, (*decoder).body)
	case SectionData:
		m.Data = items(d, MaxDataSegments, 0, (*decoder).data)
	}
}

// checkCounts compares the counts that two sections share.
func (r *reader) checkCounts() error {
	m := r.m
	fail := func(id SectionID, format string, args ...any) error {
		return &Error{Section: id, Index: -1, Offset: len(r.input), Msg: fmt.Sprintf(format, args...)}
	}
	if len(m.Funcs) != len(m.Code) {
		return fail(SectionCode, "%d bodies for %d functions", len(m.Code), len(m.Funcs))
	}
	if m.DataCount != nil && uint64(*m.DataCount) != uint64(len(m.Data)) {
		return fail(SectionData, "%d segments, %d were announced", len(m.Data), *m.DataCount)
	}
	return nil
}
