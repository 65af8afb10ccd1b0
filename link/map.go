package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// Map tells where everything went. Offsets and sizes are in bytes, offsets from
// the start of the output; indices are those of the index spaces. Module "" is
// the linker itself.
type Map struct {
	Size     int           `json:"size"`
	Sections []SectionSize `json:"sections"`
	Modules  []ModuleSize  `json:"modules"`

	Memories  []PlacedMemory  `json:"memories"`
	Tables    []PlacedMemory  `json:"tables"`
	Functions []Placed        `json:"functions"`
	Globals   []Placed        `json:"globals"`
	Tags      []Placed        `json:"tags"`
	Data      []PlacedSegment `json:"data"`
	Elements  []PlacedSegment `json:"elements"`
	Starts    []string        `json:"starts"` // modules, in the order in which they start

	Removed []Removed    `json:"removed"`
	Customs []CustomFate `json:"customs"`
	Growth  []Cause      `json:"growth"` // of function bodies
}

// SectionSize is a section of the output with its header.
type SectionSize struct {
	Name   string `json:"name"` // of a custom section its own
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
}

// ModuleSize is what one module adds to the output.
type ModuleSize struct {
	Name     string `json:"name"`
	Input    int    `json:"input"` // the whole module before
	Code     int    `json:"code"`
	Data     int    `json:"data"`
	Elements int    `json:"elements"`
	Globals  int    `json:"globals"`
}

// Origin is what something was in its input.
type Origin struct {
	Module string `json:"module"`
	From   uint32 `json:"from"` // index there
	Name   string `json:"name,omitempty"`
}

// Placed is a function, global or tag of the output. Of an import the size is 0.
type Placed struct {
	Index  uint32 `json:"index"`
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
	Origin
	Import string `json:"import,omitempty"` // "module.name" of an import
}

// PlacedMemory is a memory or table of an input in the output's Index. Base and
// size are in pages or elements.
type PlacedMemory struct {
	Index uint32 `json:"index"`
	Base  uint64 `json:"base"`
	Size  uint64 `json:"size"`
	Fixed bool   `json:"fixed"` // another lies above it
	Origin
	Import string `json:"import,omitempty"`
}

// PlacedSegment is a data or element segment. Offset is that of its bytes, or
// of its first element, in the output.
type PlacedSegment struct {
	Index  uint32 `json:"index"`
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
	Origin
	Mode   string `json:"mode"`            // "active", "passive", "started" (copied by the start chain) or "declared"
	Target uint32 `json:"target"`          // the memory or table, if active or started
	Place  uint64 `json:"place,omitempty"` // in it, where that is known
}

// The reasons why something is not in the output.
const (
	Unreached = "nothing reaches it"
	Folded    = "equal to another one"
)

// Removed is what is not in the output.
type Removed struct {
	Kind string `json:"kind"`
	Size int    `json:"size"` // of a function's body or a segment's content before
	Origin
	Reason string `json:"reason"`
	By     uint32 `json:"by,omitempty"` // of a folded function, the index of what stands for it
}

// Map makes the link map. It takes time and memory in proportion to the number
// of functions.
func (r *Result) Map() *Map {
	p := r.plan
	b := &mapper{plan: p, out: p.out, m: &Map{
		Size: len(r.Wasm), Sections: sectionSizes(r.Wasm), Customs: p.fates, Growth: p.growth.Causes(),
	}}
	for _, in := range p.inputs {
		b.m.Modules = append(b.m.Modules, ModuleSize{Name: in.name, Input: in.size})
	}
	b.m.Modules = append(b.m.Modules, ModuleSize{})
	b.functions()
	b.globals()
	for n, t := range slices.Concat(p.imports[Tag], p.tags) {
		b.m.Tags = append(b.m.Tags, Placed{Index: uint32(n), Origin: b.origin(Tag, t), Import: b.importName(Tag, t)})
	}
	b.m.Memories, b.m.Tables = b.places(Memory), b.places(Table)
	b.data()
	b.elements()
	for _, s := range p.steps {
		b.m.Starts = append(b.m.Starts, s.in.name)
	}
	b.removed()
	return b.m
}

// mapper fills a map in.
type mapper struct {
	*plan
	out *wasm.Module
	m   *Map
}

// module is where the sizes of an input, or of the linker, are added up.
func (b *mapper) module(in *input) *ModuleSize {
	if in == nil {
		return &b.m.Modules[len(b.m.Modules)-1]
	}
	return &b.m.Modules[in.at]
}

