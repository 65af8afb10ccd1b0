package validate

import (
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// world is a module with something of everything for bodies to use, and one
// function with the body.
func world(t wasm.TypeIndex, code string) *wasm.Module {
	m := &wasm.Module{}
	group(m, fn(""))                                    // 0
	group(m, sub(structType("mut i32, mut i8, any")))   // 1
	group(m, sub(structType("mut i32, mut i8, eq"), 1)) // 2
	group(m, arrayType("mut i32"))                      // 3
	group(m, arrayType("i8"))                           // 4
	group(m, arrayType("mut ref? 1"))                   // 5
	group(m, fn("i32 -> i32"))                          // 6
	group(m, structType("ref 1"))                       // 7
	group(m, arrayType("mut ref? 2"))                   // 8
	group(m, fn("-> i32"))                              // 9
	group(m, fn("-> i32 i32"))                          // 10
	group(m, fn("-> i32 ref exn"))                      // 11
	group(m, fn("-> ref 6"))                            // 12
	group(m, fn("i32 i32 -> i32"))                      // 13
	group(m, fn("-> ref? 1"))                           // 14
	group(m, arrayType("mut func"))                     // 15
	m.Tables = []wasm.Table{
		{TableType: wasm.TableType{Elem: wasm.FuncRef}},
		{TableType: wasm.TableType{Elem: valTypes("ref? 1")[0], Limits: wasm.Limits{Is64: true}}},
		{TableType: wasm.TableType{Elem: valTypes("ref? 2")[0]}},
	}
	m.Memories = []wasm.Limits{{Min: 1}, {Min: 1, Is64: true}, {Min: 1, HasMax: true, Max: 2, Shared: true}}
	m.Tags = []wasm.TypeIndex{0}
	m.Tags = append(m.Tags, m.AddType(fn("i32 ->")))
	m.Globals = []wasm.Global{
		{GlobalType: wasm.GlobalType{Type: wasm.I32, Mutable: true}, Init: assemble("i32.const 0")},
		{GlobalType: wasm.GlobalType{Type: wasm.I64}, Init: assemble("i64.const 0")},
	}
	m.Elems = []wasm.Elem{
		{Flags: 3, Funcs: []wasm.FuncIndex{1}},
		{Flags: 5, Type: valTypes("ref? 2")[0], Exprs: []wasm.Expr{assemble("ref.null 2")}},
		{Flags: 1, Funcs: []wasm.FuncIndex{0}},
	}
	m.Data = []wasm.Data{{Flags: 1}}
	m.DataCount = new(uint32)
	*m.DataCount = 1
	addBody(m, t, worldLocals, code)
	addBody(m, 6, "", "local.get 0")
	addBody(m, 9, "", "i32.const 0")
	return m
}

// worldLocals are the locals of the body, counted behind its parameters.
const worldLocals = "i32 i64 any extern ref? 1 ref 1 exn ref? 3 eq func ref? 4 ref? 2 ref? 8 ref? 5 v128 f32 f64 ref? 6"

// bodyTests are bodies of functions of type 0, or of the one that is named, and
// what is wrong with them; nothing if it is empty.
var bodyTests = []struct {
	typ  wasm.TypeIndex
	code string
	want string
}{
	// Structs.
	{0, "i32.const 1 i32.const 2 local.get 2 struct.new 1 local.set 4", ""},
	{0, "i32.const 1 i32.const 2 local.get 2 struct.new 2 local.set 4", "struct.new wants eqref, the stack has anyref"},
	{0, "i32.const 1 i32.const 2 local.get 8 struct.new 2 local.set 4", ""},
	{0, "i32.const 1 i32.const 2 local.get 8 struct.new 1 local.set 11", "wants (ref null 2), the stack has (ref 1)"},
	{0, "struct.new_default 1 local.set 4", ""},
	{0, "struct.new_default 7 drop", "field 0 has no default value"},
	{0, "struct.new_default 3 drop", "type 3 is of another kind"},
	{0, "struct.new 16 drop", "type 16 is of another kind"},
	{0, "struct.new 0xe3 0x00 drop", "type 99 of 17"},
	{0, "local.get 4 struct.get 1 0 drop", ""},
	{0, "local.get 11 struct.get 1 0 drop", ""},
	{0, "local.get 4 struct.get 2 0 drop", "wants (ref null 2), the stack has (ref null 1)"},
	{0, "local.get 4 struct.get 1 1 drop", "packed"},
	{0, "local.get 4 struct.get_s 1 1 local.set 0", ""},
	{0, "local.get 4 struct.get_u 1 0 drop", "packed"},
	{0, "local.get 4 struct.get 1 3 drop", "field 3 of 3"},
	{0, "local.get 4 i32.const 0 struct.set 1 1", ""},
	{0, "local.get 4 local.get 2 struct.set 1 2", "immutable"},
	{0, "unreachable struct.get 1 0 i32.eqz drop", ""},
	{0, "unreachable struct.get 1 0 i64.eqz drop", "i64.eqz wants i64, the stack has i32"},

	// Arrays.
	{0, "i32.const 0 i32.const 1 array.new 3 local.set 7", ""},
	{0, "i64.const 0 i32.const 1 array.new 3 drop", "wants i32, the stack has i64"},
	{0, "i32.const 1 array.new_default 5 drop", ""},
	{0, "i32.const 1 i32.const 2 i32.const 3 array.new_fixed 3 3 drop", ""},
	{0, "i32.const 1 i32.const 2 array.new_fixed 3 3 drop", "stack is empty"},
	{0, "unreachable array.new_fixed 3 0xff 0xff 0xff 0xff 0x0f drop", "at most 10000"},
	{0, "i32.const 0 i32.const 1 array.new_data 3 0 drop", ""},
	{0, "i32.const 0 i32.const 1 array.new_data 3 1 drop", "data segment 1 of 1"},
	{0, "i32.const 0 i32.const 1 array.new_data 5 0 drop", "data cannot be"},
	{0, "i32.const 0 i32.const 1 array.new_elem 5 1 drop", ""},
	{0, "i32.const 0 i32.const 1 array.new_elem 15 0 drop", ""},
	{0, "i32.const 0 i32.const 1 array.new_elem 8 0 drop", "from elements of (ref func)"},
	{0, "i32.const 0 i32.const 1 array.new_elem 3 1 drop", "type mismatch"},
	{0, "i32.const 0 i32.const 1 array.new_elem 5 3 drop", "element segment 3 of 3"},
	{0, "local.get 7 i32.const 0 array.get 3 drop", ""},
	{0, "local.get 10 i32.const 0 array.get 4 drop", "packed"},
	{0, "local.get 10 i32.const 0 array.get_u 4 drop", ""},
	{0, "local.get 7 i32.const 0 i32.const 1 array.set 3", ""},
	{0, "local.get 10 i32.const 0 i32.const 1 array.set 4", "immutable"},
	{0, "local.get 7 array.len drop", ""},
	{0, "local.get 2 array.len drop", "wants arrayref, the stack has anyref"},
	{0, "ref.null none array.len drop", ""},
	{0, "local.get 7 i32.const 0 i32.const 1 i32.const 2 array.fill 3", ""},
	{0, "local.get 10 i32.const 0 i32.const 1 i32.const 2 array.fill 4", "immutable"},
	{0, "local.get 13 i32.const 0 local.get 12 i32.const 0 i32.const 1 array.copy 5 8", ""},
	{0, "local.get 12 i32.const 0 local.get 13 i32.const 0 i32.const 1 array.copy 8 5", "arrays of other elements"},
	{0, "local.get 7 i32.const 0 local.get 10 i32.const 0 i32.const 1 array.copy 3 4", "arrays of other elements"},
	{0, "local.get 7 i32.const 0 i32.const 0 i32.const 1 array.init_data 3 0", ""},
	{0, "local.get 10 i32.const 0 i32.const 0 i32.const 1 array.init_data 4 0", "immutable"},
	{0, "local.get 12 i32.const 0 i32.const 0 i32.const 1 array.init_elem 8 1", ""},
	{0, "local.get 12 i32.const 0 i32.const 0 i32.const 1 array.init_elem 8 0", "type mismatch"},

	// Casts.
	{0, "i32.const 1 ref.i31 i31.get_s drop", ""},
	{0, "local.get 2 i31.get_s drop", "wants i31ref"},
	{0, "local.get 2 ref.test 1 drop", ""},
	{0, "local.get 9 ref.test 1 drop", "wants anyref, the stack has funcref"},
	{0, "local.get 9 ref.test 6 drop", ""},
	{0, "local.get 2 ref.cast 1 local.set 5", ""},
	{0, "local.get 2 ref.cast' 1 local.set 5", "wants (ref 1), the stack has (ref null 1)"},
	{0, "local.get 2 ref.cast' 0xe3 0x00 drop", "type 99 of 17"},
	{0, "local.get 3 any.convert_extern local.set 2", ""},
	{0, "local.get 2 extern.convert_any local.set 3", ""},
	{0, "local.get 9 extern.convert_any drop", "wants anyref, the stack has funcref"},
	{0, "unreachable any.convert_extern ref.cast i31 drop", ""},
	{0, "local.get 4 local.get 8 ref.eq drop", ""},
	{0, "local.get 2 local.get 8 ref.eq drop", "wants eqref"},
	{0, "block ref 1 local.get 2 br_on_cast 0x01 0 any 1 unreachable end drop", ""},
	{0, "block ref 1 local.get 2 br_on_cast 0x03 0 any 1 unreachable end drop", "a label that does not take (ref null 1) last"},
	{0, "block ref any local.get 2 br_on_cast 0x03 0 any 1 br 0 end drop", "a label that does not take"},
	{0, "block ref any local.get 2 br_on_cast_fail 0x03 0 any 1 drop unreachable end drop", ""},
	{0, "block any local.get 8 br_on_cast 0x03 0 eq func unreachable end drop", "which is not below it"},
	{0, "local.get 2 br_on_cast 0x03 0 any 1 drop", "a label that does not take"},

	// Typed references.
	{0, "block void local.get 4 br_on_null 0 local.set 5 end", ""},
	{0, "block void local.get 0 br_on_null 0 drop end", "wants a reference, the stack has i32"},
	{0, "block ref 1 local.get 4 br_on_non_null 0 unreachable end drop", ""},
	{0, "block i32 i32.const 0 local.get 4 br_on_non_null 0 end drop", "not a reference"},
	{0, "local.get 4 ref.as_non_null local.set 5", ""},
	{0, "unreachable ref.as_non_null i32.eqz drop", "wants i32, the stack has any reference"},
	{0, "local.get 5 drop", "local 5, of type (ref 1), is not set yet"},
	{0, "struct.new_default 1 local.set 5 local.get 5 drop", ""},
	{0, "block void struct.new_default 1 local.tee 5 drop end local.get 5 drop", "is not set yet"},
	{0, "struct.new_default 1 local.set 5 block void local.get 5 drop end", ""},
	{0, "i32.const 0 if void struct.new_default 1 local.set 5 else local.get 5 drop end", "is not set yet"},
	{0, "ref.func 1 local.set 17", ""},
	{0, "ref.func 2 drop", "function 2 is not declared"},
	{0, "ref.func 3 drop", "function 3 of 3"},
	{0, "i32.const 1 local.get 17 call_ref 6 drop", ""},
	{0, "i32.const 1 local.get 9 call_ref 6 drop", "wants (ref null 6), the stack has funcref"},
	{0, "local.get 4 call_ref 1", "not a function type"},
	{9, "i32.const 1 local.get 17 return_call_ref 6", ""},
	{0, "i32.const 1 local.get 17 return_call_ref 6", "other results"},
	{9, "i32.const 1 return_call 1", ""},
	{9, "i32.const 1 i32.const 0 return_call_indirect 6 0", ""},
	{0, "i32.const 1 i32.const 0 call_indirect 6 2 drop", "by a table of (ref null 2)"},
	{12, "ref.func 1", ""},
	{12, "ref.func 0", "wants (ref 6), the stack has (ref 12)"},

	// Exceptions.
	{0, "throw 0", ""},
	{0, "i32.const 1 throw 1 i64.eqz drop", ""},
	{0, "throw 1", "wants i32, the stack is empty"},
	{0, "throw 2", "tag 2 of 2"},
	{0, "local.get 6 throw_ref", ""},
	{0, "block i32 try_table void 1 0x00 1 0 end unreachable end drop", ""},
	{0, "block i32 try_table void 1 0x00 0 0 end unreachable end drop", "a catch gives [], label 0 takes [i32]"},
	{0, "block 11 try_table void 1 0x01 1 0 end unreachable end drop drop", ""},
	{0, "block void try_table void 1 0x02 0 end end", ""},
	{0, "block exn try_table void 1 0x03 0 end unreachable end drop", ""},
	{0, "block void try_table void 1 0x03 0 end end", "a catch gives [(ref exn)], label 0 takes []"},
	{0, "block void try_table void 1 0x02 2 end end", "label 2 of 2"},
	{0, "try void throw 0 catch 1 drop catch_all rethrow 0 end", ""},
	{0, "try i32 i32.const 1 catch 1 end drop", ""},
	{0, "try i32 i32.const 1 catch 0 end drop", "end wants i32, the stack is empty"},
	{0, "try void catch_all catch 1 drop end", "catch outside a try, or after its catch_all"},
	{0, "try void catch_all catch_all end", "after its catch_all"},
	{0, "block void catch 0 end", "catch outside a try"},
	{0, "try void rethrow 0 catch_all end", "not that of a catch"},
	{0, "try void catch_all block void rethrow 1 end end", ""},
	{0, "try void try void call 0 delegate 0 catch_all end", ""},
	{0, "try void delegate 0", ""},
	{0, "try void delegate 1", "label 1 of 1"},
	{0, "try void catch_all delegate 0", "delegate outside a try, or after its catch"},
	{0, "try void i32.const 0 delegate 0", "1 values more than the results"},

	// Memories with 64-bit addresses, and several.
	{0, "i32.const 0 i32.load 2 0 drop", ""},
	{0, "i64.const 0 i32.load 2 0 drop", "wants i32, the stack has i64"},
	{0, "i64.const 0 i32.load 0x42 1 0 drop", ""},
	{0, "i32.const 0 i32.load 0x42 1 0 drop", "i32.load wants i64, the stack has i32"},
	{0, "i32.const 0 i32.load 0x42 3 0 drop", "memory 3 of 3"},
	{0, "i32.const 0 i32.load 3 0 drop", "alignment 2^3, the natural one is 2^2"},
	{0, "i64.const 0 i32.load 0x42 1 0x80 0x80 0x80 0x80 0x20 drop", ""},
	{0, "i32.const 0 i32.load 2 0x80 0x80 0x80 0x80 0x20 drop", "offset 0x200000000"},
	{0, "memory.size 1 i64.eqz drop", ""},
	{0, "memory.size 0 i64.eqz drop", "wants i64, the stack has i32"},
	{0, "i64.const 1 memory.grow 1 i64.eqz drop", ""},
	{0, "i64.const 0 i32.const 0 i64.const 0 memory.fill 1", ""},
	{0, "i64.const 0 i32.const 0 i32.const 0 memory.copy 1 0", ""},
	{0, "i32.const 0 i64.const 0 i32.const 0 memory.copy 0 1", ""},
	{0, "i64.const 0 i64.const 0 i64.const 0 memory.copy 1 1", ""},
	{0, "i64.const 0 i32.const 0 i64.const 0 memory.copy 1 0", "wants i32, the stack has i64"},
	{0, "i64.const 0 i32.const 0 i32.const 0 memory.init 0 1", ""},
	{0, "i64.const 0 table.get 1 local.set 4", ""},
	{0, "i32.const 0 table.get 1 drop", "wants i64"},
	{0, "local.get 4 i64.const 1 table.grow 1 i64.eqz drop", ""},
	{0, "i64.const 0 i32.const 0 i32.const 0 table.copy 1 2", ""},
	{0, "i32.const 0 i64.const 0 i32.const 0 table.copy 2 1", "from elements of (ref null 1)"},
	{0, "i64.const 0 i32.const 0 i32.const 0 table.init 1 1", ""},
	{0, "i32.const 0 i32.const 0 i32.const 0 table.init 2 0", ""},
	{0, "i64.const 0 local.get 4 i64.const 0 table.fill 1", ""},
	{0, "i64.const 0 local.get 2 table.set 1", "wants (ref null 1), the stack has anyref"},

	// Atomics, vectors, wide arithmetic.
	{0, "i32.const 0 i32.const 1 i32.atomic.rmw.add 0x42 2 0 drop", ""},
	{0, "i32.const 0 i32.const 1 i32.atomic.rmw.add 1 0 drop", "alignment 2^1, the natural one is 2^2"},
	{0, "i64.const 0 i32.const 1 i64.const 2 memory.atomic.wait32 0x42 1 0 drop", ""},
	{0, "atomic.fence 0", ""},
	{0, "local.get 14 i32x4.extract_lane 3 drop", ""},
	{0, "local.get 14 i32x4.extract_lane 4 drop", "lane 4 of 4"},
	{0, "i32.const 0 local.get 14 v128.load64_lane 0 0 2 drop", "lane 2 of 2"},
	{0, "local.get 14 local.get 14 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 drop", ""},
	{0, "local.get 14 local.get 14 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32 drop", "lane 32 of 32"},
	{0, "local.get 14 local.get 14 local.get 14 f32x4.relaxed_madd drop", ""},
	{0, "i64.const 1 i64.const 2 i64.const 3 i64.const 4 i64.add128 i64.eqz drop drop", ""},
	{0, "i64.const 1 i64.const 2 i64.const 3 i64.add128 drop drop", "stack is empty"},
	{0, "i64.const 1 i64.const 2 i64.mul_wide_u drop drop", ""},

	// Control and parametric.
	{10, "i32.const 1 i32.const 2", ""},
	{10, "i32.const 1", "stack is empty"},
	{0, "block 13 end", "block wants i32, the stack is empty"},
	{0, "i32.const 1 i32.const 2 loop 13 br 0 end drop", ""},
	{0, "i32.const 1 i32.const 2 loop 13 drop br 0 end drop", "br wants i32, the stack is empty"},
	{9, "i32.const 1 i32.const 2 i32.const 3 if 13 i32.add else drop end", ""},
	{9, "i32.const 1 i32.const 2 i32.const 3 if 13 drop end", "else has results that are not its parameters"},
	{9, "i32.const 1 i32.const 2 if 6 end", ""},
	{0, "else", "else outside an if"},
	{0, "i32.const 0 if void else else end", "else outside an if"},
	{0, "block i32 block void i32.const 1 br_table 1 0 1 end i32.const 1 end drop", "labels with 0 and with 1 values"},
	{9, "block i32 i32.const 7 i32.const 1 br_table 1 0 1 end", ""},
	{0, "i32.const 0 br_if 1", "label 1 of 1"},
	{0, "i32.const 1 i64.const 2 i32.const 3 select drop", "two values of one type"},
	{0, "local.get 4 local.get 4 i32.const 3 select drop", "wants numbers"},
	{0, "local.get 4 local.get 11 i32.const 3 select' 1 ref? 1 drop", ""},
	{0, "local.get 4 local.get 11 i32.const 3 select' 2 i32 i32 drop", "select with 2 types"},
	{0, "unreachable select i32.eqz drop", ""},
	{0, "unreachable i64.const 0 i32.const 1 select i32.eqz drop", "wants i32, the stack has i64"},
	{0, "i32.const 1", "1 values more than the results"},
	{0, "global.get 2", "global 2 of 2"},
	{0, "i64.const 0 global.set 1", "immutable"},
	{0, "local.get 18", "local 18 of 18"},
	{0, "call 3", "function 3 of 3"},
	{0, "data.drop 0 elem.drop 2", ""},
	{0, "elem.drop 3", "element segment 3 of 3"},

	// What is not covered.
	{0, "cont.new 0", "not supported"},
	{0, "global.atomic.get 0 0", "shared-everything"},
	{0, "ref.get_desc 1", "custom-descriptors"},
	{0, "i32.const 0 i32.const 0 memory.discard 0", "memory-control"},
}

func TestBodies(t *testing.T) {
	for _, test := range bodyTests {
		m := world(test.typ, test.code)
		checkError(t, test.code, Module(m), test.want)

		// The module as it is written says the same, with an offset.
		b := m.Encode()
		read, err := wasm.Read(b)
		if err != nil {
			t.Errorf("%s: %v", test.code, err)
			continue
		}
		checkError(t, test.code, Module(read, Input(b), Workers(1)), test.want)
	}
}

// checkError wants an error that says what, or none if it is empty.
func checkError(t *testing.T, name string, err error, what string) {
	t.Helper()
	switch {
	case what == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case what != "" && err == nil:
		t.Errorf("%s: no error, want %q", name, what)
	case what != "" && !strings.Contains(err.Error(), what):
		t.Errorf("%s: %v, want %q", name, err, what)
	}
}
