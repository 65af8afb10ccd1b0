package link

import (
	"slices"
	"time"

	"github.com/icsplice/icsplice/relocate"
)

// Report says what a link did. Sizes are in bytes.
type Report struct {
	Inputs []InputReport
	Size   int // of the output

	Code       int // function bodies of the output
	CodeLinker int // of those, the linker's own

	// Resolved lists the imports that an input satisfies; of Merge, the user's.
	Resolved []Resolved
	// Hosts lists the imports that stay.
	Hosts []Name

	CodePolyfill       int    // of Merge: function bodies of the polyfill in the output
	UnwindingFuncs     int    // of Merge: user functions that can reach link.unwind
	BasePages          int    // of Merge: pages below the user's memory
	MinPages, MaxPages uint64 // of the output's first memory

	// Customs tells what became of the inputs' custom sections.
	Customs []CustomFate
	// Growth says by how many bytes the inputs' code has grown, by cause.
	Growth Growth
	Phases []Phase
}

// Growth is by how many bytes the function bodies of the output are more than
// those of the inputs, by cause; negative where they are fewer.
type Growth struct {
	relocate.Growth     // of bodies that were rewritten
	Removed         int // bodies that nothing reaches
	Folded          int // bodies for which an equal one stands
	Linker          int // bodies of the linker's own
}

// Total is the sum over all causes, in bytes.
func (g *Growth) Total() int { return g.Growth.Total() + g.Removed + g.Folded + g.Linker }

// Cause is a part of a growth.
type Cause struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

// Causes lists the parts that are not zero.
func (g *Growth) Causes() []Cause {
	all := []Cause{
		{"offsets of shifted accesses", g.Offsets}, {"bounds of stacked memories and tables", g.Bounds},
		{"new indices", g.Indices}, {"code in place of calls and instructions", g.Replaced},
		{"tests while unwinding", g.Unwinding}, {"shorter integers", g.Integers}, {"shorter instructions", g.Peepholes},
		{"functions removed", g.Removed}, {"functions folded", g.Folded}, {"functions of the linker", g.Linker},
	}
	return slices.DeleteFunc(all, func(c Cause) bool { return c.Bytes == 0 })
}

// InputReport is what became of one input.
type InputReport struct {
	Name    string
	Size    int // the module
	Code    int // its function bodies
	CodeOut int // those in the output
	Funcs   int // defined functions in the output
	Removed int // defined functions that nothing reaches
	Folded  int // defined functions for which an equal one stands
}

// Phase is a step of the work and the time it took.
type Phase struct {
	Name string
	Time time.Duration
}

// Resolved is an import of an input and the export that satisfies it.
type Resolved struct {
	Input  string
	Import Name
	Export string
}

func report(p *plan, size int) Report {
	r := Report{Size: size, Customs: p.fates, Resolved: p.resolved}
	for _, in := range p.inputs {
		r.Inputs = append(r.Inputs, inputReport(in))
	}
	for n, i := range p.funcs {
		r.count(p, i, len(p.out.Code[n].Bytes))
	}
	for _, f := range p.folded {
		in, i := p.owner(Func, f.id)
		r.Inputs[in.at].Folded++
		p.growth.Folded -= len(in.mod.Code[in.code(i)].Bytes)
	}
	before := 0
	for i, in := range p.inputs {
		r.Inputs[i].Removed = len(in.mod.Funcs) - r.Inputs[i].Funcs - r.Inputs[i].Folded
		before += r.Inputs[i].Code
	}
	p.growth.Linker = r.CodeLinker
	p.growth.Removed = r.Code - before - p.growth.Total() // what is left
	r.Growth = p.growth
	for _, imp := range p.out.Imports {
		r.Hosts = append(r.Hosts, Name{imp.Module, imp.Name})
	}
	if len(p.out.Memories) > 0 {
		r.MinPages, r.MaxPages = p.out.Memories[0].Min, p.out.Memories[0].Max
	}
	if p.splice != nil {
		r.BasePages = int(p.splice.base)
		r.CodePolyfill = r.Inputs[p.splice.polyfill.at].CodeOut
	}
	return r
}

func inputReport(in *input) InputReport {
	r := InputReport{Name: in.name, Size: in.size}
	for i := range in.mod.Code {
		r.Code += len(in.mod.Code[i].Bytes)
	}
	return r
}

// count adds one function of the output.
func (r *Report) count(p *plan, i id, n int) {
	r.Code += n
	in, _ := p.owner(Func, i)
	if in == nil {
		r.CodeLinker += n
		return
	}
	r.Inputs[in.at].CodeOut += n
	r.Inputs[in.at].Funcs++
	if p.unwinds(in) && p.unwinding.funcs[i] {
		r.UnwindingFuncs++
	}
}
