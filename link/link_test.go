package link_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// named is a module under construction with its name.
type named struct {
	name string
	wasmtest.Module
}

// linkAll links modules and checks that the output is valid.
func linkAll(t *testing.T, o link.Options, modules ...*named) *link.Result {
	t.Helper()
	r, err := link.Link(inputsOf(modules), o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := wasm.Read(r.Wasm)
	if err == nil {
		err = validate.Module(m)
	}
	if err != nil {
		t.Fatalf("the output is invalid: %v", err)
	}
	return r
}

func inputsOf(modules []*named) []link.Module {
	var list []link.Module
	for _, m := range modules {
		list = append(list, link.Module{Name: m.name, Wasm: m.Encode()})
	}
	return list
}

// instances instantiates modules in one runtime, each under its name.
func instances(t *testing.T, modules ...link.Module) map[string]api.Module {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesTailCall|experimental.CoreFeaturesExtendedConst))
	t.Cleanup(func() { r.Close(ctx) })
	made := map[string]api.Module{}
	for _, m := range modules {
		i, err := r.InstantiateWithConfig(ctx, m.Wasm, wazero.NewModuleConfig().WithName(m.Name).WithStartFunctions())
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		made[m.Name] = i
	}
	return made
}

// invoke gives the results, or the trap, of an exported function.
func invoke(m api.Module, name string, args ...uint64) string {
	results, err := m.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		return trap(err)
	}
	return fmt.Sprint(results)
}

// importOf adds an import of any kind.
func (m *named) importOf(imp wasm.Import) { m.Imports = append(m.Imports, imp) }

func (m *named) export(name string, kind link.Kind, index uint32) {
	m.Exports = append(m.Exports, wasm.Export{Name: name, Kind: kind, Index: index})
}

// memoryUser has a memory of its own and functions that use it in every way,
// with names that begin with its own.
func memoryUser(name string, min, max int, grows bool) *named {
	m := &named{name: name}
	m.Memory(min, max)
	one := uint32(1)
	m.DataCount = &one
	m.Data = []wasm.Data{{Flags: 1, Init: []byte("0123456789abcdef")}}
	m.Func(name+".load", "i32 -> i64", "", "local.get 0 i64.load 0 3")
	m.Func(name+".load8", "i32 -> i32", "", "local.get 0 i32.load8_u 0 0")
	m.Func(name+".store", "i32 i64 ->", "", "local.get 0 local.get 1 i64.store 0 5")
	m.Func(name+".copy", "i32 i32 i32 ->", "", "local.get 0 local.get 1 local.get 2 memory.copy 0 0")
	m.Func(name+".fill", "i32 i32 i32 ->", "", "local.get 0 local.get 1 local.get 2 memory.fill 0")
	m.Func(name+".init", "i32 i32 i32 ->", "", "local.get 0 local.get 1 local.get 2 memory.init 0 0")
	m.Func(name+".size", "-> i32", "", "memory.size 0")
	if grows {
		m.Func(name+".grow", "i32 -> i32", "", "local.get 0 memory.grow 0")
	}
	return m
}

// comparison calls an export, named by its module, in the linked module and in
// the instance of its own, and holds them to the same outcome.
func comparison(t *testing.T, out []byte, modules []*named) func(module, f string, args ...uint64) {
	t.Helper()
	linked := instances(t, link.Module{Name: "out", Wasm: out})["out"]
	alone := instances(t, inputsOf(modules)...)
	return func(module, f string, args ...uint64) {
		t.Helper()
		name := module + "." + f
		if got, want := invoke(linked, name, args...), invoke(alone[module], name, args...); got != want {
			t.Errorf("%s%x = %s, alone %s", name, args, got, want)
		}
	}
}

