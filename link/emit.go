package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// emit writes the output module by the plan.
func emit(p *plan, roots []root, o *options) (*wasm.Module, error) {
	user, polyfill := p.userMap(), p.polyfillMap()
	out := &wasm.Module{Types: p.types.types, RecGroups: p.types.groups, Tags: p.user.mod.Tags}
	p.emitImports(out)
	if err := p.emitFuncs(out, user, polyfill); err != nil {
		return nil, err
	}
	if err := p.emitTables(out, user); err != nil {
		return nil, err
	}
	if err := p.emitGlobals(out, polyfill); err != nil {
		return nil, err
	}
	p.emitMemory(out)
	p.emitData(out)
	if err := p.emitExports(out, roots, o); err != nil {
		return nil, err
	}
	p.emitStart(out)
	return out, nil
}

// userMap is what happens to the user's code.
func (p *plan) userMap() *relocate.Map {
	m := p.user.mod
	r := &relocate.Map{
		Types: relocate.NewSpace(p.typeOf[0]), Funcs: relocate.NewSpace(p.funcs[:p.user.numFuncs()]),
		Tables: relocate.Identity(len(m.Tables)), Memories: relocate.Identity(len(m.Memories)),
		Globals: relocate.Identity(len(m.Globals)), Tags: relocate.Identity(len(m.Tags)),
		Elems: relocate.Identity(len(m.Elems)), Datas: relocate.Identity(len(m.Data)),
		Calls: p.calls(p.user),
	}
	if p.unwinds {
		r.Unwind = &relocate.Unwind{Flag: p.flag, Indirect: p.unwinding.indirect, Any: p.unwinding.any}
	}
	r.Memory = []relocate.Memory{p.memoryCode()}
	if p.again {
		for i := range p.user.mod.Data {
			r.Drop = append(r.Drop, p.dropCode(i))
		}
	}
	return r
}

// memoryCode says what replaces the user's memory instructions.
func (p *plan) memoryCode() relocate.Memory {
	m := relocate.Memory{Shift: p.shift()}
	if p.base > 0 || p.again {
		m.Size = p.userPages()
	}
	m.Grow, m.Fill = p.callTo(p.helpers.grow), p.callTo(p.helpers.fill)
	m.Copy = [][]byte{p.callTo(p.helpers.copy)}
	for i := range p.helpers.init {
		m.Init = append(m.Init, p.callTo(&p.helpers.init[i]))
	}
	return m
}

func (p *plan) dropCode(segment int) []byte {
	global, ok := p.dropped[segment]
	if !ok {
		return nil
	}
	return *(&asm{}).i32(1).setGlobal(global)
}

func (p *plan) callTo(id *funcID) []byte {
	if id == nil {
		return nil
	}
	return *(&asm{}).call(p.funcs[*id])
}

// calls says what happens to direct calls in the code of in.
func (p *plan) calls(in *input) []relocate.Call {
	calls := make([]relocate.Call, in.numFuncs())
	for f := range calls {
		id := p.resolve(in.id + funcID(f))
		if s := p.synth(id); s != nil && s.code != nil && p.live[id] {
			calls[f].Inline = s.code(p)
		}
		calls[f].MayUnwind = in == p.user && p.unwinding.funcs[id]
	}
	return calls
}

// polyfillMap is what happens to the polyfill's code: its memory stays.
func (p *plan) polyfillMap() *relocate.Map {
	m := p.polyfill.mod
	return &relocate.Map{
		Types: relocate.NewSpace(p.typeOf[1]), Funcs: relocate.NewSpace(p.funcs[p.polyfill.id:p.first]),
		Memories: relocate.Identity(len(m.Memories)),
		Globals:  relocate.NewSpace(sequence(p.userFirst, len(m.Globals))),
		Datas:    relocate.NewSpace(sequence(p.blobsAt+uint32(len(p.blobs)), len(m.Data))),
		Calls:    p.calls(p.polyfill),
	}
}

// sequence is first, first+1, ... of length n.
func sequence(first uint32, n int) []uint32 {
	s := make([]uint32, n)
	for i := range s {
		s[i] = first + uint32(i)
	}
	return s
}

func (p *plan) emitImports(out *wasm.Module) {
	for _, id := range p.imports {
		s := p.synth(id)
		imp := *s.host
		imp.Type = p.types.add(s.typ)
		out.Imports = append(out.Imports, imp)
	}
}

func (p *plan) newType(in *input, t wasm.TypeIndex) wasm.TypeIndex {
	if in == p.user {
		return wasm.TypeIndex(p.typeOf[0][t])
	}
	return wasm.TypeIndex(p.typeOf[1][t])
}

// emitFuncs rewrites all bodies, many at once.
func (p *plan) emitFuncs(out *wasm.Module, user, polyfill *relocate.Map) error {
	n := len(p.order)
	out.Funcs, out.Code = make([]wasm.TypeIndex, n), make([]wasm.Body, n)
	for i, id := range p.order {
		if s := p.synth(id); s != nil {
			out.Funcs[i] = p.types.add(s.typ)
			out.Code[i].Bytes = s.bytes(p)
			continue
		}
		in, f := p.owner(id)
		t, _ := in.funcType(f)
		out.Funcs[i] = p.newType(in, t)
	}
	out.Types, out.RecGroups = p.types.types, p.types.groups
	return parallel(n, func(from, to int) error {
		arena := make([]byte, 0, p.estimate(from, to))
		for i := from; i < to; i++ {
			in, f := p.owner(p.order[i])
			if in == nil {
				continue
			}
			m := user
			if in == p.polyfill {
				m = polyfill
			}
			body := in.mod.Code[int(f)-len(in.imports)]
			start := len(arena)
			var err error
			t, _ := in.funcType(f)
			if arena, err = m.Body(arena, body, in.mod.Types[t].Results); err != nil {
				return &Error{Input: in.name, What: in.funcName(f), Err: err}
			}
			out.Code[i].Bytes = arena[start:len(arena):len(arena)]
		}
		return nil
	})
}

