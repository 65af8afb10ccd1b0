package link

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// typeKey is the identity of a plain function type: equal types have equal
// keys, across modules. It is "" for types that are more than that, which have
// no identity outside their module.
func typeKey(t *wasm.SubType) string {
	if t.Kind != wasm.KindFunc || t.Sub != 0 {
		return ""
	}
	b := binary.AppendUvarint(nil, uint64(len(t.Params)))
	for _, list := range [][]wasm.ValType{t.Params, t.Results} {
		for _, v := range list {
			if v.Heap >= 0 && isRef(v) {
				return ""
			}
			b = wasm.AppendValType(b, v)
		}
	}
	return string(b)
}

// isRef reports whether the type's heap type is spelled out.
func isRef(v wasm.ValType) bool { return v.Code == 0x63 || v.Code == 0x64 }

// canonicalTypes gives for each type the first one that is equal to it.
func canonicalTypes(m *wasm.Module) []wasm.TypeIndex {
	first := map[string]wasm.TypeIndex{}
	grouped := make([]bool, len(m.Types))
	for _, g := range m.RecGroups {
		for i := uint32(0); g.Count > 1 && i < g.Count; i++ {
			grouped[uint32(g.First)+i] = true
		}
	}
	canon := make([]wasm.TypeIndex, len(m.Types))
	for i := range m.Types {
		canon[i] = wasm.TypeIndex(i)
		key := typeKey(&m.Types[i])
		if key == "" || grouped[i] {
			continue
		}
		if f, ok := first[key]; ok {
			canon[i] = f
		} else {
			first[key] = canon[i]
		}
	}
	return canon
}

// typeSpace collects the function types of the output behind those of the user.
type typeSpace struct {
	types  []wasm.SubType
	groups []wasm.RecGroup
	byKey  map[string]wasm.TypeIndex
}

func newTypeSpace(user *input) *typeSpace {
	s := &typeSpace{
		types:  append([]wasm.SubType(nil), user.mod.Types...),
		groups: append([]wasm.RecGroup(nil), user.mod.RecGroups...),
		byKey:  map[string]wasm.TypeIndex{},
	}
	for i, c := range user.types {
		if key := typeKey(&s.types[i]); key != "" && int(c) == i {
			s.byKey[key] = c
		}
	}
	return s
}

// add gives the index of a type that is equal to t, a plain function type.
func (s *typeSpace) add(t wasm.SubType) wasm.TypeIndex {
	key := typeKey(&t)
	if i, ok := s.byKey[key]; ok {
		return i
	}
	i := wasm.TypeIndex(len(s.types))
	s.byKey[key] = i
	s.types = append(s.types, t)
	s.groups = append(s.groups, wasm.RecGroup{First: i, Count: 1})
	return i
}

// funcText is a function type as text: "func (i32, i64) -> i32".
func funcText(t *wasm.SubType) string {
	s := "func (" + joinTypes(t.Params) + ")"
	if len(t.Results) > 0 {
		s += " -> " + joinTypes(t.Results)
	}
	return s
}

func joinTypes(list []wasm.ValType) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = fmt.Sprint(t)
	}
	return strings.Join(names, ", ")
}
