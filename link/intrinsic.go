package link

import "github.com/icsplice/icsplice/internal/wasm"

// intrinsic is what an import of module "link" stands for.
func (r *resolver) intrinsic(imp *wasm.Import) (funcID, string) {
	switch imp.Name {
	case "user_base":
		return r.inline(imp.Name, i32Type, func(p *plan) []byte {
			return *(&asm{}).i32(p.shift())
		}), ""
	case "user_pages":
		return r.inline(imp.Name, i32Type, func(p *plan) []byte { return p.userPages() }), ""
	case "rewind":
		return r.inline(imp.Name, nil, func(p *plan) []byte { return p.setFlag(0) }), ""
	case "unwind":
		id := r.inline(imp.Name, nil, func(p *plan) []byte { return p.setFlag(1) })
		r.unwind = &id
		return id, ""
	case "start":
		if r.start == nil {
			return r.addSynth(constant("link.start", &nothingType, 0)), ""
		}
		return *r.start, ""
	case "instantiate":
		s := &synth{name: "link.instantiate", typ: nothingType, body: instantiate}
		if r.start != nil {
			s.calls = []funcID{*r.start}
		}
		id := r.addSynth(s)
		r.graph.instantiate = &id
		return id, ""
	}
	return 0, "the linker has no intrinsic of that name"
}

// inline adds an intrinsic without parameters.
func (r *resolver) inline(name string, results []wasm.ValType, code func(*plan) []byte) funcID {
	return r.addSynth(&synth{name: "link." + name, typ: funcTypeOf(nil, results), code: code})
}

// userPages is the code that gives the user's memory size.
func (p *plan) userPages() []byte {
	if p.again {
		return *(&asm{}).global(p.pages)
	}
	a := (&asm{}).op(wasm.OpMemorySize).raw(0)
	if p.base > 0 {
		a.i32(p.base).op(wasm.OpI32Sub)
	}
	return *a
}

// setFlag is the code that sets the unwinding flag, where there is one.
func (p *plan) setFlag(v uint32) []byte {
	if !p.unwinds {
		return []byte{}
	}
	return *(&asm{}).i32(v).setGlobal(p.flag)
}

// instantiate is the body of link.instantiate: what the engine does to a fresh
// instance, in its order. The first instance finds its memory zero.
func instantiate(p *plan) []byte {
	a := newBody(0)
	a.global(p.ran).if_(void)
	if p.tableWriter != "" {
		a.op(wasm.OpUnreachable) // a changed table cannot be put back
	}
	a.i32(p.shift()).i32(0)
	a.op(wasm.OpMemorySize).raw(0).i32(p.base).op(wasm.OpI32Sub).i32(16).op(wasm.OpI32Shl)
	a.op(wasm.OpMemoryFill).raw(0)
	a.op(wasm.OpEnd).i32(1).setGlobal(p.ran)
	a.i32(uint32(p.user.memory().Min)).setGlobal(p.pages)
	p.resetGlobals(a)
	p.resetData(a)
	if p.start != nil {
		a.call(p.funcs[p.resolve(*p.start)])
	}
	return a.end()
}

// resetGlobals gives every mutable global of the user its initial value.
func (p *plan) resetGlobals(a *asm) {
	for i, g := range p.globals[:len(p.user.mod.Globals)] {
		if g.Mutable {
			a.raw(g.Init[:len(g.Init)-1]...).setGlobal(uint32(i))
		}
	}
	for _, dropped := range p.sortedDropped() {
		a.i32(0).setGlobal(dropped)
	}
}

// resetData copies the user's active segments into its memory.
func (p *plan) resetData(a *asm) {
	for i, d := range p.segments {
		if d.active {
			a.i32(p.shift() + d.offset).i32(0).i32(uint32(len(d.bytes)))
			a.index(wasm.OpMemoryInit, uint32(i)).raw(0)
		}
	}
}
