package link

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

const (
	nameSection      = "name"
	producersSection = "producers"
	icpPrefix        = "icp:"
)

// readNames reads the name section. It is nil where there is none; a malformed
// one says nothing, as the specification has it.
func readNames(m *wasm.Module) *wasm.Names {
	for _, c := range m.Customs {
		if c.Name != nameSection {
			continue
		}
		if names, err := wasm.ReadNames(c.Bytes); err == nil {
			return names
		}
	}
	return nil
}

// funcName is a function's name for messages: its index and, where known, its
// name.
func (in *input) funcName(f uint32) string {
	if in.names != nil && in.names.Funcs[f] != "" {
		return fmt.Sprintf("function %d <%s>", f, in.names.Funcs[f])
	}
	return fmt.Sprintf("function %d", f)
}

// emitCustoms carries the user's custom sections that stay true.
func (p *plan) emitCustoms(out *wasm.Module) {
	for _, c := range p.user.mod.Customs {
		switch {
		case slices.ContainsFunc(p.o.customs, func(own wasm.Custom) bool { return own.Name == c.Name }):
		case strings.HasPrefix(c.Name, icpPrefix), c.Name == producersSection:
			c.After = wasm.SectionData
			out.Customs = append(out.Customs, c)
		case c.Name != nameSection:
			p.droppedCustoms = append(p.droppedCustoms, c.Name)
		}
	}
	if !p.o.strip {
		names := p.names().Append(nil)
		out.Customs = append(out.Customs, wasm.Custom{Name: nameSection, Bytes: names, After: wasm.SectionData})
	}
	out.Customs = append(out.Customs, p.o.customs...)
}

// names are those of both inputs, renumbered, and of the linker's functions.
func (p *plan) names() *wasm.Names {
	out := &wasm.Names{Funcs: wasm.NameMap{}, Locals: wasm.IndirectNameMap{}}
	for i := range p.synths {
		id := p.first + funcID(i)
		if p.funcs[id] != relocate.Removed {
			out.Funcs[p.funcs[id]] = p.synths[i].name
		}
	}
	if n := p.polyfill.names; n != nil {
		p.funcNames(out, p.polyfill)
	}
	if n := p.user.names; n != nil {
		p.funcNames(out, p.user)
		// Of the user only functions move, so the other names still hold.
		out.Module, out.Types, out.Fields, out.Tables = n.Module, n.Types, n.Fields, n.Tables
		out.Globals, out.Elems, out.Datas, out.Tags = n.Globals, n.Elems, n.Datas, n.Tags
	}
	return out
}

// funcNames adds the names of functions and their locals. Those of labels are
// counted by blocks, which change.
func (p *plan) funcNames(out *wasm.Names, in *input) {
	for f, name := range in.names.Funcs {
		if i, ok := p.outIndex(in, f); ok {
			out.Funcs[i] = name
		}
	}
	for f, locals := range in.names.Locals {
		if i, ok := p.outIndex(in, f); ok {
			out.Locals[i] = locals
		}
	}
}

// outIndex is the output index of a function that comes from in itself.
func (p *plan) outIndex(in *input, f uint32) (uint32, bool) {
	if int(f) >= in.numFuncs() {
		return 0, false
	}
	id := in.id + funcID(f)
	return p.funcs[id], p.resolve(id) == id && p.funcs[id] != relocate.Removed
}
