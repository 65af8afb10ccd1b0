package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// resolveByName satisfies each import by the export of the module that it
// names.
func resolveByName(inputs []*input, types *typeSpace, o *Options) (*graph, error) {
	r := newResolver(newGraph(inputs, types))
	byName := map[string]int{}
	for i, in := range inputs {
		byName[in.name] = i
	}
	r.order = dependencyOrder(inputs, byName)
	target := func(in *input, imp *wasm.Import) (id, string) {
		if i, ok := byName[imp.Module]; ok {
			to, reason := exported(r.exports[i], imp)
			if reason == "" {
				r.resolved = append(r.resolved, Resolved{in.name, Name{imp.Module, imp.Name}, imp.Name})
			}
			return to, reason
		}
		if o.Hosts != nil && !slices.Contains(o.Hosts, imp.Module) {
			return 0, "no module of that name is given, and it is not among the hosts"
		}
		return r.hostImport(in, imp), ""
	}
	for _, in := range inputs {
		r.bind(in, target)
	}
	return r.graph, r.finish()
}

// exported finds the export that an import names.
func exported(exports map[string]entity, imp *wasm.Import) (id, string) {
	e, ok := exports[imp.Name]
	switch {
	case !ok:
		return 0, "the module does not export it"
	case e.kind != imp.Kind:
		return 0, "the module exports it as a " + kindNames[e.kind]
	}
	return e.id, ""
}

// dependencyOrder puts each module behind those that it imports from. Within a
// circle of imports the order is that of the inputs, from the first one that
// the walk meets.
func dependencyOrder(inputs []*input, byName map[string]int) []*input {
	var order []*input
	seen := make([]bool, len(inputs))
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		var needs []int
		for _, imp := range inputs[i].mod.Imports {
			if j, ok := byName[imp.Module]; ok && !seen[j] {
				needs = append(needs, j)
			}
		}
		slices.Sort(needs)
		for _, j := range slices.Compact(needs) {
			visit(j)
		}
		order = append(order, inputs[i])
	}
	for i := range inputs {
		visit(i)
	}
	return order
}
