package icsplice

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Types of the module that the tests begin with.
const (
	typeVoid  = iota // () -> ()
	typeI32          // (i32) -> ()
	typeToI64        // () -> (i64)
	typeErrno        // (i32, i32) -> (i32)
)

// testModule is a module that the IC accepts, with one function of that code.
func testModule(code ...byte) *wasm.Module {
	return &wasm.Module{
		Types: []wasm.SubType{
			{Kind: wasm.KindFunc},
			{Kind: wasm.KindFunc, Params: []wasm.ValType{wasm.I32}},
			{Kind: wasm.KindFunc, Results: []wasm.ValType{wasm.I64}},
			{Kind: wasm.KindFunc, Params: []wasm.ValType{wasm.I32, wasm.I32}, Results: []wasm.ValType{wasm.I32}},
		},
		RecGroups: []wasm.RecGroup{{First: 0, Count: 1}, {First: 1, Count: 1}, {First: 2, Count: 1}, {First: 3, Count: 1}},
		Funcs:     []wasm.TypeIndex{typeVoid},
		Memories:  []wasm.Limits{{Min: 1}},
		Exports:   []wasm.Export{{Name: "memory", Kind: wasm.ExternMemory}, {Name: "canister_update go", Kind: wasm.ExternFunc}},
		Code:      []wasm.Body{{Bytes: body(code...)}},
	}
}

// body is a function body without locals.
func body(code ...byte) []byte {
	return append(append([]byte{0}, code...), 0x0b)
}

func addFunction(m *wasm.Module, code ...byte) {
	m.Funcs = append(m.Funcs, typeVoid)
	m.Code = append(m.Code, wasm.Body{Bytes: body(code...)})
}

// addImport adds a function in front of those that the exports name.
func addImport(m *wasm.Module, im wasm.Import) {
	m.Imports = append(m.Imports, im)
	for i := range m.Exports {
		if m.Exports[i].Kind == wasm.ExternFunc {
			m.Exports[i].Index++
		}
	}
}

func importFunc(module, name string, typ wasm.TypeIndex) wasm.Import {
	return wasm.Import{Module: module, Name: name, Type: typ}
}

func i32Const(n byte) wasm.Expr { return wasm.Expr{0x41, n, 0x0b} }

func checkOne(t *testing.T, m *wasm.Module) []Violation {
	t.Helper()
	found, err := Check(m.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCheckAccepts(t *testing.T) {
	tests := []struct {
		name string
		edit func(m *wasm.Module)
	}{
		{"plain", func(m *wasm.Module) {}},
		{"the System API", func(m *wasm.Module) { addImport(m, importFunc("ic0", "time", typeToI64)) }},
		{"entry points", func(m *wasm.Module) {
			for _, name := range append([]string{"canister_query a b", "canister_composite_query c"}, systemMethods...) {
				m.Exports = append(m.Exports, wasm.Export{Name: name})
			}
		}},
		{"table and references that it reads", func(m *wasm.Module) {
			m.Tables = []wasm.Table{{TableType: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 2}}}}
			m.Elems = []wasm.Elem{{Flags: 0, Offset: i32Const(0), Type: wasm.FuncRef, Funcs: []wasm.FuncIndex{0}}}
			m.Code[0].Bytes = body(0x41, 0, 0x25, 0, 0x1a) // i32.const 0, table.get 0, drop
		}},
		{"data that ends with the memory", func(m *wasm.Module) {
			m.Data = []wasm.Data{{Offset: wasm.Expr{0x41, 0xfc, 0xff, 0x03, 0x0b}, Init: []byte("abcd")}}
		}},
		{"passive data", func(m *wasm.Module) { m.Data = []wasm.Data{{Flags: 1, Init: make([]byte, 100_000)}} }},
		{"the most globals", func(m *wasm.Module) { addGlobals(m, MaxGlobals) }},
		{"the most functions", func(m *wasm.Module) { addFunctions(m, MaxFunctions) }},
		{"the most icp: sections", func(m *wasm.Module) { addICP(m, MaxICPSections, 10) }},
		{"the most instructions", func(m *wasm.Module) { m.Code[0].Bytes = body(nops(MaxOperators - 1)...) }},
		{"the most calls", func(m *wasm.Module) { m.Code[0].Bytes = body(calls(MaxComplexity/50 - 1)...) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := testModule()
			tt.edit(m)
			if found := checkOne(t, m); len(found) > 0 {
				t.Errorf("violations: %v", found)
			}
		})
	}
}

