package link

import (
	"maps"
	"slices"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// intrinsic is what an import of module "link" stands for.
func (s *splice) intrinsic(imp *wasm.Import) (id, string) {
	switch imp.Name {
	case "user_base":
		return s.inline(imp.Name, i32s(1), func(*plan) []byte { return *(&asm{}).i32(s.shift()) }), ""
	case "user_pages":
		return s.inline(imp.Name, i32s(1), func(*plan) []byte { return s.userPages() }), ""
	case "rewind":
		return s.inline(imp.Name, nil, func(*plan) []byte { return s.setFlag(0) }), ""
	case "unwind":
		i := s.inline(imp.Name, nil, func(*plan) []byte { return s.setFlag(1) })
		s.unwind = &i
		return i, ""
	case "start":
		if s.start == nil {
			return s.inline(imp.Name, nil, func(*plan) []byte { return []byte{} }), ""
		}
		return *s.start, ""
	case "instantiate":
		f := &synth{name: "link.instantiate", typ: s.types.addFunc(nil, nil), body: (*plan).instantiate}
		if s.start != nil {
			f.calls = []id{*s.start}
		}
		i := s.addSynth(f)
		s.instantiate = &i
		return i, ""
	}
	return 0, "the linker has no intrinsic of that name"
}

// inline adds an intrinsic without parameters.
func (s *splice) inline(name string, results []wasm.ValType, code func(*plan) []byte) id {
	return s.addSynth(&synth{name: "link." + name, typ: s.types.addFunc(nil, results), code: code})
}

// layoutSplice decides what the program needs beyond other inputs.
func (p *plan) layoutSplice() {
	s := p.splice
	if s == nil {
		return
	}
	s.again = s.instantiate != nil && p.live[Func][*s.instantiate]
	s.unwinds = s.unwind != nil && p.live[Func][*s.unwind]
}

// addSpliceGlobals adds the globals that the intrinsics work on.
func (p *plan) addSpliceGlobals() {
	s := p.splice
	if s == nil {
		return
	}
	if s.unwinds {
		s.flag = p.addGlobal(0)
	}
	if !s.again {
		return
	}
	s.ran = p.addGlobal(0)
	s.pages = p.addGlobal(uint32(s.user.memory().Min))
	s.dropped = map[int]uint32{}
	for i := range s.user.mod.Data {
		if p.dataUsed[s.user.at] {
			s.dropped[i] = p.addGlobal(0)
		}
	}
}

// drops reports whether data.drop of a segment must leave it there for the next
// instance.
func (p *plan) drops(segment id) bool {
	in, _ := p.owner(dataKind, segment)
	return p.splice != nil && p.splice.again && in == p.splice.user
}

// droppedFlag is the global that says whether a segment was dropped.
func (p *plan) droppedFlag(segment id) (uint32, bool) {
	if !p.drops(segment) {
		return 0, false
	}
	_, i := p.owner(dataKind, segment)
	g, ok := p.splice.dropped[int(i)]
	return g, ok
}

// regrows reports whether a memory is that of a program that can be
// instantiated again.
func (p *plan) regrows(m id) bool {
	in, _ := p.owner(Memory, m)
	return p.splice != nil && p.splice.again && in == p.splice.user
}

// resets reports whether a segment is copied by link.instantiate.
func (p *plan) resets(d *dataSegment) bool {
	in, _ := p.owner(dataKind, d.id)
	return p.splice != nil && p.splice.again && in == p.splice.user
}

// spliceMap adds what is particular to the program's code.
func (p *plan) spliceMap(in *input, m *relocate.Map) {
	s := p.splice
	if s == nil || in != s.user {
		return
	}
	if s.unwinds {
		m.Unwind = &relocate.Unwind{Flag: s.flag, Indirect: p.unwinding.indirect, Any: p.unwinding.any}
		for i := range in.mod.Types {
			m.Unwind.Results = append(m.Unwind.Results, in.mod.Types[i].Results)
		}
	}
	for i := range len(in.mod.Data) {
		if g, ok := s.dropped[i]; ok {
			put(&m.Drop, uint32(i), *(&asm{}).i32(1).setGlobal(g))
		}
	}
}

// userPages is the code that gives the user's memory size.
func (s *splice) userPages() []byte {
	if s.again {
		return *(&asm{}).global(s.pages)
	}
	a := (&asm{}).index(wasm.OpMemorySize, 0)
	if s.base > 0 {
		a.i32(s.base).op(wasm.OpI32Sub)
	}
	return *a
}

// setFlag is the code that sets the unwinding flag, where there is one.
func (s *splice) setFlag(v uint32) []byte {
	if !s.unwinds {
		return []byte{}
	}
	return *(&asm{}).i32(v).setGlobal(s.flag)
}

// instantiate is the body of link.instantiate: what the engine does to a fresh
// instance, in its order. The first instance finds its memory zero.
func (p *plan) instantiate() []byte {
	s := p.splice
	a := newBody(0)
	a.global(s.ran).if_(void)
	if p.writesTable(s.user) {
		a.op(wasm.OpUnreachable) // a changed table cannot be put back
	}
	a.i32(s.shift()).i32(0)
	a.index(wasm.OpMemorySize, 0).i32(s.base).op(wasm.OpI32Sub).i32(16).op(wasm.OpI32Shl)
	a.index(wasm.OpMemoryFill, 0)
	a.op(wasm.OpEnd).i32(1).setGlobal(s.ran)
	a.i32(uint32(s.user.memory().Min)).setGlobal(s.pages)
	p.resetGlobals(a)
	p.resetData(a)
	if s.start != nil {
		a.call(p.index[Func][p.resolve(Func, *s.start)])
	}
	return a.end()
}

// writesTable reports whether live code of an input changes a table.
func (p *plan) writesTable(in *input) bool {
	return slices.ContainsFunc(p.rareOps, func(use rareUse) bool {
		switch use.op {
		case wasm.OpTableSet, wasm.OpTableGrow, wasm.OpTableFill, wasm.OpTableCopy, wasm.OpTableInit:
			return use.in == in
		}
		return false
	})
}

// resetGlobals gives every mutable global of the user its initial value.
func (p *plan) resetGlobals(a *asm) {
	for _, g := range p.globals {
		in, i := p.owner(Global, g)
		if in == p.splice.user && in.global(i).Mutable {
			a.raw(p.code(in, in.global(i).Init)...).setGlobal(p.index[Global][g])
		}
	}
	for _, dropped := range slices.Sorted(maps.Values(p.splice.dropped)) {
		a.i32(0).setGlobal(dropped)
	}
}

// code is a constant expression as instructions of a body.
func (p *plan) code(in *input, x wasm.Expr) []byte {
	y, err := p.expr(in, x)
	if err != nil {
		panic("BUG: an expression that was rewritten before cannot be: " + err.Error())
	}
	return y[:len(y)-1]
}

// resetData copies the user's active segments into its memory.
func (p *plan) resetData(a *asm) {
	for i := range p.datas {
		if d := &p.datas[i]; d.active && p.resets(d) {
			at := p.offset(d.where, uint64(p.splice.shift()), p.dataOffset(p.splice.user, d), false)
			a.raw(p.code(p.splice.user, at)...).i32(0).i32(uint32(d.size))
			a.index(wasm.OpMemoryInit, uint32(i), 0)
		}
	}
}

// constant drops its operands and gives v.
func constant(name string, index uint32, typ *wasm.SubType, v uint64) *synth {
	return &synth{name: name, typ: index, code: func(*plan) []byte {
		a := &asm{}
		for range typ.Params {
			a.op(wasm.OpDrop)
		}
		for _, t := range typ.Results {
			if t == wasm.I64 {
				a.i64(v)
			} else {
				a.i32(uint32(v))
			}
		}
		return *a
	}}
}

// blobCopy copies from blob i to memory: the operands are those of memory.init.
func (s *splice) blobCopy(i int, name string) *synth {
	return &synth{name: name + "_copy", typ: s.types.addFunc(i32s(3), nil), code: func(*plan) []byte {
		return *(&asm{}).index(wasm.OpMemoryInit, s.blobsAt+uint32(i), 0)
	}}
}

// adapter calls an ic0 function with its addresses moved to where the user's
// memory is. An address that would pass the end of the address space becomes
// the last one, which is never inside memory.
func (s *splice) adapter(f *abi.Function, typ uint32, host id) *synth {
	return &synth{name: "ic0." + f.Name, typ: typ, calls: []id{host}, body: func(p *plan) []byte {
		a := newBody(0)
		for i, param := range f.Params {
			switch {
			case param.Kind == abi.Value:
				a.local(uint32(i))
			case param.Type == abi.I64:
				a.moved64(uint32(i), s.shift())
			default:
				a.moved(uint32(i), s.shift())
			}
		}
		return a.call(p.index[Func][host]).end()
	}}
}

// moved64 is moved for an address of 64 bits. One that is past 32 bits already
// stays.
func (a *asm) moved64(i, shift uint32) *asm {
	a.local(i).local(i).i64(uint64(shift)).op(wasm.OpI64Add)
	return a.local(i).i64(0xffffffff).op(wasm.OpI64GtU, wasm.OpSelect)
}

// regrow grows the memory of a user that can be instantiated again. What an
// earlier instance has grown is there already and is zero.
func (s *splice) regrow() []byte {
	a := newBody(1)
	// Past the limit: -1. The size never passes the limit.
	a.i32(s.userMax()).global(s.pages).op(wasm.OpI32Sub).local(0).op(wasm.OpI32LtU)
	a.if_(void).i32(0xffffffff).op(wasm.OpReturn, wasm.OpEnd)
	// The pages that the whole memory lacks, if any.
	a.global(s.pages).local(0).op(wasm.OpI32Add).i32(s.base).op(wasm.OpI32Add)
	a.index(wasm.OpMemorySize, 0).op(wasm.OpI32Sub).tee(1).i32(0).op(wasm.OpI32GtS)
	a.if_(void).local(1).index(wasm.OpMemoryGrow, 0).i32(0xffffffff).op(wasm.OpI32Eq)
	a.if_(void).i32(0xffffffff).op(wasm.OpReturn, wasm.OpEnd).op(wasm.OpEnd)
	a.global(s.pages)
	return a.global(s.pages).local(0).op(wasm.OpI32Add).setGlobal(s.pages).end()
}