func (b *mapper) origin(k Kind, i id) Origin {
	in, at := b.owner(k, i)
	if in == nil {
		if k == Func {
			return Origin{Name: b.synth(i).name}
		}
		return Origin{}
	}
	return Origin{Module: in.name, From: at, Name: in.entityName(k, at)}
}

// entityName is the name that the name section of an input gives something.
func (in *input) entityName(k Kind, i uint32) string {
	if in.names == nil {
		return ""
	}
	n := in.names
	return [numKinds]wasm.NameMap{n.Funcs, n.Tables, n.Memories, n.Globals, n.Tags, n.Elems, n.Datas}[k][i]
}

func (b *mapper) importName(k Kind, i id) string {
	var imp *wasm.Import
	if k == Func {
		if s := b.synth(i); s != nil {
			imp = s.host
		}
	} else if h := b.host(k, i); h != nil {
		imp = h.imp
	}
	if imp == nil {
		return ""
	}
	return Name{imp.Module, imp.Name}.String()
}

// content is where the items of a section begin: behind its header and count.
func (b *mapper) content(id wasm.SectionID, n int) int {
	for _, s := range b.m.Sections {
		if s.Name == id.String() {
			return s.Offset + 1 + wasm.UlebSize(uint64(s.content())) + wasm.UlebSize(uint64(n))
		}
	}
	return 0
}

// content is the size of a section without its header.
func (s *SectionSize) content() int {
	n := s.Size - 2
	for 1+wasm.UlebSize(uint64(n))+n > s.Size {
		n--
	}
	return n
}

func (b *mapper) functions() {
	for n, i := range b.imports[Func] {
		b.m.Functions = append(b.m.Functions, Placed{Index: uint32(n), Origin: b.origin(Func, i), Import: b.importName(Func, i)})
	}
	at := b.content(wasm.SectionCode, len(b.out.Code))
	for n, i := range b.funcs {
		size := len(b.out.Code[n].Bytes)
		head := wasm.UlebSize(uint64(size))
		b.m.Functions = append(b.m.Functions, Placed{Index: b.index[Func][i], Offset: at + head, Size: size, Origin: b.origin(Func, i)})
		in, _ := b.owner(Func, i)
		b.module(in).Code += head + size
		at += head + size
	}
}

func (b *mapper) globals() {
	for n, i := range b.imports[Global] {
		b.m.Globals = append(b.m.Globals, Placed{Index: uint32(n), Origin: b.origin(Global, i), Import: b.importName(Global, i)})
	}
	at := b.content(wasm.SectionGlobal, len(b.out.Globals))
	for n := range b.out.Globals {
		size := len(wasm.AppendGlobalType(nil, b.out.Globals[n].GlobalType)) + len(b.out.Globals[n].Init)
		g := Placed{Index: uint32(len(b.imports[Global]) + n), Offset: at, Size: size}
		var in *input
		if n < len(b.plan.globals) {
			in, _ = b.owner(Global, b.plan.globals[n])
			g.Origin = b.origin(Global, b.plan.globals[n])
		}
		b.module(in).Globals += size
		b.m.Globals = append(b.m.Globals, g)
		at += size
	}
}

func (b *mapper) places(k Kind) []PlacedMemory {
	var list []PlacedMemory
	for n, s := range b.stacks[k] {
		for _, i := range s.ids {
			at := &b.plan.places[k][i]
			list = append(list, PlacedMemory{Index: uint32(n), Base: at.base, Size: at.size, Fixed: at.fixed,
				Origin: b.origin(k, i), Import: b.importName(k, i)})
		}
	}
	return list
}

func (b *mapper) data() {
	at := b.content(wasm.SectionData, len(b.out.Data))
	for n := range b.out.Data {
		d := &b.out.Data[n]
		size := dataSize(d)
		bytes := at + size - d.Len()
		if n < len(b.datas) {
			b.datum(uint32(n), &b.datas[n], bytes, d)
			in, _ := b.owner(dataKind, b.datas[n].id)
			b.module(in).Data += size
		} else {
			b.m.Data = append(b.m.Data, PlacedSegment{Index: uint32(n), Offset: bytes, Size: d.Len(), Mode: "passive"})
			b.module(nil).Data += size
		}
		at += size
	}
}

// datum adds a segment, or each of those that became one.
func (b *mapper) datum(n uint32, s *dataSegment, bytes int, out *wasm.Data) {
	parts := s.parts
	if parts == nil {
		parts = []where{s.where}
	}
	for i := range parts {
		part := &parts[i]
		x := PlacedSegment{Index: n, Offset: bytes + int(part.offset-s.offset), Size: b.dataLength(part.id),
			Origin: b.origin(dataKind, part.id), Mode: "passive"}
		switch {
		case s.late || b.resets(s) && s.active:
			x.Mode = "started"
		case s.active:
			x.Mode = "active"
		}
		if s.active {
			at := &b.plan.places[Memory][s.target]
			x.Target = at.out
			if s.known {
				x.Place = part.offset + at.base*pageSize
			}
		}
		b.m.Data = append(b.m.Data, x)
	}
}

