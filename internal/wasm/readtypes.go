package wasm

import "unsafe"

// Forms in the type section beside those of CompositeKind.
const (
	formRec        = 0x4e
	formSub        = 0x50
	formSubFinal   = 0x4f
	formShared     = 0x65
	formDescribes  = 0x4c
	formDescriptor = 0x4d
)

const (
	packedI8  = 0x78
	packedI16 = 0x77
)

// typeSection reads groups of types. A type may refer to those before its group
// and to its group. The index in errors is that of the type.
func (d *decoder) typeSection() {
	groups := d.count(MaxRecGroups)
	d.charge(groups, unsafe.Sizeof(RecGroup{}))
	if d.err == nil && groups > 0 {
		d.m.RecGroups = make([]RecGroup, 0, groups)
		d.growTypes(groups)
	}
	for range groups {
		d.recGroup()
		if d.err != nil {
			return
		}
	}
	d.index = -1
}

func (d *decoder) recGroup() {
	m := d.m
	first := len(m.Types)
	group := RecGroup{First: TypeIndex(first), Count: 1, Explicit: d.peek() == formRec}
	d.index = first
	if group.Explicit {
		d.byte()
		group.Count = uint32(d.count(MaxTypes))
	}
	d.growTypes(int(group.Count))
	if d.types = first + int(group.Count); d.types > MaxTypes {
		d.fail(d.p, "more than %d types", MaxTypes)
	}
	for i := uint32(0); i < group.Count && d.err == nil; i++ {
		d.index = len(m.Types)
		t := d.subType()
		m.Types = append(m.Types, t)
	}
	m.RecGroups = append(m.RecGroups, group)
}

// growTypes makes room for n more types, which groups add in any number.
func (d *decoder) growTypes(n int) {
	old := d.m.Types
	if len(old)+n <= cap(old) {
		return
	}
	size := max(len(old)+n, cap(old)+cap(old)/2)
	if d.charge(size-cap(old), unsafe.Sizeof(SubType{})); d.err == nil {
		d.m.Types = append(make([]SubType, 0, size), old...)
	}
}

func (d *decoder) subType() SubType {
	var t SubType
	if form := d.peek(); form == formSub || form == formSubFinal {
		t.Sub = d.byte()
		t.Supers = vec(d, MaxSupers, func(d *decoder) TypeIndex {
			return TypeIndex(d.index32("supertype", d.index))
		})
	}
	at := d.p
	form := d.byte()
	t.Kind = CompositeKind(form)
	switch form {
	case byte(KindFunc):
		t.Params = vec(d, MaxParams, (*decoder).valType)
		t.Results = vec(d, MaxResults, (*decoder).valType)
	case byte(KindStruct):
		t.Fields = vec(d, MaxFields, (*decoder).fieldType)
	case byte(KindArray):
		t.Fields = []FieldType{d.fieldType()}
	case byte(KindCont):
		t.Cont = d.contType()
	case formShared:
		d.unsupported(at, "a shared type (shared-everything-threads proposal)")
	case formDescribes, formDescriptor:
		d.unsupported(at, "a type with a descriptor (custom-descriptors proposal)")
	default:
		d.fail(at, "%#02x is no form of a type", form)
	}
	return t
}

func (d *decoder) fieldType() FieldType {
	var f FieldType
	if c := d.peek(); c == packedI8 || c == packedI16 {
		f.Packed = d.byte()
	} else {
		f.Type = d.valType()
	}
	f.Mutable = d.flag("mutability")
	return f
}

// contType reads the function type of a continuation, a heap type that must be
// an index.
func (d *decoder) contType() TypeIndex {
	at := d.p
	h, p := heapType(d.b, d.p)
	d.next(p)
	if d.err == nil && h >= uint64(d.types) {
		d.fail(at, "a continuation of heap type %s, of %d types", HeapType(h), d.types)
	}
	return TypeIndex(h)
}

// limitsFlags are the bits before limits.
const (
	limitsMax = 1 << iota
	limitsShared
	limits64
	limitsPage
)

// limits reads the form that tables and memories share, up to the maximum.
func (d *decoder) limits(allowed byte) Limits {
	at := d.p
	flags := d.byte()
	if flags&^allowed != 0 {
		d.fail(at, "limits with flags %#02x", flags)
	}
	l := Limits{
		HasMax:     flags&limitsMax != 0,
		Shared:     flags&limitsShared != 0,
		Is64:       flags&limits64 != 0,
		CustomPage: flags&limitsPage != 0,
	}
	bound := func() uint64 {
		if l.Is64 {
			return d.u64()
		}
		return uint64(d.u32())
	}
	l.Min = bound()
	if l.HasMax {
		l.Max = bound()
	}
	if l.HasMax && l.Max < l.Min {
		d.fail(at, "a minimum of %d above the maximum of %d", l.Min, l.Max)
	}
	if l.Shared && !l.HasMax {
		d.fail(at, "shared without a maximum")
	}
	return l
}

func (d *decoder) memory() Limits {
	at := d.p
	l := d.limits(limitsMax | limitsShared | limits64 | limitsPage)
	l.PageSizeLog2 = 16
	if l.CustomPage {
		log2 := d.u32()
		if log2 != 0 && log2 != 16 {
			d.fail(at, "pages of 2^%d bytes; the custom-page-sizes proposal has 2^0 and 2^16", log2)
		}
		l.PageSizeLog2 = uint8(log2)
	}
	if most := l.maxPages(); l.Min > most || l.Max > most {
		d.fail(at, "%d pages, at most %d", max(l.Min, l.Max), most)
	}
	return l
}

// maxPages is the size of the address space. With pages of one byte and 64 bits
// every size fits.
func (l Limits) maxPages() uint64 {
	switch {
	case !l.Is64:
		return MaxMemoryBytes32 >> l.PageSizeLog2
	case l.PageSizeLog2 == 16:
		return MaxMemoryPages64
	}
	return 1<<64 - 1
}

func (d *decoder) tableType() TableType {
	t := TableType{Elem: d.refType()}
	at := d.p
	t.Limits = d.limits(limitsMax | limitsShared | limits64)
	if t.Limits.Min > MaxTableSize {
		d.fail(at, "a table of %d elements, at most %d", t.Limits.Min, MaxTableSize)
	}
	return t
}

func (d *decoder) globalType() GlobalType {
	g := GlobalType{Type: d.valType()}
	at := d.p
	flags := d.byte()
	if flags > 3 {
		d.fail(at, "a global with flags %#02x", flags)
	}
	g.Mutable, g.Shared = flags&1 != 0, flags&2 != 0
	return g
}

// tag reads a tag type: an attribute that must be 0 (exception) and a type.
func (d *decoder) tag() TypeIndex {
	at := d.p
	if attribute := d.byte(); attribute != 0 {
		d.fail(at, "a tag with attribute %#02x", attribute)
	}
	return d.typeOf()
}
