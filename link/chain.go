package link

import "github.com/icsplice/icsplice/internal/wasm"

// addChain adds the function that runs the steps of instantiation, unless it
// would call one start function and nothing else.
func (p *plan) addChain() {
	deferred := p.o.DeferStart != ""
	if !deferred && (len(p.steps) == 0 || len(p.steps) == 1 && len(p.steps[0].elems)+len(p.steps[0].datas) == 0) {
		return
	}
	s := &synth{name: "link.start", typ: p.types.addFunc(nil, nil), body: (*plan).chainBody}
	for i := range p.steps {
		p.chainOnce = p.chainOnce || deferred && len(p.steps[i].elems)+len(p.steps[i].datas) > 0
		if p.steps[i].start != nil {
			s.calls = append(s.calls, *p.steps[i].start)
		}
		p.needInits(&p.steps[i])
	}
	i := p.addHelper(s)
	p.chain = &i
	if deferred {
		p.roots = append(p.roots, root{as: p.o.DeferStart, what: entity{Func, i}})
	}
}

// needInits adds the helpers that copy the segments of a step.
func (p *plan) needInits(s *step) {
	for _, i := range s.elems {
		p.needHelper(helperKey{wasm.OpTableInit, p.elems[i].id, p.elems[i].target})
	}
	for _, i := range s.datas {
		p.needHelper(helperKey{wasm.OpMemoryInit, p.datas[i].id, p.datas[i].target})
	}
}

// addChainGlobal adds the flag that tells a deferred chain that it has copied its
// segments, as they are dropped then.
func (p *plan) addChainGlobal() {
	if p.chainOnce {
		p.chainRan = p.addGlobal(0)
	}
}

// chainBody copies segments and calls start functions, module by module.
func (p *plan) chainBody() []byte {
	a := newBody(0)
	if p.chainOnce {
		a = newBody(1).global(p.chainRan).index(wasm.OpLocalSet, 0).i32(1).setGlobal(p.chainRan)
	}
	for i := range p.steps {
		s := &p.steps[i]
		once := p.chainOnce && len(s.elems)+len(s.datas) > 0
		if once {
			a.local(0).op(wasm.OpI32Eqz).if_(void)
		}
		for _, n := range s.elems {
			e := &p.elems[n]
			a.raw(p.code(s.in, p.offset(e.where, 0, e.elem.Offset, p.tableType(e.target).Limits.Is64))...)
			p.initStep(a, e.size(), helperKey{wasm.OpTableInit, e.id, e.target}, uint32(n), p.places[Table][e.target].out)
			a.index(wasm.OpElemDrop, uint32(n))
		}
		for _, n := range s.datas {
			d := &p.datas[n]
			a.raw(p.code(s.in, p.offset(d.where, 0, p.dataOffset(s.in, d), p.memoryType(d.target).Is64))...)
			p.initStep(a, d.size, helperKey{wasm.OpMemoryInit, d.id, d.target}, uint32(n), p.places[Memory][d.target].out)
			a.index(wasm.OpDataDrop, uint32(n))
		}
		if once {
			a.op(wasm.OpEnd)
		}
		if s.start != nil {
			a.call(p.index[Func][p.resolve(Func, *s.start)])
		}
	}
	return a.end()
}

// initStep copies one segment to the address on the stack, as the engine would.
func (p *plan) initStep(a *asm, size int, k helperKey, segment, target uint32) {
	a.i32(0).i32(uint32(size))
	if code := p.helper(k); code != nil {
		a.raw(code...)
	} else {
		a.index(k.op, segment, target)
	}
}

// emitStart names the function that instantiation runs.
func (p *plan) emitStart(out *wasm.Module) {
	if p.o.DeferStart != "" {
		return
	}
	var f wasm.FuncIndex
	switch {
	case p.chain != nil:
		f = wasm.FuncIndex(p.index[Func][*p.chain])
	case len(p.steps) == 1:
		f = wasm.FuncIndex(p.index[Func][p.resolve(Func, *p.steps[0].start)])
	default:
		return
	}
	out.Start = &f
}
