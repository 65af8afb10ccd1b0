package link

import "github.com/icsplice/icsplice/internal/wasm"

// funcID names a function across all inputs: those of the user come first, then
// those of the polyfill, then the synthetic ones.
type funcID uint32

// synth is a function that the linker writes itself, or one import for all equal
// imports that stay.
type synth struct {
	name  string
	typ   wasm.SubType
	host  *wasm.Import // set for an import
	calls []funcID
	// code turns operands on the stack into results, and stands in place of
	// each direct call. A synth without it has a body.
	code func(*plan) []byte
	// body is a whole body: local declarations and instructions.
	body func(*plan) []byte
}

// graph is what the inputs are once every import has been resolved.
type graph struct {
	user, polyfill *input
	alias          []funcID // what each function of the inputs is in truth
	synths         []*synth
	first          funcID // of the synths
	start          *funcID
	instantiate    *funcID // the synth behind link.instantiate, if imported
	unwind         *funcID // the synth behind link.unwind, if imported
}

func newGraph(user, polyfill *input) *graph {
	polyfill.id = funcID(user.numFuncs())
	g := &graph{user: user, polyfill: polyfill}
	g.first = polyfill.id + funcID(polyfill.numFuncs())
	g.alias = make([]funcID, g.first)
	for i := range g.alias {
		g.alias[i] = funcID(i)
	}
	return g
}

// owner is the input that a function comes from and its index there. It is nil
// for synths.
func (g *graph) owner(id funcID) (*input, uint32) {
	switch {
	case id < g.polyfill.id:
		return g.user, uint32(id)
	case id < g.first:
		return g.polyfill, uint32(id - g.polyfill.id)
	}
	return nil, 0
}

func (g *graph) addSynth(s *synth) funcID {
	g.synths = append(g.synths, s)
	return g.first + funcID(len(g.synths)-1)
}

func (g *graph) synth(id funcID) *synth {
	if id < g.first {
		return nil
	}
	return g.synths[id-g.first]
}

// size is the number of function ids.
func (g *graph) size() int { return int(g.first) + len(g.synths) }

// resolve follows imports to the function that they stand for.
func (g *graph) resolve(id funcID) funcID {
	for id < g.first && g.alias[id] != id {
		id = g.alias[id]
	}
	return id
}

// funcType is the type of any function.
func (g *graph) funcType(id funcID) *wasm.SubType {
	in, f := g.owner(id)
	if in == nil {
		return &g.synth(id).typ
	}
	t, _ := in.funcType(f) // loaded inputs have a type for each function
	return &in.mod.Types[t]
}
