package link

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// typeSpace holds the types of all inputs and of the linker, equal ones once.
// Types are equal when their recursion groups are, member by member, where
// references inside the group count by position and those to earlier groups by
// what they refer to (iso-recursive equality).
//
// https://webassembly.github.io/spec/core/valid/conventions.html#rolling-and-unrolling
type typeSpace struct {
	types  []wasm.SubType // references are indices of this slice
	groups []wasm.RecGroup
	group  []uint32          // of each type
	byKey  map[string]uint32 // the first type of the group with that key
	key    []byte            // scratch
}

func newTypeSpace() *typeSpace { return &typeSpace{byKey: map[string]uint32{}} }

// addModule gives for each type of a module its index in the space.
func (s *typeSpace) addModule(m *wasm.Module) []uint32 {
	to := make([]uint32, len(m.Types))
	for _, g := range m.RecGroups {
		if g.Count == 0 {
			continue // one without types would begin behind the last of all
		}
		first := s.addGroup(m.Types[g.First:][:g.Count], uint32(g.First), func(i uint32) uint32 { return to[i] })
		for i := range g.Count {
			to[uint32(g.First)+i] = first + i
		}
	}
	return to
}

// addFunc gives the index of a plain function type, which refers to types by
// their indices in the space.
func (s *typeSpace) addFunc(params, results []wasm.ValType) uint32 {
	group := []wasm.SubType{{Kind: wasm.KindFunc, Params: params, Results: results}}
	return s.addGroup(group, uint32(len(s.types)), func(i uint32) uint32 { return i })
}

// addGroup finds a group or adds it. Its first type has the index first in its
// module; to gives the index in the space of an earlier one.
func (s *typeSpace) addGroup(group []wasm.SubType, first uint32, to func(uint32) uint32) uint32 {
	// References within the group become odd numbers, others even ones.
	s.key = binary.AppendUvarint(s.key[:0], uint64(len(group)))
	for i := range group {
		t := renumber(&group[i], func(i uint32) uint32 {
			if i >= first {
				return (i-first)<<1 | 1
			}
			return to(i) << 1
		})
		if t.Sub == 0 {
			t.Sub = 0x4f // what the short form stands for
		}
		s.key = wasm.AppendSubType(s.key, &t)
	}
	if at, ok := s.byKey[string(s.key)]; ok {
		return at
	}
	at := uint32(len(s.types))
	s.byKey[string(s.key)] = at
	for i := range group {
		s.group = append(s.group, uint32(len(s.groups)))
		s.types = append(s.types, renumber(&group[i], func(i uint32) uint32 {
			if i >= first {
				return i - first + at
			}
			return to(i)
		}))
	}
	s.groups = append(s.groups, wasm.RecGroup{First: wasm.TypeIndex(at), Count: uint32(len(group)), Explicit: len(group) != 1})
	return at
}

// renumber is the type with every type index in it changed.
func renumber(t *wasm.SubType, to func(uint32) uint32) wasm.SubType {
	n := *t
	n.Supers = mapped(t.Supers, func(i wasm.TypeIndex) wasm.TypeIndex { return wasm.TypeIndex(to(uint32(i))) })
	val := func(v wasm.ValType) wasm.ValType { return renumberVal(v, to) }
	n.Params, n.Results = mapped(t.Params, val), mapped(t.Results, val)
	n.Fields = mapped(t.Fields, func(f wasm.FieldType) wasm.FieldType {
		f.Type = val(f.Type)
		return f
	})
	if t.Kind == wasm.KindCont {
		n.Cont = wasm.TypeIndex(to(uint32(t.Cont)))
	}
	return n
}

// mapped is a list with each item changed; a list in which nothing changes
// need not be copied.
func mapped[T comparable](list []T, f func(T) T) []T {
	for i, x := range list {
		if y := f(x); y != x {
			changed := append([]T(nil), list...)
			for j := i; j < len(list); j++ {
				changed[j] = f(list[j])
			}
			return changed
		}
	}
	return list
}

// renumberVal is a value type with its type index changed and in its shortest
// form, so that equal types are equal.
func renumberVal(v wasm.ValType, to func(uint32) uint32) wasm.ValType {
	if i, ok := concrete(v); ok {
		v.Heap = wasm.HeapType(to(i))
	} else if v.Code == refNull {
		v = wasm.ValType{Code: byte(v.Heap) & 0x7f}
	}
	return v
}

// concrete is the type index that a value type refers to, if it does.
func concrete(v wasm.ValType) (uint32, bool) {
	if v.Code != refNull && v.Code != refNonNull || v.Heap < 0 {
		return 0, false
	}
	return uint32(v.Heap), true
}

const (
	refNull    = 0x63
	refNonNull = 0x64
)

// typeRefs calls f with every type index in a type.
func typeRefs(t *wasm.SubType, f func(uint32)) {
	renumber(t, func(i uint32) uint32 {
		f(i)
		return i
	})
}

// extends reports whether type a is b or one of its declared subtypes.
func (s *typeSpace) extends(a, b uint32) bool {
	for a != b {
		supers := s.types[a].Supers
		if len(supers) == 0 {
			return false
		}
		a = uint32(supers[0]) // it is smaller: the loop ends
	}
	return true
}

// text is a function type as text: "func (i32, i64) -> i32".
func (s *typeSpace) text(t uint32) string { return funcText(&s.types[t]) }

func funcText(t *wasm.SubType) string {
	text := "func (" + joinTypes(t.Params) + ")"
	if len(t.Results) > 0 {
		text += " -> " + joinTypes(t.Results)
	}
	return text
}

func joinTypes(list []wasm.ValType) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = fmt.Sprint(t)
	}
	return strings.Join(names, ", ")
}
