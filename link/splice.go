package link

import (
	"slices"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// The import modules of the polyfill that have a meaning to the linker.
const (
	moduleLink = "link" // intrinsics
	moduleUser = "user" // exports of the user
)

// splice is what Merge knows beyond the general linker.
type splice struct {
	*resolver
	o              *mergeOptions
	user, polyfill *input
	start          *id // the user's start function
	defersStart    bool
	instantiate    *id // the synth behind link.instantiate, if imported
	unwind         *id // the synth behind link.unwind, if imported
	blobs          []*blob

	// Decided on by layout.
	base    uint32         // pages below the user's memory
	again   bool           // the user can be instantiated more than once
	unwinds bool           // something can unwind
	flag    uint32         // global: unwinding
	pages   uint32         // global: the user's memory size in pages
	ran     uint32         // global: there was an instance before
	dropped map[int]uint32 // global by user segment: data.drop was called
	blobsAt uint32         // data index of the first blob
}

// resolveSplice gives every function import of a program and its polyfill a
// target.
func resolveSplice(user, polyfill *input, types *typeSpace, o *mergeOptions) (*graph, error) {
	g := newGraph([]*input{user, polyfill}, types)
	g.order = []*input{polyfill, user} // the program may build on the polyfill
	s := &splice{resolver: newResolver(g), o: o, user: user, polyfill: polyfill}
	g.splice = s
	if f := user.mod.Start; f != nil {
		i := user.first[Func] + id(*f)
		s.start = &i
	}
	s.defersStart = slices.ContainsFunc(polyfill.imports[Func], func(imp *wasm.Import) bool {
		return imp.Module == moduleLink && (imp.Name == "start" || imp.Name == "instantiate")
	})
	s.bind(user, s.userImport)
	s.bind(polyfill, s.polyfillImport)
	return g, s.finish()
}

// notFunctions are the reasons why imports that are no functions are refused.
var notFunctions = map[Kind]string{
	Memory: "a memory must be defined by the module; link the program so that it does not import its memory",
	Table:  "a table must be defined by the module; this may be a shared library, which has to be linked into a whole program first",
	Global: "no module offers it; this may be a shared library, which has to be linked into a whole program first",
	Tag:    "no module offers it",
}

// userImport finds what an import of the user stands for.
func (s *splice) userImport(in *input, imp *wasm.Import) (id, string) {
	if imp.Kind != Func {
		return 0, notFunctions[imp.Kind]
	}
	name := Name{imp.Module, imp.Name}
	export := s.o.resolve(name)
	if i, ok := s.polyfillExport(export); ok {
		s.resolved = append(s.resolved, Resolved{in.name, name, export})
		return i, ""
	}
	if !s.o.hosts[imp.Module] {
		return 0, "nothing offers a function of that name"
	}
	return s.adapt(in, imp)
}

// polyfillExport finds a function that the polyfill exports.
func (s *splice) polyfillExport(name string) (id, bool) {
	e, ok := s.exports[1][name]
	return e.id, ok && e.kind == Func
}

// polyfillImport finds what an import of the polyfill stands for.
func (s *splice) polyfillImport(in *input, imp *wasm.Import) (id, string) {
	if imp.Kind != Func {
		return 0, notFunctions[imp.Kind]
	}
	if s.o.hosts[imp.Module] {
		return s.hostImport(in, imp), ""
	}
	if imp.Module == moduleLink {
		return s.intrinsic(imp)
	}
	if b, ok := s.o.bindings[Name{imp.Module, imp.Name}]; ok {
		return s.binding(b, in, imp)
	}
	if imp.Module == moduleUser {
		if e, ok := s.exports[0][imp.Name]; ok && e.kind == Func {
			return e.id, ""
		}
		return 0, "the program does not export it"
	}
	return 0, "nothing is bound to it"
}

func (s *splice) binding(b Binding, in *input, imp *wasm.Import) (id, string) {
	typ := &in.mod.Types[imp.Type]
	switch b.kind {
	case bindExport:
		i, ok := s.polyfillExport(b.name)
		if !ok {
			return 0, "the polyfill does not export " + b.name
		}
		return i, ""
	case bindBlob:
		return s.addSynth(s.blobCopy(s.blob(b.blob), b.blob.name)), ""
	}
	if len(typ.Results) > 1 || len(typ.Results) == 1 && typ.Results[0] != wasm.I32 && typ.Results[0] != wasm.I64 {
		return 0, "it is bound to a constant, which must be an i32 or i64"
	}
	return s.addSynth(constant(Name{imp.Module, imp.Name}.String(), in.types[imp.Type], typ, b.value)), ""
}

// blob is the position of a blob among all.
func (s *splice) blob(b *blob) int {
	i := slices.Index(s.blobs, b)
	if i < 0 {
		i = len(s.blobs)
		s.blobs = append(s.blobs, b)
	}
	return i
}

// adapt puts an adapter before an ic0 import of the user that takes addresses.
func (s *splice) adapt(in *input, imp *wasm.Import) (id, string) {
	if imp.Module != abi.ModuleIC0 {
		return s.hostImport(in, imp), ""
	}
	for i := range abi.IC0 {
		f := &abi.IC0[i]
		if f.Name != imp.Name {
			continue
		}
		typ := s.types.addFunc(abiTypes(f))
		if typ != in.types[imp.Type] {
			return 0, "ic0 offers it as " + s.types.text(typ)
		}
		i := s.hostImport(in, imp)
		if !hasPointer(f) || s.polyfill.memory().Min == 0 {
			return i, ""
		}
		return s.addSynth(s.adapter(f, typ, i)), ""
	}
	return 0, "ic0 has no function of that name"
}

func hasPointer(f *abi.Function) bool {
	return slices.ContainsFunc(f.Params, func(p abi.Param) bool { return p.Kind != abi.Value })
}

// abiTypes are the parameters and results of a function of abi.
func abiTypes(f *abi.Function) (params, results []wasm.ValType) {
	for _, p := range f.Params {
		params = append(params, wasm.ValType{Code: byte(p.Type)})
	}
	for _, r := range f.Results {
		results = append(results, wasm.ValType{Code: byte(r)})
	}
	return params, results
}

// memory is the first memory that the module defines; without one it is of no
// pages.
func (in *input) memory() wasm.Limits {
	if len(in.mod.Memories) == 0 {
		return wasm.Limits{HasMax: true}
	}
	return in.mod.Memories[0]
}

// maxBase is the largest number of pages that may lie below the user's memory:
// from 2 MiB on a shifted offset takes a byte more, and from 32 MiB on engines
// put bounds checks back.
const maxBase = 31

// MaxUserPages is the most pages that a program's memory may begin with,
// whatever the polyfill takes.
const MaxUserPages = maxPages - maxBase

// checkMemory refuses the memories that Merge cannot stack.
func (in *input) checkMemory() error {
	if len(in.mod.Memories) > 1 {
		return in.refuse(Memory, 1, "the module has %d memories, and only one can be stacked", len(in.mod.Memories))
	}
	for _, m := range in.mod.Memories {
		switch {
		case m.Shared:
			return in.refuse(Memory, 0, "shared memory (threads) cannot be linked; build the program without threads")
		case m.Is64:
			return in.refuse(Memory, 0, "memory64 cannot be linked; build the program for wasm32")
		case m.PageSizeLog2 != 16:
			return in.refuse(Memory, 0, "custom page sizes cannot be linked")
		}
	}
	return nil
}

// checkPolyfill refuses polyfills that cannot lie below a program.
func (s *splice) checkPolyfill() error {
	p, below := s.polyfill, s.polyfill.memory()
	switch {
	case !below.HasMax || below.Max != below.Min:
		return p.refuse(Memory, 0, "must be of fixed size (minimum equal to maximum)")
	case below.Min > maxBase:
		return p.refuse(Memory, 0, "has %d pages, and at most %d can lie below the user's", below.Min, maxBase)
	case len(p.mod.Tables) > 0 || len(p.mod.Elems) > 0:
		return p.refuse(Table, 0, "a polyfill must not have a table")
	case len(p.mod.Tags) > 0:
		return p.refuse(Tag, 0, "a polyfill must not have tags")
	}
	s.base = uint32(below.Min)
	if above := s.user.memory(); above.Min+below.Min > maxPages {
		return s.user.refuse(Memory, 0, "has %d pages, and at most %d fit above the polyfill's %d", above.Min, maxPages-below.Min, below.Min)
	}
	return nil
}

func (s *splice) shift() uint32 { return s.base * pageSize }

// userMax is the largest size of the user's memory, in pages.
func (s *splice) userMax() uint32 {
	m := s.user.memory()
	limit := uint64(maxPages - s.base)
	if m.HasMax {
		limit = min(limit, m.Max)
	}
	return uint32(limit)
}

// needed is what the output needs without an export that reaches it: the
// memories, which lie where the polyfill expects them.
func (s *splice) needed() []entity {
	var list []entity
	for _, in := range s.inputs {
		for i := range in.count[Memory] {
			list = append(list, entity{Memory, in.first[Memory] + id(i)})
		}
	}
	return list
}
