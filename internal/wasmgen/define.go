package wasmgen

import (
	"github.com/icsplice/icsplice/internal/wasm"
)

// define draws the contents: what entities start with, segments and bodies.
func (m *module) define() {
	for _, e := range m.defined[wasm.ExternMemory] {
		m.out.Memories = append(m.out.Memories, e.memory)
	}
	for _, e := range m.defined[wasm.ExternTag] {
		m.out.Tags = append(m.out.Tags, m.typeOf[e.typ])
	}
	for _, e := range m.defined[wasm.ExternTable] {
		m.defineTable(e.table)
	}
	for _, e := range m.defined[wasm.ExternGlobal] {
		m.defineGlobal(e.global)
	}
	for range m.intn(5) {
		m.data()
	}
	for range m.intn(5) {
		m.elem()
	}
	funcs := m.space[wasm.ExternFunc]
	for i := len(m.imported[wasm.ExternFunc]); i < len(funcs); i++ {
		m.out.Funcs = append(m.out.Funcs, m.typeOf[funcs[i].typ])
		m.out.Code = append(m.out.Code, m.function(&funcs[i]))
	}
	m.start()
	m.declareNamed()
	if m.has(wasm.FeatureBulkMemory) && len(m.out.Data) > 0 {
		n := uint32(len(m.out.Data))
		m.out.DataCount = &n
	}
}

func (m *module) defineTable(t wasm.TableType) {
	table := wasm.Table{TableType: t}
	table.Elem = m.valType(t.Elem)
	if m.has(wasm.FeatureFunctionReferences) && m.oneIn(4) {
		table.Init = end(m.constRef(nil, t.Elem, false))
	}
	m.out.Tables = append(m.out.Tables, table)
}

// end finishes a constant expression.
func end(code []byte) wasm.Expr { return append(code, byte(wasm.OpEnd)) }

func (m *module) defineGlobal(g wasm.GlobalType) {
	to := wasm.Global{GlobalType: g}
	to.Type = m.valType(g.Type)
	to.Init = end(m.constExpr(g.Type))
	m.out.Globals = append(m.out.Globals, to)
}

// constants lists the globals that constant expressions may read: the immutable
// imported ones. wazero knows no subtypes there.
func (m *module) constants(t wasm.ValType) []int {
	return m.find(wasm.ExternGlobal, func(e *entity) bool {
		return e.module != "" && !e.global.Mutable &&
			(e.global.Type == t || !m.Wazero && m.pool.matches(e.global.Type, t))
	})
}

// constExpr is a constant expression without its end. Those of type i32 are
// small numbers, so that they serve as offsets.
func (m *module) constExpr(t wasm.ValType) []byte {
	if list := m.constants(t); len(list) > 0 && m.oneIn(2) {
		return wasm.AppendUleb(wasm.OpGlobalGet.Append(nil), uint64(pick(&m.source, list)))
	}
	b := body{module: m}
	if t == wasm.I32 {
		b.op(wasm.OpI32Const).s32(m.intn(64))
		m.extend(&b, wasm.I32, wasm.OpI32Add)
		return b.code
	}
	b.leaf(t)
	if t == wasm.I64 {
		m.extend(&b, wasm.I64, wasm.OpI64Mul)
	}
	return b.code
}

// extend combines a number with another one, as extended constants may.
func (m *module) extend(b *body, t wasm.ValType, op wasm.Op) {
	if !m.has(wasm.FeatureExtendedConst) || m.mostly(4) {
		return
	}
	if list := m.constants(t); len(list) > 0 {
		b.op(wasm.OpGlobalGet).u32(pick(&m.source, list))
	} else {
		b.constant(t == wasm.I64, uint64(m.intn(8)))
	}
	b.op(op)
}

// data draws a segment: in the memory, at its very end, behind it (seldom),
// passive, or of no bytes.
func (m *module) data() {
	var d wasm.Data
	for range m.intn(20) {
		d.Init = append(d.Init, m.byte())
	}
	memories := m.space[wasm.ExternMemory]
	if len(memories) == 0 || m.has(wasm.FeatureBulkMemory) && m.oneIn(3) {
		if !m.has(wasm.FeatureBulkMemory) {
			return
		}
		d.Flags = 1
		m.out.Data = append(m.out.Data, d)
		return
	}
	i := m.intn(len(memories))
	d.Memory = wasm.MemoryIndex(i)
	if i > 0 || m.oneIn(4) {
		d.Flags = 2
	}
	l := memories[i].memory
	room := int64(l.Min)*page - int64(len(d.Init))
	outside := m.outside(false)
	if room < 0 && !outside {
		d.Init, room = nil, int64(l.Min)*page
	}
	d.Offset = m.offset(l.Is64, room, outside)
	m.out.Data = append(m.out.Data, d)
}

