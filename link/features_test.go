package link_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestGroupWithoutTypes: a recursion group may be empty, also behind all types.
func TestGroupWithoutTypes(t *testing.T) {
	for _, types := range [][]byte{{1, 0x4e, 0}, {2, 0x60, 0, 0, 0x4e, 0}, {3, 0x4e, 0, 0x60, 0, 0, 0x4e, 0}} {
		b := sections(section(wasm.SectionType, types))
		for how, o := range ways {
			r, err := link.Link([]link.Module{{Name: "a", Wasm: b}, {Name: "b", Wasm: b}}, o)
			if err != nil {
				t.Fatalf("%s: types % x: %v", how, types, err)
			}
			checkOutput(t, r.Wasm)
		}
		if _, err := link.Merge(b, polyfillModule(1)); err != nil {
			t.Errorf("types % x: %v", types, err)
		}
	}
}

// TestLegacyExceptions: the tags of try blocks move as others do, their labels
// stay.
func TestLegacyExceptions(t *testing.T) {
	const body = "try void try void try void call %f delegate 0 catch %own drop rethrow 0 end catch %imported i64.const 3 throw %own catch_all i32.const 1000 i32.load 2 %offset drop end"
	code := func(f, own, imported, offset string) string {
		return strings.NewReplacer("%f", f, "%own", own, "%imported", imported, "%offset", offset).Replace(body)
	}
	tags := &named{name: "tags"}
	none, long := tags.AddFuncType(nil, nil), tags.AddFuncType(wasmtest.Types("i64"), nil)
	tags.Tags = []wasm.TypeIndex{long, none, none}
	tags.export("t", link.Tag, 2)
	tags.Memory(1, 1)
	tags.Func("load", "-> i32", "", "i32.const 0 i32.load 2 0")

	m := &named{name: "m"}
	m.importOf(wasm.Import{Module: "host", Name: "f", Type: m.AddFuncType(nil, nil)})
	m.importOf(wasm.Import{Module: "tags", Name: "t", Kind: link.Tag})
	m.Tags = []wasm.TypeIndex{0, m.AddFuncType(wasmtest.Types("i64"), nil)} // indices 1 and 2, the first one dead
	m.Memory(1, -1)
	m.Func("m", "", "", code("0", "2", "0", "4"))
	m.Func("grow", "-> i32", "", "i32.const 1 memory.grow 0")
	r := linkAll(t, link.Options{Verbatim: true}, tags, m)
	if got, want := codeOf(t, r.Wasm, "m"), wasmtest.Code(code("0", "1", "0", "65540")); !bytes.Equal(got, want) {
		t.Errorf("code % x, want % x", got, want)
	}
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Tags) != 2 || len(out.Types[out.Tags[0]].Params) != 0 || len(out.Types[out.Tags[1]].Params) != 1 {
		t.Errorf("tags %v of %v", out.Tags, out.Types)
	}
}

// bytePages has a memory of 200 pages of one byte.
func bytePages(name string) *named {
	m := &named{name: name}
	m.Memories = []wasm.Limits{{Min: 200, Max: 300, HasMax: true, CustomPage: true}}
	m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 190"), Init: []byte("0123456789")}}
	m.Func(name, "-> i32", "", "i32.const 1 memory.grow 0 drop memory.size 0 i32.const 196 i32.load 2 0 i32.add")
	return m
}

// TestCustomPages: a memory with pages of another size stays as it is, and is
// refused where another one would have to lie above it.
func TestCustomPages(t *testing.T) {
	a, b, c := bytePages("a"), bytePages("b"), memoryUser("c", 1, 1, false)
	r := linkAll(t, link.Options{Memories: link.Apart}, a, b, c)
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	small := 0
	for _, m := range out.Memories {
		if m.CustomPage && m.PageSizeLog2 == 0 && m.Min == 200 && m.Max == 300 {
			small++
		}
	}
	if small != 2 || len(out.Memories) != 3 {
		t.Errorf("memories %+v", out.Memories)
	}
	alone := linkAll(t, link.Options{}, a)
	if got := codeOf(t, alone.Wasm, "a"); !bytes.Equal(got, a.Code[0].Bytes[1:]) {
		t.Errorf("alone: code % x", got)
	}
	for _, others := range [][]*named{{a, b}, {a, c}, {c, a}} {
		refused(t, link.Options{}, "cannot be stacked with", others...)
	}
	a.Data[0].Init = append(a.Data[0].Init, 'x') // traps, as it did
	linkAll(t, link.Options{}, a)
}

