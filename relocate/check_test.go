package relocate_test

import (
	"bytes"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// unwindMap has functions 0 to 2, which may unwind and give nothing, i32 and
// i64, and function 3, which may not.
func unwindMap() *relocate.Map {
	i32, i64 := []wasm.ValType{wasm.I32}, []wasm.ValType{wasm.I64}
	return &relocate.Map{
		Types: relocate.Identity(3), Funcs: relocate.Identity(4), Tables: relocate.Identity(1),
		Globals: relocate.Identity(4), Memories: relocate.Identity(1),
		Calls:  []relocate.Call{{MayUnwind: true}, {MayUnwind: true, Results: i32}, {MayUnwind: true, Results: i64}, {}},
		Unwind: &relocate.Unwind{Flag: 7, Indirect: []bool{true, true, false}, Results: [][]wasm.ValType{nil, i32, nil}, Any: true},
	}
}

func TestUnwinding(t *testing.T) {
	const (
		test    = " global.get 7 "
		returns = " if void i32.const 1 return end "
		exit    = " end i32.const 1"
	)
	tests := map[string]struct{ results, in, want string }{
		"nothing to return":         {"", "call 0 call 3", "call 0" + test + "br_if 0 call 3"},
		"deeper":                    {"", "block void loop void call 1 drop call 3 end end", "block void loop void call 1" + test + "br_if 2 drop call 3 end end"},
		"what the callee returned":  {"i32", "call 1 call 3", "call 1" + test + "br_if 0 call 3"},
		"something else":            {"i32", "call 2 call 3", "call 2" + test + returns + "call 3"},
		"from nothing":              {"i32", "call 0 i32.const 5 call 3", "call 0" + test + returns + "i32.const 5 call 3"},
		"indirect":                  {"i32", "call_indirect 1 0 call 3", "call_indirect 1 0" + test + "br_if 0 call 3"},
		"indirect, something else":  {"i32", "call_indirect 0 0 call 3", "call_indirect 0 0" + test + returns + "call 3"},
		"indirect, never":           {"i32", "call_indirect 2 0 call 3", "call_indirect 2 0 call 3"},
		"by reference":              {"", "call_ref 1 call 3", "call_ref 1" + test + "br_if 0 call 3"},
		"at the end":                {"", "call 0", "call 0"},
		"its result at the end":     {"i32", "block i32 call 1 end", "block i32 call 1 end"},
		"another result at the end": {"i64", "call 1 i64.extend_i32_u", "call 1" + test + "if void i64.const 0 return end i64.extend_i32_u"},
		"quiet to the end":          {"", "block void call 1 local.get 0 i32.add drop end i32.const 1 global.set 0", "block void call 1 local.get 0 i32.add drop end i32.const 1 global.set 0"},
		"quiet, but changed":        {"i32", "call 1 i32.eqz", "call 1" + test + "br_if 0 i32.eqz"},
		"return":                    {"i32", "call 1 return call 3", "call 1 return call 3"},
		"branch to the end":         {"", "block void call 0 br 1 end call 3", "block void call 0 br 1 end call 3"},
		"branch elsewhere":          {"", "block void call 0 br 0 end call 3", "block void call 0" + test + "br_if 1 br 0 end call 3"},
		"a trap":                    {"", "call 1 i32.const 0 i32.div_s drop", "call 1" + test + "br_if 0 i32.const 0 i32.div_s drop"},
		"another trap":              {"", "call 1 drop unreachable", "call 1" + test + "br_if 0 drop unreachable"},
		"a load":                    {"", "call 1 i32.load 0 0 drop", "call 1" + test + "br_if 0 i32.load 0 0 drop"},
		"a store":                   {"", "call 1 i32.const 1 i32.store 0 0", "call 1" + test + "br_if 0 i32.const 1 i32.store 0 0"},
		"a loop":                    {"", "loop void call 0 local.get 0 br_if 0 end", "loop void call 0" + test + "br_if 1 local.get 0 br_if 0 end"},
		"an if":                     {"", "call 1 if void call 3 end", "call 1" + test + "br_if 0 if void call 3 end"},
		"another call":              {"", "call 0 call 0", "call 0" + test + "br_if 0 call 0"},
		"a long way":                {"", "call 0" + nops(20), "call 0" + test + "br_if 0" + nops(20)},

		"exit":                     {"i32", "block void loop void call 1 br_if 1 call 3 end" + exit, "block void loop void call 1 br_if 1 call 3 end" + exit},
		"exit, a little later":     {"i32", "block void call 1 global.get 0 local.set 0 br_if 0 call 3" + exit, "block void call 1 global.get 0 local.set 0 br_if 0 call 3" + exit},
		"exit on another value":    {"i32", "block void call 1 local.set 0 i32.const 0 br_if 0 call 3" + exit, "block void call 1" + test + "br_if 1 local.set 0 i32.const 0 br_if 0 call 3" + exit},
		"exit on what it computes": {"i32", "block void call 1 i32.eqz br_if 0 call 3" + exit, "block void call 1" + test + "br_if 1 i32.eqz br_if 0 call 3" + exit},
		"exit on what is above":    {"i32", "block void call 1 local.get 0 br_if 0 call 3 drop" + exit, "block void call 1" + test + "br_if 1 local.get 0 br_if 0 call 3 drop" + exit},
		"no exit":                  {"i32", "block void call 1 br_if 0 end call 3 block void" + exit, "block void call 1" + test + "br_if 1 br_if 0 end call 3 block void" + exit},
		"back, and not out":        {"i32", "loop void call 1 br_if 0 call 3" + exit, "loop void call 1" + test + "br_if 1 br_if 0 call 3" + exit},
	}
	m := unwindMap()
	m.Verbatim = true
	for name, test := range tests {
		var r relocate.Report
		in, want := wasmtest.Body("", test.in), wasmtest.Body("", test.want).Bytes
		f := &wasm.SubType{Params: []wasm.ValType{wasm.I32}, Results: wasmtest.Types(test.results)}
		got, err := m.Func(nil, in, f, &r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %s became\n% x, want\n% x, error %v", name, test.in, got, want, err)
		}
		if r.Growth.Unwinding != len(want)-len(in.Bytes) {
			t.Errorf("%s: growth %+v, want %d", name, r.Growth, len(want)-len(in.Bytes))
		}
	}
}

func nops(n int) string {
	s := ""
	for range n {
		s += " nop"
	}
	return s
}

func TestPeepholes(t *testing.T) {
	tests := []struct{ in, want string }{
		{"nop local.get 0 nop drop", "local.get 0 drop"},
		{"i64.extend_i32_u i64.eqz", "i32.eqz"},
		{"i64.extend_i32_u i32.wrap_i64", ""},
		{"local.get 0 i64.extend_i32_u i64.const 16 i64.add i32.wrap_i64", "local.get 0 i32.const 16 i32.add"},
		{"local.get 0 i64.extend_i32_u i64.const -16 i64.sub i32.wrap_i64", "local.get 0 i32.const -16 i32.sub"},
		{"local.get 0 i64.extend_i32_u i64.const 0x1ffffffff i64.xor i32.wrap_i64", "local.get 0 i32.const -1 i32.xor"},
		{"local.get 0 i64.extend_i32_u i64.const 0x180000000 i64.mul i32.wrap_i64", "local.get 0 i32.const -0x80000000 i32.mul"},
		{"local.get 0 i64.extend_i32_u i64.const 2 i64.or i32.wrap_i64", "local.get 0 i32.const 2 i32.or"},
		{"local.get 0 i64.extend_i32_u i64.const 2 i64.and i32.wrap_i64", "local.get 0 i32.const 2 i32.and"},
		{"local.get 0 i64.extend_i32_u i64.const 2 i64.shl i32.wrap_i64", ""},
		{"local.get 0 i64.extend_i32_u i64.const 2 i64.div_u i32.wrap_i64", ""},
		{"local.get 0 i64.extend_i32_u i64.const 2 i64.add i64.eqz", ""},
		{"local.get 0 i64.extend_i32_u local.get 1 i64.add i32.wrap_i64", ""},
		// Constant addresses.
		{"i32.const 70000 i32.load 2 8", "i32.const 0 i32.load 2 135544"},
		{"i32.const 64 i64.load 3 0", "i32.const 0 i64.load 3 65600"},
		{"i32.const 63 i64.load 3 0", "i32.const 63 i64.load 3 65536"},
		{"i32.const -1 i32.load8_u 0 0", "i32.const -1 i32.load8_u 0 65536"},
		{"i32.const -65 i32.load8_u 0 8", "i32.const -65 i32.load8_u 0 65544"},
		{"i32.const 0x7fffff00 i32.load8_u 0 0", "i32.const 0 i32.load8_u 0 0x8000ff00"},
		{"i32.const 70000 local.get 0 i32.store 2 8", "i32.const 0 local.get 0 i32.store 2 135544"},
		{"i32.const 70000 i32.const 1000 i32.store 2 8", "i32.const 0 i32.const 1000 i32.store 2 135544"},
		{"i32.const 70000 i64.const 1000 i64.store 3 8", "i32.const 0 i64.const 1000 i64.store 3 135544"},
		{"i32.const 70000 v128.load 4 8", "i32.const 0 v128.load 4 135544"},
		{"i32.const 70000 i32.atomic.load 2 8", "i32.const 70000 i32.atomic.load 2 65544"},
		{"i32.const 70000 local.get 0 i32.load 2 8 i32.store 2 8", "i32.const 70000 local.get 0 i32.load 2 65544 i32.store 2 65544"},
		// What only looks like constants from behind.
		{"local.get 65 i32.eqz i32.load 2 8", "local.get 65 i32.eqz i32.load 2 65544"},
		{"i64.const 65 i32.wrap_i64 i32.const 65 i32.add i32.load 2 8", "i64.const 65 i32.wrap_i64 i32.const 65 i32.add i32.load 2 65544"},
		{"i32.const 8257 local.get 0 i32.load 2 8", "i32.const 8257 local.get 0 i32.load 2 65544"},
		{"f32.const 0 i32.reinterpret_f32 i32.load 2 8", "f32.const 0 i32.reinterpret_f32 i32.load 2 65544"},
	}
	m := unwindMap()
	m.Memory = []relocate.Memory{{Shift: 1 << 16}}
	for _, test := range tests {
		in, want := wasmtest.Body("", test.in), wasmtest.Body("", test.want).Bytes
		if test.want == "" && test.in != "i64.extend_i32_u i32.wrap_i64" {
			want = in.Bytes
		}
		var r relocate.Report
		got, err := m.Func(nil, in, &wasm.SubType{Params: []wasm.ValType{wasm.I32}}, &r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s became\n% x, want\n% x, error %v", test.in, got, want, err)
		}
		if r.Growth.Total() != len(want)-len(in.Bytes) {
			t.Errorf("%s: growth %+v, want %d in all", test.in, r.Growth, len(want)-len(in.Bytes))
		}
	}
}
