package link

import (
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

func typesModule(groups ...[]wasm.SubType) *wasm.Module {
	m := &wasm.Module{}
	for _, g := range groups {
		m.RecGroups = append(m.RecGroups, wasm.RecGroup{First: wasm.TypeIndex(len(m.Types)), Count: uint32(len(g)), Explicit: len(g) > 1})
		m.Types = append(m.Types, g...)
	}
	return m
}

func refTo(i int64) wasm.ValType { return wasm.ValType{Code: refNull, Heap: wasm.HeapType(i)} }

// TestTypeIdentity: types of two modules are one where their groups are equal,
// whatever their indices, and not where they only look alike.
func TestTypeIdentity(t *testing.T) {
	f := func(params ...wasm.ValType) wasm.SubType { return wasm.SubType{Kind: wasm.KindFunc, Params: params} }
	a := typesModule(
		[]wasm.SubType{f()},                              // 0
		[]wasm.SubType{f(refTo(0))},                      // 1
		[]wasm.SubType{f(refTo(3)), f(refTo(2))},         // 2, 3: each other
		[]wasm.SubType{f(), f()},                         // 4, 5: like 0, but in a group
		[]wasm.SubType{f(wasm.FuncRef)},                  // 6
		[]wasm.SubType{{Kind: wasm.KindFunc, Sub: 0x50}}, // 7: open
	)
	b := typesModule(
		[]wasm.SubType{f(wasm.I32)},                                                   // 0
		[]wasm.SubType{f(refTo(2)), f(refTo(1))},                                      // 1, 2: as a's 2, 3
		[]wasm.SubType{{Kind: wasm.KindFunc, Sub: 0x4f}},                              // 3: as a's 0
		[]wasm.SubType{f(refTo(3))},                                                   // 4: as a's 1
		[]wasm.SubType{f(), f(wasm.I32)},                                              // 5, 6: not as a's 4, 5
		[]wasm.SubType{f(refTo(-16))},                                                 // 7: funcref in its long form, as a's 6
		[]wasm.SubType{{Kind: wasm.KindFunc, Sub: 0x50, Supers: []wasm.TypeIndex{3}}}, // 8
	)
	s := newTypeSpace()
	inA, inB := s.addModule(a), s.addModule(b)
	same := map[[2]int]bool{{2, 1}: true, {3, 2}: true, {0, 3}: true, {1, 4}: true, {6, 7}: true}
	for i, x := range inA {
		for j, y := range inB {
			if (x == y) != same[[2]int{i, j}] {
				t.Errorf("type %d of a and %d of b: one is %v, want %v", i, j, x == y, same[[2]int{i, j}])
			}
		}
	}
	if !s.extends(inB[8], inA[0]) || s.extends(inA[0], inB[8]) || s.extends(inA[7], inA[0]) {
		t.Error("only b's type 8 is a subtype of a's type 0")
	}
}

func TestReferencesBelow(t *testing.T) {
	s := newTypeSpace()
	types := s.addModule(typesModule(
		[]wasm.SubType{{Kind: wasm.KindStruct, Sub: 0x50}},
		[]wasm.SubType{{Kind: wasm.KindStruct, Sub: 0x50, Supers: []wasm.TypeIndex{0}}},
		[]wasm.SubType{{Kind: wasm.KindArray, Fields: []wasm.FieldType{{Type: wasm.I32}}}},
		[]wasm.SubType{{Kind: wasm.KindFunc}},
	))
	short := func(h wasm.HeapType) wasm.ValType { return wasm.ValType{Code: byte(h) & 0x7f} }
	null := func(i int) wasm.ValType { return refTo(int64(types[i])) }
	some := func(h int64) wasm.ValType { return wasm.ValType{Code: refNonNull, Heap: wasm.HeapType(h)} }
	tests := []struct {
		a, b wasm.ValType
		want bool
	}{
		{wasm.I32, wasm.I32, true}, {wasm.I32, wasm.I64, false}, {wasm.I32, wasm.FuncRef, false},
		{null(1), null(0), true}, {null(0), null(1), false}, {some(1), null(0), true}, {null(0), some(0), false},
		{null(0), short(heapStruct), true}, {null(0), short(heapEq), true}, {null(0), short(heapAny), true},
		{null(0), short(heapArray), false}, {null(2), short(heapArray), true}, {null(3), wasm.FuncRef, true},
		{null(3), short(heapAny), false}, {short(heapNone), null(0), true}, {short(heapNone), null(3), false},
		{short(heapNoFunc), null(3), true}, {short(heapNoFunc), wasm.FuncRef, true}, {short(heapNone), short(heapI31), true},
		{short(heapI31), short(heapEq), true}, {short(heapEq), short(heapI31), false},
		{short(heapNoExtern), wasm.ExternRef, true}, {wasm.ExternRef, short(heapAny), false}, {short(heapNoExn), short(heapExn), true},
		{some(-16), wasm.FuncRef, true}, {wasm.FuncRef, some(-16), false},
	}
	for _, test := range tests {
		if got := s.below(test.a, test.b); got != test.want {
			t.Errorf("%v below %v: %v", test.a, test.b, got)
		}
	}
}
