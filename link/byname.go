package link

import (
	"container/heap"
	"slices"
	"sort"

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
	order := make([]*input, 0, len(inputs))
	for d.queue.Len() > 0 {
		if i := heap.Pop(&d.queue).(int) % len(inputs); !d.placed[i] {
			order = append(order, inputs[i])
			d.place(i)
		}
	}
	return order
}

// dependencies says which modules import from which, by their positions, and
// which of them can be placed.
type dependencies struct {
	needs, users [][]need // both ways
	circle       []int    // of imports that each module is in, most of them alone
	members      [][]int  // of each circle
	left         []int    // how many modules of each circle are not placed
	waits        []int    // how many needs for circles not placed keep each from its turn
	hard         []int    // how many hard needs of each module, in its circle, are not placed
	placed       []bool
	queue        positions // those in turn, n positions later where a hard need is not placed
}

// need is that of one module for another; a hard one is not for functions alone.
type need struct {
	module int
	hard   bool
}

func newDependencies(inputs []*input, byName map[string]int) *dependencies {
	n := len(inputs)
	d := &dependencies{needs: make([][]need, n), users: make([][]need, n), hard: make([]int, n), placed: make([]bool, n)}
	for i, in := range inputs {
		d.needs[i] = in.needs(byName)
		for _, x := range d.needs[i] {
			d.users[x.module] = append(d.users[x.module], need{i, x.hard})
		}
	}
	d.circle, d.members = circles(d.needs)
	d.left, d.waits = make([]int, len(d.members)), make([]int, len(d.members))
	for i, needs := range d.needs {
		d.left[d.circle[i]]++
		for _, x := range needs {
			if d.circle[x.module] != d.circle[i] {
				d.waits[d.circle[i]]++
			} else if x.hard {
				d.hard[i]++
			}
		}
	}
	for c := range d.waits {
		d.admit(c)
	}
	return d
}

// needs lists the modules that an input imports from, each once.
func (in *input) needs(byName map[string]int) []need {
	var list []need
	at := map[int]int{in.at: -1}
	for i := range in.mod.Imports {
		imp := &in.mod.Imports[i]
		j, ok := byName[imp.Module]
		if !ok {
			continue
		}
		n, known := at[j]
		if !known {
			n = len(list)
			at[j] = n
			list = append(list, need{module: j})
		}
		if n >= 0 && imp.Kind != Func {
			list[n].hard = true
		}
	}
	return list
}

// admit queues the modules of a circle if it is in turn.
func (d *dependencies) admit(c int) {
	if d.waits[c] > 0 {
		return
	}
	for _, i := range d.members[c] {
		d.enqueue(i)
	}
}

func (d *dependencies) enqueue(i int) {
	if d.hard[i] > 0 {
		i += len(d.placed)
	}
	heap.Push(&d.queue, i)
}

// place notes that a module has its place, and queues those that waited for it.
// One may be in the queue twice then, as its turn has come nearer.
func (d *dependencies) place(i int) {
	d.placed[i] = true
	c := d.circle[i]
	for _, user := range d.users[i] {
		if user.hard && d.circle[user.module] == c {
			if d.hard[user.module]--; d.hard[user.module] == 0 {
				d.enqueue(user.module)
			}
		}
	}
	if d.left[c]--; d.left[c] == 0 {
		d.leave(c)
	}
}

// leave notes that all of a circle is placed.
func (d *dependencies) leave(c int) {
	for _, i := range d.members[c] {
		for _, user := range d.users[i] {
			if next := d.circle[user.module]; next != c {
				d.waits[next]--
				d.admit(next)
			}
		}
	}
}

// positions is a heap: the least of them comes first.
type positions struct{ sort.IntSlice }

func (p *positions) Push(i any) { p.IntSlice = append(p.IntSlice, i.(int)) }

func (p *positions) Pop() any {
	last := p.Len() - 1
	i := p.IntSlice[last]
	p.IntSlice = p.IntSlice[:last]
	return i
}

// circles finds the circles of imports, in which each module needs all others,
// itself or through others: the strongly connected components, by Tarjan's
// algorithm.
func circles(needs [][]need) (of []int, members [][]int) {
	of = slices.Repeat([]int{-1}, len(needs))
	first := make([]int, len(needs)) // visit that a module is known to lead back to; 0 before its own
	var path []int
	visits := 0
	var visit func(int)
	visit = func(i int) {
		visits++
		own, from := visits, len(path)
		first[i] = own
		path = append(path, i)
		for _, x := range needs[i] {
			if first[x.module] == 0 {
				visit(x.module)
			}
			if of[x.module] < 0 {
				first[i] = min(first[i], first[x.module])
			}
		}
		if first[i] < own {
			return
		}
		for _, j := range path[from:] {
			of[j] = len(members)
		}
		members = append(members, slices.Clone(path[from:]))
		path = path[:from]
	}
	for i := range needs {
		if first[i] == 0 {
			visit(i)
		}
	}
	return of, members
}
