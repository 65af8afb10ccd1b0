package link_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// mapped links small modules, where their memories stay apart with a program of
// the corpus, and reads the map from its JSON.
func mapped(t *testing.T, memories link.Layout) (*link.Map, []byte, *wasm.Module) {
	t.Helper()
	modules := inputsOf(append(mapModules(), memoryUser("c", 2, 2, false), tableUser("u", 2, 2, "i32", "i64")))
	if memories == link.Apart {
		program, err := corpus.Module("tinykit")
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, link.Module{Name: "tinykit", Wasm: program})
	}
	r, err := link.Link(modules, link.Options{Conflicts: link.Rename, Memories: memories})
	if err != nil {
		t.Fatal(err)
	}
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r.Map())
	if err != nil {
		t.Fatal(err)
	}
	m := &link.Map{}
	if err := json.Unmarshal(text, m); err != nil {
		t.Fatal(err)
	}
	return m, r.Wasm, out
}

// tiles wants the parts of each memory or table to lie behind one another and to
// fill it.
func tiles(t *testing.T, parts []link.PlacedMemory, sizes []uint64) {
	t.Helper()
	slices.SortStableFunc(parts, func(a, b link.PlacedMemory) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Base, b.Base))
	})
	end := make([]uint64, len(sizes))
	for _, p := range parts {
		if p.Base != end[p.Index] {
			t.Errorf("%+v, want it at %d", p, end[p.Index])
		}
		end[p.Index] += p.Size
	}
	if !slices.Equal(end, sizes) {
		t.Errorf("the parts have %d together, want %d", end, sizes)
	}
}

var layouts = map[string]link.Layout{"stacked": link.Stack, "apart": link.Apart}

// TestMapPlaces: the map accounts for all of each memory and table, for each
// function and global once, and for every byte of four sections.
func TestMapPlaces(t *testing.T) {
	for name, memories := range layouts {
		t.Run(name, func(t *testing.T) {
			m, b, out := mapped(t, memories)
			checkTiles(t, m, out, memories)
			checkSums(t, m, out)
			for i, f := range m.Functions {
				if int(f.Index) != i {
					t.Fatalf("%+v is item %d", f, i)
				}
			}
			for i, g := range m.Globals {
				typ := wasm.AppendGlobalType(nil, out.Globals[i].GlobalType)
				if int(g.Index) != i || !bytes.Equal(b[g.Offset:][:g.Size], append(typ, out.Globals[i].Init...)) {
					t.Errorf("%+v is item %d, % x", g, i, b[g.Offset:][:g.Size])
				}
			}
		})
	}
}

func checkTiles(t *testing.T, m *link.Map, out *wasm.Module, memories link.Layout) {
	var pages, elements []uint64
	for _, l := range out.Memories {
		pages = append(pages, l.Min)
	}
	for _, table := range out.Tables {
		elements = append(elements, table.Limits.Min)
	}
	if (len(pages) == 1) != (memories == link.Stack) || len(elements) > 1 {
		t.Fatalf("memories of %d pages and tables of %d elements", pages, elements)
	}
	tiles(t, m.Memories, pages)
	tiles(t, m.Tables, elements)
}

// checkSums compares sections with what the modules have of them.
func checkSums(t *testing.T, m *link.Map, out *wasm.Module) {
	sums := map[string]int{}
	for _, x := range m.Modules {
		sums["code"] += x.Code
		sums["data"] += x.Data
		sums["element"] += x.Elements
		sums["global"] += x.Globals
	}
	counts := map[string]int{"code": len(out.Code), "data": len(out.Data), "element": len(out.Elems), "global": len(out.Globals)}
	for _, s := range m.Sections {
		n, ok := sums[s.Name]
		content := n + wasm.UlebSize(uint64(counts[s.Name]))
		if whole := 1 + wasm.UlebSize(uint64(content)) + content; ok && whole != s.Size {
			t.Errorf("section %s has %d bytes, its parts %d", s.Name, s.Size, whole)
		}
	}
}

// address is the number that an active segment's offset is.
func address(t *testing.T, x wasm.Expr) uint64 {
	t.Helper()
	v, n := wasm.ReadSleb64(x[1:])
	if wasm.Op(x[0]) != wasm.OpI32Const || len(x) != n+2 {
		t.Fatalf("offset % x", x)
	}
	return uint64(uint32(v))
}

// TestMapSegments: segments lie in the output and in their memory or table where
// the map says.
func TestMapSegments(t *testing.T) {
	for name, memories := range layouts {
		t.Run(name, func(t *testing.T) {
			m, b, out := mapped(t, memories)
			checkData(t, m, b, out)
			checkElements(t, m, b, out)
		})
	}
}

func checkData(t *testing.T, m *link.Map, b []byte, out *wasm.Module) {
	active := 0
	for _, d := range m.Data {
		s := out.Data[d.Index]
		if d.Mode != "active" {
			continue
		}
		active++
		from := d.Place - address(t, s.Offset) // within what several segments became
		if uint32(s.Memory) != d.Target || !bytes.Equal(s.Init[from:][:d.Size], b[d.Offset:][:d.Size]) {
			t.Errorf("%+v is in memory %d at %d", d, s.Memory, address(t, s.Offset))
		}
	}
	if active == 0 {
		t.Error("no data segment is active")
	}
}

func checkElements(t *testing.T, m *link.Map, b []byte, out *wasm.Module) {
	for _, e := range m.Elements {
		s := out.Elems[e.Index]
		var list []byte // what the segment ends in
		for _, f := range s.Funcs {
			list = wasm.AppendUleb(list, uint64(f))
		}
		if !bytes.HasSuffix(b[e.Offset:][:e.Size], list) || b[e.Offset] != byte(s.Flags) {
			t.Errorf("%+v is % x", e, b[e.Offset:][:e.Size])
		}
		if e.Mode == "active" && (uint32(s.Table) != e.Target || address(t, s.Offset) != e.Place) {
			t.Errorf("%+v is in table %d at %d", e, s.Table, address(t, s.Offset))
		}
	}
	if len(m.Elements) != len(out.Elems) || len(out.Elems) < 2 {
		t.Errorf("%d element segments of %d", len(m.Elements), len(out.Elems))
	}
}
