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
// circle of imports the order is that of the inputs, but a module stands behind
// those whose memories, tables, globals and tags it imports, as far as that can
// be.
func dependencyOrder(inputs []*input, byName map[string]int) []*input {
	d := newDependencies(inputs, byName)
	placed := make([]bool, len(inputs))
	var order []*input
	for range inputs {
		next := -1
		for i := range inputs {
			if placed[i] || !d.ready(i, placed) {
				continue
			}
			if d.have(d.hard[i], placed) {
				next = i
				break
			}
			if next < 0 {
				next = i
			}
		}
		placed[next] = true
		order = append(order, inputs[next])
	}
	return order
}

// dependencies says which modules import from which, by their positions.
type dependencies struct {
	all, hard [][]int
	reach     [][]bool // over any number of imports
}

func newDependencies(inputs []*input, byName map[string]int) *dependencies {
	n := len(inputs)
	d := &dependencies{all: make([][]int, n), hard: make([][]int, n), reach: make([][]bool, n)}
	for i, in := range inputs {
		for k := range numExterns {
			for _, imp := range in.imports[k] {
				j, ok := byName[imp.Module]
				if !ok || j == i {
					continue
				}
				d.all[i] = append(d.all[i], j)
				if k != Func {
					d.hard[i] = append(d.hard[i], j)
				}
			}
		}
		d.all[i], d.hard[i] = set(d.all[i]), set(d.hard[i])
	}
	for i := range d.reach {
		d.reach[i] = make([]bool, n)
		d.walk(i, d.reach[i])
	}
	return d
}

// set is a list in order without doubles.
func set(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

func (d *dependencies) walk(i int, seen []bool) {
	for _, j := range d.all[i] {
		if !seen[j] {
			seen[j] = true
			d.walk(j, seen)
		}
	}
}

// ready reports whether everything that a module needs, itself or through
// others, is placed or in a circle with it.
func (d *dependencies) ready(i int, placed []bool) bool {
	for j, needed := range d.reach[i] {
		if needed && !placed[j] && !d.reach[j][i] {
			return false
		}
	}
	return true
}

func (d *dependencies) have(list []int, placed []bool) bool {
	for _, j := range list {
		if !placed[j] {
			return false
		}
	}
	return true
}