// TestStackedMemories: each of three modules sees its memory as before, around
// every edge, whatever lies above or below.
func TestStackedMemories(t *testing.T) {
	modules := []*named{memoryUser("a", 2, 2, true), memoryUser("b", 1, 4, true), memoryUser("c", 3, -1, false)}
	r := linkAll(t, link.Options{}, modules...)
	out, _ := wasm.Read(r.Wasm)
	if len(out.Memories) != 1 || out.Memories[0].Min != 6 {
		t.Fatalf("memories %v, want one of 6 pages", out.Memories)
	}
	compare := comparison(t, r.Wasm, modules)
	for i, m := range modules {
		compare(m.name, "fill", 0, uint64(0x11*(i+1)), uint64(m.Memories[0].Min)<<16)
	}
	for _, m := range modules {
		size := m.Memories[0].Min << 16
		for _, at := range []uint64{0, 8, size - 16, size - 13, size - 12, size - 11, size - 10, size - 1, size, size + 1,
			6 << 16, 1<<31 - 1, 1<<32 - 6<<16, 1<<32 - size, 1<<32 - 6, 1<<32 - 1} {
			compare(m.name, "load", at)
			compare(m.name, "store", at, 0x8877665544332211)
			for _, n := range []uint64{0, 1, 9, 1<<32 - 1} {
				compare(m.name, "copy", at, 0, n)
				compare(m.name, "copy", 0, at, n)
				compare(m.name, "fill", at, 0x77, n)
				compare(m.name, "init", at, 3, n)
			}
		}
		compare(m.name, "size")
	}
	for _, n := range []uint64{0, 1, 2, 1, 1<<32 - 1} {
		compare("a", "grow", n)
		compare("b", "grow", n)
		compare("b", "size")
		compare("a", "size")
		compare("c", "size")
	}
	for _, m := range modules {
		for at := uint64(0); at < m.Memories[0].Min<<16; at += 4093 {
			compare(m.name, "load8", at)
		}
	}
}

// tableUser has a table of its own and functions that use it in every way.
func tableUser(name string, n, max int, results ...string) *named {
	m := &named{name: name}
	var funcs []uint32
	for i, result := range results {
		funcs = append(funcs, m.Func("", "-> "+result, "", fmt.Sprintf("%s.const %d", result, 100*len(name)+i)))
	}
	m.Table(funcs...)
	m.Tables[0].Limits = wasm.Limits{Min: uint64(n), Max: uint64(max), HasMax: true}
	m.Elems = append(m.Elems, wasm.Elem{Flags: 1, Type: wasm.FuncRef, Funcs: []wasm.FuncIndex{0, wasm.FuncIndex(len(funcs) - 1)}})
	typ := m.AddFuncType(nil, wasmtest.Types("i32"))
	m.Func(name+".call", "i32 -> i32", "", fmt.Sprintf("local.get 0 call_indirect %d 0", typ))
	m.Func(name+".tail", "i32 -> i32", "", fmt.Sprintf("local.get 0 return_call_indirect %d 0", typ))
	m.Func(name+".null", "i32 -> i32", "", "local.get 0 table.get 0 ref.is_null")
	m.Func(name+".set", "i32 i32 ->", "", "local.get 0 local.get 1 table.get 0 table.set 0")
	m.Func(name+".clear", "i32 ->", "", "local.get 0 ref.null funcref table.set 0")
	m.Func(name+".copy", "i32 i32 i32 ->", "", "local.get 0 local.get 1 local.get 2 table.copy 0 0")
	m.Func(name+".init", "i32 i32 i32 ->", "", "local.get 0 local.get 1 local.get 2 table.init 1 0")
	m.Func(name+".fill", "i32 i32 i32 ->", "", "local.get 0 local.get 1 table.get 0 local.get 2 table.fill 0")
	m.Func(name+".size", "-> i32", "", "table.size 0")
	if max >= n {
		m.Func(name+".grow", "i32 -> i32", "", "ref.null funcref local.get 0 table.grow 0")
	}
	return m
}

// TestStackedTables is TestStackedMemories for tables.
func TestStackedTables(t *testing.T) {
	modules := []*named{tableUser("a", 5, 5, "i32", "i64", "i32"), tableUser("bb", 3, 9, "i32"), tableUser("ccc", 4, 4, "i64", "i32")}
	r := linkAll(t, link.Options{}, modules...)
	out, _ := wasm.Read(r.Wasm)
	if len(out.Tables) != 1 || out.Tables[0].Limits.Min != 12 {
		t.Fatalf("tables %v, want one of 12 elements", out.Tables)
	}
	compare := comparison(t, r.Wasm, modules)
	edges := []uint64{0, 1, 2, 3, 4, 5, 6, 11, 12, 1<<32 - 12, 1<<32 - 3, 1<<32 - 1}
	all := func() {
		for _, m := range modules {
			compare(m.name, "size")
			for _, i := range edges {
				compare(m.name, "call", i)
				compare(m.name, "tail", i)
				compare(m.name, "null", i)
			}
		}
	}
	all()
	for _, m := range modules {
		for _, i := range edges {
			compare(m.name, "set", i, 1)
			compare(m.name, "set", 1, i)
			for _, n := range []uint64{0, 1, 2, 1<<32 - 1} {
				compare(m.name, "copy", i, 0, n)
				compare(m.name, "copy", 0, i, n)
				compare(m.name, "init", i, 0, n)
				compare(m.name, "fill", i, 0, n)
			}
			compare(m.name, "clear", i)
			all()
		}
		compare(m.name, "grow", 0)
		compare(m.name, "grow", 2)
		compare(m.name, "grow", 1<<32-1)
	}
	all()
}

