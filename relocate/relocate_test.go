package relocate_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// testMap moves everything: types 0..2 to 5..7, functions 0..3 to 10..13 of
// which 2 is replaced by code and 3 is gone, and so on; memory by one page.
func testMap() *relocate.Map {
	return &relocate.Map{
		Types:    relocate.NewSpace([]uint32{5, 6, 7}),
		Funcs:    relocate.NewSpace([]uint32{10, 11, 12, relocate.Removed}),
		Tables:   relocate.NewSpace([]uint32{1, 2}),
		Memories: relocate.Identity(1),
		Globals:  relocate.NewSpace([]uint32{3, 4}),
		Tags:     relocate.NewSpace([]uint32{8}),
		Elems:    relocate.NewSpace([]uint32{2, 3}),
		Datas:    relocate.NewSpace([]uint32{6, 7}),
		Calls:    []relocate.Call{{}, {MayUnwind: true}, {Inline: wasmtest.Code("drop i32.const 9")[:3]}},
		Memory: []relocate.Memory{{
			Shift: 65536,
			Size:  []byte{0x23, 9},
			Grow:  []byte{0x10, 20}, Copy: relocate.Codes{0: {0x10, 21}}, Fill: []byte{0x10, 22},
			Init: relocate.Codes{0: {0x10, 23}},
		}},
		Drop:   relocate.Codes{1: {}},
		Unwind: &relocate.Unwind{Flag: 7, Indirect: []bool{false, true, false}},
	}
}

func TestBody(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"nothing to do":     {"local.get 0 i32.const -5 i32.add drop block void br 0 end", "local.get 0 i32.const -5 i32.add drop block void br 0 end"},
		"load":              {"i32.load 2 8", "i32.load 2 65544"},
		"store":             {"f64.store 3 0", "f64.store 3 65536"},
		"clamped":           {"i32.load8_u 0 4294967295", "i32.load8_u 0 4294967295"},
		"clamped sum":       {"i32.load8_u 0 4294901760", "i32.load8_u 0 4294967295"},
		"last sum":          {"i32.load8_u 0 4294901759", "i32.load8_u 0 4294967295"},
		"simd":              {"v128.load 4 16", "v128.load 4 65552"},
		"simd lane":         {"v128.load8_lane 0 1 3", "v128.load8_lane 0 65537 3"},
		"atomic":            {"i32.atomic.rmw.add 2 4", "i32.atomic.rmw.add 2 65540"},
		"call":              {"call 0", "call 10"},
		"call that unwinds": {"call 1", "call 11 global.get 7 if void i32.const 1 return end"},
		"call inlined":      {"call 2", "drop i32.const 9"},
		"tail call":         {"return_call 1", "return_call 11"},
		"reference":         {"ref.func 2", "ref.func 12"},
		"indirect":          {"call_indirect 0 1", "call_indirect 5 2"},
		"indirect unwinds":  {"call_indirect 1 0", "call_indirect 6 1 global.get 7 if void i32.const 1 return end"},
		"globals":           {"global.get 0 global.set 1", "global.get 3 global.set 4"},
		"tables":            {"table.get 0 table.copy 0 1 table.init 1 0", "table.get 1 table.copy 1 2 table.init 3 1"},
		"elem.drop":         {"elem.drop 1", "elem.drop 3"},
		"block type":        {"block 2 end", "block 7 end"},
		"memory":            {"memory.size 0 memory.grow 0 memory.copy 0 0 memory.fill 0", "global.get 9 call 20 call 21 call 22"},
		"memory.init":       {"memory.init 0 0 memory.init 1 0", "call 23 memory.init 7 0"},
		"data.drop":         {"data.drop 0 data.drop 1", "data.drop 6"},
		"throw":             {"throw 0", "throw 8"},
	}
	m := testMap()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := m.Func(nil, wasmtest.Body("i64", test.in), &wasm.SubType{Results: []wasm.ValType{wasm.I32}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := wasmtest.Body("i64", test.want).Bytes; !bytes.Equal(got, want) {
				t.Errorf("%s became\n% x, want\n% x", test.in, got, want)
			}
		})
	}
}

