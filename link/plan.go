package link

import (
	"maps"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// plan is where everything goes. The output's index spaces hold the user's
// entities first, so that of those only functions move.
type plan struct {
	*resolver
	*liveness
	unwinding *unwinding

	types     *typeSpace
	typeOf    [][]uint32 // new type indices, by input (0 user, 1 polyfill)
	imports   []funcID   // hosts that are live
	order     []funcID   // defined functions in output order
	funcs     []uint32   // final index by id; relocate.Removed where there is none
	base      uint32     // pages below the user's memory
	userFirst uint32     // of the polyfill's globals: how many come before

	globals  []wasm.Global // of the user, relocated, then the linker's
	again    bool          // the user can be instantiated more than once
	unwinds  bool
	flag     uint32         // global: unwinding
	pages    uint32         // global: the user's memory size in pages
	ran      uint32         // global: there was an instance before
	dropped  map[int]uint32 // global by user segment: data.drop was called
	segments []segment      // the user's data
	blobsAt  uint32         // data index of the first blob

	helpers        helpers
	droppedCustoms []string
}

// helpers are the synths that stand for memory instructions of the user, and the
// one that chains start functions; each is nil where nothing needs it.
type helpers struct {
	grow, copy, fill *funcID
	init             []funcID // by data segment
	start            *funcID
}

func (p *plan) shift() uint32 { return p.base * pageSize }

// userMax is the largest size of the user's memory, in pages.
func (p *plan) userMax() uint32 {
	m := p.user.memory()
	limit := uint64(maxPages - p.base)
	if m.HasMax {
		limit = min(limit, m.Max)
	}
	return uint32(limit)
}

// layout decides on the index of everything.
func layout(r *resolver, roots []root) (*plan, error) {
	live, err := mark(r.graph, roots)
	if err != nil {
		return nil, err
	}
	p := &plan{resolver: r, liveness: live}
	p.again = r.graph.instantiate != nil && live.live[*r.graph.instantiate]
	p.unwinds = r.graph.unwind != nil && live.live[*r.graph.unwind]
	if err := p.stack(); err != nil {
		return nil, err
	}
	p.addHelpers()
	p.unwinding = unwinders(r.graph, live)
	p.layoutTypes()
	p.layoutFuncs()
	if err := p.layoutGlobals(); err != nil {
		return nil, err
	}
	return p, p.layoutData()
}

// stack puts the user's memory above the polyfill's.
func (p *plan) stack() error {
	below := p.polyfill.memory()
	switch {
	case !below.HasMax || below.Max != below.Min:
		return p.polyfill.fail("memory 0", "must be of fixed size (minimum equal to maximum)")
	case below.Min > maxBase:
		return p.polyfill.fail("memory 0", "has %d pages, and at most %d can lie below the user's", below.Min, maxBase)
	case len(p.polyfill.mod.Tables) > 0 || len(p.polyfill.mod.Elems) > 0:
		return p.polyfill.fail("table 0", "a polyfill must not have a table")
	case len(p.polyfill.mod.Tags) > 0:
		return p.polyfill.fail("tag 0", "a polyfill must not have tags")
	}
	p.base = uint32(below.Min)
	if above := p.user.memory(); above.Min+below.Min > maxPages {
		return p.user.fail("memory 0", "has %d pages, and at most %d fit above the polyfill's %d", above.Min, maxPages-below.Min, below.Min)
	}
	return nil
}

// starts are the start functions that instantiation runs: the polyfill's, which
// the program may build on, and then the user's, unless the polyfill runs it.
func (p *plan) starts() []funcID {
	var list []funcID
	if s := p.polyfill.mod.Start; s != nil {
		list = append(list, p.polyfill.id+funcID(*s))
	}
	if p.start != nil && !p.defersStart(p.user) {
		list = append(list, *p.start)
	}
	return list
}

// addHelpers adds the synths that replace memory instructions of the user, and
// the one that chains start functions.
func (p *plan) addHelpers() {
	if starts := p.starts(); len(starts) > 1 {
		p.helpers.start = p.addHelper(startChain(starts))
	}
	if p.uses&usesGrow != 0 {
		s := memoryGrow()
		if p.again {
			s = memoryRegrow()
		}
		p.helpers.grow = p.addHelper(s)
	}
	if p.base == 0 {
		return
	}
	if p.uses&usesCopy != 0 {
		p.helpers.copy = p.addHelper(memoryCopy())
	}
	if p.uses&usesFill != 0 {
		p.helpers.fill = p.addHelper(memoryFill())
	}
	if p.uses&usesData != 0 {
		for i := range p.user.mod.Data {
			p.helpers.init = append(p.helpers.init, *p.addHelper(memoryInit(i)))
		}
	}
}

func (p *plan) addHelper(s *synth) *funcID {
	id := p.addSynth(s)
	p.live = append(p.live, true)
	p.taken = append(p.taken, true)
	return &id
}

func (p *plan) layoutTypes() {
	p.types = newTypeSpace(p.user)
	user := make([]uint32, len(p.user.mod.Types))
	for i := range user {
		user[i] = uint32(i)
	}
	polyfill := make([]uint32, len(p.polyfill.mod.Types))
	for i := range polyfill {
		polyfill[i] = uint32(p.types.add(p.polyfill.mod.Types[i]))
	}
	p.typeOf = [][]uint32{user, polyfill}
}

// layoutFuncs orders imports, the user's functions, synths, the polyfill's.
func (p *plan) layoutFuncs() {
	p.funcs = slices.Repeat([]uint32{relocate.Removed}, p.size())
	var synths, polyfill []funcID
	for id := range funcID(p.size()) {
		in, _ := p.owner(id)
		switch {
		case !p.live[id] || p.resolve(id) != id:
		case in == nil && p.synth(id).host != nil:
			p.imports = append(p.imports, id)
		case in == nil:
			if p.taken[id] || p.synth(id).code == nil {
				synths = append(synths, id)
			}
		case in == p.user:
			p.order = append(p.order, id)
		default:
			polyfill = append(polyfill, id)
		}
	}
	p.order = slices.Concat(p.order, synths, polyfill)
	for i, id := range slices.Concat(p.imports, p.order) {
		p.funcs[id] = uint32(i)
	}
	for id := range p.first {
		p.funcs[id] = p.funcs[p.resolve(id)]
	}
}

// layoutGlobals puts the linker's own globals between the user's and the
// polyfill's.
func (p *plan) layoutGlobals() error {
	user := relocate.Map{Funcs: relocate.NewSpace(p.funcs[:p.user.numFuncs()]), Types: relocate.Identity(len(p.user.mod.Types)),
		Globals: relocate.Identity(len(p.user.mod.Globals))}
	for i, g := range p.user.mod.Globals {
		init, err := user.Expr(nil, g.Init, 0)
		if err != nil {
			return &Error{Input: p.user.name, What: globalName(i), Err: err}
		}
		g.Init = init
		p.globals = append(p.globals, g)
	}
	if p.unwinds {
		p.flag = p.addGlobal(0)
	}
	if p.again {
		p.ran = p.addGlobal(0)
		p.pages = p.addGlobal(uint32(p.user.memory().Min))
		p.dropped = map[int]uint32{}
		for i := range p.user.mod.Data {
			if p.uses&usesData != 0 {
				p.dropped[i] = p.addGlobal(0)
			}
		}
	}
	p.userFirst = uint32(len(p.globals))
	return nil
}

func (p *plan) addGlobal(v uint32) uint32 {
	init := (&asm{}).i32(v).end()
	p.globals = append(p.globals, wasm.Global{GlobalType: wasm.GlobalType{Type: wasm.I32, Mutable: true}, Init: init})
	return uint32(len(p.globals) - 1)
}

func (p *plan) sortedDropped() []uint32 { return slices.Sorted(maps.Values(p.dropped)) }
