package link

import (
	"maps"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// names are those of all inputs, renumbered, and of the linker's functions.
func (p *plan) names(out *wasm.Module) *wasm.Names {
	n := &wasm.Names{
		Funcs: wasm.NameMap{}, Locals: wasm.IndirectNameMap{}, Labels: wasm.IndirectNameMap{},
		Types: wasm.NameMap{}, Fields: wasm.IndirectNameMap{}, Tables: wasm.NameMap{}, Memories: wasm.NameMap{},
		Globals: wasm.NameMap{}, Tags: wasm.NameMap{}, Elems: wasm.NameMap{}, Datas: wasm.NameMap{},
	}
	for i, s := range p.synths {
		if to := p.index[Func][p.first[Func]+id(i)]; to != relocate.Removed {
			n.Funcs[to] = s.name
		}
	}
	for _, in := range p.inputs {
		if in.names != nil {
			p.addNames(n, in, out)
		}
	}
	if in := p.inputs[0]; in.names != nil && (p.splice != nil || len(p.inputs) == 1) {
		n.Module = in.names.Module
	}
	return n
}

// addNames adds those of one input. Of things that became one, the first name
// counts; a stacked memory or table has that of the top.
func (p *plan) addNames(n *wasm.Names, in *input, out *wasm.Module) {
	p.moveNames(n.Funcs, in.names.Funcs, in, Func)
	p.moveNames(n.Globals, in.names.Globals, in, Global)
	p.moveNames(n.Tags, in.names.Tags, in, Tag)
	p.moveNames(n.Elems, in.names.Elems, in, elemKind)
	p.moveNames(n.Datas, in.names.Datas, in, dataKind)
	p.moveNames(n.Tables, in.names.Tables, in, Table)
	p.moveNames(n.Memories, in.names.Memories, in, Memory)
	for f, locals := range in.names.Locals {
		if to, ok := p.outIndex(in, Func, f); ok {
			n.Locals[to] = locals
		}
	}
	p.typeNames(n, in)
	for f, labels := range in.names.Labels {
		if to, ok := p.outIndex(in, Func, f); ok && p.sameBlocks(in, f, out, to) {
			n.Labels[to] = labels
		}
	}
}

func (p *plan) moveNames(to, from wasm.NameMap, in *input, k Kind) {
	for i, name := range from {
		if at, ok := p.outIndex(in, k, i); ok {
			to[at] = name
		}
	}
}

// typeNames adds the names of types and of their fields.
func (p *plan) typeNames(n *wasm.Names, in *input) {
	for _, t := range slices.Sorted(maps.Keys(in.names.Types)) {
		if to, ok := p.outTypeIndex(in, t); ok && n.Types[to] == "" {
			n.Types[to] = in.names.Types[t]
		}
	}
	for _, t := range slices.Sorted(maps.Keys(in.names.Fields)) {
		if to, ok := p.outTypeIndex(in, t); ok && n.Fields[to] == nil {
			n.Fields[to] = in.names.Fields[t]
		}
	}
}

func (p *plan) outTypeIndex(in *input, t uint32) (uint32, bool) {
	if int(t) >= len(in.types) {
		return 0, false
	}
	to := p.typeIndex[in.types[t]]
	return to, to != relocate.Removed
}

// outIndex is the output index of an entity that comes from in itself, and not
// from what it imports.
func (p *plan) outIndex(in *input, k Kind, i uint32) (uint32, bool) {
	if int(i) >= in.count[k] {
		return 0, false
	}
	at := in.first[k] + id(i)
	if k == Memory || k == Table {
		if places := p.places[k]; p.live[k][at] && places[at].bounded {
			return 0, false
		}
	}
	return p.index[k][at], p.resolve(k, at) == at && p.index[k][at] != relocate.Removed
}

// sameBlocks reports whether a function still has all its blocks and no others,
// by whose order labels are counted.
func (p *plan) sameBlocks(in *input, f uint32, out *wasm.Module, to uint32) bool {
	if in.imported(Func, f) {
		return false
	}
	before, ok := blocks(in.mod.Code[in.code(f)])
	after, same := blocks(out.Code[int(to)-len(p.imports[Func])])
	return ok && same && slices.Equal(before, after)
}

// blocks lists the instructions of a body that open a block.
func blocks(body wasm.Body) ([]wasm.Op, bool) {
	_, code, offset, err := body.Locals()
	if err != nil {
		return nil, false
	}
	r := wasm.NewCodeReader(code, offset)
	r.AllowOffset64()
	var list []wasm.Op
	var in wasm.Instr
	for {
		depth := r.Depth()
		more, err := r.Next(&in)
		if !more || err != nil {
			return list, err == nil
		}
		if r.Depth() > depth {
			list = append(list, in.Op)
		}
	}
}
