package link_test

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// exports prints what a linked module exports.
func exports(r *link.Result, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := wasm.Read(r.Wasm)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range m.Exports {
		fmt.Println(e.Name)
	}
}

// counter is a module with a memory and two functions that the example modules
// import.
func counter() link.Module {
	m := &wasmtest.Module{}
	m.Memory(1, 1)
	m.Func("next", "-> i32", "", "i32.const 0 i32.const 0 i32.load 2 0 i32.const 1 i32.add i32.store 2 0 i32.const 0 i32.load 2 0")
	m.Func("reset", "", "", "i32.const 0 i32.const 0 i32.store 2 0")
	return link.Module{Name: "counter", Wasm: m.Encode()}
}

// user is a module that imports from counter and has a memory of its own that grows.
func user() link.Module {
	m := &wasmtest.Module{}
	m.Import("counter", "next", "-> i32")
	m.Memory(2, -1)
	m.Func("twice", "-> i32", "", "i32.const 1 memory.grow 0 drop call 0 drop call 0")
	return link.Module{Name: "user", Wasm: m.Encode()}
}

// Each module imports from the others by their names. Without options the
// output exports everything.
func ExampleLink() {
	exports(link.Link([]link.Module{user(), counter()}, link.Options{}))
	// Output:
	// twice
	// next
	// reset
}

// Memories are stacked, so that the output needs only one, and the one that grows
// lies on top; or they stay apart.
func ExampleLayout() {
	for _, layout := range []link.Layout{link.Stack, link.Apart} {
		r, err := link.Link([]link.Module{user(), counter()}, link.Options{Memories: layout})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, m := range r.Map().Memories {
			fmt.Printf("the memory of %s is in memory %d from page %d\n", m.Module, m.Index, m.Base)
		}
	}
	// Output:
	// the memory of counter is in memory 0 from page 0
	// the memory of user is in memory 0 from page 1
	// the memory of counter is in memory 0 from page 0
	// the memory of user is in memory 1 from page 0
}

// Exports can be chosen, renamed and hidden. What nothing reaches then is left
// out.
func ExampleOptions_exports() {
	r, err := link.Link([]link.Module{user(), counter()}, link.Options{
		Exports: []link.Export{{Module: "user", Name: "twice", As: "run"}, {Module: "counter", Name: "*", As: "counter/"}},
		Hide:    []link.Name{{Module: "counter", Name: "reset"}},
	})
	exports(r, err)
	fmt.Println(r.Report.Inputs[1].Removed, "function of counter is removed")
	// Output:
	// run
	// counter/next
	// 1 function of counter is removed
}

// Two modules may export one name for different things: that is an error, or
// the second one is renamed.
func ExampleConflicts() {
	other := counter()
	other.Name = "other"
	modules := []link.Module{counter(), other}
	_, err := link.Link(modules, link.Options{})
	var conflicts *link.ConflictError
	if errors.As(err, &conflicts) {
		fmt.Println(len(conflicts.Conflicts), "conflicts, the first:", conflicts.Conflicts[0].As)
	}
	exports(link.Link(modules, link.Options{Conflicts: link.Rename}))
	// Output:
	// 2 conflicts, the first: next
	// next
	// reset
	// other.next
	// other.reset
}

// Start functions run in the order of the modules' imports when the output is
// instantiated, or when an export is called.
func ExampleOptions_deferStart() {
	m := &wasmtest.Module{}
	m.Import("counter", "reset", "")
	start := wasm.FuncIndex(m.Func("", "", "", "call 0"))
	m.Start = &start
	started := link.Module{Name: "started", Wasm: m.Encode()}
	r, err := link.Link([]link.Module{started, counter()}, link.Options{DeferStart: "_initialize"})
	exports(r, err)
	fmt.Println(r.Map().Starts)
	// Output:
	// next
	// reset
	// _initialize
	// [started]
}

// An import from a module that is not among the inputs stays; Hosts says which
// may. All others are reported at once.
func ExampleOptions_hosts() {
	_, err := link.Link([]link.Module{user()}, link.Options{Hosts: []string{"wasi_snapshot_preview1"}})
	var unresolved *link.UnresolvedError
	if errors.As(err, &unresolved) {
		for _, u := range unresolved.Imports {
			fmt.Println(u.Input, "needs", u.Name)
		}
	}
	// Output: user needs counter.next
}

// What cannot be linked is refused, with the place and a way out.
func ExampleError() {
	growing := func(name string) link.Module {
		m := &wasmtest.Module{}
		m.Memory(1, -1)
		m.Func(name, "-> i32", "", "i32.const 1 memory.grow 0")
		return link.Module{Name: name, Wasm: m.Encode()}
	}
	_, err := link.Link([]link.Module{growing("one"), growing("two")}, link.Options{})
	var refused *link.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Input, refused.Section, refused.Index)
	}
	// Output: two memory 0
}

// The link map says where everything went. Map.WriteTo writes it as text.
func ExampleResult_Map() {
	r, err := link.Link([]link.Module{user(), counter()}, link.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Map().Functions {
		fmt.Printf("function %d comes from %s\n", f.Index, cmp.Or(f.Module, "the linker"))
	}
	// Output:
	// function 0 comes from user
	// function 1 comes from counter
	// function 2 comes from counter
	// function 3 comes from the linker
}
