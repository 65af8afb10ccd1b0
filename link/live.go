package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// liveness says which functions the output needs. A function is called when it
// is live; it is taken when something other than a direct call refers to it, so
// that it needs an index even if its calls are replaced by code.
type liveness struct {
	live, taken []bool
	uses        uses // of the user's live functions
	tableWriter string
}

// root is what the outside sees: exports in the output's order.
type root struct {
	as string
	id funcID
}

// mark finds everything that the roots reach.
func mark(g *graph, roots []root) (*liveness, error) {
	m := &marker{graph: g, liveness: &liveness{live: make([]bool, g.size()), taken: make([]bool, g.size())}}
	for _, r := range roots {
		m.call(r.id)
		if id := m.resolve(r.id); m.synth(id) != nil {
			m.taken[id] = true
		}
	}
	for _, in := range []*input{g.user, g.polyfill} {
		if err := m.module(in); err != nil {
			return nil, err
		}
	}
	for len(m.queue) > 0 {
		id := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		if err := m.function(id); err != nil {
			return nil, err
		}
	}
	return m.liveness, nil
}

type marker struct {
	*graph
	*liveness
	queue []funcID
}

func (m *marker) call(id funcID) {
	id = m.resolve(id)
	if !m.live[id] {
		m.live[id] = true
		m.queue = append(m.queue, id)
	}
}

func (m *marker) take(id funcID) {
	m.taken[m.resolve(id)] = true
	m.call(id)
}

// takeIn takes a function of an input, if it exists.
func (m *marker) takeIn(in *input, f uint32, what string) error {
	if _, ok := in.funcType(f); !ok {
		return in.fail(what, "function %d does not exist", f)
	}
	m.take(in.id + funcID(f))
	return nil
}

// module marks what segments, globals and the start section refer to.
func (m *marker) module(in *input) error {
	for i := range in.mod.Elems {
		e := &in.mod.Elems[i]
		for _, f := range e.Funcs {
			if err := m.takeIn(in, uint32(f), "an element segment"); err != nil {
				return err
			}
		}
		for _, x := range e.Exprs {
			if err := m.expr(in, x, "an element segment"); err != nil {
				return err
			}
		}
	}
	for i := range in.mod.Globals {
		if err := m.expr(in, in.mod.Globals[i].Init, "a global"); err != nil {
			return err
		}
	}
	for i := range in.mod.Tables {
		if err := m.expr(in, in.mod.Tables[i].Init, "a table"); err != nil {
			return err
		}
	}
	if in.mod.Start != nil && !m.defersStart(in) {
		f := uint32(*in.mod.Start)
		if _, ok := in.funcType(f); !ok {
			return in.fail("the start section", "function %d does not exist", f)
		}
		m.call(in.id + funcID(f))
	}
	return nil
}

// defersStart reports whether the polyfill runs the start function of in.
func (g *graph) defersStart(in *input) bool {
	return in == g.user && slices.ContainsFunc(g.polyfill.imports, func(imp *wasm.Import) bool {
		return imp.Module == moduleLink && (imp.Name == "start" || imp.Name == "instantiate")
	})
}

// expr takes the functions that a constant expression refers to.
func (m *marker) expr(in *input, x wasm.Expr, what string) error {
	if x == nil {
		return nil
	}
	r := wasm.NewCodeReader(x, 0)
	var instr wasm.Instr
	for {
		more, err := r.Next(&instr)
		if err != nil {
			return &Error{Input: in.name, What: what, Err: err}
		}
		if !more {
			return nil
		}
		if instr.Op == wasm.OpRefFunc {
			if err := m.takeIn(in, uint32(instr.X), what); err != nil {
				return err
			}
		}
	}
}

// function marks what a function refers to.
func (m *marker) function(id funcID) error {
	in, f := m.owner(id)
	if in == nil {
		for _, c := range m.synth(id).calls {
			m.call(c)
		}
		return nil
	}
	r := &in.refs[int(f)-len(in.imports)]
	for _, c := range r.calls {
		if _, ok := in.funcType(c); !ok {
			return in.fail(in.funcName(f), "calls function %d, which does not exist", c)
		}
		m.call(in.id + funcID(c))
	}
	for _, c := range r.funcs {
		if err := m.takeIn(in, c, in.funcName(f)); err != nil {
			return err
		}
	}
	if in == m.user {
		m.uses |= r.uses
		if r.uses&writesTable != 0 && m.tableWriter == "" {
			m.tableWriter = in.funcName(f)
		}
	}
	return nil
}
