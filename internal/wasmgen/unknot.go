package wasmgen

import (
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Unknot gives modules that do what those of the set do, when they are
// instantiated one after the other in this order: no engine can instantiate
// modules that import from one another in a circle. In place of a function that
// comes later they import a trampoline from a knot, which calls through a table;
// behind the module that has the function, a tie puts it there. A call before
// that traps with a null entry of a table.
//
// The set is not changed; the modules share memory with its own.
func (s Set) Unknot() []Named {
	knots := make([]knot, len(s.Modules))
	var list []Named
	for i, m := range s.Modules {
		k := &knots[i]
		*k = s.knotOf(i)
		if len(k.back) > 0 {
			list = append(list, Named{k.name, k.module()})
			m.Module = k.rest()
		}
		list = append(list, m)
		for first := range knots[:i+1] {
			if tie := knots[first].tie(m.Name); tie != nil {
				list = append(list, Named{knots[first].name + "-" + m.Name, tie})
			}
		}
	}
	return list
}

// knot stands for the functions that a module imports from itself and from
// those behind it.
type knot struct {
	name string
	of   *wasm.Module
	back []int // positions of those imports
}

func (s Set) knotOf(i int) knot {
	k := knot{name: "knot-" + s.Modules[i].Name, of: s.Modules[i].Module}
	for at := range k.of.Imports {
		imp := &k.of.Imports[at]
		later := slices.ContainsFunc(s.Modules[i:], func(m Named) bool { return m.Name == imp.Module })
		if later && imp.Kind == wasm.ExternFunc {
			k.back = append(k.back, at)
		}
	}
	return k
}

// table is the type of that which holds the functions.
func (k *knot) table() wasm.TableType {
	return wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: uint64(len(k.back))}}
}

func trampoline(i int) string { return fmt.Sprintf("k%d", i) }

// module has the trampolines. Its types are those of the importing module.
func (k *knot) module() *wasm.Module {
	m := &wasm.Module{Types: k.of.Types, RecGroups: k.of.RecGroups, Tables: []wasm.Table{{TableType: k.table()}}}
	m.Exports = []wasm.Export{{Name: "t", Kind: wasm.ExternTable}}
	for i, at := range k.back {
		typ := k.of.Imports[at].Type
		code := wasm.AppendLocals(nil, nil)
		for p := range m.Types[typ].Params {
			code = wasm.AppendUleb(wasm.OpLocalGet.Append(code), uint64(p))
		}
		code = wasm.AppendSleb(wasm.OpI32Const.Append(code), int64(i))
		code = wasm.AppendUleb(wasm.OpCallIndirect.Append(code), uint64(typ))
		m.Funcs = append(m.Funcs, typ)
		m.Code = append(m.Code, wasm.Body{Bytes: append(code, 0, byte(wasm.OpEnd))})
		m.Exports = append(m.Exports, wasm.Export{Name: trampoline(i), Index: uint32(i)})
	}
	return m
}

// rest is the importing module with the trampolines in place of the functions.
func (k *knot) rest() *wasm.Module {
	m := *k.of
	m.Imports = slices.Clone(m.Imports)
	for i, at := range k.back {
		m.Imports[at].Module, m.Imports[at].Name = k.name, trampoline(i)
	}
	return &m
}

// tie puts the functions of one module into the table, nil if none are needed.
func (k *knot) tie(from string) *wasm.Module {
	m := &wasm.Module{Types: k.of.Types, RecGroups: k.of.RecGroups}
	m.Imports = []wasm.Import{{Module: k.name, Name: "t", Kind: wasm.ExternTable, Table: k.table()}}
	for i, at := range k.back {
		imp := k.of.Imports[at]
		if imp.Module != from {
			continue
		}
		offset := wasm.AppendSleb(wasm.OpI32Const.Append(nil), int64(i))
		m.Elems = append(m.Elems, wasm.Elem{Type: wasm.FuncRef, Offset: end(offset),
			Funcs: []wasm.FuncIndex{wasm.FuncIndex(len(m.Imports) - 1)}})
		m.Imports = append(m.Imports, imp)
	}
	if len(m.Elems) == 0 {
		return nil
	}
	return m
}
