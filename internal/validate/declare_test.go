package validate

import (
	"errors"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// global with a constant expression as it starts.
func constGlobal(typ, init string) wasm.Global {
	return wasm.Global{GlobalType: wasm.GlobalType{Type: valTypes(typ)[0]}, Init: assemble(init)}
}

func memoryOf(l wasm.Limits) func(*wasm.Module) {
	return func(m *wasm.Module) { m.Memories = append(m.Memories, l) }
}

func tableOf(elem string, l wasm.Limits, init string) func(*wasm.Module) {
	t := wasm.Table{TableType: wasm.TableType{Elem: valTypes(elem)[0], Limits: l}}
	if init != "" {
		t.Init = assemble(init)
	}
	return func(m *wasm.Module) { m.Tables = append(m.Tables, t) }
}

// declarationTests change a module with one function, of type 0 without
// parameters and results, and one of type 1, i32 -> i32.
var declarationTests = []struct {
	name   string
	change func(*wasm.Module)
	want   string
}{
	{"nothing", func(m *wasm.Module) {}, ""},

	// Types.
	{"own type", func(m *wasm.Module) { group(m, fn("ref 2 -> ref 2")) }, ""},
	{"later type", func(m *wasm.Module) { group(m, fn("ref 3 ->")) }, "type section, type 2, at byte -0x1: type 3 of 3"},
	{"both ways", func(m *wasm.Module) { group(m, fn("ref 3 ->"), fn("ref 2 ->")) }, ""},
	{"fields", func(m *wasm.Module) { group(m, structType("mut i8, i16, ref? 2, v128")) }, ""},
	{"final supertype", func(m *wasm.Module) {
		group(m, structType("i32"))
		group(m, sub(structType("i32"), 2))
	}, "type 3, at byte -0x1: supertype 2 is final"},
	{"later supertype", func(m *wasm.Module) { group(m, sub(structType(""), 3), sub(structType(""))) }, "supertype 3 of type 2"},
	{"fewer fields", func(m *wasm.Module) {
		group(m, sub(structType("i32, i32")), sub(structType("i32"), 2))
	}, "does not match its supertype"},
	{"wider field", func(m *wasm.Module) {
		group(m, sub(structType("eq")), sub(structType("any"), 2))
	}, "does not match its supertype"},
	{"narrower field", func(m *wasm.Module) { group(m, sub(structType("eq")), sub(structType("i31, i8"), 2)) }, ""},
	{"narrower mutable field", func(m *wasm.Module) {
		group(m, sub(structType("mut eq")), sub(structType("mut i31"), 2))
	}, "does not match its supertype"},
	{"packed field", func(m *wasm.Module) {
		group(m, sub(structType("i8")), sub(structType("i16"), 2))
	}, "does not match its supertype"},
	{"another kind", func(m *wasm.Module) {
		group(m, sub(structType("i32")), sub(arrayType("i32"), 2))
	}, "does not match its supertype"},
	{"contravariant parameters", func(m *wasm.Module) { group(m, sub(fn("eq -> eq")), sub(fn("any -> i31"), 2)) }, ""},
	{"covariant parameters", func(m *wasm.Module) {
		group(m, sub(fn("eq ->")), sub(fn("i31 ->"), 2))
	}, "does not match its supertype"},
	{"field of a later subtype", func(m *wasm.Module) {
		group(m, sub(structType("ref 4")), sub(structType("ref 5"), 2), sub(structType("")), sub(structType("i32"), 4))
	}, ""},
	{"deep", func(m *wasm.Module) {
		group(m, sub(structType("")))
		for i := range wasm.TypeIndex(maxSubtypeDepth) {
			group(m, sub(structType(""), 2+i))
		}
	}, ""},
	{"too deep", func(m *wasm.Module) {
		group(m, sub(structType("")))
		for i := range wasm.TypeIndex(maxSubtypeDepth + 1) {
			group(m, sub(structType(""), 2+i))
		}
	}, "more than 63 supertypes"},
	{"continuation", func(m *wasm.Module) { m.AddType(wasm.SubType{Kind: wasm.KindCont}) }, "not supported"},

	// Equal types.
	{"equal groups", func(m *wasm.Module) {
		group(m, structType("i32"), structType("ref 2"))
		group(m, structType("i32"), structType("ref 4"))
		m.Globals = []wasm.Global{constGlobal("ref? 3", "ref.null 5"), constGlobal("ref? 5", "ref.null 3")}
	}, ""},
	{"equal types of other groups", func(m *wasm.Module) {
		group(m, structType("i32"), structType("i64"))
		group(m, structType("i32"))
		m.Globals = []wasm.Global{constGlobal("ref? 2", "ref.null 4")}
	}, "end wants (ref null 2), the stack has (ref null 4)"},
	{"equal but for the reference", func(m *wasm.Module) {
		group(m, sub(structType("")), sub(structType("ref 2"), 2))
		group(m, sub(structType("")), sub(structType("ref 2"), 4))
		m.Globals = []wasm.Global{constGlobal("ref? 3", "ref.null 5")}
	}, "the stack has (ref null 5)"},
	{"equal but for finality", func(m *wasm.Module) {
		group(m, sub(structType("")))
		group(m, structType(""))
		m.Globals = []wasm.Global{constGlobal("ref? 2", "ref.null 3")}
	}, "the stack has (ref null 3)"},
	{"subtype of an equal type", func(m *wasm.Module) {
		group(m, sub(structType("i32")))
		group(m, sub(structType("i32")))
		group(m, sub(structType("i32, i64"), 3))
		m.Globals = []wasm.Global{constGlobal("ref? 2", "ref.null 4"), constGlobal("struct", "ref.null 4")}
	}, ""},

	// Constant expressions.
	{"sum", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1 i32.const 2 i32.mul")}
	}, ""},
	{"global before", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1"), constGlobal("i32", "global.get 0")}
	}, ""},
	{"global after", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "global.get 1"), constGlobal("i32", "i32.const 1")}
	}, "global section, global 0, at byte -0x1: global.get in a constant expression: global 1 of 0"},
	{"mutable global", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1"), constGlobal("i32", "global.get 0")}
		m.Globals[0].Mutable = true
	}, "global 0 is mutable"},
	{"struct", func(m *wasm.Module) {
		group(m, structType("i31"))
		m.Globals = []wasm.Global{constGlobal("ref 2", "i32.const 1 ref.i31 struct.new 2")}
	}, ""},
	{"call", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1 call 1")}
	}, "call in a constant expression"},
	{"two values", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1 i32.const 1")}
	}, "1 values more than the results"},
	{"function of a type", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("ref 1", "ref.func 1"), constGlobal("ref? 0", "ref.func 1")}
	}, "wants (ref null 0), the stack has (ref 1)"},
	{"no end", func(m *wasm.Module) {
		m.Globals = []wasm.Global{{GlobalType: wasm.GlobalType{Type: wasm.I32}, Init: wasm.Expr{0x41, 0}}}
	}, "the code stops"},

	// Memories and tables.
	{"32 bits", memoryOf(wasm.Limits{Min: 1 << 16, HasMax: true, Max: 1 << 16}), ""},
	{"more than 32 bits", memoryOf(wasm.Limits{Min: 1<<16 + 1}), "at most 65536"},
	{"64 bits", memoryOf(wasm.Limits{Min: 1 << 48, Is64: true}), ""},
	{"more than 64 bits", memoryOf(wasm.Limits{Min: 0, HasMax: true, Max: 1<<48 + 1, Is64: true}), "at most"},
	{"pages of one byte", memoryOf(wasm.Limits{Min: 1 << 32, CustomPage: true}), ""},
	{"pages of two bytes", memoryOf(wasm.Limits{CustomPage: true, PageSizeLog2: 1}), "pages of 2^1 bytes"},
	{"shared without a maximum", memoryOf(wasm.Limits{Shared: true}), "without a maximum"},
	{"minimum above maximum", memoryOf(wasm.Limits{Min: 2, HasMax: true, Max: 1}), "a minimum of 2 above"},
	{"table of numbers", func(m *wasm.Module) {
		m.Tables = []wasm.Table{{TableType: wasm.TableType{Elem: wasm.I32}}}
	}, "a table of i32"},
	{"table without null", tableOf("ref func", wasm.Limits{Min: 1}, ""), "has no default value"},
	{"table with a first value", tableOf("ref func", wasm.Limits{Min: 1}, "ref.func 0"), ""},
	{"table with a null value", tableOf("ref func", wasm.Limits{Min: 1}, "ref.null func"), "table section, table 0, at byte -0x1: type mismatch"},
	{"shared table", tableOf("func", wasm.Limits{Shared: true}, ""), "not supported"},
	{"table of 64 bits", tableOf("func", wasm.Limits{Min: 1 << 33, Is64: true}, ""), ""},
	{"table of more than 32 bits", tableOf("func", wasm.Limits{Min: 1 << 33}, ""), "at most"},

	// Segments.
	{"elements", func(m *wasm.Module) {
		tableOf("func", wasm.Limits{}, "")(m)
		m.Elems = []wasm.Elem{{Offset: assemble("i32.const 0"), Funcs: []wasm.FuncIndex{0, 1}}}
	}, ""},
	{"elements of another type", func(m *wasm.Module) {
		tableOf("ref? 1", wasm.Limits{}, "")(m)
		m.Elems = []wasm.Elem{{Offset: assemble("i32.const 0"), Funcs: []wasm.FuncIndex{1}}}
	}, "elements of type (ref func) for a table of (ref null 1)"},
	{"elements at a 64-bit offset", func(m *wasm.Module) {
		tableOf("func", wasm.Limits{Is64: true}, "")(m)
		m.Elems = []wasm.Elem{{Offset: assemble("i32.const 0")}}
	}, "element section, segment 0, at byte -0x1: type mismatch: end wants i64"},
	{"no such function", func(m *wasm.Module) {
		m.Elems = []wasm.Elem{{Flags: 1, Funcs: []wasm.FuncIndex{2}}}
	}, "function 2 of 2"},
	{"no such table", func(m *wasm.Module) { m.Elems = []wasm.Elem{{Offset: assemble("i32.const 0")}} }, "table 0 of 0"},
	{"data", func(m *wasm.Module) {
		memoryOf(wasm.Limits{Is64: true})(m)
		m.Data = []wasm.Data{{Offset: assemble("i64.const 0")}}
	}, ""},
	{"data at a 32-bit offset", func(m *wasm.Module) {
		memoryOf(wasm.Limits{Is64: true})(m)
		m.Data = []wasm.Data{{Offset: assemble("i32.const 0")}}
	}, "end wants i64, the stack has i32"},
	{"no such memory", func(m *wasm.Module) { m.Data = []wasm.Data{{Offset: assemble("i32.const 0")}} }, "memory 0 of 0"},
	{"count of data", func(m *wasm.Module) { m.DataCount = new(uint32); m.Data = []wasm.Data{{Flags: 1}} }, "1 segments, 0 were announced"},

	// Functions, exports, imports, tags.
	{"no such type", func(m *wasm.Module) { m.Funcs[0] = 2 }, "function section, function 0, at byte -0x1: type 2 of 2"},
	{"struct as function", func(m *wasm.Module) { group(m, structType("")); m.Funcs[0] = 2 }, "not a function type"},
	{"no body", func(m *wasm.Module) { m.Code = m.Code[:1] }, "1 bodies for 2 functions"},
	{"start", func(m *wasm.Module) { m.Start = new(wasm.FuncIndex) }, ""},
	{"start with parameters", func(m *wasm.Module) { m.Start = new(wasm.FuncIndex); *m.Start = 1 }, "has parameters or results"},
	{"no such start", func(m *wasm.Module) { m.Start = new(wasm.FuncIndex); *m.Start = 2 }, "function 2 of 2"},
	{"exported twice", func(m *wasm.Module) { m.Exports = []wasm.Export{{Name: "a"}, {Name: "a", Index: 1}} }, `"a" is exported twice`},
	{"no such export", func(m *wasm.Module) { m.Exports = []wasm.Export{{Name: "a", Kind: wasm.ExternTag}} }, "index 0 of 0"},
	{"no kind of export", func(m *wasm.Module) { m.Exports = []wasm.Export{{Name: "a", Kind: 9}} }, "index 0 of 0"},
	{"import of a struct", func(m *wasm.Module) {
		group(m, structType(""))
		m.Imports = []wasm.Import{{Type: 2, Offset: 77}}
	}, "import section, import 0, at byte 0x4d: type 2 is not a function type"},
	{"no kind of import", func(m *wasm.Module) { m.Imports = []wasm.Import{{Kind: 9}} }, "no kind of an import"},
	{"tag", func(m *wasm.Module) { m.Tags = []wasm.TypeIndex{m.AddType(fn("i32 ref? 0 ->"))} }, ""},
	{"tag with results", func(m *wasm.Module) { m.Tags = []wasm.TypeIndex{1} }, "a tag with results"},
	{"shared global", func(m *wasm.Module) {
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 0")}
		m.Globals[0].Shared = true
	}, "not supported"},

	// What only a module made by hand can have.
	{"groups too large", func(m *wasm.Module) { m.RecGroups[1].Count = 9 }, "a group of 9 types at 1, of 2"},
	{"types without a group", func(m *wasm.Module) { m.RecGroups = m.RecGroups[:1] }, "1 types are in no group"},
	{"no heap type", func(m *wasm.Module) { group(m, fn("")); m.Types[2].Params = []wasm.ValType{{Code: 0x63, Heap: -1}} }, "-1 is no heap type"},
	{"no value type", func(m *wasm.Module) { group(m, fn("")); m.Types[2].Params = []wasm.ValType{{Code: 0x40}} }, "0x40 is no value type"},
	{"no element of an array", func(m *wasm.Module) { m.AddType(wasm.SubType{Kind: wasm.KindArray}) }, "an array with 0"},
	{"no packed type", func(m *wasm.Module) {
		m.AddType(wasm.SubType{Kind: wasm.KindStruct, Fields: []wasm.FieldType{{Packed: 1}}})
	}, "0x01 is no packed type"},
	{"no kind of type", func(m *wasm.Module) { m.AddType(wasm.SubType{Kind: 1}) }, "no kind of a type"},
	{"no form of subtype", func(m *wasm.Module) { m.AddType(wasm.SubType{Kind: wasm.KindFunc, Sub: 1}) }, "no form of a subtype"},
	{"empty body", func(m *wasm.Module) { m.Code[1].Bytes = nil }, "code section, body 1"},
}

func TestDeclarations(t *testing.T) {
	for _, test := range declarationTests {
		m := &wasm.Module{}
		group(m, fn(""))
		group(m, fn("i32 -> i32"))
		addBody(m, 0, "", "")
		addBody(m, 1, "", "local.get 0")
		test.change(m)
		err := Module(m)
		checkError(t, test.name, err, test.want)
		var located *wasm.Error
		if err != nil && !errors.As(err, &located) {
			t.Errorf("%s: an error of type %T", test.name, err)
		}
	}
}