func addGlobals(m *wasm.Module, n int) {
	for range n {
		m.Globals = append(m.Globals, wasm.Global{GlobalType: wasm.GlobalType{Type: wasm.I32}, Init: i32Const(0)})
	}
}

func addFunctions(m *wasm.Module, total int) {
	for len(m.Funcs) < total {
		addFunction(m)
	}
}

func addICP(m *wasm.Module, n, size int) {
	for i := range n {
		m.Customs = append(m.Customs, wasm.Custom{Name: fmt.Sprintf("icp:public %d", i), Bytes: make([]byte, size)})
	}
}

func nops(n int) []byte  { return bytes.Repeat([]byte{0x01}, n) }
func calls(n int) []byte { return bytes.Repeat([]byte{0x10, 0x00}, n) }

func addMethods(m *wasm.Module, n, nameBytes int) {
	for i := range n {
		name := fmt.Sprintf("canister_query %0*d", nameBytes, i)
		m.Exports = append(m.Exports, wasm.Export{Name: name, Kind: wasm.ExternFunc})
	}
}

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		name string
		edit func(m *wasm.Module)
		want string // the violations, a line each
	}{
		{"WASI import", func(m *wasm.Module) { addImport(m, importFunc("wasi_snapshot_preview1", "args_get", typeErrno)) },
			"import: function wasi_snapshot_preview1.args_get, at byte 0x1f; run icsplice build on the module"},
		{"unknown WASI import", func(m *wasm.Module) { addImport(m, importFunc("wasi_snapshot_preview1", "fork", typeErrno)) },
			"import: function wasi_snapshot_preview1.fork, at byte 0x1f; refused: unknown function"},
		{"unknown import module", func(m *wasm.Module) { addImport(m, importFunc("env", "log", typeI32)) },
			"import: function env.log, at byte 0x1f; the IC offers only the module ic0; build the program without this import"},
		{"unknown ic0 function", func(m *wasm.Module) { addImport(m, importFunc("ic0", "fork", typeVoid)) },
			"import: function ic0.fork, at byte 0x1f; the System API has no such function"},
		{"ic0 function of another type", func(m *wasm.Module) { addImport(m, importFunc("ic0", "debug_print", typeVoid)) },
			"import: function ic0.debug_print, at byte 0x1f has another signature, it is (i32, i32) -> (); declare it as the IC's interface specification does"},
		{"imported global", func(m *wasm.Module) {
			m.Imports = []wasm.Import{{Module: "env", Name: "base", Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: wasm.I32}}}
		},
			"import: global env.base, at byte 0x1f; a canister imports functions only; link the program as a whole module"},
		{"imported memory", func(m *wasm.Module) {
			m.Memories, m.Exports = nil, nil
			m.Imports = []wasm.Import{{Module: "env", Name: "memory", Kind: wasm.ExternMemory, Memory: wasm.Limits{Min: 1}}}
		},
			"import: memory env.memory, at byte 0x1f; a canister imports functions only; link the program as a whole module"},
		{"two memories", func(m *wasm.Module) { m.Memories = append(m.Memories, wasm.Limits{Min: 1}) },
			"memory: memories (2, the limit is 1); build without the multi-memory feature"},
		{"shared memory", func(m *wasm.Module) { m.Memories[0] = wasm.Limits{Min: 1, Max: 2, HasMax: true, Shared: true} },
			"memory: memory 0 is shared; build without threads"},
		{"pages of another size", func(m *wasm.Module) { m.Memories[0] = wasm.Limits{Min: 1, CustomPage: true} },
			"memory: memory 0 has pages of its own size; build without the custom-page-sizes feature"},
		{"large memory", func(m *wasm.Module) { m.Memories[0].Min = 49_153 },
			"warning: memory: bytes of memory at the start, above the default setting wasm_memory_limit (3221291008, the limit is 3221225472); raise wasm_memory_limit in the canister's settings"},
		{"two tables", func(m *wasm.Module) {
			t := wasm.Table{TableType: wasm.TableType{Elem: wasm.FuncRef}}
			m.Tables = []wasm.Table{t, t}
		},
			"table: tables (2, the limit is 1); build without tables of references (-mno-reference-types)"},
		{"large table", func(m *wasm.Module) {
			m.Tables = []wasm.Table{{TableType: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 1_000_001}}}}
		},
			"table: elements of table 0 (1000001, the limit is 1000000)"},
		{"too many globals", func(m *wasm.Module) { addGlobals(m, MaxGlobals+1) },
			"global: globals (1001, the limit is 1000); build with optimisation, so that unused globals go"},
		{"reference in a global", func(m *wasm.Module) {
			m.Globals = []wasm.Global{{GlobalType: wasm.GlobalType{Type: wasm.ExternRef}, Init: wasm.Expr{0xd0, 0x6f, 0x0b}}}
		},
			"global: global 0 holds a reference; the IC's globals are numbers; build without reference types"},
		{"computed global", func(m *wasm.Module) {
			m.Globals = []wasm.Global{{GlobalType: wasm.GlobalType{Type: wasm.I32}, Init: wasm.Expr{0x41, 1, 0x41, 2, 0x6a, 0x0b}}}
		},
			"constant expression: the initial value of global 0 is computed by several instructions; build without the extended-const feature"},
		{"too many functions", func(m *wasm.Module) { addFunctions(m, MaxFunctions+1) },
			"functions: functions (50001, the limit is 50000); build with optimisation, so that unused functions go"},
		{"struct type", func(m *wasm.Module) {
			m.Types = append(m.Types, wasm.SubType{Kind: wasm.KindStruct})
			m.RecGroups = append(m.RecGroups, wasm.RecGroup{First: 4, Count: 1})
		},
			"type: type 4 is not a plain function type; build without the gc feature"},
		{"exception tag", func(m *wasm.Module) { m.Tags = []wasm.TypeIndex{typeI32} },
			"type: 1 exception tags; build without exceptions (-fno-exceptions)"},
		{"unknown entry point", func(m *wasm.Module) { m.Exports[1].Name = "canister_install" },
			`export: function 0, exported as "canister_install", is no entry point of the IC; the entry points are canister_init, canister_pre_upgrade, canister_post_upgrade, canister_inspect_message, canister_heartbeat, canister_global_timer, canister_on_low_wasm_memory, and canister_update, canister_query or canister_composite_query before a space and a name`},
		{"entry point with a parameter", func(m *wasm.Module) { m.Funcs[0] = typeI32 },
			`export: function 0, exported as "canister_update go", has parameters or results; entry points take and return nothing; read the argument with ic0.msg_arg_data_copy`},
		{"same method twice", func(m *wasm.Module) { m.Exports = append(m.Exports, wasm.Export{Name: "canister_query go"}) },
			`export: "canister_update go" and "canister_query go" name the same method; give one of them another name`},
		{"memory exported twice", func(m *wasm.Module) {
			m.Exports = append(m.Exports, wasm.Export{Name: "again", Kind: wasm.ExternMemory})
		},
			"export: exports of memories (2, the limit is 1); export the memory once"},
		{"function named memory", func(m *wasm.Module) { m.Exports[0] = wasm.Export{Name: "memory"} },
			`export: the name of function 0, "memory", is reserved; give it another name`},
		{"reserved name", func(m *wasm.Module) { m.Exports = append(m.Exports, wasm.Export{Name: "stable_memory"}) },
			`export: the name of function 0, "stable_memory", is reserved; give it another name`},
		{"too many methods", func(m *wasm.Module) { addMethods(m, MaxMethods, 4) },
			"methods: methods (1001, the limit is 1000); merge methods"},
		{"long method names", func(m *wasm.Module) { addMethods(m, 100, 200) },
			"methods: bytes of method names (20002, the limit is 20000); shorten the names"},
		{"data past the memory", func(m *wasm.Module) {
			m.Data = []wasm.Data{{Offset: wasm.Expr{0x41, 0xfd, 0xff, 0x03, 0x0b}, Init: []byte("abcd")}}
		},
			"data segment: segment 0: bytes 65533 to 65537 lie outside of the initial memory of 65536 bytes; raise the initial memory"},
		{"data at a high offset", func(m *wasm.Module) { m.Data = []wasm.Data{{Offset: i32Const(0x7f)}} },
			"data segment: segment 0: bytes 4294967295 to 4294967295 lie outside of the initial memory of 65536 bytes; raise the initial memory"},
		{"data at a global's offset", func(m *wasm.Module) {
			addGlobals(m, 1)
			m.Data = []wasm.Data{{Offset: wasm.Expr{0x23, 0, 0x0b}}}
		},
			"data segment: segment 0: the offset is not a plain constant; the IC takes one i32.const there; build the program without position independence"},
		{"unknown icp: section", func(m *wasm.Module) { m.Customs = []wasm.Custom{{Name: "icp:secret x"}} },
			`custom section: "icp:secret x", at byte 0x8; such names begin with icp:public or icp:private and a space`},
		{"same icp: name twice", func(m *wasm.Module) {
			m.Customs = []wasm.Custom{{Name: "icp:public x"}, {Name: "icp:private x"}}
		},
			`custom section: "icp:private x" occurs twice, again at byte 0x17; keep one of them`},
		{"too many icp: sections", func(m *wasm.Module) { addICP(m, MaxICPSections+1, 10) },
			"custom section: icp: sections (17, the limit is 16); remove some with a tool that edits metadata"},
		{"large icp: sections", func(m *wasm.Module) { addICP(m, 1, MaxICPBytes) },
			"custom section: bytes of icp: sections (1048588, the limit is 1048576); remove some with a tool that edits metadata"},
		{"too many instructions", func(m *wasm.Module) { m.Code[0].Bytes = body(nops(MaxOperators)...) },
			"function size: instructions of function 0 (1000001, the limit is 1000000); split the function\n" +
				"function size: complexity of function 0 (1000001, the limit is 1000000); split the function"},
		{"too many calls", func(m *wasm.Module) { m.Code[0].Bytes = body(calls(MaxComplexity / 50)...) },
			"function size: complexity of function 0 (1000001, the limit is 1000000); split the function"},
		{"table.set", func(m *wasm.Module) { m.Code[0].Bytes = body(0x01, 0x26, 0x00) },
			"instruction: table.set in function 0, at byte 0x4c; the IC keeps the table as it is; build with -mno-reference-types"},
		{"table.grow", code(0xfc, 15, 0), "instruction: table.grow in function 0, at byte 0x4b; the IC keeps the table as it is; build with -mno-reference-types"},
		{"table.fill", code(0xfc, 17, 0), "instruction: table.fill in function 0, at byte 0x4b; the IC keeps the table as it is; build with -mno-reference-types"},
		{"table.copy", code(0xfc, 14, 0, 0), "instruction: table.copy in function 0, at byte 0x4b; the IC keeps the table as it is; build with -mno-reference-types"},
		{"table.init", code(0xfc, 12, 0, 0), "instruction: table.init in function 0, at byte 0x4b; the IC keeps the table as it is; build with -mno-reference-types"},
		{"relaxed SIMD", code(0xfd, 0x80, 0x02), "instruction: i8x16.relaxed_swizzle in function 0, at byte 0x4b; build without the relaxed-simd feature"},
		{"atomics", code(0xfe, 0x03, 0x00), "instruction: atomic.fence in function 0, at byte 0x4b; build without the threads feature"},
		{"exceptions", code(0x08, 0x00), "instruction: throw in function 0, at byte 0x4b; build without the exceptions feature"},
		{"legacy exceptions", code(0x06, 0x40, 0x0b), "instruction: try in function 0, at byte 0x4b; build without the legacy-exceptions feature"},
		{"memory index", code(0x41, 0, 0x28, 0x42, 0x00, 0x00, 0x1a), "instruction: i32.load in function 0, at byte 0x4d; build without the multi-memory feature"},
		{"garbage collection", code(0xfb, 0x1c), "instruction: ref.i31 in function 0, at byte 0x4b; build without the gc feature"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := testModule()
			tt.edit(m)
			found := checkOne(t, m)
			if got := joinLines(found); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// code replaces the code of the module's function.
func code(c ...byte) func(m *wasm.Module) {
	return func(m *wasm.Module) { m.Code[0].Bytes = body(c...) }
}

func joinLines(found []Violation) string {
	var lines []string
	for _, v := range found {
		lines = append(lines, v.String())
	}
	return strings.Join(lines, "\n")
}

func TestCheckCodeSize(t *testing.T) {
	tests := []struct {
		bytes int
		want  string
	}{
		{DocumentedCodeBytes, ""},
		{DocumentedCodeBytes + 1, "warning: code size: bytes of code, above what is documented (10485761, the limit is 10485760); build the program for size (-Oz), strip it, or leave out what it does not need"},
		{MaxCodeBytes + 1, "code size: bytes of code (11534337, the limit is 11534336); build the program for size (-Oz), strip it, or leave out what it does not need"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.bytes), func(t *testing.T) {
			m := testModule()
			fillCode(m, tt.bytes)
			found := checkOne(t, m)
			if got := joinLines(found); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if wantRefused := tt.bytes > MaxCodeBytes; (len(refusals(found)) > 0) != wantRefused {
				t.Errorf("refused: %v, want %v", refusals(found), wantRefused)
			}
		})
	}
}

