package link

import (
	"errors"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// emit makes the output module by the plan, but for its bodies and what is said
// about them.
func emit(p *plan) (*wasm.Module, error) {
	out := &wasm.Module{}
	p.makeExprMaps()
	p.emitTypes(out)
	p.emitImports(out)
	for _, t := range p.tags {
		out.Tags = append(out.Tags, wasm.TypeIndex(p.typeIndex[p.tagType(t)]))
	}
	if err := p.emitGlobals(out); err != nil {
		return nil, err
	}
	if err := p.emitStacks(out); err != nil {
		return nil, err
	}
	if err := p.emitElems(out); err != nil {
		return nil, err
	}
	if err := p.emitDatas(out); err != nil {
		return nil, err
	}
	p.emitFuncs(out)
	p.emitExports(out)
	p.emitStart(out)
	p.declare(out)
	return out, nil
}

// emitTypes writes the live types; a group is live as a whole.
func (p *plan) emitTypes(out *wasm.Module) {
	for _, g := range p.types.groups {
		if p.typeIndex[g.First] == relocate.Removed {
			continue
		}
		for i := range g.Count {
			t := &p.types.types[uint32(g.First)+i]
			out.Types = append(out.Types, renumber(t, func(r uint32) uint32 { return p.typeIndex[r] }))
		}
		g.First = wasm.TypeIndex(p.typeIndex[g.First])
		out.RecGroups = append(out.RecGroups, g)
	}
}

func (p *plan) emitImports(out *wasm.Module) {
	for _, i := range p.imports[Func] {
		s := p.synth(i)
		imp := *s.host
		imp.Type = wasm.TypeIndex(p.typeIndex[s.typ])
		out.Imports = append(out.Imports, imp)
	}
	for k := Table; k < numExterns; k++ {
		for _, i := range p.imports[k] {
			out.Imports = append(out.Imports, p.hostOut(k, i))
		}
	}
}

// hostOut is an import that is no function.
func (p *plan) hostOut(k Kind, i id) wasm.Import {
	imp := *p.host(k, i).imp
	switch k {
	case Table:
		imp.Table.Elem = p.outType(p.tableType(i).Elem)
	case Global:
		imp.Global.Type = p.outType(p.globalType(i).Type)
	case Tag:
		imp.Type = wasm.TypeIndex(p.typeIndex[p.tagType(i)])
	}
	return imp
}

// emitStacks writes the memories and tables that are defined.
func (p *plan) emitStacks(out *wasm.Module) error {
	for _, s := range p.stacks[Memory] {
		if s.host == nil {
			out.Memories = append(out.Memories, s.limits)
		}
	}
	for _, s := range p.stacks[Table] {
		if s.host != nil {
			continue
		}
		t := wasm.Table{TableType: p.tableType(s.ids[0])}
		t.Elem, t.Limits = p.outType(t.Elem), s.limits
		in, i := p.owner(Table, s.ids[0])
		var err error
		if t.Init, err = p.tableInitial(in, in.table(i).Init); err != nil {
			return in.fault(Table, i, err)
		}
		out.Tables = append(out.Tables, t)
	}
	return nil
}

// tableInitial is the initial value of a table's elements, which may read
// imported globals alone.
func (p *plan) tableInitial(in *input, x wasm.Expr) (wasm.Expr, error) {
	y, err := p.expr(in, x)
	for g := range reads(y) {
		if g >= uint64(len(p.imports[Global])) {
			return nil, errors.New("its initial value reads a global of another module, which is no constant")
		}
	}
	return y, err
}

// emitFuncs writes the types of functions.
func (p *plan) emitFuncs(out *wasm.Module) {
	out.Funcs, out.Code = make([]wasm.TypeIndex, len(p.funcs)), make([]wasm.Body, len(p.funcs))
	for n, i := range p.funcs {
		out.Funcs[n] = wasm.TypeIndex(p.typeIndex[p.funcType(i)])
	}
}

// emitElems writes element segments.
func (p *plan) emitElems(out *wasm.Module) error {
	for n := range p.elems {
		s := &p.elems[n]
		in, i := p.owner(elemKind, s.id)
		e, err := p.outElem(in, s)
		if err != nil {
			return in.fault(elemKind, i, err)
		}
		out.Elems = append(out.Elems, *e)
	}
	return nil
}

// The bits of an element segment's flags.
const (
	elemPassive  = 1
	elemExplicit = 2 // of an active segment; of another one: declarative
	elemExprs    = 4
)

// outElem is an element segment for the output.
func (p *plan) outElem(in *input, s *elemSegment) (*wasm.Elem, error) {
	e := *s.elem
	var err error
	e.Funcs, e.Exprs = slices.Clone(e.Funcs), slices.Clone(e.Exprs)
	for i, f := range e.Funcs {
		e.Funcs[i] = wasm.FuncIndex(p.index[Func][in.first[Func]+id(f)])
	}
	for i, x := range e.Exprs {
		if e.Exprs[i], err = p.expr(in, x); err != nil {
			return nil, err
		}
	}
	e.Type = p.outType(in.valType(e.Type))
	if s.active {
		err = p.placeElem(in, s, &e)
	}
	return &e, err
}

// placeElem says what an active segment fills, or makes it passive.
func (p *plan) placeElem(in *input, s *elemSegment, e *wasm.Elem) error {
	at := &p.places[Table][s.target]
	e.Flags &= elemExprs
	if s.late {
		e.Flags, e.Offset = e.Flags|elemPassive, nil
		return nil
	}
	if at.out > 0 || e.Flags != 0 && e.Type != wasm.FuncRef {
		e.Flags |= elemExplicit
	}
	e.Table = wasm.TableIndex(at.out)
	var err error
	e.Offset, err = p.expr(in, p.offset(s.where, at.base, e.Offset, p.tableType(s.target).Limits.Is64))
	return err
}

// offset is the place of a segment as an expression: what is known plus base,
// or else the input's expression.
func (p *plan) offset(w where, base uint64, x wasm.Expr, is64 bool) wasm.Expr {
	switch {
	case !w.known:
		return x
	case is64:
		return (&asm{}).i64(w.offset + base).end()
	}
	return (&asm{}).i32(uint32(w.offset + base)).end()
}

// dataOffset is the expression that says where a data segment of an input goes.
func (p *plan) dataOffset(in *input, d *dataSegment) wasm.Expr {
	return in.mod.Data[d.id-in.first[dataKind]].Offset
}

// emitDatas writes data segments, and those of Merge behind them.
func (p *plan) emitDatas(out *wasm.Module) error {
	out.Data = make([]wasm.Data, 0, len(p.datas))
	for n := range p.datas {
		s := &p.datas[n]
		data := wasm.Data{Flags: 1, Init: s.bytes, Fill: s.fill, Size: s.size}
		if s.active && !s.late && !p.resets(s) {
			at := &p.places[Memory][s.target]
			in, i := p.owner(dataKind, s.id)
			x, err := p.expr(in, p.offset(s.where, at.base*pageSize, in.mod.Data[i].Offset, p.memoryType(s.target).Is64))
			if err != nil {
				return in.fault(dataKind, i, err)
			}
			data.Flags, data.Offset = 0, x
			if at.out > 0 {
				data.Flags, data.Memory = 2, wasm.MemoryIndex(at.out)
			}
		}
		out.Data = append(out.Data, data)
	}
	if p.splice != nil {
		p.splice.blobsAt = uint32(len(out.Data))
		for _, b := range p.splice.blobs {
			out.Data = append(out.Data, wasm.Data{Flags: 1, Init: b.bytes})
		}
	}
	p.countDatas(out)
	return nil
}

// countDatas announces the segments where an instruction may name one.
func (p *plan) countDatas(out *wasm.Module) {
	counted := slices.ContainsFunc(out.Data, func(d wasm.Data) bool { return d.Flags == 1 })
	for _, in := range p.inputs {
		counted = counted || in.mod.DataCount != nil
	}
	if counted {
		n := uint32(len(out.Data))
		out.DataCount = &n
	}
}

func (p *plan) emitExports(out *wasm.Module) {
	for _, r := range p.roots {
		i := p.resolve(r.what.kind, r.what.id)
		out.Exports = append(out.Exports, wasm.Export{Name: r.as, Kind: r.what.kind, Index: p.index[r.what.kind][i]})
	}
}

// declare adds a declarative segment for the functions that bodies take by
// ref.func and that nothing else outside of bodies names.
//
// https://webassembly.github.io/spec/core/valid/conventions.html#context
func (p *plan) declare(out *wasm.Module) {
	missing := map[uint32]bool{}
	for i, declared := range p.declared {
		if declared {
			missing[p.index[Func][p.resolve(Func, id(i))]] = true
		}
	}
	if len(missing) == 0 {
		return
	}
	namedOutside(out, func(f uint32) { delete(missing, f) })
	if len(missing) == 0 {
		return
	}
	e := wasm.Elem{Flags: elemPassive | elemExplicit, Type: wasm.FuncRef}
	for f := range missing {
		e.Funcs = append(e.Funcs, wasm.FuncIndex(f))
	}
	slices.Sort(e.Funcs)
	out.Elems = append(out.Elems, e)
}

// namedOutside calls f for every function that a module names outside of its
// bodies, a few of them more than once. Not all engines count the initial
// values of tables, so those are left out.
func namedOutside(m *wasm.Module, f func(uint32)) {
	expr := func(x wasm.Expr) {
		for i := range takes(x) {
			f(uint32(i))
		}
	}
	for _, e := range m.Exports {
		if e.Kind == Func {
			f(e.Index)
		}
	}
	for i := range m.Elems {
		for _, g := range m.Elems[i].Funcs {
			f(uint32(g))
		}
		for _, x := range m.Elems[i].Exprs {
			expr(x)
		}
	}
	for i := range m.Globals {
		expr(m.Globals[i].Init)
	}
}
