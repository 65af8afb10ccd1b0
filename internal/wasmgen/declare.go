package wasmgen

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// entity is an item of an index space. Of the fields behind kind those that
// belong to it are set; types are those of the pool.
type entity struct {
	kind         wasm.ExternKind
	typ          int // functions and tags
	table        wasm.TableType
	memory       wasm.Limits
	global       wasm.GlobalType
	export       string // "" if it is not exported
	module, name string // where it is imported from
	probe        func(*body)
}

// kinds is the number of index spaces with imports.
const kinds = 5

// module is one under construction.
type module struct {
	*drawer
	name         string
	out          wasm.Module
	typeOf       []wasm.TypeIndex // by position in the pool
	imported     [kinds][]entity
	defined      [kinds][]entity
	space        [kinds][]entity // imported and defined, after layout
	importsOther bool            // it takes its memory from another module
	fixed        bool            // its memories and tables do not grow
	fuel         int             // index of the global
	declared     map[int]bool    // functions that ref.func may name
	named        []int           // those that it does name
	elemTypes    []wasm.ValType  // of the element segments
}

// kindNames begin the names of exports.
var kindNames = [kinds]string{"f", "t", "m", "g", "e"}

func (m *module) def(e entity) {
	if m.mostly(4) {
		e.export = fmt.Sprintf("%s%d", kindNames[e.kind], len(m.defined[e.kind]))
	}
	m.defined[e.kind] = append(m.defined[e.kind], e)
}

// declare draws what a module defines, without the contents. Mostly at most one
// module of a set has what may grow, so that it can be stacked.
func (d *drawer) declare(i, grows int) *module {
	m := &module{drawer: d, name: fmt.Sprintf("m%d", i), declared: map[int]bool{}, fixed: i != grows && d.mostly(8)}
	m.types()
	funcs := d.pool.of(wasm.KindFunc)
	for range 1 + d.intn(6) {
		m.def(entity{kind: wasm.ExternFunc, typ: pick(&d.source, funcs)})
	}
	m.declareMemories()
	m.declareTables()
	for range d.intn(5) {
		t := d.drawType(len(d.pool.types), true)
		m.def(entity{kind: wasm.ExternGlobal, global: wasm.GlobalType{Type: t, Mutable: d.mostly(3)}})
	}
	if d.has(wasm.FeatureExceptions) {
		for range d.intn(3) {
			m.def(entity{kind: wasm.ExternTag, typ: d.tagType()})
		}
	}
	return m
}

// tagType is that of a function without results.
func (d *drawer) tagType() int {
	var list []int
	for _, t := range d.pool.of(wasm.KindFunc) {
		if len(d.pool.types[t].Results) == 0 {
			list = append(list, t)
		}
	}
	return pick(&d.source, list)
}

// types declares the pool's, in order, now and then one of the groups twice and
// one that nobody else has between them.
func (m *module) types() {
	for _, g := range m.pool.groups {
		for range 1 + m.intn(8)/7 {
			m.group(g)
		}
		if m.oneIn(8) {
			m.out.AddType(wasm.SubType{Kind: wasm.KindFunc, Params: []wasm.ValType{wasm.F32, wasm.F64, wasm.I64, wasm.I32}})
		}
	}
}

// group declares one of the pool's. Of several copies the last one is used.
func (m *module) group(g wasm.RecGroup) {
	first := wasm.TypeIndex(len(m.out.Types))
	m.typeOf = m.typeOf[:g.First]
	for i := range g.Count {
		m.typeOf = append(m.typeOf, first+wasm.TypeIndex(i))
	}
	m.out.RecGroups = append(m.out.RecGroups, wasm.RecGroup{First: first, Count: g.Count, Explicit: g.Explicit})
	for _, t := range m.pool.types[g.First:][:g.Count] {
		m.out.Types = append(m.out.Types, m.subType(t))
	}
}

// subType is a type of the pool with the module's type indices.
func (m *module) subType(t wasm.SubType) wasm.SubType {
	t.Params, t.Results = m.valTypes(t.Params), m.valTypes(t.Results)
	fields := t.Fields
	t.Fields = nil
	for _, f := range fields {
		f.Type = m.valType(f.Type)
		t.Fields = append(t.Fields, f)
	}
	supers := t.Supers
	t.Supers = nil
	for _, s := range supers {
		t.Supers = append(t.Supers, m.typeOf[s])
	}
	return t
}

// valType is a type of the pool with the module's type index.
func (m *module) valType(t wasm.ValType) wasm.ValType {
	if concrete(t) {
		t.Heap = wasm.HeapType(m.typeOf[t.Heap])
	}
	return t
}

func (m *module) valTypes(list []wasm.ValType) []wasm.ValType {
	var to []wasm.ValType
	for _, t := range list {
		to = append(to, m.valType(t))
	}
	return to
}

func (m *module) declareMemories() {
	if m.oneIn(3) {
		m.importsOther = true
		return
	}
	n := min(m.intn(4), 1) // most have one
	if m.has(wasm.FeatureMultiMemory) {
		n = m.intn(4)
	}
	for range n {
		m.def(entity{kind: wasm.ExternMemory, memory: m.memoryLimits()})
	}
}

func (m *module) memoryLimits() wasm.Limits {
	l := wasm.Limits{Min: pick(&m.source, []uint64{1, 1, 2, 1, 3, 0})}
	if m.fixed {
		l.HasMax, l.Max = true, l.Min
	} else if m.mostly(3) {
		l.HasMax, l.Max = true, l.Min+uint64(m.intn(4)%3)
	}
	if l.HasMax && m.has(wasm.FeatureThreads) && m.oneIn(16) {
		l.Shared = true
	}
	l.Is64 = m.has(wasm.FeatureMemory64) && m.oneIn(4)
	return l
}

func (m *module) declareTables() {
	n := min(m.intn(4), 1)
	if m.has(wasm.FeatureReferenceTypes) {
		n = m.intn(4)
	}
	for range n {
		t := wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: uint64(m.intn(12))}}
		if m.fixed {
			t.Limits.HasMax, t.Limits.Max = true, t.Limits.Min
		} else if m.mostly(3) {
			t.Limits.HasMax, t.Limits.Max = true, t.Limits.Min+uint64(m.intn(4))
		}
		if m.has(wasm.FeatureReferenceTypes) && m.oneIn(4) {
			t.Elem = m.tableElem()
		}
		m.def(entity{kind: wasm.ExternTable, table: t})
	}
}

func (m *module) tableElem() wasm.ValType {
	list := []wasm.ValType{wasm.ExternRef}
	if m.has(wasm.FeatureFunctionReferences) {
		list = append(list, refNull(m.intn(len(m.pool.types))))
	}
	if m.has(wasm.FeatureGc) {
		list = append(list, anyRef)
	}
	return pick(&m.source, list)
}
