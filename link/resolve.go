package link

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// resolver satisfies imports and gathers those that nothing satisfies.
type resolver struct {
	*graph
	exports    []map[string]entity // of each input
	unresolved []Unresolved
	refused    int // unresolved ones, of which some may not be listed
}

// maxUnresolved bounds the list of unresolved imports: hostile modules have a
// million of them.
const maxUnresolved = 1000

func newResolver(g *graph) *resolver {
	r := &resolver{graph: g}
	for _, in := range g.inputs {
		m := make(map[string]entity, len(in.mod.Exports))
		for _, e := range in.mod.Exports {
			m[e.Name] = entity{e.Kind, in.first[e.Kind] + id(e.Index)}
		}
		r.exports = append(r.exports, m)
	}
	return r
}

// policy says what an import stands for, or why it stands for nothing.
type policy func(in *input, imp *wasm.Import) (id, string)

// bind gives every import of an input a target.
func (r *resolver) bind(in *input, target policy) {
	for k := range numExterns {
		for i, imp := range in.imports[k] {
			to, reason := target(in, imp)
			if reason != "" {
				r.refuse(in, imp, reason)
				continue
			}
			r.alias[k][in.first[k]+id(i)] = to
		}
	}
}

// finish checks what bind has done. All imports without a target, or with one
// of another type, are reported at once.
func (r *resolver) finish() error {
	if err := r.checkCycles(); err != nil {
		return err
	}
	for _, in := range r.inputs {
		for k := range numExterns {
			for i, imp := range in.imports[k] {
				r.check(in, imp, in.first[k]+id(i))
			}
		}
	}
	if len(r.unresolved) == 0 {
		return nil
	}
	position := map[string]int{}
	for i, in := range r.inputs {
		position[in.name] = i
	}
	slices.SortStableFunc(r.unresolved, func(a, b Unresolved) int {
		return cmp.Or(cmp.Compare(position[a.Input], position[b.Input]), cmp.Compare(a.Offset, b.Offset))
	})
	return &UnresolvedError{Imports: r.unresolved, More: r.refused - len(r.unresolved)}
}

// check compares an import's type with that of what it stands for.
func (r *resolver) check(in *input, imp *wasm.Import, i id) {
	to := r.resolve(imp.Kind, i)
	if to == i {
		return // refused already
	}
	if reason := r.mismatch(in, imp, to); reason != "" {
		r.refuse(in, imp, reason)
	}
}

func (r *resolver) refuse(in *input, imp *wasm.Import, reason string) {
	if r.refused++; len(r.unresolved) == maxUnresolved {
		return
	}
	var users []string
	if imp.Kind == Func && len(r.unresolved) < maxListed { // looking for them takes time
		users = in.callers(imp)
	}
	r.unresolved = append(r.unresolved, Unresolved{
		Input: in.name, Name: Name{imp.Module, imp.Name}, Kind: imp.Kind,
		Type: in.importText(imp), Reason: reason, Users: users, Offset: imp.Offset,
	})
}

// importText is the type of an import as text.
func (in *input) importText(imp *wasm.Import) string {
	switch imp.Kind {
	case wasm.ExternFunc:
		return funcText(&in.mod.Types[imp.Type])
	case wasm.ExternTable:
		return fmt.Sprintf("table of %v, %s", imp.Table.Elem, limitsText(imp.Table.Limits))
	case wasm.ExternMemory:
		return "memory of " + limitsText(imp.Memory) + " pages"
	case wasm.ExternGlobal:
		return globalText(imp.Global)
	}
	return "tag of " + funcText(&in.mod.Types[imp.Type])
}

// hostImport is the one import for all equal imports that stay. Memories and
// tables are equal by name, and have limits that satisfy all.
func (r *resolver) hostImport(in *input, imp *wasm.Import) id {
	k := imp.Kind
	key := fmt.Sprintf("%d\x00%s\x00%s\x00", k, imp.Module, imp.Name)
	switch k {
	case wasm.ExternFunc, wasm.ExternTag:
		key += fmt.Sprint(in.types[imp.Type])
	case wasm.ExternGlobal:
		key += fmt.Sprint(in.valType(imp.Global.Type), imp.Global.Mutable, imp.Global.Shared)
	case wasm.ExternTable:
		key += fmt.Sprint(in.valType(imp.Table.Elem), imp.Table.Limits.Is64, imp.Table.Limits.Shared)
	case wasm.ExternMemory:
		key += fmt.Sprint(imp.Memory.Is64, imp.Memory.Shared, imp.Memory.PageSizeLog2)
	}
	if e, ok := r.hostAt[key]; ok {
		r.narrow(e, imp)
		return e.id
	}
	i := r.addHost(in, imp)
	r.hostAt[key] = entity{k, i}
	return i
}

func (r *resolver) addHost(in *input, imp *wasm.Import) id {
	if imp.Kind == Func {
		return r.addSynth(&synth{name: imp.Module + "." + imp.Name, typ: in.types[imp.Type], host: imp})
	}
	copied := *imp
	r.hosts[imp.Kind] = append(r.hosts[imp.Kind], host{imp: &copied, in: in})
	return r.first[imp.Kind] + id(len(r.hosts[imp.Kind])-1)
}

// narrow makes the limits of an import that stays satisfy another one, too.
func (r *resolver) narrow(e entity, imp *wasm.Import) {
	switch e.kind {
	case Memory:
		narrowLimits(&r.host(e.kind, e.id).imp.Memory, imp.Memory)
	case Table:
		narrowLimits(&r.host(e.kind, e.id).imp.Table.Limits, imp.Table.Limits)
	}
}

func narrowLimits(l *wasm.Limits, m wasm.Limits) {
	l.Min = max(l.Min, m.Min)
	if m.HasMax && (!l.HasMax || m.Max < l.Max) {
		l.HasMax, l.Max = true, m.Max
	}
	if l.HasMax {
		l.Max = max(l.Max, l.Min) // nothing can satisfy both: refused when instantiated
	}
}

// checkCycles refuses imports that resolve to one another and to nothing.
func (g *graph) checkCycles() error {
	for k := range numExterns {
		state := make([]byte, len(g.alias[k])) // 1 on the way, 2 known to end
		for i := range g.alias[k] {
			if at, ok := g.follow(k, id(i), state); !ok {
				in, f := g.owner(k, at)
				e := in.refuse(k, f, "is imported and exported in a circle and nowhere defined")
				e.Offset = in.imports[k][f].Offset
				return e
			}
		}
	}
	return nil
}

// follow walks a chain of imports once, marks it, and makes each an alias of its
// end, as chains through many modules are long. It is false when the chain is a
// circle.
func (g *graph) follow(k Kind, start id, state []byte) (id, bool) {
	i := start
	for i < g.first[k] && state[i] == 0 && g.alias[k][i] != i {
		state[i] = 1
		i = g.alias[k][i]
	}
	if i < g.first[k] && state[i] == 1 {
		return i, false
	}
	end := g.resolve(k, i)
	for i = start; i < g.first[k] && state[i] == 1; {
		state[i] = 2
		i, g.alias[k][i] = g.alias[k][i], end
	}
	return end, true
}

// callers names up to three functions that call or take an import.
func (in *input) callers(imp *wasm.Import) []string {
	target := slices.Index(in.imports[Func], imp)
	var list []string
	for i := range in.mod.Code {
		if target < 0 || len(list) == 3 {
			break
		}
		for _, r := range in.refs.body(i) {
			if k, f := r.split(); k <= refFuncTake && int(f) == target {
				list = append(list, in.item(Func, uint32(len(in.imports[Func])+i)))
				break
			}
		}
	}
	return list
}
