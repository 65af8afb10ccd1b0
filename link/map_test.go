package link_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// mapModules have something of every kind that the map tells of.
func mapModules() []*named {
	a := memoryUser("a", 1, 1, false)
	a.Global("i32", true, "i32.const 5")
	a.Data = append(a.Data, wasm.Data{Offset: wasmtest.Code("i32.const 9"), Init: []byte("active")})
	two := uint32(2)
	a.DataCount = &two
	a.Func("", "", "", "nop")
	b := &named{name: "b"}
	log := b.Import("host", "log", "i32 ->")
	b.Memory(2, -1)
	start := wasm.FuncIndex(b.Func("twin", "", "", fmt.Sprintf("i32.const 1 call %d", log)))
	b.Func("b.twin", "", "", fmt.Sprintf("i32.const 1 call %d", log))
	b.Func("b.load", "i32 -> i32", "", "local.get 0 i32.load 2 0")
	b.Start = &start
	names := wasm.Names{Funcs: wasm.NameMap{1: "begin"}}
	b.Customs = []wasm.Custom{{Name: "name", Bytes: names.Append(nil), After: wasm.SectionData}, {Name: "notes", Bytes: []byte{1}}}
	return []*named{a, tableUser("t", 3, 3, "i32"), b}
}

// TestMapIsTrue: what the map says of each function and segment is what lies at
// those bytes of the output.
func TestMapIsTrue(t *testing.T) {
	var modules []link.Module
	for _, name := range []string{"tinykit", "rust196", "gokit"} {
		b, err := corpus.Module(name)
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, link.Module{Name: name, Wasm: b})
	}
	modules = append(modules, inputsOf(mapModules())...)
	r, err := link.Link(modules, link.Options{Conflicts: link.Rename, Memories: link.Apart, Hosts: []string{"wasi_snapshot_preview1", "host"}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Map()
	imported := out.NumImportedFuncs()
	for _, f := range m.Functions[imported:] {
		body := out.Code[int(f.Index)-imported]
		if body.Offset != f.Offset || len(body.Bytes) != f.Size {
			t.Fatalf("%+v, but its body lies at %d and has %d bytes", f, body.Offset, len(body.Bytes))
		}
	}
	if len(m.Functions) != imported+len(out.Funcs) || len(m.Globals) != len(out.Globals) {
		t.Errorf("%d functions and %d globals of %d and %d", len(m.Functions), len(m.Globals), imported+len(out.Funcs), len(out.Globals))
	}
	bytesOf := map[string][]wasm.Data{}
	for _, in := range modules {
		read, err := wasm.Read(in.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		bytesOf[in.Name] = read.Data
	}
	for _, d := range m.Data {
		if want := bytesOf[d.Module][d.From].Init; !bytes.Equal(r.Wasm[d.Offset:][:d.Size], want) {
			t.Fatalf("%+v: other bytes lie there", d)
		}
	}
	for _, g := range m.Globals {
		if end := g.Offset + g.Size; r.Wasm[end-1] != byte(wasm.OpEnd) {
			t.Errorf("%+v does not end in an end", g)
		}
	}
	sum := 8
	for _, s := range m.Sections {
		if s.Offset != sum {
			t.Errorf("section %s at %d, want %d", s.Name, s.Offset, sum)
		}
		sum += s.Size
	}
	if sum != m.Size || m.Size != len(r.Wasm) {
		t.Errorf("the sections have %d bytes, the output %d", sum, len(r.Wasm))
	}
	parts := map[string]int{}
	for _, s := range m.Modules {
		parts["code"] += s.Code
		parts["data"] += s.Data
		parts["element"] += s.Elements
		parts["global"] += s.Globals
	}
	for _, s := range m.Sections {
		if n, ok := parts[s.Name]; ok && (n > s.Size || n < s.Size-10) {
			t.Errorf("%d bytes of %s are told of %d", n, s.Name, s.Size)
		}
	}
}

// TestMapForms pins both forms of a small map.
func TestMapForms(t *testing.T) {
	r := linkAll(t, link.Options{Verbatim: true}, mapModules()...)
	var text bytes.Buffer
	n, err := r.Map().WriteTo(&text)
	if err != nil || n != int64(text.Len()) {
		t.Errorf("%d bytes, %v; %d were written", n, err, text.Len())
	}
	golden(t, filepath.Join("testdata", "map.txt"), text.String())
	j, err := json.MarshalIndent(r.Map(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "map.json"), string(j)+"\n")
}

// TestMapOfImports: imports of every kind that stay are in the map by their
// names, however many there are.
func TestMapOfImports(t *testing.T) {
	m := &named{name: "m"}
	for _, name := range []string{"a", "b", "c"} {
		m.importOf(wasm.Import{Module: "host", Name: name, Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I32}})
	}
	m.importOf(wasm.Import{Module: "host", Name: "m", Kind: link.Memory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}})
	m.importOf(wasm.Import{Module: "host", Name: "t", Kind: link.Table, Table: wasm.TableType{Elem: wasm.FuncRef}})
	m.Tags = []wasm.TypeIndex{m.AddFuncType(nil, nil)}
	for i := range uint32(3) {
		m.export(fmt.Sprint("g", i), link.Global, i)
	}
	m.export("memory", link.Memory, 0)
	m.export("table", link.Table, 0)
	m.export("tag", link.Tag, 0)
	out := linkAll(t, link.Options{}, m).Map()
	got := fmt.Sprint(out.Globals, out.Memories, out.Tables, out.Tags)
	const want = "[{0 0 0 { 0 } host.a} {1 0 0 { 0 } host.b} {2 0 0 { 0 } host.c}] [{0 0 1 false { 0 } host.m}] " +
		"[{0 0 0 false { 0 } host.t}] [{0 0 0 {m 0 } }]"
	if got != want {
		t.Errorf("map %s\nwant %s", got, want)
	}
}