// outside tells whether an active segment is to lie outside, where it traps.
func (m *module) outside(never bool) bool { return m.oneIn(64) && !never }

// offset draws that of an active segment; room is the largest one inside.
func (m *module) offset(is64 bool, room int64, outside bool) wasm.Expr {
	b := body{module: m}
	switch {
	case outside:
		b.constant(is64, uint64(max(room+1, 0)))
	case m.oneIn(3) || room < 0:
		b.constant(is64, uint64(max(room, 0)))
	case room >= 256 && !is64:
		b.code = m.constExpr(wasm.I32)
	default:
		b.constant(is64, uint64(min(room, int64(m.byte()))))
	}
	return end(b.code)
}

// elem draws a segment in any of its eight forms.
func (m *module) elem() {
	e := wasm.Elem{Type: wasm.FuncRef}
	tables := m.space[wasm.ExternTable]
	e.Flags = uint32(m.intn(8))
	if !m.has(wasm.FeatureReferenceTypes) {
		e.Flags &= 1
	}
	if !m.has(wasm.FeatureBulkMemory) {
		e.Flags = 0
	}
	table := -1
	if e.Flags&1 == 0 {
		if table = m.tableFor(&e); table < 0 {
			return
		}
	} else if e.Flags&4 != 0 && m.oneIn(3) {
		e.Type = m.tableElem()
	}
	t := e.Type
	m.items(&e, t)
	if table >= 0 {
		room := int64(tables[table].table.Limits.Min) - int64(len(e.Funcs)+len(e.Exprs))
		outside := m.outside(m.Wazero) // which would ignore it
		if room < 0 && !outside {
			n := int(tables[table].table.Limits.Min)
			e.Funcs, e.Exprs, room = e.Funcs[:min(len(e.Funcs), n)], e.Exprs[:min(len(e.Exprs), n)], 0
		}
		e.Table, e.Offset = wasm.TableIndex(table), m.offset(false, room, outside)
	}
	for _, f := range e.Funcs {
		m.declared[int(f)] = true
	}
	e.Type = m.valType(t)
	m.out.Elems = append(m.out.Elems, e)
	m.elemTypes = append(m.elemTypes, t)
}

// tableFor finds a table for an active segment, and gives the segment its type;
// it is -1 if there is none.
func (m *module) tableFor(e *wasm.Elem) int {
	tables := m.space[wasm.ExternTable]
	if len(tables) == 0 {
		return -1
	}
	i := 0
	if e.Flags&2 != 0 {
		i = m.intn(len(tables))
	}
	elem := tables[i].table.Elem
	if e.Flags&6 == 6 {
		e.Type = elem
	}
	// Once it is passive, as a linker may make it, wazero takes a segment of
	// other references for empty.
	if elem != e.Type || m.Wazero && elem != wasm.FuncRef {
		return -1
	}
	return i
}

// items draws those of a segment, as its flags say in which form.
func (m *module) items(e *wasm.Elem, t wasm.ValType) {
	funcs := m.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil })
	for range 8 - m.intn(9) {
		if e.Flags&4 == 0 {
			e.Funcs = append(e.Funcs, wasm.FuncIndex(pick(&m.source, funcs)))
		} else {
			e.Exprs = append(e.Exprs, end(m.refExpr(t)))
		}
	}
}

// refExpr is a reference as an item of a segment.
func (m *module) refExpr(t wasm.ValType) []byte {
	if list := m.constants(t); len(list) > 0 && m.oneIn(3) {
		return wasm.AppendUleb(wasm.OpGlobalGet.Append(nil), uint64(pick(&m.source, list)))
	}
	return m.constRef(nil, t, m.oneIn(8))
}

// start makes one of the functions without parameters and results the start
// function, behind one that gives it fuel.
func (m *module) start() {
	list := m.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil && e.typ == typeVoid })
	if m.mostly(3) || len(list) == 0 {
		return
	}
	f := wasm.FuncIndex(len(m.space[wasm.ExternFunc]))
	b := m.newBody(typeVoid)
	b.op(wasm.OpI32Const).s32(Fuel)
	b.op(wasm.OpGlobalSet).u32(m.fuel)
	b.op(wasm.OpCall).u32(pick(&m.source, list))
	m.out.Funcs = append(m.out.Funcs, m.typeOf[typeVoid])
	m.out.Code = append(m.out.Code, b.finish())
	m.out.Start = &f
}

// declareNamed declares the functions that ref.func names in bodies and that
// nothing else does.
func (m *module) declareNamed() {
	if len(m.named) == 0 {
		return
	}
	e := wasm.Elem{Flags: 3, Type: wasm.FuncRef}
	for _, f := range m.named {
		e.Funcs = append(e.Funcs, wasm.FuncIndex(f))
	}
	m.out.Elems = append(m.out.Elems, e)
}
