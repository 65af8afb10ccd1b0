package wasmgen

import (
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// imports draws what the i-th module takes from others and from the host.
func (d *drawer) imports(i int, m *module) {
	for range d.intn(3) {
		t := d.intn(len(newPool().types))
		m.take(entity{kind: wasm.ExternFunc, typ: t}, HostModule, fmt.Sprintf("h%d", t))
	}
	for j, other := range d.modules[:i] {
		for range d.intn(4 + i - j) {
			d.importOne(m, other)
		}
	}
	if m.importsOther {
		d.importMemory(m, d.modules[:i])
	}
	if d.Cycles && len(d.modules) > 1 && d.oneIn(2) {
		d.importBack(m, d.modules[i:])
	}
}

// take imports an entity; some are exported again.
func (m *module) take(e entity, module, name string) {
	e.module, e.name, e.export, e.probe = module, name, "", nil
	if m.oneIn(4) {
		e.export = fmt.Sprintf("r%s%d", kindNames[e.kind], len(m.imported[e.kind]))
	}
	m.imported[e.kind] = append(m.imported[e.kind], e)
	m.out.Imports = append(m.out.Imports, m.importOf(&e))
}

// importOf is the entry of the import section.
func (m *module) importOf(e *entity) wasm.Import {
	imp := wasm.Import{Module: e.module, Name: e.name, Kind: e.kind}
	switch e.kind {
	case wasm.ExternFunc, wasm.ExternTag:
		imp.Type = m.typeOf[e.typ]
	case wasm.ExternTable:
		imp.Table = e.table
		imp.Table.Elem = m.valType(e.table.Elem)
	case wasm.ExternMemory:
		imp.Memory = e.memory
	default:
		imp.Global = e.global
		imp.Global.Type = m.valType(e.global.Type)
	}
	return imp
}

// offered lists what a module exports for others.
func (m *module) offered() []entity {
	var list []entity
	for kind := range kinds {
		for _, part := range [2][]entity{m.imported[kind], m.defined[kind]} {
			for _, e := range part {
				if e.export != "" && m.portable(&e) {
					list = append(list, e)
				}
			}
		}
	}
	return list
}

// portable tells whether engines can cope with an entity in two modules: wazero
// takes equal types with unequal indices for different ones, and wasmtime 39
// aborts when an access leaves a shared memory that two instances know.
func (m *module) portable(e *entity) bool {
	if e.memory.Shared {
		return false
	}
	if !m.Wazero {
		return true
	}
	t := m.signature(e.typ)
	types := slices.Concat(t.Params, t.Results)
	switch e.kind {
	case wasm.ExternTable:
		types = []wasm.ValType{e.table.Elem}
	case wasm.ExternGlobal:
		types = []wasm.ValType{e.global.Type}
	case wasm.ExternMemory:
		types = nil
	}
	return !slices.ContainsFunc(types, concrete)
}

func (d *drawer) importOne(m, from *module) {
	list := from.offered()
	if len(list) == 0 {
		return
	}
	e := pick(&d.source, list)
	switch e.kind {
	case wasm.ExternMemory:
		if !d.has(wasm.FeatureMultiMemory) {
			return // importMemory sees to it that there is one only
		}
		e.memory = d.looser(e.memory)
	case wasm.ExternTable:
		if !d.has(wasm.FeatureReferenceTypes) && len(m.imported[wasm.ExternTable])+len(m.defined[wasm.ExternTable]) > 0 {
			return
		}
		e.table.Limits = d.looser(e.table.Limits)
	}
	m.take(e, from.name, e.export)
}

// importMemory imports one, from any module that offers one.
func (d *drawer) importMemory(m *module, others []*module) {
	for _, from := range others {
		for _, e := range from.offered() {
			if e.kind == wasm.ExternMemory && d.mostly(3) {
				e.memory = d.looser(e.memory)
				m.take(e, from.name, e.export)
				return
			}
		}
	}
}

// looser are limits that those given match.
func (d *drawer) looser(l wasm.Limits) wasm.Limits {
	if d.oneIn(3) && l.Min > 0 {
		l.Min--
	}
	if l.HasMax && d.oneIn(3) {
		l.Max++
		if d.oneIn(2) && !l.Shared {
			l.HasMax, l.Max = false, 0
		}
	}
	return l
}

// importBack imports functions of the module itself or of those behind it.
func (d *drawer) importBack(m *module, others []*module) {
	for range 1 + d.intn(3) {
		from := pick(&d.source, others)
		var list []entity
		for _, e := range from.defined[wasm.ExternFunc] {
			if e.export != "" && from.portable(&e) {
				list = append(list, e)
			}
		}
		if len(list) > 0 {
			e := pick(&d.source, list)
			m.take(e, from.name, e.export)
			d.cyclic = true
		}
	}
}