// TestImportsOfEveryKind: functions, memories, tables and globals of one module
// serve another, which exports them again to a third.
func TestImportsOfEveryKind(t *testing.T) {
	a := &named{name: "a"}
	a.Memory(1, 2)
	a.Global("i32", true, "i32.const 7")
	a.Global("i32", false, "i32.const 40")
	a.Table(a.Func("f", "-> i32", "", "global.get 0"))
	a.Tables[0].Limits.Min = 3
	a.export("memory", link.Memory, 0)
	a.export("table", link.Table, 0)
	a.export("count", link.Global, 0)
	a.export("base", link.Global, 1)

	b := &named{name: "b"}
	b.Import("a", "f", "-> i32")
	b.importOf(wasm.Import{Module: "a", Name: "memory", Kind: link.Memory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}})
	b.importOf(wasm.Import{Module: "a", Name: "table", Kind: link.Table, Table: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 1}}})
	b.importOf(wasm.Import{Module: "a", Name: "count", Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I32, Mutable: true}})
	b.importOf(wasm.Import{Module: "a", Name: "base", Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I32}})
	b.Data = []wasm.Data{{Offset: wasmtest.Code("global.get 1"), Init: []byte{1, 2, 3}}}
	b.Global("i32", false, "global.get 1")
	inc := uint32(1) // the import comes first
	b.Funcs = append(b.Funcs, b.AddFuncType(nil, nil))
	b.Code = append(b.Code, wasmtest.Body("", "global.get 0 i32.const 1 i32.add global.set 0"))
	b.export("inc", link.Func, inc)
	b.export("f2", link.Func, 0)
	b.export("memory2", link.Memory, 0)
	b.Elems = []wasm.Elem{{Offset: wasmtest.Code("i32.const 1"), Type: wasm.FuncRef, Funcs: []wasm.FuncIndex{0}}}

	c := &named{name: "c"}
	c.Import("b", "f2", "-> i32")
	c.importOf(wasm.Import{Module: "b", Name: "memory2", Kind: link.Memory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}})
	typ := c.AddFuncType(nil, wasmtest.Types("i32"))
	c.Func2("get", "-> i32", "i32.const 42 i32.load8_u 0 0 call 0 i32.add")
	_ = typ

	modules := []*named{a, b, c}
	linked := instances(t, link.Module{Name: "out", Wasm: linkAll(t, link.Options{}, modules...).Wasm})["out"]
	alone := instances(t, inputsOf(modules)...)
	for _, step := range []string{"c get", "b inc", "c get", "b f2", "a f"} {
		module, name, _ := strings.Cut(step, " ")
		if got, want := invoke(linked, name), invoke(alone[module], name); got != want {
			t.Errorf("%s: %s, alone %s", step, got, want)
		}
	}
	if out, _ := wasm.Read(linkAll(t, link.Options{}, modules...).Wasm); len(out.Imports) > 0 || len(out.Memories) != 1 || len(out.Globals) > 2 {
		t.Errorf("%d imports, %d memories, %d globals", len(out.Imports), len(out.Memories), len(out.Globals))
	}
}

// Func2 adds an exported function to a module whose imports are not functions
// alone.
func (m *named) Func2(export, signature, text string) uint32 {
	params, results, _ := strings.Cut(signature, "->")
	index := uint32(m.NumFuncs())
	m.Funcs = append(m.Funcs, m.AddFuncType(wasmtest.Types(params), wasmtest.Types(results)))
	m.Code = append(m.Code, wasmtest.Body("", text))
	m.export(export, link.Func, index)
	return index
}

