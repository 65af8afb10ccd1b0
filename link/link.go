package link

import (
	"time"
)

// Result is a linked module.
type Result struct {
	Wasm   []byte // the caller's, but Map reads it: it must be as it was until then
	Report Report
	plan   *plan
}

// Link makes one module of several. Each import of a module from another one,
// by its name, becomes that one's export: a function, table, memory, global or
// tag. Imports may go in circles, and an import that is exported again stands
// for what it stands for. Every input is as if it had been instantiated on its
// own, one after the other, each behind those that it imports from; within a
// circle of imports in the order given.
//
// Errors are of type *Error, *UnresolvedError, *ConflictError or *OptionError.
// The inputs are not changed, and the result shares no memory with them.
func Link(modules []Module, o Options) (*Result, error) {
	l := &linker{o: &o, began: time.Now()}
	if err := checkModules(modules); err != nil {
		return nil, err
	}
	for i, m := range modules {
		if err := l.load(m.Name, m.Wasm, i); err != nil {
			return nil, err
		}
	}
	l.phase("read")

	// Every import gets a target, or all that lack one are reported.
	g, err := resolveByName(l.inputs, l.types, &o)
	if err != nil {
		return nil, err
	}
	roots, err := chooseExports(g, &o)
	if err != nil {
		return nil, err
	}
	l.phase("resolve")
	return l.link(g, roots, nil)
}

// Merge links a program with a polyfill that stands behind its imports. Each
// function import of user becomes the polyfill's export "module.name" (see
// Resolve), and each import of the polyfill becomes an intrinsic of the linker,
// an export of user, or what Bind says.
//
// The program's memory lies above the polyfill's, which must be of fixed size
// and is trusted to stay within it; the polyfill must not have a table. Errors
// are as those of Link.
func Merge(user, polyfill []byte, opts ...Option) (*Result, error) {
	o := newMergeOptions(opts)
	l := &linker{o: &o.Options, began: time.Now()}
	for i, m := range []Module{{"user", user}, {"polyfill", polyfill}} {
		if err := l.load(m.Name, m.Wasm, i); err != nil {
			return nil, err
		}
		if err := l.inputs[i].checkMemory(); err != nil {
			return nil, err
		}
	}
	l.phase("read")

	g, err := resolveSplice(l.inputs[0], l.inputs[1], l.types, o)
	if err != nil {
		return nil, err
	}
	roots, err := mergeExports(g.splice)
	if err != nil {
		return nil, err
	}
	if err := g.splice.checkPolyfill(); err != nil {
		return nil, err
	}
	l.phase("resolve")
	return l.link(g, roots, g.splice.needed())
}

// linker is one link on its way.
type linker struct {
	o      *Options
	inputs []*input
	types  *typeSpace
	began  time.Time
	phases []Phase
}

// phase notes that a phase has ended.
func (l *linker) phase(name string) {
	now := time.Now()
	l.phases = append(l.phases, Phase{name, now.Sub(l.began)})
	l.began = now
}

func (l *linker) load(name string, b []byte, at int) error {
	in, err := load(name, b, l.o.Trusted)
	if err != nil {
		return err
	}
	if l.types == nil {
		l.types = newTypeSpace()
	}
	in.at, in.types = at, l.types.addModule(in.mod)
	l.inputs = append(l.inputs, in)
	return nil
}

// link is what all ways of resolving imports have in common.
func (l *linker) link(g *graph, roots []root, needed []entity) (*Result, error) {
	for _, in := range g.inputs {
		if in.mod.Start != nil && (g.splice == nil || !g.splice.defersStart || in != g.splice.user) {
			needed = append(needed, entity{Func, in.first[Func] + id(*in.mod.Start)})
		}
	}
	live, err := mark(g, roots, needed, l.o.KeepAll)
	if err != nil {
		return nil, err
	}
	var same []folded
	if !l.o.NoFold {
		same = fold(g, live)
	}
	l.phase("mark")

	// From here on it is known what is in the output and at which index.
	p, err := layout(g, live, roots, l.o)
	if err != nil {
		return nil, err
	}
	p.folded = same
	l.phase("lay out")
	if p.out, err = emit(p); err != nil {
		return nil, err
	}
	b, err := p.encode()
	if err != nil {
		return nil, err
	}
	l.phase("rewrite and encode")
	r := &Result{Wasm: b, Report: report(p, len(b)), plan: p}
	r.Report.Phases = l.phases
	return r, nil
}

// checkModules refuses lists of modules that cannot be told apart.
func checkModules(modules []Module) error {
	seen := map[string]bool{}
	for _, m := range modules {
		if seen[m.Name] {
			return &OptionError{"modules", m.Name, "two modules have this name"}
		}
		seen[m.Name] = true
	}
	if len(modules) == 0 {
		return &OptionError{"modules", "", "there is none to link"}
	}
	return nil
}
