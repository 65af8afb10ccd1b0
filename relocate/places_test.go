package relocate_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// stackedMap has two memories and two tables of which each is stacked with
// others, and a third that is not.
func stackedMap() *relocate.Map {
	m := identityMap()
	m.Memories = relocate.NewSpace([]uint32{0, 0, 1})
	m.Tables = relocate.NewSpace([]uint32{0, 0, 1})
	m.Memory = []relocate.Memory{
		{Shift: 0x10000, Bounded: true, Bytes: 0x20000, Size: wasmtest.Code("i32.const 2")[:2]},
		{Shift: 0x30000, Grow: []byte{0x10, 20}, Copy: relocate.Codes{0: {0x10, 21}, 2: {0x10, 22}}, Fill: []byte{0x10, 23}, Init: relocate.Codes{1: {0x10, 24}}},
	}
	m.Table = []relocate.Table{
		{Index: []byte{0x10, 30}, Set: []byte{0x10, 31}, Copy: relocate.Codes{1: {0x10, 32}}, Init: relocate.Codes{0: {0x10, 33}}},
		{Size: []byte{0x10, 34}, Grow: []byte{0x10, 35}, Fill: []byte{0x10, 36}},
	}
	m.Drop = relocate.Codes{1: {}}
	return m
}

func TestStacked(t *testing.T) {
	m := stackedMap()
	tests := []struct{ in, want string }{
		{"local.get 0 i32.load 2 8", "local.get 0 local.tee 1 i32.const -1 local.get 1 i32.const 131060 i32.le_u select i32.load 2 65544"},
		{"i64.store 3 131072", "local.set 1 drop i32.const -1 local.get 1 i64.store 3 196608"},
		{"v128.store8_lane 0 131071 3", "local.set 1 local.tee 2 i32.const -1 local.get 2 i32.const 0 i32.le_u select local.get 1 v128.store8_lane 0 196607 3"},
		{"i32.atomic.rmw.cmpxchg 2 4", "local.set 1 local.set 2 local.tee 3 local.get 3 i32.const -65536 i32.or local.get 3 i32.const 131064 i32.le_u select local.get 2 local.get 1 i32.atomic.rmw.cmpxchg 2 65540"},
		{"memory.size 0 memory.grow 1 memory.fill 1 memory.fill 2", "i32.const 2 call 20 call 23 memory.fill 1"},
		{"memory.copy 1 0 memory.copy 1 2 memory.copy 0 1 memory.copy 2 0", "call 21 call 22 memory.copy 0 0 memory.copy 1 0"},
		{"memory.init 1 1 memory.init 0 1 memory.init 0 2 data.drop 0 data.drop 1", "call 24 memory.init 0 0 memory.init 0 1 data.drop 0"},
		{"table.get 0 table.get 2 table.set 0 table.set 1", "call 30 table.get 0 table.get 1 call 31 table.set 0"},
		{"call_indirect 0 0 return_call_indirect 1 0 call_indirect 0 2", "call 30 call_indirect 0 0 call 30 return_call_indirect 1 0 call_indirect 0 1"},
		{"table.size 1 table.grow 1 table.fill 1 table.size 0 table.grow 2 table.fill 2", "call 34 call 35 call 36 table.size 0 table.grow 1 table.fill 1"},
		{"table.copy 0 1 table.copy 1 0 table.copy 2 2", "call 32 table.copy 0 0 table.copy 1 1"},
		{"table.init 0 0 table.init 1 0 table.init 0 2", "call 33 table.init 1 0 table.init 0 1"},
	}
	spilled := map[int]string{1: "i32", 2: "i64", 3: "v128 i32", 4: "i32 i32 i32"}
	for i, test := range tests {
		locals := ""
		if i < 4 {
			locals = spilled[i+1]
		}
		in, want := wasmtest.Body("", test.in), wasmtest.Body(locals, test.want).Bytes
		in.Bytes = append(wasmtest.Body("", "nop").Bytes[:0:0], in.Bytes...)
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

func TestStackedRefuses(t *testing.T) {
	m := stackedMap()
	for _, in := range [][]byte{
		append(wasm.OpMemoryDiscard.Append(nil), 1),
		append(wasm.OpTableAtomicGet.Append(nil), 0, 0),
		append(wasm.OpTableAtomicSet.Append(nil), 1, 0),
	} {
		body := wasm.Body{Bytes: append(append([]byte{0}, in...), byte(wasm.OpEnd))}
		if got, err := m.Func(nil, body, &wasm.SubType{}, nil); err == nil {
			t.Errorf("% x became % x", in, got)
		}
	}
}

// TestPlaces follows instructions through a body that changes before, at and
// between them and in its locals.
func TestPlaces(t *testing.T) {
	m := stackedMap()
	m.Calls = []relocate.Call{{Inline: wasmtest.Code("drop drop drop")[:3]}}
	text := []string{"local.get 0", "i32.load 2 0", "if void", "nop", "call 0", "end", "local.get 0", "br_if 0"}
	in := wasmtest.Body("f32", join(text))
	var offsets []int
	at := 3 // behind the locals
	for _, s := range text {
		offsets = append(offsets, at)
		at += len(wasmtest.Code(s)) - 1
	}
	r := relocate.Report{Offsets: offsets}
	out, err := m.Func(nil, in, &wasm.SubType{Params: []wasm.ValType{wasm.I32}}, &r)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Places) != len(offsets) || r.Places[4] != -1 {
		t.Fatalf("places %v for %v", r.Places, offsets)
	}
	for i, p := range r.Places {
		if p >= 0 && out[p] != in.Bytes[offsets[i]] {
			t.Errorf("%s went from %d to %d, where 0x%x is", text[i], offsets[i], p, out[p])
		}
	}
	past := relocate.Report{Offsets: []int{len(in.Bytes)}}
	if _, err := m.Func(nil, in, &wasm.SubType{Params: []wasm.ValType{wasm.I32}}, &past); err != nil || !slices.Equal(past.Places, []int{-1}) {
		t.Errorf("places %v past the body's end, %v", past.Places, err)
	}
}

func join(words []string) string {
	s := ""
	for _, w := range words {
		s += w + " "
	}
	return s
}

// TestGrowthOfIndices: a memory's new index is no shifted offset.
func TestGrowthOfIndices(t *testing.T) {
	m := &relocate.Map{Memories: relocate.NewSpace([]uint32{1})}
	body := wasm.Body{Bytes: []byte{0, byte(wasm.OpI32Const), 8, byte(wasm.OpI32Load), 2, 4, byte(wasm.OpDrop), byte(wasm.OpEnd)}}
	var r relocate.Report
	out, err := m.Func(nil, body, &wasm.SubType{Kind: wasm.KindFunc}, &r)
	if err != nil {
		t.Fatal(err)
	}
	if want := (relocate.Growth{Indices: 1}); r.Growth != want || len(out) != len(body.Bytes)+1 {
		t.Errorf("% x: growth %+v, want %+v", out, r.Growth, want)
	}
}