func TestBodyRefuses(t *testing.T) {
	tests := map[string]string{
		"call 4":            "at byte 0x65: call: function 4 does not exist in its module",
		"call 3":            "at byte 0x65: call: function 3 does not exist in its module",
		"global.get 2":      "at byte 0x65: global.get: global 2 does not exist in its module",
		"nop table.get 2":   "at byte 0x66: table.get: table 2 does not exist in its module",
		"call_indirect 3 0": "at byte 0x65: call_indirect: type 3 does not exist in its module",
		"call_indirect 0 2": "at byte 0x65: call_indirect: table 2 does not exist in its module",
		"memory.init 2 0":   "at byte 0x65: memory.init: data segment 2 does not exist in its module",
		"memory.size 1":     "at byte 0x65: memory.size: memory 1 does not exist in its module",
		"memory.copy 0 1":   "at byte 0x65: memory.copy: memory 1 does not exist in its module",
		"block 3 end":       "at byte 0x65: block: type 3 does not exist in its module",
		"elem.drop 2":       "at byte 0x65: elem.drop: element segment 2 does not exist in its module",
		"throw 1":           "at byte 0x65: throw: tag 1 does not exist in its module",
	}
	m := testMap()
	for in, want := range tests {
		body := wasmtest.Body("", in)
		body.Offset = 100
		_, err := m.Func(nil, body, &wasm.SubType{}, nil)
		var e *relocate.Error
		if !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%s: error %q, want %q", in, err, want)
		}
	}
}

func TestExpr(t *testing.T) {
	m := testMap()
	for in, want := range map[string]string{
		"i32.const 5": "i32.const 5", "global.get 1": "global.get 4", "ref.func 0": "ref.func 10",
		"global.get 0 i32.const 4 i32.add": "global.get 3 i32.const 4 i32.add",
	} {
		got, err := m.Expr(nil, wasmtest.Code(in), 0)
		if err != nil || !bytes.Equal(got, wasmtest.Code(want)) {
			t.Errorf("%s became % x, %v; want %s", in, got, err, want)
		}
	}
}

// TestIdentity: a map that moves nothing only shortens integers, in every body
// of the corpus, and leaves nothing to shorten.
func TestIdentity(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "corpus", "bin", "*.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mod, err := wasm.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		s := mod.Spaces()
		m := &relocate.Map{
			Types: relocate.Identity(len(mod.Types)), Funcs: relocate.Identity(len(s.Funcs)),
			Tables: relocate.Identity(len(s.Tables)), Memories: relocate.Identity(len(s.Memories)),
			Globals: relocate.Identity(len(s.Globals)), Elems: relocate.Identity(len(mod.Elems)),
			Datas: relocate.Identity(len(mod.Data)),
		}
		for _, body := range mod.Code {
			got, err := m.Func(nil, body, &wasm.SubType{}, nil)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if a, b := instructions(t, body.Bytes), instructions(t, got); !slices.Equal(a, b) {
				t.Fatalf("%s: body at 0x%x changed", file, body.Offset)
			}
			again, err := m.Func(nil, wasm.Body{Bytes: got}, &wasm.SubType{}, nil)
			if err != nil || !bytes.Equal(got, again) {
				t.Fatalf("%s: body at 0x%x changed once more, %v", file, body.Offset, err)
			}
			bodies++
		}
	}
	if bodies < 1000 {
		t.Errorf("only %d bodies", bodies)
	}
}

// instructions lists a body's instructions without their places.
func instructions(t *testing.T, body []byte) []wasm.Instr {
	t.Helper()
	_, code, _, err := wasm.Body{Bytes: body}.Locals()
	if err != nil {
		t.Fatal(err)
	}
	var list []wasm.Instr
	r := wasm.NewCodeReader(code, 0)
	for {
		var in wasm.Instr
		more, err := r.Next(&in)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return list
		}
		in.Start, in.Imm, in.End = 0, 0, 0
		list = append(list, in)
	}
}
