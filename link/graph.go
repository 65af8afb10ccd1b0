package link

import (
	"sort"

	"github.com/icsplice/icsplice/internal/wasm"
)

// The index spaces: those of externs and of segments.
const (
	elemKind Kind = wasm.ExternTag + 1 + iota
	dataKind
	numKinds
	numExterns = elemKind
)

// kindNames are the names of the kinds in messages.
var kindNames = [numKinds]string{"function", "table", "memory", "global", "tag", "element segment", "data segment"}

// id names an entity of one index space across all inputs: those of the first
// input come first, in the order of its own space, and what the linker adds
// comes last.
type id uint32

// entity is an id with its index space.
type entity struct {
	kind Kind
	id   id
}

// synth is a function that the linker writes itself, or one import for all equal
// imports that stay.
type synth struct {
	name  string
	typ   uint32       // in the type space
	host  *wasm.Import // set for an import
	calls []id
	// code turns operands on the stack into results, and stands in place of
	// each direct call. A synth without it has a body.
	code func(*plan) []byte
	// body is a whole body: local declarations and instructions.
	body func(*plan) []byte
}

// host is a table, memory, global or tag that stays an import, once for all
// equal ones.
type host struct {
	imp *wasm.Import
	in  *input // whose import it is
}

// graph is what the inputs are once every import has been resolved.
type graph struct {
	inputs []*input
	order  []*input // a module comes behind those that it imports from
	types  *typeSpace
	alias  [numExterns][]id // what each entity of the inputs is in truth
	first  [numKinds]id     // what the linker adds begins here
	synths []*synth
	hosts  [numExterns][]host
	hostAt map[string]entity // by kind, name and type, so that each is imported once
	splice *splice           // nil unless Merge links

	resolved []Resolved // imports that an input satisfies
}

func newGraph(inputs []*input, types *typeSpace) *graph {
	g := &graph{inputs: inputs, order: inputs, types: types, hostAt: map[string]entity{}}
	for _, in := range inputs {
		for k := range numKinds {
			in.first[k] = g.first[k]
			g.first[k] += id(in.count[k])
		}
	}
	for k := range numExterns {
		g.alias[k] = make([]id, g.first[k])
		for i := range g.alias[k] {
			g.alias[k][i] = id(i)
		}
	}
	return g
}

// owner is the input that an entity comes from and its index there. It is nil
// for what the linker adds.
func (g *graph) owner(k Kind, i id) (*input, uint32) {
	if i >= g.first[k] {
		return nil, 0
	}
	n := sort.Search(len(g.inputs), func(n int) bool { return g.inputs[n].first[k] > i })
	in := g.inputs[n-1]
	return in, uint32(i - in.first[k])
}

func (g *graph) addSynth(s *synth) id {
	g.synths = append(g.synths, s)
	return g.first[Func] + id(len(g.synths)-1)
}

func (g *graph) synth(i id) *synth {
	if i < g.first[Func] {
		return nil
	}
	return g.synths[i-g.first[Func]]
}

// host is the import that a table, memory, global or tag is; nil if it is
// none.
func (g *graph) host(k Kind, i id) *host {
	if i < g.first[k] {
		return nil
	}
	return &g.hosts[k][i-g.first[k]]
}

// bytes is the whole body of a synthetic function.
func (s *synth) bytes(p *plan) []byte {
	if s.body != nil {
		return s.body(p)
	}
	a := newBody(0)
	for i := range p.types.types[s.typ].Params {
		a.local(uint32(i))
	}
	return a.raw(s.code(p)...).end()
}

// size is the number of ids of a kind.
func (g *graph) size(k Kind) int {
	switch {
	case k == Func:
		return int(g.first[k]) + len(g.synths)
	case k < numExterns:
		return int(g.first[k]) + len(g.hosts[k])
	}
	return int(g.first[k])
}

// resolve follows imports to what they stand for.
func (g *graph) resolve(k Kind, i id) id {
	if k >= numExterns {
		return i
	}
	for i < g.first[k] && g.alias[k][i] != i {
		i = g.alias[k][i]
	}
	return i
}

// of is the entity that index i of an input stands for.
func (g *graph) of(in *input, k Kind, i uint32) id {
	return g.resolve(k, in.first[k]+id(i))
}

// funcType is the type of any function, in the type space.
func (g *graph) funcType(f id) uint32 {
	in, i := g.owner(Func, f)
	if in == nil {
		return g.synth(f).typ
	}
	return in.types[in.spaces.Funcs[i]]
}

// memoryType is the type of a memory.
func (g *graph) memoryType(m id) wasm.Limits {
	if h := g.host(Memory, m); h != nil {
		return h.imp.Memory
	}
	in, i := g.owner(Memory, m)
	return in.spaces.Memories[i]
}

// tableType is the type of a table, with the heap type of its elements in the
// type space.
func (g *graph) tableType(t id) wasm.TableType {
	in, typ := g.typed(Table, t)
	table := wasm.TableType{}
	if h := g.host(Table, t); h != nil {
		table = h.imp.Table
	} else {
		table = in.spaces.Tables[typ]
	}
	table.Elem = in.valType(table.Elem)
	return table
}

// initialSize is the declared minimum of a memory, in bytes, or of a table, in
// elements.
func (g *graph) initialSize(what entity) uint64 {
	if what.kind == Table {
		return g.tableType(what.id).Limits.Min
	}
	l := g.memoryType(what.id)
	return l.Min << l.PageSizeLog2
}

// globalType is the type of a global, as tableType is that of a table.
func (g *graph) globalType(i id) wasm.GlobalType {
	in, at := g.typed(Global, i)
	global := wasm.GlobalType{}
	if h := g.host(Global, i); h != nil {
		global = h.imp.Global
	} else {
		global = in.spaces.Globals[at]
	}
	global.Type = in.valType(global.Type)
	return global
}

// tagType is the type of a tag, in the type space.
func (g *graph) tagType(t id) uint32 {
	in, i := g.typed(Tag, t)
	if h := g.host(Tag, t); h != nil {
		return in.types[h.imp.Type]
	}
	return in.types[in.spaces.Tags[i]]
}

// typed is the input in whose types an entity is described.
func (g *graph) typed(k Kind, i id) (*input, uint32) {
	if h := g.host(k, i); h != nil {
		return h.in, 0
	}
	return g.owner(k, i)
}

// name is a memory or table as messages have it: "b's memory 0".
func (g *graph) name(k Kind, i id) string {
	in, at := g.owner(k, i)
	if in == nil {
		imp := g.host(k, i).imp
		return "the imported " + kindNames[k] + " " + Name{imp.Module, imp.Name}.String()
	}
	return in.name + "'s " + in.item(k, at)
}