// refused wants an error with a text in it, of a type that is promised.
func refused(t *testing.T, o link.Options, text string, modules ...*named) {
	t.Helper()
	_, err := link.Link(inputsOf(modules), o)
	if err == nil || !strings.Contains(err.Error(), text) || !typed(err) {
		t.Errorf("error %v, want %q", err, text)
	}
}

// TestSharedImports: two modules that import a shared memory import it once, with
// limits that satisfy both; a memory that is not shared cannot lie with it.
func TestSharedImports(t *testing.T) {
	shared := func(name string, min, max uint64) *named {
		m := &named{name: name}
		m.importOf(wasm.Import{Module: "env", Name: "memory", Kind: link.Memory,
			Memory: wasm.Limits{Min: min, Max: max, HasMax: true, Shared: true, PageSizeLog2: 16}})
		m.Func(name, "-> i32", "", "i32.const 8 i32.const 1 i32.atomic.rmw.add 2 4")
		return m
	}
	a, b := shared("a", 1, 4), shared("b", 2, 3)
	out, err := wasm.Read(linkAll(t, link.Options{NoFold: true}, a, b).Wasm)
	if err != nil {
		t.Fatal(err)
	}
	want := wasm.Limits{Min: 2, Max: 3, HasMax: true, Shared: true, PageSizeLog2: 16}
	if len(out.Imports) != 1 || out.Imports[0].Memory != want {
		t.Errorf("imports %+v", out.Imports)
	}
	for i := range out.Code {
		if !bytes.Equal(out.Code[i].Bytes, a.Code[0].Bytes) {
			t.Errorf("function %d: % x, want % x", i, out.Code[i].Bytes, a.Code[0].Bytes)
		}
	}
	refused(t, link.Options{}, "cannot be stacked with the imported memory env.memory", a, memoryUser("c", 1, 1, false))
	own := memoryUser("own", 1, 1, false)
	own.export("memory", link.Memory, 0)
	a.Imports[0].Module = "own"
	refused(t, link.Options{Memories: link.Apart}, "another kind of addresses, sharing or pages", own, a)
}

// TestWideTables: tables with 64-bit indices are not stacked, neither on one
// another nor on others.
func TestWideTables(t *testing.T) {
	wide := func(name string) *named {
		m := &named{name: name}
		m.Table(m.Func("", "-> i32", "", "i32.const 7"))
		m.Tables[0].Limits.Is64 = true
		m.Elems[0].Offset = wasmtest.Code("i64.const 0")
		m.Func(name, "-> i32", "", "i64.const 0 call_indirect 0 0 i64.const 0 table.get 0 ref.is_null i32.add")
		return m
	}
	r := linkAll(t, link.Options{}, tableUser("t", 3, 3, "i32"), wide("a"), wide("b"))
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Tables) != 3 || len(out.Elems) < 3 {
		t.Fatalf("%d tables and %d element segments", len(out.Tables), len(out.Elems))
	}
	for _, place := range r.Map().Tables {
		limits := out.Tables[place.Index].Limits
		if limits.Is64 != (place.Module != "t") || place.Base != 0 {
			t.Errorf("%+v, of %+v", place, limits)
		}
	}
	for _, name := range []string{"a", "b"} {
		code := codeOf(t, r.Wasm, name)
		at := bytes.IndexByte(code, byte(wasm.OpTableGet)) + 1
		if int(code[at]) >= len(out.Tables) || !out.Tables[code[at]].Limits.Is64 {
			t.Errorf("%s: code % x", name, code)
		}
	}
}