// fillCode adds functions until the code section's content has that many bytes.
func fillCode(m *wasm.Module, total int) {
	const chunk = 500_000
	for total-codeBytes(m) > 2*chunk {
		addFunction(m, nops(chunk)...)
	}
	addFunction(m)
	last := len(m.Code) - 1
	for n := total - codeBytes(m); codeBytes(m) != total; n-- {
		m.Code[last].Bytes = body(nops(n)...)
	}
}

func TestCheckModuleSize(t *testing.T) {
	m := testModule()
	m.Customs = []wasm.Custom{{Name: ".debug_info", Bytes: make([]byte, MaxModuleBytes)}}
	b := m.Encode()
	want := fmt.Sprintf("module size: bytes of the module (%d, the limit is 104857600); strip debug information from the program", len(b))
	found, err := Check(b)
	if got := joinLines(found); err != nil || got != want {
		t.Errorf("got %q, error %v; want %q", got, err, want)
	}
}

func TestCheckGathers(t *testing.T) {
	m := testModule(0x26, 0, 0x26, 0)
	addImport(m, importFunc("env", "a", typeVoid))
	for range 30 {
		addFunction(m, 0xfe, 0x03, 0x00)
	}
	found := checkOne(t, m)
	counts := map[Rule]int{}
	for _, v := range found {
		counts[v.Rule]++
	}
	if counts[RuleImport] != 1 || counts[RuleInstruction] != maxPerRule+1 {
		t.Errorf("counts %v\n%s", counts, joinLines(found))
	}
	if last := found[len(found)-1].What; last != "and 11 more" {
		t.Errorf("the last one is %q", last)
	}
}

