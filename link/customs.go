package link

import (
	"slices"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

const (
	nameSection      = "name"
	producersSection = "producers"
	featuresSection  = "target_features"
	hintsSection     = "metadata.code.branch_hint"
	icpPrefix        = "icp:"
	buildIDSection   = "go:buildid"
)

// Fate is what became of a custom section of an input.
type Fate string

// The fates.
const (
	Carried Fate = "carried" // as it was
	Merged  Fate = "merged"  // with those of other inputs, renumbered where it has indices
	Dropped Fate = "dropped" // as it would no longer be true, or nobody could tell
	Ignored Fate = "ignored" // as it is malformed
)

// CustomFate tells the fate of one custom section.
type CustomFate struct {
	Input string `json:"input"`
	Name  string `json:"name"`
	Size  int    `json:"size"` // in bytes, without header and name
	Fate  Fate   `json:"fate"`
}

// notModules are custom sections of what is no finished module.
var notModules = map[string]string{
	"dylink":   "it is a shared library; link it into a whole program first",
	"dylink.0": "it is a shared library; link it into a whole program first",
	"linking":  "it is an object file; link it into a whole program first",
}

// checkKind refuses what is no finished module.
func (in *input) checkKind() error {
	for _, c := range in.mod.Customs {
		if msg, ok := notModules[c.Name]; ok {
			return &Error{Input: in.name, Section: "custom section", Index: -1, Offset: c.Offset, Symbol: c.Name, Msg: msg}
		}
	}
	return nil
}

// customs gathers the output's custom sections.
type customs struct {
	*plan
	carried  []wasm.Custom
	bySet    map[string]bool // names of which there can be one
	sections map[string]*fieldSet
}

// emitCustoms writes the custom sections: those of the inputs that stay true,
// merged ones, and those of the options. It needs the bodies of the output.
//
// https://webassembly.github.io/spec/core/appendix/custom.html
func (p *plan) emitCustoms(out *wasm.Module) {
	c := &customs{plan: p, bySet: map[string]bool{}, sections: map[string]*fieldSet{}}
	for _, s := range p.o.Customs {
		c.bySet[s.Name] = true
	}
	for _, in := range p.inputs {
		for i := range in.mod.Customs {
			s := &in.mod.Customs[i]
			p.fates = append(p.fates, CustomFate{in.name, s.Name, len(s.Bytes), c.fate(in, s)})
		}
	}
	out.Customs = append(out.Customs, c.carried...)
	add := func(name string, b []byte) {
		if len(b) > 0 {
			out.Customs = append(out.Customs, wasm.Custom{Name: name, Bytes: b, After: wasm.SectionData})
		}
	}
	if b := p.hints.bytes(p); b != nil {
		out.Customs = append(out.Customs, wasm.Custom{Name: hintsSection, Bytes: b, After: wasm.SectionDataCount})
	}
	if !p.o.StripNames {
		add(nameSection, p.names(out).Append(nil))
	}
	add(producersSection, c.sections[producersSection].producers())
	add(featuresSection, c.sections[featuresSection].features())
	for _, s := range p.o.Customs {
		out.Customs = append(out.Customs, wasm.Custom{Name: s.Name, Bytes: s.Bytes, After: wasm.SectionData})
	}
}

// customsHint is about the size of the custom sections of the output; hints are
// those of them that come before the bodies.
func (p *plan) customsHint() (all, hints int) {
	for _, in := range p.inputs {
		for i := range in.mod.Customs {
			s := &in.mod.Customs[i]
			n := 64 + len(s.Name) + len(s.Bytes)*9/8
			if all += n; s.Name == hintsSection {
				hints += n
			}
		}
	}
	for i := range p.o.Customs {
		all += 64 + len(p.o.Customs[i].Bytes)
	}
	return all, hints
}

// fate decides on one section and keeps what is to stay of it.
func (c *customs) fate(in *input, s *wasm.Custom) Fate {
	polyfill := c.splice != nil && in == c.splice.polyfill
	switch {
	case slices.Contains(c.o.DropCustoms, s.Name):
		return Dropped
	case s.Name == nameSection:
		return c.nameFate(in)
	case s.Name == hintsSection:
		return c.hints.fate(in)
	case c.bySet[s.Name]:
		return Dropped
	case s.Name == producersSection || s.Name == featuresSection:
		return c.mergeFields(s)
	case polyfill:
		return Dropped
	case slices.Contains(c.o.KeepCustoms, s.Name):
		return c.carry(s)
	case strings.HasPrefix(s.Name, icpPrefix), s.Name == buildIDSection:
		c.bySet[s.Name] = true
		return c.carry(s)
	}
	return Dropped
}

func (c *customs) carry(s *wasm.Custom) Fate {
	c.carried = append(c.carried, wasm.Custom{Name: s.Name, Bytes: s.Bytes, After: wasm.SectionData})
	return Carried
}

func (c *customs) nameFate(in *input) Fate {
	switch {
	case c.o.StripNames:
		return Dropped
	case in.names == nil:
		return Ignored
	}
	return Merged
}

func (c *customs) mergeFields(s *wasm.Custom) Fate {
	read := readProducers
	if s.Name == featuresSection {
		read = readFeatures
	}
	fields, ok := read(s.Bytes)
	if !ok {
		return Ignored
	}
	if c.sections[s.Name] == nil {
		c.sections[s.Name] = &fieldSet{}
	}
	c.sections[s.Name].add(fields)
	return Merged
}
