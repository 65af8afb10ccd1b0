package link_test

import (
	"context"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// exitPolyfill runs the program and says how it ended: "run" gives -1 when
// _start returned and the exit code when it called proc_exit.
func exitPolyfill() []byte {
	m := &wasmtest.Module{}
	unwind := m.Import("link", "unwind", "")
	rewind := m.Import("link", "rewind", "")
	instantiate := m.Import("link", "instantiate", "")
	start := m.Import("user", "_start", "")
	_, _, _, _ = unwind, rewind, instantiate, start
	m.Memory(1, 1)
	m.Global("i32", true, "i32.const -1")
	m.Func("wasi.proc_exit", "i32 ->", "", "local.get 0 global.set 0 call 0")
	m.Func("command.run", "-> i32", "", "i32.const -1 global.set 0 call 1 call 2 call 3 global.get 0")
	return m.Encode()
}

func linkCommand(t *testing.T, user []byte) *link.Result {
	t.Helper()
	r, err := link.Merge(user, exitPolyfill(), link.ExportAs("run", "command.run"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// run runs a linked command n times in one instance.
func run(t *testing.T, linked []byte, n int) (codes []int32) {
	t.Helper()
	p := newPair(t, linked, linked)
	for range n {
		v, err := p.linked.ExportedFunction("run").Call(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, int32(v[0]))
	}
	return codes
}

// exits makes a program whose function "deep" has the results and calls
// proc_exit(7) in the middle of work; what follows must not run.
func exits(results, body string) []byte {
	m := &wasmtest.Module{}
	m.Import("wasi", "proc_exit", "i32 ->")
	m.Memory(1, -1)
	deep := m.Func("", "i32 -> "+results, "", body)
	drops := ""
	for range wasmtest.Types(results) {
		drops += " drop"
	}
	text := "i32.const 5 call 1" + drops + " unreachable"
	m.Func("_start", "", "", text)
	_ = deep
	return m.Encode()
}

func TestUnwind(t *testing.T) {
	const exit = "i32.const 7 call 0 "
	tests := map[string]struct{ results, body string }{
		"void":        {"", exit + "unreachable"},
		"i32":         {"i32", exit + "unreachable"},
		"i64":         {"i64", exit + "unreachable"},
		"f32":         {"f32", exit + "unreachable"},
		"f64":         {"f64", exit + "unreachable"},
		"v128":        {"v128", exit + "unreachable"},
		"funcref":     {"funcref", exit + "unreachable"},
		"externref":   {"externref", exit + "unreachable"},
		"several":     {"i32 f64 i64", exit + "unreachable"},
		"operands":    {"i32", "i32.const 1 i64.const 2 " + exit + "unreachable"},
		"in blocks":   {"i32", "block i32 loop void block void " + exit + "unreachable end end i32.const 1 end"},
		"in an if":    {"i32", "local.get 0 if i32 " + exit + "unreachable else i32.const 1 end"},
		"recursive":   {"i32", "local.get 0 i32.eqz if void " + exit + "unreachable end local.get 0 i32.const 1 i32.sub call 1 unreachable"},
		"tail call":   {"i32", "local.get 0 i32.eqz if void " + exit + "unreachable end local.get 0 i32.const 1 i32.sub return_call 1"},
		"go's way":    {"i32", "block void local.get 0 i32.eqz if void " + exit + "unreachable end local.get 0 i32.const 1 i32.sub call 1 br_if 0 unreachable end i32.const 1"},
		"like go's":   {"i32", "block void local.get 0 i32.eqz if void " + exit + "unreachable end local.get 0 i32.const 1 i32.sub call 1 br_if 0 end block void nop end i32.const 1"},
		"other label": {"i32", "block void block void local.get 0 i32.eqz if void " + exit + "unreachable end local.get 0 i32.const 1 i32.sub call 1 br_if 0 end unreachable end i32.const 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := linkCommand(t, exits(test.results, test.body))
			for _, code := range run(t, r.Wasm, 3) {
				if code != 7 {
					t.Errorf("exit code %d, want 7", code)
				}
			}
		})
	}
}

// TestUnwindIndirect exits through a table and leaves a function of another
// type, which cannot reach proc_exit, without checks.
func TestUnwindIndirect(t *testing.T) {
	m := &wasmtest.Module{}
	m.Import("wasi", "proc_exit", "i32 ->")
	m.Memory(1, -1)
	deep := m.Func("", "i32 -> i32", "", "local.get 0 call 0 unreachable")
	other := m.Func("", "i64 -> i64", "", "local.get 0 i64.const 1 i64.add")
	m.Table(deep, other)
	typ := m.AddFuncType(wasmtest.Types("i32"), wasmtest.Types("i32"))
	typ64 := m.AddFuncType(wasmtest.Types("i64"), wasmtest.Types("i64"))
	pure := m.Func("", "-> i64", "", "i64.const 3 i32.const 1 call_indirect "+itoa(uint32(typ64))+" 0")
	m.Func("_start", "", "", "call "+itoa(pure)+" drop i32.const 9 i32.const 0 call_indirect "+itoa(uint32(typ))+" 0 unreachable")
	r := linkCommand(t, m.Encode())
	if codes := run(t, r.Wasm, 2); codes[0] != 9 || codes[1] != 9 {
		t.Errorf("exit codes %v, want 9", codes)
	}
	if r.Report.UnwindingFuncs != 2 {
		t.Errorf("%d functions are checked, want deep and _start", r.Report.UnwindingFuncs)
	}
}

// TestUnwindImportInTable puts proc_exit itself into the table.
func TestUnwindImportInTable(t *testing.T) {
	m := &wasmtest.Module{}
	exit := m.Import("wasi", "proc_exit", "i32 ->")
	m.Memory(1, -1)
	m.Func("_start", "", "", "i32.const 4 i32.const 0 call_indirect 0 0 unreachable")
	m.Table(exit)
	if codes := run(t, linkCommand(t, m.Encode()).Wasm, 2); codes[0] != 4 || codes[1] != 4 {
		t.Errorf("exit codes %v, want 4", codes)
	}
}

func TestReturnWithoutExit(t *testing.T) {
	m := &wasmtest.Module{}
	m.Import("wasi", "proc_exit", "i32 ->")
	m.Memory(1, -1)
	m.Func("_start", "", "", "i32.const 0 if void i32.const 1 call 0 end")
	if codes := run(t, linkCommand(t, m.Encode()).Wasm, 2); codes[0] != -1 || codes[1] != -1 {
		t.Errorf("exit codes %v, want -1", codes)
	}
}

// TestFreshInstance: each run finds memory, globals and segments as the first
// run did, and the start function has run before _start.
func TestFreshInstance(t *testing.T) {
	m := &wasmtest.Module{}
	m.Import("wasi", "proc_exit", "i32 ->")
	m.Memory(1, 4)
	one := uint32(2)
	m.DataCount = &one
	m.Data = []wasm.Data{
		{Offset: wasmtest.Code("global.get 1"), Init: []byte{11, 22, 33}},
		{Flags: 1, Init: []byte{44}},
	}
	m.Global("i32", true, "i32.const 100")
	m.Global("i32", false, "i32.const 16")
	m.Func("", "", "", "i32.const 40 i32.const 1 i32.store8 0 0")
	start := wasm.FuncIndex(1)
	m.Start = &start
	// The sum of everything that must be fresh, then damage to all of it.
	m.Func("_start", "", "i32", `
		global.get 0
		i32.const 17 i32.load8_u 0 0 i32.add
		i32.const 40 i32.load8_u 0 0 i32.add
		i32.const 30 i32.const 0 i32.const 1 memory.init 1 0 data.drop 1
		i32.const 30 i32.load8_u 0 0 i32.add
		memory.size 0 i32.add
		i32.const 2 memory.grow 0 i32.add
		i32.const 150000 i32.load 0 0 i32.add
		local.set 0
		i32.const 0 i32.const 255 memory.size 0 i32.const 16 i32.shl memory.fill 0
		i32.const 999 global.set 0
		local.get 0 call 0`)
	want := int32(100 + 22 + 1 + 44 + 1 + 1)
	for i, code := range run(t, linkCommand(t, m.Encode()).Wasm, 3) {
		if code != want {
			t.Errorf("run %d: %d, want %d", i, code, want)
		}
	}
}
