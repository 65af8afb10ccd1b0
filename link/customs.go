package link

import (
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

// emitCustoms carries the user's custom sections that stay true.
func (p *plan) emitCustoms(out *wasm.Module) {
	for _, in := range p.inputs {
		if p.splice != nil && in != p.splice.user {
			continue
		}
		for _, c := range in.mod.Customs {
			switch {
			case slices.ContainsFunc(p.o.Customs, func(own Section) bool { return own.Name == c.Name }):
			case strings.HasPrefix(c.Name, icpPrefix), c.Name == producersSection:
				c.After = wasm.SectionData
				out.Customs = append(out.Customs, c)
			case c.Name != nameSection:
				p.droppedCustoms = append(p.droppedCustoms, c.Name)
			}
		}
	}
	if !p.o.StripNames {
		names := p.names().Append(nil)
		out.Customs = append(out.Customs, wasm.Custom{Name: nameSection, Bytes: names, After: wasm.SectionData})
	}
	for _, c := range p.o.Customs {
		out.Customs = append(out.Customs, wasm.Custom{Name: c.Name, Bytes: c.Bytes, After: wasm.SectionData})
	}
}

// names are those of all inputs, renumbered, and of the linker's functions.
func (p *plan) names() *wasm.Names {
	out := &wasm.Names{Funcs: wasm.NameMap{}, Locals: wasm.IndirectNameMap{}}
	for n, s := range p.synths {
		if i := p.index[Func][p.first[Func]+id(n)]; i != relocate.Removed {
			out.Funcs[i] = s.name
		}
	}
	for _, in := range p.inputs {
		if in.names != nil {
			p.funcNames(out, in)
		}
	}
	return out
}

// funcNames adds the names of functions and their locals.
func (p *plan) funcNames(out *wasm.Names, in *input) {
	for f, name := range in.names.Funcs {
		if i, ok := p.outIndex(in, Func, f); ok {
			out.Funcs[i] = name
		}
	}
	for f, locals := range in.names.Locals {
		if i, ok := p.outIndex(in, Func, f); ok {
			out.Locals[i] = locals
		}
	}
}

// outIndex is the output index of an entity that comes from in itself.
func (p *plan) outIndex(in *input, k Kind, i uint32) (uint32, bool) {
	if int(i) >= in.count[k] {
		return 0, false
	}
	at := in.first[k] + id(i)
	return p.index[k][at], p.resolve(k, at) == at && p.index[k][at] != relocate.Removed
}