// TestCycle: modules that import from one another, which no engine can
// instantiate one by one.
func TestCycle(t *testing.T) {
	even := &named{name: "even"}
	even.Import("odd", "odd", "i32 -> i32")
	even.Func("even", "i32 -> i32", "", "local.get 0 i32.eqz if i32 i32.const 1 else local.get 0 i32.const 1 i32.sub call 0 end")
	odd := &named{name: "odd"}
	odd.Import("even", "even", "i32 -> i32")
	odd.Func("odd", "i32 -> i32", "", "local.get 0 i32.eqz if i32 i32.const 0 else local.get 0 i32.const 1 i32.sub call 0 end")
	r := linkAll(t, link.Options{}, even, odd)
	linked := instances(t, link.Module{Name: "out", Wasm: r.Wasm})["out"]
	for n := range uint64(6) {
		if got, want := invoke(linked, "even", n), fmt.Sprintf("[%d]", 1-n%2); got != want {
			t.Errorf("even(%d) = %s, want %s", n, got, want)
		}
	}
}

// startModule appends its digit to a number that the first module keeps, when
// it starts. Its segment writes the digit to the first module's memory.
func startModule(name string, digit int, from string, start bool) *named {
	m := &named{name: name}
	m.Import("first", "digit", "i32 ->")
	if from != "" {
		m.Import(from, "needed", "")
	}
	m.importOf(wasm.Import{Module: "first", Name: "memory", Kind: link.Memory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}})
	m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 4"), Init: []byte{byte(digit)}}}
	// It shows what it finds where its segment and earlier ones wrote.
	f := wasm.FuncIndex(m.Func2("start "+name, "", fmt.Sprintf("i32.const %d call 0 i32.const 4 i32.load8_u 0 0 call 0", digit)))
	if start {
		m.Start = &f
	}
	m.Func2("needed", "", "")
	return m
}

// TestStartOrder: start functions run in the order of the imports, with each
// module's segments copied before its own runs and after the earlier ones ran.
func TestStartOrder(t *testing.T) {
	for _, deferred := range []string{"", "go"} {
		first := &named{name: "first"}
		first.Memory(1, 1)
		first.export("memory", link.Memory, 0)
		first.Global("i64", true, "i64.const 0")
		first.Func("digit", "i32 ->", "", "global.get 0 i64.const 10 i64.mul local.get 0 i64.extend_i32_u i64.add global.set 0")
		first.Func("number", "-> i64", "", "global.get 0")
		modules := []*named{startModule("x", 3, "y", true), startModule("y", 5, "", true), startModule("z", 7, "x", false), startModule("w", 8, "z", true), first}
		r := linkAll(t, link.Options{DeferStart: deferred, Hide: []link.Name{{Module: "x", Name: "needed"}, {Module: "y", Name: "needed"}, {Module: "w", Name: "needed"}}}, modules...)
		linked := instances(t, link.Module{Name: "out", Wasm: r.Wasm})["out"]
		if deferred != "" {
			if got := invoke(linked, "number"); got != "[0]" {
				t.Errorf("before the deferred start: %s", got)
			}
			invoke(linked, deferred)
		}
		ordered := []*named{first, modules[1], modules[0], modules[2], modules[3]}
		want := invoke(instances(t, inputsOf(ordered)...)["first"], "number")
		if got := invoke(linked, "number"); got != want || want != "[553388]" {
			t.Errorf("deferred %q: number %s, one by one %s", deferred, got, want)
		}
	}
}

