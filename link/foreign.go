package link

import (
	"slices"

	"github.com/icsplice/icsplice/abi"
)

// pointerHosts are the host functions that are known to take addresses of the
// memory of the module that imports them.
var pointerHosts = func() map[Name]bool {
	known := map[Name]bool{}
	isPointer := func(p abi.Param) bool { return p.Kind != abi.Value }
	for i := range abi.Preview1 {
		f := &abi.Preview1[i]
		takes := slices.ContainsFunc(f.Params, isPointer)
		known[Name{abi.ModulePreview1, f.Name}] = takes
		known[Name{abi.ModulePreview0, f.Name}] = takes
	}
	for i := range abi.IC0 {
		known[Name{abi.ModuleIC0, abi.IC0[i].Name}] = slices.ContainsFunc(abi.IC0[i].Params, isPointer)
	}
	return known
}()

// checkHosts refuses modules that give addresses to the host when their memory
// is stacked with others: the host would look for them elsewhere, and could
// pass the module's end. (Merge knows what to do with those of ic0.)
func (p *plan) checkHosts() error {
	for _, in := range p.inputs {
		if p.splice != nil || in.count[Memory] == 0 || !p.places[Memory][p.of(in, Memory, 0)].stacked() {
			continue
		}
		for f, imp := range in.imports[Func] {
			name, i := Name{imp.Module, imp.Name}, p.of(in, Func, uint32(f))
			s := p.synth(i)
			if pointerHosts[name] && s != nil && s.host != nil && p.live[Func][i] {
				return &Error{Input: in.name, Section: "import", Index: -1, Offset: imp.Offset, Symbol: name.String(),
					Msg: "gives addresses to the host, which would not find them in a memory stacked with others; with the layout apart each memory stays as it is"}
			}
		}
	}
	return nil
}
