package link_test

import (
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// needs says which modules of a set import from which.
type needs [][]bool

// needsOf looks at the imports of certain kinds.
func needsOf(set wasmgen.Set, counts func(wasm.ExternKind) bool) needs {
	at := map[string]int{}
	for i, m := range set.Modules {
		at[m.Name] = i
	}
	n := make(needs, len(set.Modules))
	for i, m := range set.Modules {
		n[i] = make([]bool, len(set.Modules))
		for _, imp := range m.Module.Imports {
			if j, ok := at[imp.Module]; ok && counts(imp.Kind) {
				n[i][j] = true
			}
		}
	}
	return n
}

// close adds what modules need through others.
func (n needs) close() {
	for k := range n {
		for i := range n {
			for j := range n {
				n[i][j] = n[i][j] || n[i][k] && n[k][j]
			}
		}
	}
}

// inOrder puts the modules of a set in the order in which they are instantiated:
// each behind what it and its circle of imports need, in a circle each behind
// those whose memories, tables, globals and tags it needs, and otherwise as
// they are given.
func inOrder(set wasmgen.Set) wasmgen.Set {
	all := needsOf(set, func(wasm.ExternKind) bool { return true })
	all.close()
	hard := needsOf(set, func(k wasm.ExternKind) bool { return k != wasm.ExternFunc })
	placed := make([]bool, len(set.Modules))
	ready := func(i int) bool {
		for j := range placed {
			inCircle := all[j][i]
			if i != j && !placed[j] && (hard[i][j] || all[i][j] && !inCircle) {
				return false
			}
		}
		return !placed[i]
	}
	ordered := wasmgen.Set{Cyclic: set.Cyclic}
	for len(ordered.Modules) < len(set.Modules) {
		for i := range placed {
			if ready(i) {
				placed[i] = true
				ordered.Modules = append(ordered.Modules, set.Modules[i])
				break
			}
		}
	}
	return ordered
}
