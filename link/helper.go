package link

import "github.com/icsplice/icsplice/internal/wasm"

// helperKey names a helper: an instruction with the entities that it is about.
type helperKey struct {
	op   wasm.Op
	x, y id
}

// addHelpers adds the functions that stand for instructions on memories and
// tables whose addresses are not those of the output.
func (p *plan) addHelpers() {
	for _, use := range p.rareOps {
		p.needHelper(p.helperKey(use.in, use.op, use.x, use.y))
	}
}

// needHelper adds the function behind a key, where one is needed.
func (p *plan) needHelper(k helperKey) {
	if _, ok := p.helpers[k]; ok {
		return
	}
	if s := p.newHelper(k); s != nil {
		p.helpers[k] = p.addHelper(s)
	}
}

// helper is the code that calls the function behind a key, nil where there is
// none.
func (p *plan) helper(k helperKey) []byte {
	i, ok := p.helpers[k]
	if !ok {
		return nil
	}
	return *(&asm{}).call(p.index[Func][i])
}

// helperKey is that of an instruction of an input.
func (p *plan) helperKey(in *input, op wasm.Op, x, y uint32) helperKey {
	switch op {
	case wasm.OpMemoryGrow, wasm.OpMemoryFill:
		return helperKey{op: op, x: p.of(in, Memory, x)}
	case wasm.OpMemoryCopy:
		return helperKey{op, p.of(in, Memory, x), p.of(in, Memory, y)}
	case wasm.OpMemoryInit:
		return helperKey{op, in.first[dataKind] + id(x), p.of(in, Memory, y)}
	case wasm.OpTableInit:
		return helperKey{op, in.first[elemKind] + id(x), p.of(in, Table, y)}
	case wasm.OpTableCopy:
		return helperKey{op, p.of(in, Table, x), p.of(in, Table, y)}
	case wasm.OpTableGet:
		op = wasm.OpCallIndirect // both need the index alone
	}
	return helperKey{op: op, x: p.of(in, Table, x)}
}

// newHelper writes the function behind a key; nil where none is needed.
func (p *plan) newHelper(k helperKey) *synth {
	switch k.op {
	case wasm.OpMemoryGrow:
		return p.memoryGrow(k.x)
	case wasm.OpMemoryFill:
		return p.fill("memory.fill", Memory, k.x, i32s(3), *(&asm{}).index(k.op, p.places[Memory][k.x].out))
	case wasm.OpMemoryCopy:
		return p.copy("memory.copy", Memory, k)
	case wasm.OpMemoryInit:
		return p.memoryInit(k.x, k.y)
	case wasm.OpTableCopy:
		return p.copy("table.copy", Table, k)
	case wasm.OpTableInit:
		return p.tableInit(k.x, k.y)
	case wasm.OpTableFill:
		params := []wasm.ValType{wasm.I32, p.tableType(k.x).Elem, wasm.I32}
		return p.fill("table.fill", Table, k.x, params, *(&asm{}).index(k.op, p.places[Table][k.x].out))
	case wasm.OpTableSet:
		return p.tableSet(k.x)
	case wasm.OpTableGrow:
		return p.tableGrow(k.x)
	}
	return p.tableIndex(k.x)
}

// i32s is n times the type i32.
func i32s(n int) []wasm.ValType {
	list := make([]wasm.ValType, n)
	for i := range list {
		list[i] = wasm.I32
	}
	return list
}

// units is how many addresses there are in a page or an element.
func units(k Kind) uint64 {
	if k == Memory {
		return pageSize
	}
	return 1
}

// address pushes the address in local i as one of the output, or one that is
// outside if the n bytes or elements from there, a local's number, are not all
// within.
func (p *plan) address(a *asm, k Kind, what id, i, n uint32) *asm {
	at, unit := &p.places[k][what], units(k)
	switch {
	case at.bounded:
		a.local(i).i32(uint32(at.base * unit)).op(wasm.OpI32Add).i32(0xffffffff)
		a.local(i).op(wasm.OpI64ExtendI32U).local(n).op(wasm.OpI64ExtendI32U, wasm.OpI64Add)
		return a.i64(at.size*unit).op(wasm.OpI64LeU, wasm.OpSelect)
	case at.base > 0:
		return a.moved(i, uint32(at.base*unit))
	}
	return a.local(i)
}

// moved pushes local i, an address, as one that lies shift higher. One that
// would wrap becomes the last one, which is never inside a memory or table.
func (a *asm) moved(i, shift uint32) *asm {
	a.i32(0xffffffff).local(i).i32(shift).op(wasm.OpI32Add)
	return a.local(i).i32(-shift-1).op(wasm.OpI32GtU, wasm.OpSelect)
}

// fill moves the address of memory.fill or table.fill.
func (p *plan) fill(name string, k Kind, what id, params []wasm.ValType, code []byte) *synth {
	if !p.places[k][what].moved() {
		return nil
	}
	return &synth{name: name, typ: p.types.addFunc(params, nil), body: func(p *plan) []byte {
		return p.address(newBody(0), k, what, 0, 2).local(1).local(2).raw(code...).end()
	}}
}