func TestCheckNames(t *testing.T) {
	m := testModule(0x26, 0)
	// Subsection 1 names function 0.
	m.Customs = []wasm.Custom{{Name: "name", Bytes: []byte("\x01\x07\x01\x00\x04main"), After: wasm.SectionCode}}
	found := checkOne(t, m)
	if len(found) != 1 || !strings.Contains(found[0].What, "function 0 <main>") {
		t.Errorf("got %v", found)
	}
}

func TestCheckBroken(t *testing.T) {
	m := testModule(0x10) // call without an index
	_, err := Check(m.Encode())
	var e *wasm.Error
	if !errors.As(err, &e) || e.Section != wasm.SectionCode {
		t.Errorf("error %v", err)
	}
}

func TestComplexity(t *testing.T) {
	tests := map[uint64][]wasm.Op{
		50: {wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpBr, wasm.OpBrIf, wasm.OpBrTable, wasm.OpCall, wasm.OpCallIndirect, wasm.OpMemoryGrow},
		14: {wasm.OpTableGet},
		8:  {wasm.OpRefFunc},
		6:  {wasm.OpRefIsNull},
		5:  {wasm.OpI32TruncF32S, wasm.OpI64TruncF64U, wasm.OpF32ConvertI32S, wasm.OpF64ConvertI64U},
		4:  {wasm.OpF32Neg, wasm.OpF64Abs, wasm.OpMemoryCopy},
		3: {wasm.OpI32Load, wasm.OpI64Load32U, wasm.OpF64Load, wasm.OpI32DivS, wasm.OpI64RemU, wasm.OpI32TruncSatF32S,
			wasm.OpMemoryFill, wasm.OpF32Copysign},
		2: {wasm.OpI32Store, wasm.OpI64Store8, wasm.OpI32Eqz, wasm.OpI32LtS, wasm.OpF64Ge, wasm.OpI64Ne, wasm.OpGlobalGet,
			wasm.OpSelect, wasm.OpMemorySize, wasm.OpI32Popcnt, wasm.OpI64ExtendI32S, wasm.OpI32Extend8S, wasm.OpI32WrapI64},
		1: {wasm.OpNop, wasm.OpEnd, wasm.OpElse, wasm.OpLocalGet, wasm.OpGlobalSet, wasm.OpI32Const, wasm.OpI32Add, wasm.OpI64Mul,
			wasm.OpF32Nearest, wasm.OpF32Trunc, wasm.OpF64Sqrt, wasm.OpI32Shl, wasm.OpI32Clz, wasm.OpDrop, wasm.OpReturn,
			wasm.OpI32ReinterpretF32, wasm.OpF64PromoteF32, wasm.OpI32x4Add},
	}
	for want, ops := range tests {
		for _, op := range ops {
			if got := complexity(op); got != want {
				t.Errorf("complexity of %s is %d, want %d", op, got, want)
			}
		}
	}
}