// estimate is how long the rewritten bodies of a range are likely to be.
func (p *plan) estimate(from, to int) int {
	n := 0
	for _, id := range p.order[from:to] {
		if in, f := p.owner(id); in != nil {
			n += len(in.mod.Code[int(f)-len(in.imports)].Bytes)
		}
	}
	return n + n/4
}

// emitTables keeps the user's tables and element segments.
func (p *plan) emitTables(out *wasm.Module, m *relocate.Map) error {
	var err error
	expr := func(x wasm.Expr) wasm.Expr {
		if x == nil || err != nil {
			return nil
		}
		var y []byte
		y, err = m.Expr(nil, x, 0)
		return y
	}
	for _, t := range p.user.mod.Tables {
		t.Init = expr(t.Init)
		out.Tables = append(out.Tables, t)
	}
	for i, e := range p.user.mod.Elems {
		if e.Mode() == wasm.Active && int(e.Table) >= len(p.user.mod.Tables) {
			return p.user.fail(elemName(i), "table %d does not exist", e.Table)
		}
		e.Offset = expr(e.Offset)
		e.Funcs, e.Exprs = slices.Clone(e.Funcs), slices.Clone(e.Exprs)
		for j, f := range e.Funcs {
			e.Funcs[j] = wasm.FuncIndex(p.funcs[f]) // mark has checked it
		}
		for j, x := range e.Exprs {
			e.Exprs[j] = expr(x)
		}
		if err != nil {
			return &Error{Input: p.user.name, What: elemName(i), Err: err}
		}
		out.Elems = append(out.Elems, e)
	}
	return err
}

func (p *plan) emitGlobals(out *wasm.Module, polyfill *relocate.Map) error {
	out.Globals = slices.Clone(p.globals)
	for i, g := range p.polyfill.mod.Globals {
		init, err := polyfill.Expr(nil, g.Init, 0)
		if err != nil {
			return &Error{Input: p.polyfill.name, What: globalName(i), Err: err}
		}
		g.Init = init
		out.Globals = append(out.Globals, g)
	}
	return nil
}

// emitMemory writes the one memory that holds both.
func (p *plan) emitMemory(out *wasm.Module) {
	if len(p.user.mod.Memories)+len(p.polyfill.mod.Memories) == 0 {
		return
	}
	size := p.user.memory()
	size.Min += uint64(p.base)
	if p.base > 0 || size.HasMax {
		size.HasMax, size.Max = true, uint64(p.base+p.userMax())
	}
	out.Memories = []wasm.Limits{size}
}

// emitData writes the user's segments, the blobs and the polyfill's segments.
func (p *plan) emitData(out *wasm.Module) {
	for _, d := range p.segments {
		data := wasm.Data{Flags: 1, Init: d.bytes}
		if d.active && !p.again {
			data.Flags, data.Offset = 0, (&asm{}).i32(p.shift()+d.offset).end()
		}
		out.Data = append(out.Data, data)
	}
	for _, b := range p.blobs {
		out.Data = append(out.Data, wasm.Data{Flags: 1, Init: b.bytes})
	}
	out.Data = append(out.Data, p.polyfill.mod.Data...)
	passive := func(d wasm.Data) bool { return d.Flags == 1 }
	if p.user.mod.DataCount != nil || p.polyfill.mod.DataCount != nil || slices.ContainsFunc(out.Data, passive) {
		n := uint32(len(out.Data))
		out.DataCount = &n
	}
}

// emitExports writes the user's exports that stay, then the roots of the
// polyfill.
func (p *plan) emitExports(out *wasm.Module, roots []root, o *options) error {
	for _, r := range roots {
		out.Exports = append(out.Exports, wasm.Export{Name: r.as, Kind: wasm.ExternFunc, Index: p.funcs[r.id]})
	}
	for _, e := range p.user.mod.Exports {
		if e.Kind == wasm.ExternFunc {
			continue
		}
		if as, ok := o.keep(e.Name, e.Kind); ok {
			e.Name = as
			out.Exports = append(out.Exports, e)
		}
	}
	seen := map[string]bool{}
	for _, e := range out.Exports {
		if seen[e.Name] {
			return &Error{What: "export " + e.Name, Msg: "two exports would have this name"}
		}
		seen[e.Name] = true
	}
	return nil
}

// emitStart keeps the start function, or the chain of them.
func (p *plan) emitStart(out *wasm.Module) {
	starts := p.starts()
	if len(starts) == 0 {
		return
	}
	f := wasm.FuncIndex(p.funcs[p.resolve(starts[0])])
	if p.helpers.start != nil {
		f = wasm.FuncIndex(p.funcs[*p.helpers.start])
	}
	out.Start = &f
}
