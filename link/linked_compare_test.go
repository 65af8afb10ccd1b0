package link_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// side is one of the two programs that are compared: the modules of a set as
// instances of their own, or all in one.
type side struct {
	world
	// where gives the instance that has an export of a module, and its name there.
	where func(module, name string) (instance, export string)
}

func (s *side) do(c call) string {
	instance, export := s.where(c.module, c.name)
	if c.global {
		return s.global(instance, export)
	}
	return s.call(instance, export, c.args)
}

// call is a step of a script: a call, or the reading of a global.
type call struct {
	module, name string
	args         []uint64
	global       bool
}

func (c call) String() string { return fmt.Sprintf("%s.%s%x", c.module, c.name, c.args) }

// scriptOf draws calls of the functions that a set's modules export, with all
// that shows their state now and then and at the end. Only what keep lets
// through is used.
func scriptOf(rng *rand.Rand, set wasmgen.Set, keep func(module, name string) bool) []call {
	var state, functions, refuel []call
	var types []*wasm.SubType
	for _, m := range set.Modules {
		for _, e := range m.Module.Exports {
			c := call{module: m.Name, name: e.Name}
			switch {
			case e.Kind == wasm.ExternGlobal && keep(m.Name, e.Name) && readable(m.Module, wasm.GlobalIndex(e.Index)):
				c.global = true
				state = append(state, c)
			case e.Kind != wasm.ExternFunc:
			case e.Name == "refuel":
				refuel = append(refuel, c)
			case !keep(m.Name, e.Name):
			case isProbe(e.Name):
				state = append(state, probes(m.Module, c, e)...)
			case callable(m.Module.FuncType(wasm.FuncIndex(e.Index))):
				functions = append(functions, c)
				types = append(types, m.Module.FuncType(wasm.FuncIndex(e.Index)))
			}
		}
	}
	script := slices.Clone(state)
	for i := range 12 {
		if len(functions) == 0 {
			break
		}
		at := rng.Intn(len(functions))
		c := functions[at]
		for _, t := range types[at].Params {
			c.args = append(c.args, argument(rng, t))
		}
		script = append(append(script, refuel...), c)
		if i%4 == 3 {
			script = append(script, state...)
		}
	}
	return script
}

func isProbe(name string) bool { return name[0] != 'f' && name[0] != 'r' }

// probes are calls of one of wasmgen's functions that show state.
func probes(m *wasm.Module, c call, e wasm.Export) []call {
	if len(m.FuncType(wasm.FuncIndex(e.Index)).Params) == 0 {
		return []call{c}
	}
	var list []call
	for _, arg := range []uint64{0, 1, 2, 3, 5, 9, 100, 65528, 65529, 65536, 131064, 131065, 0xfffffff8, 0xffffffff} {
		c.args = []uint64{arg}
		list = append(list, c)
	}
	return list
}

// plain tells whether every engine can take the type as a parameter or result.
func plain(t wasm.ValType) bool {
	return t == wasm.I32 || t == wasm.I64 || t == wasm.F32 || t == wasm.F64
}

// callable tells whether hosts can call functions of the type: references are
// given as null.
func callable(t *wasm.SubType) bool {
	nullable := func(t wasm.ValType) bool { return plain(t) || t == wasm.FuncRef || t == wasm.ExternRef }
	for _, list := range [][]wasm.ValType{t.Params, t.Results} {
		for _, t := range list {
			if !nullable(t) {
				return false
			}
		}
	}
	return true
}

// readable tells whether hosts can read a global.
func readable(m *wasm.Module, i wasm.GlobalIndex) bool {
	return plain(m.Spaces().Globals[i].Type)
}

// argument draws one; small numbers are likely.
func argument(rng *rand.Rand, t wasm.ValType) uint64 {
	v := rng.Uint64() >> rng.Intn(64)
	switch t {
	case wasm.I64, wasm.F64:
		return v
	case wasm.I32, wasm.F32:
		return v & 0xffffffff
	}
	return 0 // null
}

// compareSides runs a script on both sides and reports the first difference. It
// gives the number of steps and how many of them failed.
func compareSides(t testing.TB, script []call, separate, linked *side) (steps, traps int) {
	for i, c := range script {
		want, got := separate.do(c), linked.do(c)
		if want != got {
			t.Errorf("step %d: %v gives %s, separate %s", i, c, got, want)
			return i, traps
		}
		if want[0] != '[' {
			traps++
		}
	}
	if want, got := separate.trace(), linked.trace(); !slices.Equal(want, got) {
		t.Errorf("the host is called %q, separate %q", got, want)
	}
	return len(script), traps
}