// copy moves the addresses of memory.copy or table.copy.
func (p *plan) copy(name string, kind Kind, k helperKey) *synth {
	to, from := &p.places[kind][k.x], &p.places[kind][k.y]
	if !to.moved() && !from.moved() {
		return nil
	}
	return &synth{name: name, typ: p.types.addFunc(i32s(3), nil), body: func(p *plan) []byte {
		a := p.address(newBody(0), kind, k.x, 0, 2)
		return p.address(a, kind, k.y, 1, 2).local(2).index(k.op, to.out, from.out).end()
	}}
}

// memoryGrow grows a memory that lies above others.
func (p *plan) memoryGrow(m id) *synth {
	at := &p.places[Memory][m]
	growType := func() uint32 { return p.types.addFunc(i32s(1), i32s(1)) }
	switch {
	case p.regrows(m):
		return &synth{name: "memory.grow", typ: growType(), body: func(p *plan) []byte { return p.splice.regrow() }}
	case at.fixed || !at.moved():
		return nil
	}
	return &synth{name: "memory.grow", typ: growType(), body: func(p *plan) []byte {
		return newBody(1).local(0).index(wasm.OpMemoryGrow, at.out).grown(at.base, 1)
	}}
}

// grown ends a helper that grows: with what the whole memory or table had, less
// what lies below. Local i is free.
func (a *asm) grown(base uint64, i uint32) []byte {
	a.tee(i).i32(0xffffffff).op(wasm.OpI32Eq)
	a.if_(wasm.I32.Code).i32(0xffffffff).op(wasm.OpElse)
	return a.local(i).i32(uint32(base)).op(wasm.OpI32Sub, wasm.OpEnd).end()
}

// fixedGrow is the code for growing a memory of fixed size: by nothing it can
// be done.
func fixedGrow(size uint64) []byte {
	a := (&asm{}).op(wasm.OpI32Eqz).if_(wasm.I32.Code).i32(uint32(size)).op(wasm.OpElse)
	return *a.i32(0xffffffff).op(wasm.OpEnd)
}

// memoryInit moves the address of memory.init. When the program can be
// instantiated again, a dropped segment is only marked as dropped, and counts
// as empty.
func (p *plan) memoryInit(segment, m id) *synth {
	at := &p.places[Memory][m]
	if !at.moved() && !p.drops(segment) {
		return nil
	}
	return &synth{name: "memory.init", typ: p.types.addFunc(i32s(3), nil), body: func(p *plan) []byte {
		a := p.address(newBody(0), Memory, m, 0, 2)
		if dropped, ok := p.droppedFlag(segment); ok {
			// The source of a non-empty copy from a dropped segment is put
			// outside of it, so that it traps as it should.
			a.i32(0xffffffff).local(1)
			a.local(1).local(2).op(wasm.OpI32Or).i32(0).op(wasm.OpI32Ne)
			a.global(dropped).op(wasm.OpI32And, wasm.OpSelect)
		} else {
			a.local(1)
		}
		return a.local(2).index(wasm.OpMemoryInit, p.index[dataKind][segment], at.out).end()
	}}
}

// tableInit moves the index of table.init.
func (p *plan) tableInit(segment, t id) *synth {
	at := &p.places[Table][t]
	if !at.moved() {
		return nil
	}
	return &synth{name: "table.init", typ: p.types.addFunc(i32s(3), nil), body: func(p *plan) []byte {
		a := p.address(newBody(0), Table, t, 0, 2).local(1).local(2)
		return a.index(wasm.OpTableInit, p.index[elemKind][segment], at.out).end()
	}}
}

// tableIndex turns an index of a table into that of the output's, or into one
// that is outside.
func (p *plan) tableIndex(t id) *synth {
	at := &p.places[Table][t]
	if !at.moved() {
		return nil
	}
	return &synth{name: "table.index", typ: p.types.addFunc(i32s(1), i32s(1)), body: func(p *plan) []byte {
		return at.index(newBody(0)).end()
	}}
}

// index pushes local 0, an index of a moved table, as one of the output's.
func (at *place) index(a *asm) *asm {
	if !at.bounded {
		return a.moved(0, uint32(at.base))
	}
	a.local(0).i32(uint32(at.base)).op(wasm.OpI32Add).i32(0xffffffff)
	return a.local(0).i32(uint32(at.size)).op(wasm.OpI32LtU, wasm.OpSelect)
}

// tableSet moves the index of table.set.
func (p *plan) tableSet(t id) *synth {
	at := &p.places[Table][t]
	if !at.moved() {
		return nil
	}
	params := []wasm.ValType{wasm.I32, p.tableType(t).Elem}
	return &synth{name: "table.set", typ: p.types.addFunc(params, nil), body: func(p *plan) []byte {
		return at.index(newBody(0)).local(1).index(wasm.OpTableSet, at.out).end()
	}}
}

// tableGrow grows a table that shares one of the output's.
func (p *plan) tableGrow(t id) *synth {
	at := &p.places[Table][t]
	if !at.moved() && !at.fixed {
		return nil
	}
	params := []wasm.ValType{p.tableType(t).Elem, wasm.I32}
	return &synth{name: "table.grow", typ: p.types.addFunc(params, i32s(1)), body: func(p *plan) []byte {
		if at.fixed {
			return newBody(0).local(1).raw(fixedGrow(at.size)...).end()
		}
		return newBody(1).local(0).local(1).index(wasm.OpTableGrow, at.out).grown(at.base, 2)
	}}
}
