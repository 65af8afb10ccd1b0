package link

import (
	"cmp"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// plan is where everything goes.
type plan struct {
	*graph
	*liveness
	o         *Options
	roots     []root
	unwinding *unwinding
	rareOps   []rareUse // of live functions, in order

	typeIndex []uint32            // in the output, by the type space
	index     [numKinds][]uint32  // in the output, by id; relocate.Removed where there is none
	imports   [numExterns][]id    // what stays an import
	funcs     []id                // defined functions in output order
	tags      []id                // defined tags in output order
	places    [Memory + 1][]place // of memories and tables, by id
	stacks    [Memory + 1][]stack // the output's memories and tables
	globals   []id                // defined globals in output order
	numbers   []number            // by global
	inits     map[id]wasm.Expr    // of globals that constant expressions read
	own       []wasm.Global       // the linker's globals, behind the others
	datas     []dataSegment       // in output order
	elems     []elemSegment       // in output order
	steps     []step              // what instantiation runs
	chain     *id                 // the function that does
	chainOnce bool                // it is deferred, and copies segments only the first time
	chainRan  uint32              // the global that tells that it has
	helpers   map[helperKey]id
	exprMaps  []*relocate.Map // of each input, for constant expressions

	folded []folded
	growth Growth
	hints  *hints
	out    *wasm.Module
	fates  []CustomFate
}

// rareUse is a rare instruction of an input.
type rareUse struct {
	in *input
	rareOp
}

// layout decides on the index of everything.
func layout(g *graph, live *liveness, roots []root, o *Options) (*plan, error) {
	p := &plan{graph: g, liveness: live, o: o, roots: roots, helpers: map[helperKey]id{}}
	p.listRareOps()
	p.layoutSplice()
	if err := p.layoutPlaces(); err != nil {
		return nil, err
	}
	if err := p.checkHosts(); err != nil {
		return nil, err
	}
	if err := p.orderGlobals(); err != nil {
		return nil, err
	}
	p.evaluate()
	if err := p.layoutSegments(); err != nil {
		return nil, err
	}
	p.addHelpers()
	p.addChain()
	p.unwinding = unwinders(p)
	p.layoutTypes()
	p.layoutFuncs()
	p.layoutOthers()
	p.addSpliceGlobals()
	p.addChainGlobal()
	return p, nil
}

// listRareOps lists the rare instructions of live functions in an order that
// does not depend on who found them first.
func (p *plan) listRareOps() {
	for n, in := range p.inputs {
		from := len(p.rareOps)
		for i, op := range in.refs.ops {
			if p.ops[n][i] {
				p.rareOps = append(p.rareOps, rareUse{in, op})
			}
		}
		slices.SortFunc(p.rareOps[from:], func(a, b rareUse) int {
			return cmp.Or(cmp.Compare(a.op, b.op), cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
		})
	}
}

// addHelper adds a function of the linker that calls what is live already.
func (p *plan) addHelper(s *synth) id {
	i := p.addSynth(s)
	p.live[Func] = append(p.live[Func], true)
	p.taken = append(p.taken, true)
	p.declared = append(p.declared, false)
	for len(p.liveTypes) < len(p.types.types) {
		p.liveTypes = append(p.liveTypes, false)
	}
	p.liveTypes[s.typ] = true
	return i
}

// layoutTypes numbers the live types; groups stay in order and whole.
func (p *plan) layoutTypes() {
	p.typeIndex = make([]uint32, len(p.liveTypes))
	next := uint32(0)
	for t, live := range p.liveTypes {
		p.typeIndex[t] = relocate.Removed
		if live {
			p.typeIndex[t] = next
			next++
		}
	}
}

// outType is a value type of the type space with its index in the output.
func (p *plan) outType(v wasm.ValType) wasm.ValType {
	return renumberVal(v, func(t uint32) uint32 { return p.typeIndex[t] })
}

// layoutFuncs orders imports, the inputs' functions and the linker's. Functions
// that many others call come first, as their indices are shorter.
func (p *plan) layoutFuncs() {
	for i := p.first[Func]; int(i) < p.size(Func); i++ {
		if p.live[Func][i] && p.synth(i).host != nil {
			p.imports[Func] = append(p.imports[Func], i)
		}
	}
	for i := range id(p.size(Func)) {
		if p.live[Func][i] && p.resolve(Func, i) == i && p.inOutput(i) {
			p.funcs = append(p.funcs, i)
		}
	}
	if !p.o.Verbatim {
		p.funcs = callOrder(p.funcs, len(p.imports[Func]), p.countCallers())
	}
	p.assign(Func, p.imports[Func], p.funcs)
}

// callOrder puts the functions with the most callers where an index takes one
// byte, the next ones where it takes two, and keeps the order otherwise. first is
// the index of the first.
func callOrder(funcs []id, first int, callers []uint32) []id {
	for _, end := range []int{1 << 14, 1 << 7} {
		room := end - first
		if room <= 0 || len(funcs) <= room {
			continue
		}
		most := mostCalled(funcs, room, callers)
		short, long := make([]id, 0, len(funcs)), make([]id, 0, len(funcs)-room)
		for _, i := range funcs {
			switch n := callers[i]; {
			case n > most.callers:
				short = append(short, i)
			case n == most.callers && most.ties > 0:
				most.ties--
				short = append(short, i)
			default:
				long = append(long, i)
			}
		}
		funcs = append(short, long...)
	}
	return funcs
}

// threshold tells the functions with the most callers: those with more, and the
// first ties of those with as many.
type threshold struct {
	callers uint32
	ties    int
}

// mostCalled finds the room functions with the most callers.
func mostCalled(funcs []id, room int, callers []uint32) threshold {
	ranked := make([]uint32, len(funcs))
	for n, i := range funcs {
		ranked[n] = callers[i]
	}
	slices.Sort(ranked)
	t := threshold{callers: ranked[len(ranked)-room]}
	above, _ := slices.BinarySearch(ranked, t.callers+1)
	t.ties = room - (len(ranked) - above)
	return t
}

// countCallers counts for each function the live ones that call it.
func (p *plan) countCallers() []uint32 {
	counts := make([]uint32, p.size(Func))
	for _, i := range p.funcs {
		in, f := p.owner(Func, i)
		if in == nil {
			continue
		}
		for _, r := range in.refs.body(in.code(f)) {
			if kind, to := r.split(); kind <= refFuncTake {
				counts[p.of(in, Func, to)]++
			}
		}
	}
	return counts
}

// inOutput reports whether a live function is defined in the output: an import
// is not, and a synth is only where not all that it is for is direct calls.
func (p *plan) inOutput(i id) bool {
	s := p.synth(i)
	return s == nil || s.host == nil && (p.taken[i] || s.code == nil)
}

// assign gives the entities of a kind their indices, and the same ones to
// what stands for them.
func (p *plan) assign(k Kind, lists ...[]id) {
	p.index[k] = slices.Repeat([]uint32{relocate.Removed}, p.size(k))
	for n, i := range slices.Concat(lists...) {
		p.index[k][i] = uint32(n)
	}
	for i := range p.first[k] {
		p.index[k][i] = p.index[k][p.resolve(k, i)]
	}
}

// layoutOthers numbers everything but types, functions and segments.
func (p *plan) layoutOthers() {
	for k := Table; k < numExterns; k++ {
		for i := p.first[k]; int(i) < p.size(k); i++ {
			if p.live[k][i] {
				p.imports[k] = append(p.imports[k], i)
			}
		}
	}
	for i := range p.first[Tag] {
		if p.live[Tag][i] {
			p.tags = append(p.tags, i)
		}
	}
	p.assign(Global, p.imports[Global], p.globals)
	p.assign(Tag, p.imports[Tag], p.tags)
	for _, k := range []Kind{Memory, Table} {
		p.index[k] = slices.Repeat([]uint32{relocate.Removed}, p.size(k))
		for i := range p.index[k] {
			if at := p.resolve(k, id(i)); p.live[k][at] {
				p.index[k][i] = p.places[k][at].out
			}
		}
	}
}