// TestRemoval: what nothing reaches is left out, unless it is to be kept.
func TestRemoval(t *testing.T) {
	m := &named{name: "m"}
	m.Memory(1, 1)
	m.Global("i32", true, "i32.const 1")
	m.Global("i64", true, "i64.const 2")
	m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 0"), Init: []byte("data")}}
	m.Table(m.Func("", "i64 i64 -> i64", "", "local.get 0"))
	m.Func("used", "-> i64", "", "global.get 1")
	m.Func("twin", "-> i64", "", "global.get 1")
	m.Func("unused", "-> i32", "", "i32.const 0 i32.load 0 0 i32.const 0 i64.const 1 i64.const 1 i32.const 0 call_indirect 0 0 drop drop")
	used := []link.Export{{Module: "m", Name: "used"}, {Module: "m", Name: "twin", As: "other"}}
	for _, test := range []struct {
		keep, noFold bool
		want         string
	}{
		{false, false, "1 functions, 1 globals, 0 memories, 0 tables, 0 data, 0 elements, 1 types"},
		{false, true, "2 functions, 1 globals, 0 memories, 0 tables, 0 data, 0 elements, 1 types"},
		{true, true, "4 functions, 2 globals, 1 memories, 1 tables, 1 data, 1 elements, 3 types"},
	} {
		r := linkAll(t, link.Options{Exports: used, KeepAll: test.keep, NoFold: test.noFold}, m)
		out, err := wasm.Read(r.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%d functions, %d globals, %d memories, %d tables, %d data, %d elements, %d types", len(out.Funcs),
			len(out.Globals), len(out.Memories), len(out.Tables), len(out.Data), len(out.Elems), len(out.Types))
		if got != test.want {
			t.Errorf("keep %v, no fold %v: %s, want %s", test.keep, test.noFold, got, test.want)
		}
	}
}

