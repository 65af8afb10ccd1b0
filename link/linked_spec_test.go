package link_test

import (
	"errors"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestSpecSuiteLinked runs the core test suite with each module alone and with
// each linked with one that has a memory, a table and a global, in its stack or
// apart from it.
func TestSpecSuiteLinked(t *testing.T) {
	runSuite(t, linkSpec, specCounts{returns: 46000, traps: 2400, modules: 1700})
}

// neighbour is a module whose state an access that goes astray would show in.
func neighbour(memory bool) link.Module {
	m := &wasmtest.Module{}
	m.Global("i64", true, "i64.const 7")
	f := m.Func("call", "i32 -> i64", "", "global.get 0 local.get 0 call_indirect 1 0 i64.add")
	m.Table(m.Func("", "-> i64", "", "i64.const 1"), f, f)
	if memory {
		m.Memory(1, 1)
		m.Func("load", "i32 -> i32", "", "local.get 0 i32.load 2 0")
	}
	return link.Module{Name: "a neighbour", Wasm: m.Encode()}
}

// linkSpec links a module with a neighbour. Memories and tables that others
// share stay what they are: a memory then has no other beside it, as the engine
// knows only one, and tables stay apart.
func linkSpec(t *testing.T, c specCommand, b []byte, name string, sum *specCounts) []byte {
	m, err := wasm.Read(b)
	if err != nil {
		t.Fatalf("line %d: %v", c.Line, err)
	}
	shared := name != "" || m.NumImportedMemories() > 0 || m.NumImportedTables() > 0
	o := link.Options{Exports: []link.Export{{Module: "module", Name: "*"}, {Module: "a neighbour", Name: "*", As: "neighbour "}}}
	if shared {
		o.Tables = link.Apart
	}
	modules := []link.Module{{Name: "module", Wasm: b}, neighbour(!shared)}
	r, err := link.Link(modules, o)
	if err != nil {
		var refused *link.Error
		if errors.As(err, &refused) && (outside.MatchString(err.Error()) || stacks.MatchString(err.Error())) {
			sum.unmerged++
			return b
		}
		t.Fatalf("line %d: %v", c.Line, err)
	}
	sum.modules++
	return r.Wasm
}
