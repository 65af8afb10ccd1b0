package link_test

import (
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/link"
)

// exportNames are the names of exports in the output; hidden ones have none.
type exportNames map[link.Name]string

// drawExports draws which exports stay and how they are called.
func drawExports(rng *rand.Rand, set wasmgen.Set, o *link.Options) exportNames {
	switch rng.Intn(3) {
	case 0:
		return prefixed(set, o)
	case 1:
		o.Conflicts = link.Rename
		return renamed(set)
	}
	return chosen(rng, set, o)
}

// prefixed puts each module's name before those of its exports.
func prefixed(set wasmgen.Set, o *link.Options) exportNames {
	names := exportNames{}
	for _, m := range set.Modules {
		o.Exports = append(o.Exports, link.Export{Module: m.Name, Name: "*", As: m.Name + "/"})
		for _, e := range m.Module.Exports {
			names[link.Name{Module: m.Name, Name: e.Name}] = m.Name + "/" + e.Name
		}
	}
	return names
}

// chosen names each export that stays, and hides some of them.
func chosen(rng *rand.Rand, set wasmgen.Set, o *link.Options) exportNames {
	names := exportNames{}
	o.Exports = []link.Export{} // not nil, which means all
	for _, m := range set.Modules {
		for _, e := range m.Module.Exports {
			name := link.Name{Module: m.Name, Name: e.Name}
			if e.Name != "refuel" && rng.Intn(4) == 0 {
				continue
			}
			as := fmt.Sprint("x", len(o.Exports))
			o.Exports = append(o.Exports, link.Export{Module: m.Name, Name: e.Name, As: as})
			if e.Name != "refuel" && rng.Intn(4) == 0 {
				o.Hide = append(o.Hide, name)
			} else {
				names[name] = as
			}
		}
	}
	return names
}

// thing is what an export stands for, however often it is exported again.
type thing struct {
	module string
	kind   wasm.ExternKind
	name   string // of an import that stays
	index  uint32
}

// thingOf follows imports to where something is defined.
func thingOf(set wasmgen.Set, m wasmgen.Named, kind wasm.ExternKind, index uint32) thing {
	var imports []wasm.Import
	for _, imp := range m.Module.Imports {
		if imp.Kind == kind {
			imports = append(imports, imp)
		}
	}
	if int(index) >= len(imports) {
		return thing{module: m.Name, kind: kind, index: index}
	}
	imp := imports[index]
	at := slices.IndexFunc(set.Modules, func(m wasmgen.Named) bool { return m.Name == imp.Module })
	if at < 0 {
		return thing{module: imp.Module, kind: kind, name: imp.Name}
	}
	from := set.Modules[at]
	return thingOf(set, from, kind, from.Module.Export(imp.Name).Index)
}

// renamed are the names where all exports stay and each but the first of a name
// gets its module's before it, unless it is the same thing.
func renamed(set wasmgen.Set) exportNames {
	names := exportNames{}
	first := map[string]thing{}
	for _, m := range set.Modules {
		for _, e := range m.Module.Exports {
			is := thingOf(set, m, e.Kind, e.Index)
			as := e.Name
			if was, taken := first[as]; taken && was != is {
				as = m.Name + "." + e.Name
			}
			first[as] = is
			names[link.Name{Module: m.Name, Name: e.Name}] = as
		}
	}
	return names
}

// checkExports wants the output to export the names and nothing else.
func checkExports(t testing.TB, b []byte, names exportNames, o link.Options) {
	m, err := wasm.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	if o.DeferStart != "" {
		want = append(want, o.DeferStart)
	}
	for _, as := range names {
		want = append(want, as)
	}
	slices.Sort(want)
	got := []string{}
	for _, e := range m.Exports {
		got = append(got, e.Name)
	}
	slices.Sort(got)
	if want = slices.Compact(want); !slices.Equal(want, got) {
		t.Errorf("the output exports %q, want %q", got, want)
	}
}

// TestConflictsRefused: unless exports of one name are the same thing, they are
// refused, and all of them are named.
func TestConflictsRefused(t *testing.T) {
	rng := rand.New(rand.NewSource(*drawnSeed))
	refused := 0
	for range 200 {
		b := drawBytes(rng)
		o := wazeroEngine.options
		o.Modules = 3
		set := wasmgen.Draw(b, o)
		want := 0
		for name, as := range renamed(set) {
			if name.Name != as {
				want++
			}
		}
		_, err := link.Link(inputs(set), link.Options{Memories: link.Apart, Tables: link.Apart})
		var conflicts *link.ConflictError
		switch {
		case want == 0 && err != nil && !outside.MatchString(err.Error()):
			t.Fatalf("%v, of %x", err, b)
		case want > 0 && (!errors.As(err, &conflicts) || len(conflicts.Conflicts) != want):
			t.Fatalf("%v, want %d conflicts, of %x", err, want, b)
		case want > 0:
			refused++
		}
	}
	if refused < 50 || refused > 180 {
		t.Errorf("%d of 200 sets have conflicts", refused)
	}
}
