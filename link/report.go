package link

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Report says what a link did. Sizes are in bytes.
type Report struct {
	UserSize, PolyfillSize, Size int // whole modules
	UserCode                     int // function bodies of the input
	Code                         int // function bodies of the output
	CodeUser                     int // of those, the user's
	CodePolyfill                 int // of those, the polyfill's
	CodeLinker                   int // of those, the linker's own

	// Resolved lists the user's imports and the polyfill exports behind them.
	Resolved []Resolved
	// Hosts lists the imports that stay.
	Hosts []Name

	UserFuncs, PolyfillFuncs     int      // defined functions in the output
	RemovedUser, RemovedPolyfill int      // defined functions that nothing reaches
	UnwindingFuncs               int      // user functions that can reach link.unwind
	BasePages                    int      // pages below the user's memory
	DroppedCustoms               []string // custom sections that would no longer be true
	MinPages, MaxPages           uint64   // of the output's memory
}

// Resolved is an import of the user and the polyfill function behind it.
type Resolved struct {
	Import Name
	Export string
}

func report(p *plan, out *wasm.Module, size int) Report {
	r := Report{
		UserSize: p.user.size, PolyfillSize: p.polyfill.size, Size: size,
		BasePages: int(p.base), DroppedCustoms: p.droppedCustoms,
	}
	for i := range p.user.mod.Code {
		r.UserCode += len(p.user.mod.Code[i].Bytes)
	}
	for i, id := range p.order {
		r.count(p, id, len(out.Code[i].Bytes))
	}
	r.RemovedUser = len(p.user.mod.Funcs) - r.UserFuncs
	r.RemovedPolyfill = len(p.polyfill.mod.Funcs) - r.PolyfillFuncs
	for _, imp := range p.user.imports {
		name := Name{imp.Module, imp.Name}
		export := p.o.resolve(name)
		if _, ok := p.exports[export]; ok {
			r.Resolved = append(r.Resolved, Resolved{name, export})
		}
	}
	for _, imp := range out.Imports {
		r.Hosts = append(r.Hosts, Name{imp.Module, imp.Name})
	}
	if len(out.Memories) > 0 {
		r.MinPages, r.MaxPages = out.Memories[0].Min, out.Memories[0].Max
	}
	return r
}

// count adds one function of the output.
func (r *Report) count(p *plan, id funcID, n int) {
	r.Code += n
	switch in, _ := p.owner(id); in {
	case p.user:
		r.CodeUser += n
		r.UserFuncs++
		if p.unwinding.funcs[id] {
			r.UnwindingFuncs++
		}
	case p.polyfill:
		r.CodePolyfill += n
		r.PolyfillFuncs++
	default:
		r.CodeLinker += n
	}
}

func globalName(i int) string { return fmt.Sprintf("global %d", i) }
func elemName(i int) string   { return fmt.Sprintf("element segment %d", i) }
func dataName(i int) string   { return fmt.Sprintf("data segment %d", i) }
