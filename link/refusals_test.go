package link_test

import (
	"path/filepath"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// importing makes a module that imports one thing from another.
func importing(imp wasm.Import) *named {
	b := &named{name: "b"}
	imp.Module, imp.Name = "a", "x"
	if imp.Kind == link.Func || imp.Kind == link.Tag {
		b.AddFuncType(wasmtest.Types("i32"), nil)
	}
	b.importOf(imp)
	return b
}

// exporting makes a module that exports one thing.
func exporting(kind link.Kind, build func(*named)) *named {
	a := &named{name: "a"}
	build(a)
	a.export("x", kind, 0)
	return a
}

func i32Global(m *named)  { m.Global("i32", false, "i32.const 0") }
func smallTable(m *named) { m.Table() }
func onePage(m *named)    { m.Memory(1, 2) }

var (
	global32 = wasm.GlobalType{Type: wasm.I32}
	grows    = func(name string) *named { return memoryUser(name, 1, 2, true) }
	pages    = func(min, max uint64) wasm.Limits {
		return wasm.Limits{Min: min, Max: max, HasMax: true, PageSizeLog2: 16}
	}
	wasiWrite = func() *named {
		m := &named{name: "program"}
		f := m.Import("wasi_snapshot_preview1", "fd_write", "i32 i32 i32 i32 -> i32")
		m.Memory(1, 1)
		m.Func("go", "-> i32", "", "i32.const 1 i32.const 0 i32.load 2 0 i32.const 0 i32.const 0 call "+itoa(f))
		return m
	}
)

// badLinks are modules that Link refuses, with the options.
var badLinks = map[string]struct {
	o       link.Options
	modules []*named
}{
	"link-missing":         {modules: []*named{exporting(link.Global, i32Global), importing(wasm.Import{Kind: link.Func})}},
	"link-not-exported":    {modules: []*named{{name: "a"}, importing(wasm.Import{Kind: link.Global, Global: global32})}},
	"link-not-among-hosts": {o: link.Options{Hosts: []string{"env"}}, modules: []*named{importing(wasm.Import{Kind: link.Global, Global: global32})}},
	"link-func-type": {modules: []*named{exporting(link.Func, func(m *named) { m.Func("", "i64 ->", "", "") }),
		importing(wasm.Import{Kind: link.Func})}},
	"link-global-mutable": {modules: []*named{exporting(link.Global, i32Global),
		importing(wasm.Import{Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I32, Mutable: true}})}},
	"link-global-type": {modules: []*named{exporting(link.Global, i32Global),
		importing(wasm.Import{Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I64}})}},
	"link-memory-small":   {modules: []*named{exporting(link.Memory, onePage), importing(wasm.Import{Kind: link.Memory, Memory: pages(2, 2)})}},
	"link-memory-maximum": {modules: []*named{exporting(link.Memory, onePage), importing(wasm.Import{Kind: link.Memory, Memory: pages(1, 1)})}},
	"link-memory-shared": {modules: []*named{exporting(link.Memory, onePage),
		importing(wasm.Import{Kind: link.Memory, Memory: wasm.Limits{Min: 1, Max: 2, HasMax: true, Shared: true, PageSizeLog2: 16}})}},
	"link-table-type": {modules: []*named{exporting(link.Table, smallTable),
		importing(wasm.Import{Kind: link.Table, Table: wasm.TableType{Elem: wasm.ExternRef}})}},
	"link-tag-type": {modules: []*named{exporting(link.Tag, func(m *named) { m.Tags = []wasm.TypeIndex{m.AddFuncType(nil, nil)} }),
		importing(wasm.Import{Kind: link.Tag})}},
	"link-circle":         {modules: []*named{circular("a", "b"), circular("b", "a")}},
	"link-global-circle":  {o: link.Options{Conflicts: link.Rename}, modules: []*named{globalCircle("a", "b"), globalCircle("b", "a")}},
	"link-two-grow":       {modules: []*named{grows("a"), grows("b")}},
	"link-too-many-pages": {modules: []*named{memoryUser("a", 40000, 40000, false), memoryUser("b", 30000, 30000, false)}},
	"link-memory64":       {modules: []*named{grows("a"), memory64("b")}},
	"link-imported-memory": {modules: []*named{grows("a"), func() *named {
		b := &named{name: "b"}
		b.importOf(wasm.Import{Module: "env", Name: "memory", Kind: link.Memory, Memory: pages(1, 1)})
		b.Func2("load", "-> i32", "i32.const 0 i32.load 2 0")
		return b
	}()}},
	"link-two-tables-grow":   {modules: []*named{tableUser("a", 1, 2, "i32"), tableUser("b", 1, 2, "i32")}},
	"link-addresses-to-wasi": {modules: []*named{wasiWrite(), memoryUser("b", 3, 3, false)}},
	"link-data-outside": {modules: []*named{memoryUser("a", 1, 1, true), func() *named {
		b := &named{name: "b"}
		b.Memory(1, 1)
		b.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 65530"), Init: []byte("outside")}}
		b.Func("load", "-> i32", "", "i32.const 0 i32.load 2 0")
		return b
	}()}},
	"link-elements-outside": {modules: []*named{tableUser("a", 1, 1, "i32"), func() *named {
		b := tableUser("b", 1, 1, "i32")
		b.Elems[0].Offset = wasmtest.Code("i32.const 1")
		return b
	}()}},
	"link-invalid": {modules: []*named{func() *named {
		m := &named{name: "a"}
		m.Func("f", "-> i32", "", "nop")
		return m
	}()}},
	"link-dead-index": {o: link.Options{Trusted: true}, modules: []*named{func() *named {
		m := &named{name: "a"}
		m.Func("f", "", "", "nop")
		m.Func("", "", "", "global.get 3 drop")
		return m
	}()}},
	"link-object": {modules: []*named{func() *named {
		m := &named{name: "a"}
		m.custom("linking", 2)
		return m
	}()}},
	"link-same-name": {modules: []*named{{name: "a"}, {name: "a"}}},
	"link-nothing":   {},
}

// circular imports x and exports it again.
func circular(name, from string) *named {
	m := importing(wasm.Import{Kind: link.Func})
	m.name, m.Imports[0].Module = name, from
	m.export("x", link.Func, 0)
	return m
}

// globalCircle has a global whose initial value is the other module's.
func globalCircle(name, from string) *named {
	m := importing(wasm.Import{Kind: link.Global, Global: global32})
	m.name, m.Imports[0].Module = name, from
	m.Global("i32", false, "global.get 0")
	m.export("x", link.Global, 1)
	return m
}

func memory64(name string) *named {
	m := &named{name: name}
	m.Memories = []wasm.Limits{{Min: 1, Is64: true, PageSizeLog2: 16}}
	m.Func("load 64", "-> i32", "", "i64.const 0 i32.load 2 0")
	return m
}

// TestLinkRefusals pins what each refusal says.
func TestLinkRefusals(t *testing.T) {
	for name, test := range badLinks {
		t.Run(name, func(t *testing.T) {
			_, err := link.Link(inputsOf(test.modules), test.o)
			if err == nil {
				t.Fatal("Link accepted the modules")
			}
			if !typed(err) {
				t.Errorf("%T: %v", err, err)
			}
			golden(t, filepath.Join("testdata", "refusals", name+".txt"), err.Error()+"\n")
		})
	}
}