// dataLength is the length of an input's data segment.
func (b *mapper) dataLength(d id) int {
	in, i := b.owner(dataKind, d)
	return len(in.mod.Data[i].Init)
}

func (b *mapper) elements() {
	at := b.content(wasm.SectionElement, len(b.out.Elems))
	for n := range b.out.Elems {
		e := &b.out.Elems[n]
		size := elemSize(e)
		x := PlacedSegment{Index: uint32(n), Offset: at, Size: size, Mode: "declared"}
		var in *input
		if n < len(b.elems) {
			s := &b.elems[n]
			in, _ = b.owner(elemKind, s.id)
			x.Origin = b.origin(elemKind, s.id)
			x.Mode = elemMode(s)
			if s.active {
				place := &b.plan.places[Table][s.target]
				x.Target = place.out
				if s.known {
					x.Place = s.offset + place.base
				}
			}
		}
		b.module(in).Elements += size
		b.m.Elements = append(b.m.Elements, x)
		at += size
	}
}

func elemMode(s *elemSegment) string {
	switch {
	case s.late:
		return "started"
	case s.active:
		return "active"
	case s.elem.Mode() == wasm.Passive:
		return "passive"
	}
	return "declared"
}

// removed lists what is not in the output.
func (b *mapper) removed() {
	by := map[id]id{}
	for _, f := range b.folded {
		by[f.id] = f.by
	}
	for _, in := range b.inputs {
		for k := range numKinds {
			for i := range uint32(in.count[k]) {
				at := in.first[k] + id(i)
				if in.imported(k, i) || b.live[k][at] {
					continue
				}
				r := Removed{Kind: kindNames[k], Size: in.itemSize(k, i), Origin: b.origin(k, at), Reason: Unreached}
				if to, ok := by[at]; k == Func && ok {
					r.Reason, r.By = Folded, b.index[Func][to]
				}
				b.m.Removed = append(b.m.Removed, r)
			}
		}
		for t, to := range in.types {
			if b.typeIndex[to] == relocate.Removed {
				b.m.Removed = append(b.m.Removed, Removed{Kind: "type", Origin: Origin{Module: in.name, From: uint32(t)}, Reason: Unreached})
			}
		}
	}
}

// itemSize is the size of a function's body or of a data segment's content.
func (in *input) itemSize(k Kind, i uint32) int {
	switch k {
	case Func:
		return len(in.mod.Code[in.code(i)].Bytes)
	case dataKind:
		return len(in.mod.Data[i].Init)
	}
	return 0
}

// sectionSizes lists the sections of a module that the encoder wrote.
func sectionSizes(b []byte) []SectionSize {
	var list []SectionSize
	for at := 8; at < len(b); {
		id := wasm.SectionID(b[at])
		size, n := wasm.ReadUleb32(b[at+1:])
		s := SectionSize{Name: id.String(), Offset: at, Size: 1 + n + int(size)}
		if id == wasm.SectionCustom {
			name, m := wasm.ReadUleb32(b[at+1+n:])
			s.Name = string(b[at+1+n+m:][:name])
		}
		list = append(list, s)
		at += s.Size
	}
	return list
}

// dataSize is the size of a data segment as it is written.
func dataSize(d *wasm.Data) int {
	n := wasm.UlebSize(uint64(d.Flags)) + len(d.Offset) + wasm.UlebSize(uint64(d.Len())) + d.Len()
	if d.Flags == 2 {
		n += wasm.UlebSize(uint64(d.Memory))
	}
	return n
}

// elemSize is the size of an element segment as it is written.
func elemSize(e *wasm.Elem) int {
	n := wasm.UlebSize(uint64(e.Flags)) + len(e.Offset) + wasm.UlebSize(uint64(len(e.Funcs)+len(e.Exprs)))
	if e.Mode() == wasm.Active && e.Flags&elemExplicit != 0 {
		n += wasm.UlebSize(uint64(e.Table))
	}
	switch {
	case e.Flags&(elemPassive|elemExplicit) == 0:
	case e.Flags&elemExprs != 0:
		n += len(wasm.AppendValType(nil, e.Type))
	default:
		n++ // the kind of the elements
	}
	for _, f := range e.Funcs {
		n += wasm.UlebSize(uint64(f))
	}
	for _, x := range e.Exprs {
		n += len(x)
	}
	return n
}
