package wasm

import "unsafe"

// grown is how many times its size a slice needs that grows with append: the old
// one is there while it is copied.
const grown = 2

const (
	importExactFunc = 0x20
	importCompact   = 0x7e // and 0x7f
	tableWithInit   = 0x40
	elemKindFunc    = 0x00
)

func (d *decoder) importEntry() Import {
	imp := Import{Offset: d.p}
	imp.Module = d.name()
	imp.Name = d.name()
	at := d.p
	kind := d.byte()
	imp.Kind = ExternKind(kind)
	switch {
	case imp.Kind == ExternFunc:
		imp.Type = d.typeOf()
	case imp.Kind == ExternTable:
		imp.Table = d.tableType()
	case imp.Kind == ExternMemory:
		imp.Memory = d.memory()
	case imp.Kind == ExternGlobal:
		imp.Global = d.globalType()
	case imp.Kind == ExternTag:
		imp.Type = d.tag()
	case kind == importExactFunc:
		d.unsupported(at, "an import of an exact function (custom-descriptors proposal)")
	case kind&^1 == importCompact && imp.Name == "":
		d.unsupported(at, "a group of imports (compact-import-section proposal)")
	default:
		d.fail(at, "%#02x is no kind of an import", kind)
	}
	return imp
}

func (d *decoder) table() Table {
	if d.peek() != tableWithInit {
		return Table{TableType: d.tableType()}
	}
	at := d.p
	d.byte()
	if reserved := d.byte(); reserved != 0 {
		d.fail(at, "a table of form %#02x %#02x", tableWithInit, reserved)
	}
	return Table{d.tableType(), d.expr()}
}

func (d *decoder) global() Global {
	return Global{d.globalType(), d.expr()}
}

func (d *decoder) exports() {
	const slot = 64 // a name's share of the map
	seen := map[string]bool{}
	d.m.Exports = items(d, MaxExports, slot, func(d *decoder) Export {
		at := d.p
		e := Export{Name: d.name()}
		if seen[e.Name] {
			d.fail(at, "%q is exported twice", e.Name)
		}
		seen[e.Name] = true
		e.Kind = ExternKind(d.byte())
		e.Index = d.exportIndex(e.Kind)
		return e
	})
}

func (d *decoder) exportIndex(kind ExternKind) uint32 {
	switch kind {
	case ExternFunc:
		return d.index32("function", len(d.s.Funcs))
	case ExternTable:
		return d.index32("table", len(d.s.Tables))
	case ExternMemory:
		return d.index32("memory", len(d.s.Memories))
	case ExternGlobal:
		return d.index32("global", len(d.s.Globals))
	case ExternTag:
		return d.index32("tag", len(d.s.Tags))
	}
	d.fail(d.p-1, "%#02x is no kind of an export", byte(kind))
	return 0
}

// The bits of an element segment's flags.
const (
	elemNotActive = 1
	elemExplicit  = 2 // active: a table index; otherwise: declarative
	elemExprs     = 4
)

func (d *decoder) elem() Elem {
	at := d.p
	e := Elem{Flags: d.u32(), Type: FuncRef}
	if e.Flags > 7 {
		d.fail(at, "an element segment with flags %#x", e.Flags)
	}
	if e.Mode() == Active {
		d.elemTarget(&e)
	}
	exprs := e.Flags&elemExprs != 0
	if e.Flags&(elemNotActive|elemExplicit) != 0 {
		d.elemType(&e, exprs)
	}
	if exprs {
		e.Exprs = vec(d, MaxTableSize, (*decoder).expr)
	} else {
		e.Funcs = vec(d, MaxTableSize, func(d *decoder) FuncIndex {
			return FuncIndex(d.index32("function", len(d.s.Funcs)))
		})
	}
	return e
}

// elemTarget reads where an active segment goes. Without a table index it is
// table 0, which must exist as well.
func (d *decoder) elemTarget(e *Elem) {
	if e.Flags&elemExplicit != 0 {
		e.Table = TableIndex(d.index32("table", len(d.s.Tables)))
	} else if len(d.s.Tables) == 0 {
		d.fail(d.p, "an active segment without a table")
	}
	e.Offset = d.expr()
}

func (d *decoder) elemType(e *Elem, exprs bool) {
	if exprs {
		e.Type = d.refType()
		return
	}
	at := d.p
	if kind := d.byte(); kind != elemKindFunc {
		d.fail(at, "element kind %#02x", kind)
	}
}

func (d *decoder) body() Body {
	size := d.u32()
	b := Body{Offset: d.p}
	b.Bytes = d.bytes(size)
	if d.err == nil && (size < 2 || b.Bytes[size-1] != byte(OpEnd)) {
		d.fail(b.Offset, "a body that does not end in an end")
	}
	return b
}

func (d *decoder) data() Data {
	at := d.p
	seg := Data{Flags: d.u32()}
	switch {
	case seg.Flags > 2:
		d.fail(at, "a data segment with flags %#x", seg.Flags)
	case seg.Flags == 2:
		seg.Memory = MemoryIndex(d.index32("memory", len(d.s.Memories)))
	case seg.Flags == 0 && len(d.s.Memories) == 0:
		d.fail(at, "an active segment without a memory")
	}
	if seg.Mode() == Active {
		seg.Offset = d.expr()
	}
	seg.Init = d.bytes(d.u32())
	return seg
}

func (d *decoder) custom(at int, after SectionID) {
	c := Custom{Name: d.name(), After: after, Offset: at}
	c.Bytes = d.bytes(uint32(len(d.b) - d.p))
	d.charge(1, grown*unsafe.Sizeof(c))
	if d.err == nil {
		d.m.Customs = append(d.m.Customs, c)
	}
}
