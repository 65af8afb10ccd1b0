package link

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// mismatch says why an import cannot stand for an entity; "" if it can.
//
// https://webassembly.github.io/spec/core/valid/matching.html#import-matching
func (g *graph) mismatch(in *input, imp *wasm.Import, to id) string {
	switch imp.Kind {
	case wasm.ExternFunc:
		if t := g.funcType(to); !g.types.extends(t, in.types[imp.Type]) {
			return "it is offered as " + g.types.text(t)
		}
	case wasm.ExternTable:
		t := g.tableType(to)
		if t.Elem != in.valType(imp.Table.Elem) {
			return fmt.Sprintf("it is offered with elements of type %v", t.Elem)
		}
		return limitsMismatch(t.Limits, imp.Table.Limits)
	case wasm.ExternMemory:
		return limitsMismatch(g.memoryType(to), imp.Memory)
	case wasm.ExternGlobal:
		if t := g.globalType(to); !g.globalMatches(t, imp.Global, in) {
			return "it is offered as " + globalText(t)
		}
	case wasm.ExternTag:
		if t := g.tagType(to); t != in.types[imp.Type] {
			return "it is offered as tag of " + g.types.text(t)
		}
	}
	return ""
}

// limitsMismatch compares the limits of a memory or table with those that an
// import asks for.
func limitsMismatch(has, wants wasm.Limits) string {
	switch {
	case has.Is64 != wants.Is64 || has.Shared != wants.Shared || has.PageSizeLog2 != wants.PageSizeLog2:
		return "it is offered with another kind of addresses, sharing or pages"
	case has.Min < wants.Min, wants.HasMax && (!has.HasMax || has.Max > wants.Max):
		return "it is offered with " + limitsText(has)
	}
	return ""
}

func (g *graph) globalMatches(has, wants wasm.GlobalType, in *input) bool {
	want := in.valType(wants.Type)
	if has.Mutable != wants.Mutable || has.Shared != wants.Shared {
		return false
	}
	return has.Type == want || !has.Mutable && g.types.below(has.Type, want)
}

// below reports whether a value of reference type a may stand where b is wanted.
//
// https://webassembly.github.io/spec/core/valid/matching.html#reference-types
func (s *typeSpace) below(a, b wasm.ValType) bool {
	if !a.IsRef() || !b.IsRef() || a.Code != refNonNull && b.Code == refNonNull {
		return a == b
	}
	return s.heapBelow(heapOf(a), heapOf(b))
}

// heapOf is the heap type of a reference in any form.
func heapOf(v wasm.ValType) wasm.HeapType {
	if v.Code == refNull || v.Code == refNonNull {
		return v.Heap
	}
	return wasm.HeapType(v.Code) - 0x80
}

// The abstract heap types.
const (
	heapNoCont   wasm.HeapType = 0x75 - 0x80
	heapNoExn    wasm.HeapType = 0x74 - 0x80
	heapNoFunc   wasm.HeapType = 0x73 - 0x80
	heapNoExtern wasm.HeapType = 0x72 - 0x80
	heapNone     wasm.HeapType = 0x71 - 0x80
	heapFunc     wasm.HeapType = 0x70 - 0x80
	heapExtern   wasm.HeapType = 0x6f - 0x80
	heapAny      wasm.HeapType = 0x6e - 0x80
	heapEq       wasm.HeapType = 0x6d - 0x80
	heapI31      wasm.HeapType = 0x6c - 0x80
	heapStruct   wasm.HeapType = 0x6b - 0x80
	heapArray    wasm.HeapType = 0x6a - 0x80
	heapExn      wasm.HeapType = 0x69 - 0x80
	heapCont     wasm.HeapType = 0x68 - 0x80
)

// abstractSuper is the heap type directly above an abstract one.
var abstractSuper = map[wasm.HeapType]wasm.HeapType{
	heapEq: heapAny, heapI31: heapEq, heapStruct: heapEq, heapArray: heapEq,
	heapNoFunc: heapFunc, heapNoExtern: heapExtern, heapNoExn: heapExn, heapNoCont: heapCont,
}

func (s *typeSpace) heapBelow(a, b wasm.HeapType) bool {
	switch {
	case a == b:
		return true
	case a >= 0 && b >= 0:
		return s.extends(uint32(a), uint32(b))
	case b >= 0: // only the bottom of its hierarchy is below a concrete type
		return a == bottomOf(s.abstract(uint32(b)))
	case a >= 0:
		return s.heapBelow(s.abstract(uint32(a)), b)
	case a == heapNone:
		return b == heapAny || b == heapEq || b == heapI31 || b == heapStruct || b == heapArray
	}
	super, ok := abstractSuper[a]
	return ok && s.heapBelow(super, b)
}

// abstract is the abstract heap type of the kind of a defined type.
func (s *typeSpace) abstract(t uint32) wasm.HeapType {
	switch s.types[t].Kind {
	case wasm.KindStruct:
		return heapStruct
	case wasm.KindArray:
		return heapArray
	case wasm.KindCont:
		return heapCont
	}
	return heapFunc
}

func bottomOf(h wasm.HeapType) wasm.HeapType {
	switch h {
	case heapFunc:
		return heapNoFunc
	case heapCont:
		return heapNoCont
	}
	return heapNone
}

func limitsText(l wasm.Limits) string {
	if !l.HasMax {
		return fmt.Sprintf("%d and more", l.Min)
	}
	return fmt.Sprintf("%d to %d", l.Min, l.Max)
}

func globalText(g wasm.GlobalType) string {
	if g.Mutable {
		return fmt.Sprintf("mutable global of type %v", g.Type)
	}
	return fmt.Sprintf("global of type %v", g.Type)
}
