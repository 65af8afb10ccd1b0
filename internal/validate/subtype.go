package validate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// convert gives a value type that the module writes.
func (t types) convert(v wasm.ValType) (valType, error) {
	if err := checkType(v, len(t)); err != nil {
		return bottom, err
	}
	if !isLong(v) {
		return shortType(v.Code), nil
	}
	h, err := t.heap(v.Heap)
	return ref(h, v.Code == refNull), err
}

func (t types) heap(h wasm.HeapType) (heapType, error) {
	if err := checkHeap(h, len(t)); err != nil {
		return heapBottom, err
	}
	if i, concrete := h.Index(); concrete {
		return t[i].canon, nil
	}
	return heapType(h), nil
}

// below tells whether a value of type a may stand where b is wanted.
// https://webassembly.github.io/spec/core/valid/matching.html
func (t types) below(a, b valType) bool {
	if a == b || a == bottom {
		return true
	}
	if !a.isRef() || !b.isRef() || a.isNull() && !b.isNull() {
		return false
	}
	return t.heapBelow(a.heap(), b.heap())
}

func (t types) heapBelow(a, b heapType) bool {
	switch {
	case a == b || a == heapBottom:
		return true
	case a >= 0 && b >= 0:
		for a >= 0 && t[a].depth > t[b].depth {
			a = t[a].super
		}
		return a == b
	case a >= 0:
		top := t[a].abstract()
		return top == b || abstractBelow(top, b)
	case b >= 0:
		top := t[b].abstract()
		return a == heapNone && top != heapFunc || a == heapNoFunc && top == heapFunc
	}
	return abstractBelow(a, b)
}

// abstract is the heap type of all types of the kind.
func (d *typeDef) abstract() heapType {
	switch d.kind {
	case wasm.KindStruct:
		return heapStruct
	case wasm.KindArray:
		return heapArray
	}
	return heapFunc
}

// top is the largest heap type above h.
func (t types) top(h heapType) heapType {
	if h >= 0 {
		h = t[h].abstract()
	}
	return topOf(h)
}

// allBelow compares lists of types.
func (t types) allBelow(a, b []valType) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !t.below(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (t types) fieldBelow(a, b field) bool {
	if a.mutable || b.mutable {
		return a == b
	}
	return a.packed == b.packed && t.below(a.typ, b.typ)
}

// checkSuper checks that a type is a subtype of what it declares.
func (t types) checkSuper(i int) error {
	def := &t[i]
	if def.super == noSuper {
		return nil
	}
	super := &t[def.super]
	if super.final {
		return fmt.Errorf("supertype %d is final", def.super)
	}
	if !t.contentBelow(def, super) {
		return fmt.Errorf("the type does not match its supertype %d", def.super)
	}
	return nil
}

func (t types) contentBelow(a, b *typeDef) bool {
	if a.kind != b.kind || len(a.fields) < len(b.fields) {
		return false
	}
	if a.kind == wasm.KindFunc {
		return t.allBelow(b.sig.params, a.sig.params) && t.allBelow(a.sig.results, b.sig.results)
	}
	for i := range b.fields {
		if !t.fieldBelow(a.fields[i], b.fields[i]) {
			return false
		}
	}
	return true
}
