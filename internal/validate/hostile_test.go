package validate

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// raw is a module of n functions, of a type, with the same body.
func raw(t wasm.SubType, n int, body []byte) *wasm.Module {
	m := &wasm.Module{}
	group(m, t)
	m.Funcs = make([]wasm.TypeIndex, n)
	for range n {
		m.Code = append(m.Code, wasm.Body{Bytes: body})
	}
	return m
}

// code puts a body together: locals as they are written, and parts.
func code(locals []wasm.LocalRun, parts ...[]byte) []byte {
	return append(wasm.AppendLocals(nil, locals), bytes.Join(parts, nil)...)
}

// instructions are code without the final end.
func instructions(text string) []byte {
	b := assemble(text)
	return b[:len(b)-1]
}

// TestHostile validates modules that claim much in few bytes. The memory that it
// takes is bounded by their size and by the operand stack.
func TestHostile(t *testing.T) {
	many := make([]wasm.ValType, wasm.MaxParams)
	for i := range many {
		many[i] = wasm.I32
	}
	deep := code(nil, bytes.Repeat(instructions("block void"), wasm.MaxDepth-1), bytes.Repeat(instructions("end"), wasm.MaxDepth))
	runs := make([]wasm.LocalRun, 5_000)
	for i := range runs {
		runs[i] = wasm.LocalRun{Count: 10, Type: []wasm.ValType{wasm.I32, wasm.I64}[i%2]}
	}
	tests := []struct {
		name  string
		m     *wasm.Module
		bound uint64 // bytes
		want  string
	}{
		{"locals", raw(fn(""), 20_000, code([]wasm.LocalRun{{Count: wasm.MaxLocals, Type: wasm.I64}}, assemble("local.get 0 drop"))), 8 << 20, ""},
		{"runs of locals", raw(fn(""), 100, code(runs, assemble("local.get 0xcf 0x86 0x03 i64.eqz drop"))), 8 << 20, ""},
		{"no such run", raw(fn(""), 1, code(runs, assemble("local.get 0xd0 0x86 0x03 drop"))), 8 << 20, "local 50000 of 50000"},
		{"unset locals", raw(fn(""), 20_000, code([]wasm.LocalRun{{Count: wasm.MaxLocals, Type: wasm.ValType{Code: 0x64, Heap: 0}}}, assemble("nop"))), 8 << 20, ""},
		{"nesting", raw(fn(""), 1, deep), 16 << 20, ""},
		{"results", raw(wasm.SubType{Kind: wasm.KindFunc, Results: many}, 1,
			code(nil, bytes.Repeat(instructions("call 0"), 2_000), assemble(""))), 32 << 20, "more than 1048576 operands"},
		{"parameters", raw(wasm.SubType{Kind: wasm.KindFunc, Params: many}, 100_000, code(nil, assemble("local.get 0xe7 0x07 drop"))), 32 << 20, ""},
		{"table of labels", raw(fn(""), 1,
			code(nil, instructions("unreachable br_table 0xc0 0x84 0x3d"), make([]byte, 1_000_001), assemble(""))), 8 << 20, ""},
	}
	for _, test := range tests {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := Module(test.m, Workers(1))
		runtime.ReadMemStats(&after)
		checkError(t, test.name, err, test.want)
		if used := after.TotalAlloc - before.TotalAlloc; used > test.bound {
			t.Errorf("%s: %d bytes allocated", test.name, used)
		}
	}
}

// TestNoAllocation checks that bodies cost no allocations.
func TestNoAllocation(t *testing.T) {
	const body = "block 6 i32.const 1 i32.add end local.get 4 br_on_null 0 drop drop i32.const 1 block i32 " +
		"i32.const 2 i32.const 3 br_table 1 0 0 end drop drop struct.new_default 1 local.set 5 try void catch 1 drop end " +
		"block ref 1 local.get 2 br_on_cast 0x01 0 any 1 unreachable end drop"
	m := world(0, "i32.const 1 "+body)
	c := &env{m: m}
	if err := c.declarations(); err != nil {
		t.Fatal(err)
	}
	v := newChecker(c)
	allocs := testing.AllocsPerRun(100, func() {
		if err := v.body(0); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations in a body", allocs)
	}
}

// TestFirstFault checks that the error does not depend on the number of workers.
func TestFirstFault(t *testing.T) {
	m := raw(fn(""), 10_000, code(nil, assemble("i32.const 1 drop")))
	for _, i := range []int{9_000, 5_001, 7_777, 5_000} {
		m.Code[i] = wasm.Body{Bytes: code(nil, assemble("i32.const 1 i64.const 2 i32.add drop")), Offset: 100 * i}
	}
	const want = "code section, body 5000, at byte 0x7a125: function 5000: type mismatch: i32.add wants i32, the stack has i64"
	for workers := range 20 {
		if err := Module(m, Workers(workers)); err == nil || err.Error() != want {
			t.Fatalf("%d workers: %v, want %s", workers, err, want)
		}
	}
}

// TestOffsets checks that faults outside of bodies are found in the input.
func TestOffsets(t *testing.T) {
	m := &wasm.Module{}
	group(m, fn(""))
	m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1"), constGlobal("i32", "i32.const 1 i64.const 2 i32.add")}
	b := m.Encode()
	at := bytes.Index(b, instructions("i64.const 2 i32.add")) + 2
	read, err := wasm.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	var e *wasm.Error
	if err := Module(read, Input(b)); !errors.As(err, &e) || e.Offset != at || e.Section != wasm.SectionGlobal || e.Index != 1 {
		t.Errorf("%v, want an offset of %#x", err, at)
	}

	m.Globals = nil
	m.Tags = []wasm.TypeIndex{m.AddType(fn("-> i32"))}
	b = m.Encode()
	if read, err = wasm.Read(b); err != nil {
		t.Fatal(err)
	}
	if err := Module(read, Input(b)); !errors.As(err, &e) || b[e.Offset] != byte(wasm.SectionTag) || e.Offset < 8 {
		t.Errorf("%v, want the offset of the tag section", err)
	}
}