// TestExportChoice: names are chosen, changed, hidden and told apart.
func TestExportChoice(t *testing.T) {
	module := func(name string) *named {
		m := &named{name: name}
		m.Func("same", "-> i32", "", fmt.Sprintf("i32.const %d", len(name)))
		m.Func("own "+name, "-> i32", "", fmt.Sprintf("i32.const %d", 10*len(name)))
		return m
	}
	a, b := module("a"), module("bb")
	tests := map[string]struct {
		o    link.Options
		want string // or the error's text
	}{
		"conflict": {link.Options{}, "1 export name(s) are claimed twice; choose, rename or hide exports:\n  same: a.same and bb.same"},
		"rename":   {link.Options{Conflicts: link.Rename}, "same, own a, bb.same, own bb"},
		"hide":     {link.Options{Hide: []link.Name{{Module: "bb", Name: "same"}}}, "same, own a, own bb"},
		"hide all": {link.Options{Hide: []link.Name{{Module: "bb", Name: "*"}}}, "same, own a"},
		"choose":   {link.Options{Exports: []link.Export{{Module: "bb", Name: "same", As: "main"}}}, "main"},
		"prefix":   {link.Options{Exports: []link.Export{{Module: "bb", Name: "*", As: "b/"}}}, "b/same, b/own bb"},
		"none":     {link.Options{Exports: []link.Export{}}, ""},
		"unknown":  {link.Options{Exports: []link.Export{{Module: "bb", Name: "no"}}}, `Exports "bb.no": the module exports nothing of that name`},
		"no module": {link.Options{Hide: []link.Name{{Module: "c", Name: "no"}}},
			`Hide "c.no": there is no module of that name`},
		"deferred start's name": {link.Options{DeferStart: "own a", Conflicts: link.Rename, Exports: []link.Export{{Module: "a", Name: "*"}}},
			"same, a.own a, own a"},
	}
	for name, test := range tests {
		r, err := link.Link(inputsOf([]*named{a, b}), test.o)
		if err != nil {
			var conflict *link.ConflictError
			var option *link.OptionError
			if err.Error() != test.want || !errors.As(err, &conflict) && !errors.As(err, &option) {
				t.Errorf("%s: %T %v, want %s", name, err, err, test.want)
			}
			continue
		}
		out, _ := wasm.Read(r.Wasm)
		var names []string
		for _, e := range out.Exports {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, ", "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestDependencyOrder: starts run in the order in which modules could be
// instantiated, and within circles in that of the inputs.
func TestDependencyOrder(t *testing.T) {
	// Each module is its name, what it imports functions from, and what it
	// imports globals from.
	tests := []struct{ modules, want string }{
		{"a b c", "abc"},
		{"a:b b:c c", "cba"},
		{"a:b b:a", "ab"},
		{"a:b b:a c:ab", "abc"},
		{"c:ab a:b b:a", "abc"},
		{"a:b:b b:a", "ba"},
		{"a:c b:a c:b:b d", "abcd"},
		{"d:c c:b:b b:a a:d", "dbca"},
		{"b:d c:b d:b:b a", "bdca"},
	}
	for _, test := range tests {
		var modules []*named
		for i, text := range strings.Fields(test.modules) {
			parts := append(strings.Split(text, ":"), "", "")
			m := &named{name: parts[0]}
			m.Import("host", "log", "i32 ->")
			for _, from := range parts[1] {
				m.Import(string(from), "f", "")
			}
			for _, from := range parts[2] {
				m.importOf(wasm.Import{Module: string(from), Name: "g", Kind: link.Global, Global: wasm.GlobalType{Type: wasm.I32}})
			}
			m.Func2("f", "", "")
			m.Global("i32", false, "i32.const 1")
			m.export("g", link.Global, uint32(len(parts[2])))
			start := wasm.FuncIndex(m.Func2("start", "", fmt.Sprintf("i32.const %d call 0", i)))
			m.Start = &start
			modules = append(modules, m)
		}
		r := linkAll(t, link.Options{Exports: []link.Export{}}, modules...)
		if got := strings.Join(r.Map().Starts, ""); got != test.want {
			t.Errorf("%s: starts in the order %s, want %s", test.modules, got, test.want)
		}
	}
}

// TestCallOrder: functions with many callers get the indices of one byte, and
// the others keep their order.
func TestCallOrder(t *testing.T) {
	m := &named{name: "m"}
	for i := range 300 {
		m.Func(fmt.Sprintf("f%d", i), "", "", fmt.Sprintf("i32.const %d drop call %d", i, 200+i%7))
	}
	index := func(o link.Options) map[string]uint32 {
		out, err := wasm.Read(linkAll(t, o, m).Wasm)
		if err != nil {
			t.Fatal(err)
		}
		list := map[string]uint32{}
		for _, e := range out.Exports {
			list[e.Name] = e.Index
		}
		return list
	}
	short, kept := index(link.Options{}), index(link.Options{Verbatim: true})
	for i := range 300 {
		name := fmt.Sprintf("f%d", i)
		want := uint32(i)
		switch {
		case i >= 200 && i < 207:
			want = uint32(i) - 200 + 121
		case i >= 121:
			want = uint32(i) + 7
			if i >= 207 {
				want = uint32(i)
			}
		}
		if short[name] != want || kept[name] != uint32(i) {
			t.Errorf("%s has the index %d, want %d; verbatim %d", name, short[name], want, kept[name])
		}
	}
}

// TestEffectsOutside: segments that the outside sees take effect though nothing
// uses what they fill: those into an import, and those that do not fit.
func TestEffectsOutside(t *testing.T) {
	m := &named{name: "m"}
	m.importOf(wasm.Import{Module: "env", Name: "table", Kind: link.Table, Table: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 2}}})
	m.importOf(wasm.Import{Module: "env", Name: "memory", Kind: link.Memory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}})
	f := wasm.FuncIndex(m.Func2("f", "-> i32", "i32.const 67"))
	m.Exports = nil
	m.Elems = []wasm.Elem{{Offset: wasmtest.Code("i32.const 1"), Type: wasm.FuncRef, Funcs: []wasm.FuncIndex{f}}}
	m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 5"), Init: []byte{9}}}
	outside := &named{name: "env"}
	outside.Table()
	outside.Tables[0].Limits.Min = 2
	outside.Memory(1, -1)
	outside.Func("call", "-> i32", "", "i32.const 1 call_indirect 0 0")
	outside.Func("load", "-> i32", "", "i32.const 5 i32.load8_u 0 0")
	outside.Elems = nil
	outside.export("table", link.Table, 0)
	outside.export("memory", link.Memory, 0)
	r := linkAll(t, link.Options{}, m)
	env := instances(t, link.Module{Name: "env", Wasm: outside.Encode()}, link.Module{Name: "out", Wasm: r.Wasm})["env"]
	if got := invoke(env, "call") + invoke(env, "load"); got != "[67][9]" {
		t.Errorf("the outside sees %s, want [67][9]", got)
	}

	misfit := &named{name: "misfit"}
	misfit.Memory(1, 1)
	misfit.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 65536"), Init: []byte{1}}}
	out, err := wasm.Read(linkAll(t, link.Options{}, misfit).Wasm)
	if err != nil || len(out.Data) != 1 {
		t.Errorf("%d segments, want the one that makes instantiation trap; %v", len(out.Data), err)
	}
}
