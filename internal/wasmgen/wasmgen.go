// Package wasmgen draws valid modules, and sets of modules that import from one
// another, from strings of bytes.
//
// Every string gives a set, the same one each time, and programs that end: each
// module has a global with fuel, which loops and calls use up; without any they
// return. Modules show their state through probes, exported functions that look
// at memories, tables and globals; and whatever they export is drawn, too.
package wasmgen

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Options bound what is drawn.
type Options struct {
	Features wasm.Feature // beyond the first version of Wasm
	Modules  int          // the largest number of modules in a set, 1 if less
	Cycles   bool         // functions may be imported in circles
	Without  []wasm.Op    // numeric instructions and accesses to memory that are not drawn
	Wazero   bool         // nothing is drawn of which it is known that wazero 1.12 gets it wrong
}

// Named is a module and the name under which others import from it.
type Named struct {
	Name   string
	Module *wasm.Module
}

// Set is a number of modules. Each imports from those before it; functions also
// from itself and those behind it if Cyclic. What nothing in the set offers is
// imported from HostModule.
type Set struct {
	Modules []Named
	Cyclic  bool
}

// HostModule is the name of the module that a host must offer, with the
// functions of HostFuncs.
const HostModule = "host"

// HostFunc is a function that a host must offer.
type HostFunc struct {
	Name            string
	Params, Results []wasm.ValType
}

// HostFuncs lists the functions that modules of a set may import from the host:
// one for each of the first types of the pool.
func HostFuncs() []HostFunc {
	p := newPool()
	var list []HostFunc
	for i := range p.types {
		list = append(list, HostFunc{fmt.Sprintf("h%d", i), p.types[i].Params, p.types[i].Results})
	}
	return list
}

// Fuel is how many loop rounds and calls of a module's functions the probe
// "refuel" grants it.
const Fuel = 200

type drawer struct {
	source
	Options
	pool         *pool
	plain, loads map[wasm.ValType][]instruction // those that the features allow
	stores       []instruction
	modules      []*module
	cyclic       bool
}

func (d *drawer) has(f wasm.Feature) bool { return d.Features&f == f }

// Draw makes a set out of bytes, which it does not keep.
func Draw(b []byte, o Options) Set {
	d := &drawer{source: source{b}, Options: o, pool: newPool()}
	d.plain, d.loads, d.stores = allowed(&o)
	d.drawPool()
	n := 1 + d.intn(max(o.Modules, 1))
	grows := d.intn(n)
	for i := range n {
		d.modules = append(d.modules, d.declare(i, grows))
	}
	for i, m := range d.modules {
		d.imports(i, m)
	}
	set := Set{Cyclic: d.cyclic}
	for _, m := range d.modules {
		m.layout()
		m.define()
		set.Modules = append(set.Modules, Named{m.name, &m.out})
	}
	return set
}
