package link

import (
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// The import modules of the polyfill that have a meaning to the linker.
const (
	moduleLink = "link" // intrinsics
	moduleUser = "user" // exports of the user
)

// resolver satisfies imports and gathers those that nothing satisfies.
type resolver struct {
	*graph
	o          *options
	exports    map[string]funcID // of the polyfill
	userFuncs  map[string]funcID // exports of the user
	unresolved []Unresolved
	blobs      []*blob
	hostIDs    map[string]funcID // by name and type, so that each is imported once
}

// resolve gives every function import a target. All imports without one are
// reported at once.
func resolve(user, polyfill *input, o *options) (*resolver, error) {
	r := &resolver{
		graph: newGraph(user, polyfill), o: o,
		hostIDs: map[string]funcID{},
	}
	r.exports, r.userFuncs = funcExports(polyfill), funcExports(user)
	if s := user.mod.Start; s != nil {
		id := user.id + funcID(*s)
		r.start = &id
	}
	r.refuseOthers(user)
	r.refuseOthers(polyfill)
	for i, imp := range user.imports {
		r.bind(user, i, imp, r.userImport)
	}
	for i, imp := range polyfill.imports {
		r.bind(polyfill, i, imp, r.polyfillImport)
	}
	if len(r.unresolved) > 0 {
		return nil, &UnresolvedError{Imports: r.unresolved}
	}
	return r, r.checkCycles()
}

func funcExports(in *input) map[string]funcID {
	m := map[string]funcID{}
	for _, e := range in.mod.Exports {
		if e.Kind == wasm.ExternFunc {
			m[e.Name] = in.id + funcID(e.Index)
		}
	}
	return m
}

// bind asks target what an import stands for.
func (r *resolver) bind(in *input, i int, imp *wasm.Import, target func(*input, *wasm.Import) (funcID, string)) {
	id, reason := target(in, imp)
	if reason == "" && typeKey(r.funcType(id)) != typeKey(r.importType(in, imp)) {
		reason = "it is offered as " + funcText(r.funcType(id))
	}
	if reason != "" {
		r.refuse(in, imp, funcText(r.importType(in, imp)), reason)
		return
	}
	r.alias[in.id+funcID(i)] = id
}

func (r *resolver) importType(in *input, imp *wasm.Import) *wasm.SubType {
	return &in.mod.Types[imp.Type]
}

func (r *resolver) refuse(in *input, imp *wasm.Import, typ, reason string) {
	var users []string
	if len(r.unresolved) < maxListed { // looking for them takes time
		users = in.callers(imp)
	}
	r.unresolved = append(r.unresolved, Unresolved{
		Input: in.name, Name: Name{imp.Module, imp.Name}, Kind: imp.Kind,
		Type: typ, Reason: reason, Users: users, Offset: imp.Offset,
	})
}

// refuseOthers refuses imports that are not functions.
func (r *resolver) refuseOthers(in *input) {
	for i := range in.mod.Imports {
		imp := &in.mod.Imports[i]
		switch imp.Kind {
		case wasm.ExternFunc:
			continue
		case wasm.ExternMemory:
			r.refuse(in, imp, "memory", "a memory must be defined by the module; link the program so that it does not import its memory")
		case wasm.ExternTable:
			r.refuse(in, imp, "table", "a table must be defined by the module; this may be a shared library, which has to be linked into a whole program first")
		case wasm.ExternGlobal:
			r.refuse(in, imp, "global "+fmt.Sprint(imp.Global.Type), "no module offers it; this may be a shared library, which has to be linked into a whole program first")
		default:
			r.refuse(in, imp, "tag", "no module offers it")
		}
	}
}

// userImport finds what an import of the user stands for.
func (r *resolver) userImport(in *input, imp *wasm.Import) (funcID, string) {
	name := Name{imp.Module, imp.Name}
	if id, ok := r.exports[r.o.resolve(name)]; ok {
		return id, ""
	}
	if !r.o.hosts[imp.Module] {
		return 0, "nothing offers a function of that name"
	}
	return r.adapt(r.host(in, imp), imp)
}

// polyfillImport finds what an import of the polyfill stands for.
func (r *resolver) polyfillImport(in *input, imp *wasm.Import) (funcID, string) {
	name := Name{imp.Module, imp.Name}
	if r.o.hosts[imp.Module] {
		return r.host(in, imp), ""
	}
	if imp.Module == moduleLink {
		return r.intrinsic(imp)
	}
	if b, ok := r.o.bindings[name]; ok {
		return r.binding(b, in, imp)
	}
	if imp.Module == moduleUser {
		if id, ok := r.userFuncs[imp.Name]; ok {
			return id, ""
		}
		return 0, "the program does not export it"
	}
	return 0, "nothing is bound to it"
}

func (r *resolver) binding(b Binding, in *input, imp *wasm.Import) (funcID, string) {
	typ := r.importType(in, imp)
	switch b.kind {
	case bindExport:
		id, ok := r.exports[b.name]
		if !ok {
			return 0, "the polyfill does not export " + b.name
		}
		return id, ""
	case bindBlob:
		return r.addSynth(blobCopy(r.blob(b.blob), b.blob.name)), ""
	}
	if len(typ.Results) > 1 || len(typ.Results) == 1 && typ.Results[0] != wasm.I32 && typ.Results[0] != wasm.I64 {
		return 0, "it is bound to a constant, which must be an i32 or i64"
	}
	return r.addSynth(constant(Name{imp.Module, imp.Name}.String(), typ, b.value)), ""
}

// blob is the position of a blob among all.
func (r *resolver) blob(b *blob) int {
	i := slices.Index(r.blobs, b)
	if i < 0 {
		i = len(r.blobs)
		r.blobs = append(r.blobs, b)
	}
	return i
}

// host is the one import for all equal imports that stay.
func (r *resolver) host(in *input, imp *wasm.Import) funcID {
	typ := r.importType(in, imp)
	key := imp.Module + "\x00" + imp.Name + "\x00" + typeKey(typ)
	id, ok := r.hostIDs[key]
	if !ok {
		id = r.addSynth(&synth{name: imp.Module + "." + imp.Name, typ: *typ, host: imp})
		r.hostIDs[key] = id
	}
	return id
}

// adapt puts an adapter before an ic0 import of the user that takes addresses.
func (r *resolver) adapt(id funcID, imp *wasm.Import) (funcID, string) {
	if imp.Module != "ic0" {
		return id, ""
	}
	for i := range abi.IC0 {
		f := &abi.IC0[i]
		if f.Name != imp.Name {
			continue
		}
		typ := abiType(f)
		if typeKey(&typ) != typeKey(r.funcType(id)) {
			return id, "ic0 offers it as " + funcText(&typ)
		}
		if !hasPointer(f) || r.polyfill.memory().Min == 0 {
			return id, ""
		}
		return r.addSynth(adapter(f, typ, id)), ""
	}
	return id, "ic0 has no function of that name"
}

func hasPointer(f *abi.Function) bool {
	return slices.ContainsFunc(f.Params, func(p abi.Param) bool { return p.Kind != abi.Value })
}

// abiType is a function of abi as a Wasm type.
func abiType(f *abi.Function) wasm.SubType {
	t := wasm.SubType{Kind: wasm.KindFunc}
	for _, p := range f.Params {
		t.Params = append(t.Params, wasm.ValType{Code: byte(p.Type)})
	}
	for _, r := range f.Results {
		t.Results = append(t.Results, wasm.ValType{Code: byte(r)})
	}
	return t
}

// checkCycles refuses imports that resolve to one another and to nothing.
func (r *resolver) checkCycles() error {
	for i := range r.alias {
		id := funcID(i)
		for range r.alias {
			if id >= r.first || r.alias[id] == id {
				break
			}
			id = r.alias[id]
		}
		if id < r.first && r.alias[id] != id {
			in, f := r.owner(funcID(i))
			return in.fail(in.funcName(f), "is imported and exported in a circle and nowhere defined")
		}
	}
	return nil
}

// callers names up to three functions that call or take an import.
func (in *input) callers(imp *wasm.Import) []string {
	target := slices.Index(in.imports, imp)
	var list []string
	for i := range in.refs {
		r := &in.refs[i]
		if target < 0 || len(list) == 3 {
			break
		}
		if slices.Contains(r.calls, uint32(target)) || slices.Contains(r.funcs, uint32(target)) {
			list = append(list, in.funcName(uint32(len(in.imports)+i)))
		}
	}
	return list
}
