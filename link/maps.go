package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// bodyMap is what happens to the code of an input. Its instructions become
// shorter ones only where there is growth to make up: where its memory is shifted
// or its code tests the unwinding flag.
func (p *plan) bodyMap(in *input) *relocate.Map {
	m := &relocate.Map{
		Types: p.typeSpace(in), Funcs: p.space(in, Func), Tables: p.space(in, Table), Memories: p.space(in, Memory),
		Globals: p.space(in, Global), Tags: p.space(in, Tag), Elems: p.space(in, elemKind), Datas: p.space(in, dataKind),
		Calls: p.calls(in),
	}
	for i := range in.count[Memory] {
		m.Memory = append(m.Memory, p.memoryCode(p.of(in, Memory, uint32(i))))
	}
	for i := range in.count[Table] {
		m.Table = append(m.Table, p.tableCode(p.of(in, Table, uint32(i))))
	}
	p.spliceMap(in, m)
	m.Verbatim = p.o.Verbatim || m.Unwind == nil && !slices.ContainsFunc(m.Memory, func(m relocate.Memory) bool { return m.Shift > 0 })
	return m
}

// space is an index space of an input.
func (p *plan) space(in *input, k Kind) relocate.Space {
	return relocate.NewSpace(p.index[k][in.first[k]:][:in.count[k]])
}

func (p *plan) typeSpace(in *input) relocate.Space {
	to := make([]uint32, len(in.types))
	for i, t := range in.types {
		to[i] = p.typeIndex[t]
	}
	return relocate.NewSpace(to)
}

// calls says what happens to direct calls in the code of in. Only imports can
// have become code.
func (p *plan) calls(in *input) []relocate.Call {
	n := len(in.imports[Func])
	if p.unwinds(in) {
		n = in.count[Func]
	}
	calls := make([]relocate.Call, n)
	for f := range calls {
		i := p.of(in, Func, uint32(f))
		if s := p.synth(i); s != nil && s.code != nil && p.live[Func][i] {
			calls[f].Inline = s.code(p)
		}
		calls[f].Results = p.inputType(in, uint32(f)).Results
		calls[f].MayUnwind = p.unwinds(in) && p.unwinding.funcs[i]
	}
	return calls
}

// memoryCode says what replaces the instructions on one memory; those with two
// indices are left to substitute.
func (p *plan) memoryCode(m id) relocate.Memory {
	at := &p.places[Memory][m]
	code := relocate.Memory{
		Shift: uint32(at.base * pageSize), Bounded: at.bounded, Bytes: at.size * pageSize, Is64: p.memoryType(m).Is64,
		Grow: p.helper(helperKey{op: wasm.OpMemoryGrow, x: m}),
		Fill: p.helper(helperKey{op: wasm.OpMemoryFill, x: m}),
	}
	if p.live[Memory][m] {
		limits := p.stacks[Memory][at.out].limits
		code.Whole = !limits.HasMax || limits.Max > maxPages
	}
	switch {
	case p.regrows(m):
		code.Size = p.splice.userPages()
	case at.fixed:
		code.Size, code.Grow = *(&asm{}).i32(uint32(at.size)), fixedGrow(at.size)
	case at.base > 0:
		code.Size = *(&asm{}).index(wasm.OpMemorySize, at.out).i32(uint32(at.base)).op(wasm.OpI32Sub)
	}
	return code
}

// tableCode says what replaces the instructions on one table.
func (p *plan) tableCode(t id) relocate.Table {
	at := &p.places[Table][t]
	code := relocate.Table{
		Index: p.helper(helperKey{op: wasm.OpCallIndirect, x: t}),
		Set:   p.helper(helperKey{op: wasm.OpTableSet, x: t}),
		Grow:  p.helper(helperKey{op: wasm.OpTableGrow, x: t}),
		Fill:  p.helper(helperKey{op: wasm.OpTableFill, x: t}),
	}
	switch {
	case at.fixed:
		code.Size = *(&asm{}).i32(uint32(at.size))
	case at.base > 0:
		code.Size = *(&asm{}).index(wasm.OpTableSize, at.out).i32(uint32(at.base)).op(wasm.OpI32Sub)
	}
	return code
}

// bodyMaps are those of all inputs.
func (p *plan) bodyMaps() []*relocate.Map {
	maps := make([]*relocate.Map, len(p.inputs))
	for i, in := range p.inputs {
		maps[i] = p.bodyMap(in)
	}
	p.substitute(maps)
	return maps
}

// substitute enters the helpers of instructions with two indices.
func (p *plan) substitute(maps []*relocate.Map) {
	for _, use := range p.rareOps {
		m, code := maps[use.in.at], p.helper(p.helperKey(use.in, use.op, use.x, use.y))
		if code == nil {
			continue
		}
		switch use.op {
		case wasm.OpMemoryCopy:
			put(&m.Memory[use.x].Copy, use.y, code)
		case wasm.OpMemoryInit:
			put(&m.Memory[use.y].Init, use.x, code)
		case wasm.OpTableCopy:
			put(&m.Table[use.x].Copy, use.y, code)
		case wasm.OpTableInit:
			put(&m.Table[use.y].Init, use.x, code)
		}
	}
}

// put enters code for an index.
func put(codes *relocate.Codes, i uint32, code []byte) {
	if *codes == nil {
		*codes = relocate.Codes{}
	}
	(*codes)[uint64(i)] = code
}

// makeExprMaps prepares what happens to constant expressions: a global.get
// gives way to the global's value.
func (p *plan) makeExprMaps() {
	for _, in := range p.inputs {
		p.exprMaps = append(p.exprMaps, &relocate.Map{
			Types: p.typeSpace(in), Funcs: p.space(in, Func), Globals: p.space(in, Global),
		})
	}
}

// expr is a constant expression for the output.
func (p *plan) expr(in *input, x wasm.Expr) (wasm.Expr, error) {
	if x == nil || isConst(x) {
		return x, nil
	}
	m := p.exprMaps[in.at]
	for g := range reads(x) {
		if code := p.inline(p.of(in, Global, uint32(g))); code != nil && g < uint64(in.count[Global]) {
			put(&m.Gets, uint32(g), code)
		}
	}
	return m.Expr(nil, x, 0)
}
