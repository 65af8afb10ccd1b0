package canister

import (
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Instrumentation follows the IC's: a body is cut into segments, and each
// subtracts the cost of all its operators where it begins. It adds only at the
// end of index spaces, so no index of the module changes:
//
//   - mutable globals: the instructions left, the executed operators, whether
//     the limit was hit, whether something changed that cannot be taken back;
//   - functions that charge for bulk operations, and that reach v128 globals;
//   - exports of these, of the mutable globals and of the start function.

// The names of what is exported for the host. A module may not use them.
const (
	exportPrefix       = "icsplice:"
	exportLeft         = exportPrefix + "left"
	exportOperators    = exportPrefix + "operators"
	exportExhausted    = exportPrefix + "exhausted"
	exportIrreversible = exportPrefix + "irreversible"
	exportStart        = exportPrefix + "start"
)

func exportGlobal(i int) string  { return fmt.Sprintf("%sglobal %d", exportPrefix, i) }
func exportGetV128(i int) string { return fmt.Sprintf("%sget %d", exportPrefix, i) }
func exportSetV128(i int) string { return fmt.Sprintf("%sset %d", exportPrefix, i) }

// program is an instrumented module.
type program struct {
	module     *wasm.Module
	globals    []int  // mutable numeric ones, v128 excepted
	vectors    []int  // mutable v128 ones
	operators  uint64 // of the instrumented code, with two for each global
	added      uint32 // the first function that the instrumentation added
	countsFuel bool
}

// instrumenter holds the indices of what it adds.
type instrumenter struct {
	*program
	left, fuel, exhausted, irreversible uint32 // globals
	charge, chargeFuel                  uint32 // functions
	references                          []bool // by global: holds a reference
}

// instrument returns an instrumented copy of the module, which must have passed
// checkModule. The copy shares what it does not change.
func instrument(m *wasm.Module, countOperators bool) (*program, error) {
	out := *m
	p := &program{module: &out, countsFuel: countOperators}
	p.added = uint32(len(m.Imports) + len(m.Funcs)) // only functions are imported
	in := &instrumenter{program: p}
	p.copyLists()
	in.addGlobals()
	in.addCharges()
	if err := in.rewriteBodies(len(m.Code)); err != nil {
		return nil, err
	}
	in.exportGlobals()
	if out.Start != nil {
		p.export(exportStart, wasm.ExternFunc, uint32(*out.Start))
		out.Start = nil
	}
	return p, nil
}

// copyLists gives the copy lists of its own wherever something is added. Debug
// sections are left out, as they speak of the code's old offsets.
func (p *program) copyLists() {
	m := p.module
	m.Types = slices.Clone(m.Types)
	m.RecGroups = slices.Clone(m.RecGroups)
	m.Funcs = slices.Clone(m.Funcs)
	m.Code = slices.Clone(m.Code)
	m.Globals = slices.Clone(m.Globals)
	m.Exports = slices.Clone(m.Exports)
	m.Customs = functionNames(m)
}

// functionNames are the names of functions, which traps show, in a section made
// anew: wazero takes memory for as many names as a section claims to have.
func functionNames(m *wasm.Module) []wasm.Custom {
	names := m.Names()
	if names == nil {
		return nil
	}
	kept := wasm.Names{Module: names.Module, Funcs: names.Funcs}
	return []wasm.Custom{{Name: "name", Bytes: kept.Append(nil), After: wasm.SectionData}}
}

func (p *program) export(name string, kind wasm.ExternKind, index uint32) {
	p.module.Exports = append(p.module.Exports, wasm.Export{Name: name, Kind: kind, Index: index})
}

func (p *program) addType(params, results []wasm.ValType) wasm.TypeIndex {
	m := p.module
	index := wasm.TypeIndex(len(m.Types))
	m.Types = append(m.Types, wasm.SubType{Kind: wasm.KindFunc, Params: params, Results: results})
	m.RecGroups = append(m.RecGroups, wasm.RecGroup{First: index, Count: 1})
	return index
}

// addFunc adds a function without locals.
func (p *program) addFunc(t wasm.TypeIndex, code []byte) uint32 {
	m := p.module
	index := uint32(len(m.Imports) + len(m.Funcs))
	m.Funcs = append(m.Funcs, t)
	m.Code = append(m.Code, wasm.Body{Bytes: append([]byte{0}, code...)})
	return index
}

func (p *program) addGlobal(name string, t wasm.ValType) uint32 {
	m := p.module
	index := uint32(len(m.Globals))
	zero := wasm.OpI32Const
	if t == wasm.I64 {
		zero = wasm.OpI64Const
	}
	m.Globals = append(m.Globals, wasm.Global{
		GlobalType: wasm.GlobalType{Type: t, Mutable: true},
		Init:       append(zero.Append(nil), 0, byte(wasm.OpEnd)),
	})
	p.export(name, wasm.ExternGlobal, index)
	return index
}

func (in *instrumenter) addGlobals() {
	for i, g := range in.module.Globals {
		in.references = append(in.references, g.Type.IsRef())
		switch {
		case !g.Mutable || g.Type.IsRef():
		case g.Type == wasm.V128:
			in.vectors = append(in.vectors, i)
		default:
			in.globals = append(in.globals, i)
		}
	}
	in.operators += 2 * uint64(len(in.module.Globals))
	in.left = in.addGlobal(exportLeft, wasm.I64)
	in.exhausted = in.addGlobal(exportExhausted, wasm.I32)
	in.irreversible = in.addGlobal(exportIrreversible, wasm.I32)
	if in.countsFuel {
		in.fuel = in.addGlobal(exportOperators, wasm.I64)
	}
}

// addCharges adds the functions that take the size operand of a bulk
// operation, charge for it and give it back.
func (in *instrumenter) addCharges() {
	t := in.addType([]wasm.ValType{wasm.I32}, []wasm.ValType{wasm.I32})
	var code []byte
	code = in.emitSubtractSize(code)
	code = in.emitCheck(code)
	code = op(code, wasm.OpLocalGet, 0)
	in.charge = in.addFunc(t, append(slices.Clone(code), byte(wasm.OpEnd)))
	in.chargeFuel = in.charge
	if in.countsFuel {
		fuel := op(nil, wasm.OpGlobalGet, in.fuel)
		fuel = op(fuel, wasm.OpLocalGet, 0)
		fuel = append(fuel, byte(wasm.OpI64ExtendI32U), byte(wasm.OpI64Add))
		fuel = op(fuel, wasm.OpGlobalSet, in.fuel)
		fuel = append(fuel, code...)
		in.chargeFuel = in.addFunc(t, append(fuel, byte(wasm.OpEnd)))
	}
}

func (in *instrumenter) emitSubtractSize(b []byte) []byte {
	b = op(b, wasm.OpGlobalGet, in.left)
	b = op(b, wasm.OpLocalGet, 0)
	b = append(b, byte(wasm.OpI64ExtendI32U), byte(wasm.OpI64Sub))
	return op(b, wasm.OpGlobalSet, in.left)
}

// emitCheck traps, and says why, if no instructions are left.
func (in *instrumenter) emitCheck(b []byte) []byte {
	b = op(b, wasm.OpGlobalGet, in.left)
	b = append(b, byte(wasm.OpI64Const), 0, byte(wasm.OpI64LtS), byte(wasm.OpIf), 0x40)
	b = append(b, byte(wasm.OpI32Const), 1)
	b = op(b, wasm.OpGlobalSet, in.exhausted)
	return append(b, byte(wasm.OpUnreachable), byte(wasm.OpEnd))
}

// exportGlobals makes the mutable globals readable and writable from outside.
func (in *instrumenter) exportGlobals() {
	for _, i := range in.globals {
		in.export(exportGlobal(i), wasm.ExternGlobal, uint32(i))
	}
	if len(in.vectors) == 0 {
		return
	}
	halves := []wasm.ValType{wasm.I64, wasm.I64}
	getType, setType := in.addType(nil, halves), in.addType(halves, nil)
	for _, i := range in.vectors {
		get := in.addFunc(getType, getVector(uint32(i)))
		set := in.addFunc(setType, setVector(uint32(i)))
		in.export(exportGetV128(i), wasm.ExternFunc, get)
		in.export(exportSetV128(i), wasm.ExternFunc, set)
	}
}

func getVector(global uint32) []byte {
	var b []byte
	for lane := byte(0); lane < 2; lane++ {
		b = op(b, wasm.OpGlobalGet, global)
		b = append(wasm.OpI64x2ExtractLane.Append(b), lane)
	}
	return append(b, byte(wasm.OpEnd))
}

func setVector(global uint32) []byte {
	b := op(nil, wasm.OpLocalGet, 0)
	b = wasm.OpI64x2Splat.Append(b)
	b = op(b, wasm.OpLocalGet, 1)
	b = append(wasm.OpI64x2ReplaceLane.Append(b), 1)
	b = op(b, wasm.OpGlobalSet, global)
	return append(b, byte(wasm.OpEnd))
}

// op appends an instruction with one index.
func op(b []byte, o wasm.Op, index uint32) []byte {
	return wasm.AppendUleb(o.Append(b), uint64(index))
}
