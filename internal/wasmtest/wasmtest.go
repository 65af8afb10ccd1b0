// Package wasmtest makes small modules for tests: bodies are written as the
// text format's instructions without folding, one after the other.
package wasmtest

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// ops finds instructions by name.
var ops = func() map[string]wasm.Op {
	m := map[string]wasm.Op{}
	for _, page := range []wasm.Op{0, 0xfb, 0xfc, 0xfd, 0xfe} {
		for sub := wasm.Op(0); sub < 0x200; sub++ {
			if info, ok := (page<<16 | sub).Info(); ok && m[info.Name] == 0 {
				m[info.Name] = page<<16 | sub
			}
		}
	}
	return m
}()

var types = map[string]wasm.ValType{
	"i32": wasm.I32, "i64": wasm.I64, "f32": wasm.F32, "f64": wasm.F64, "v128": wasm.V128,
	"funcref": wasm.FuncRef, "externref": wasm.ExternRef,
}

// Types reads value types separated by blanks.
func Types(s string) []wasm.ValType {
	var list []wasm.ValType
	for _, f := range strings.Fields(s) {
		t, ok := types[f]
		if !ok {
			panic("wasmtest: unknown type " + f)
		}
		list = append(list, t)
	}
	return list
}

// Code assembles instructions, such as "local.get 0 i32.const 5 call 3".
// Immediates are numbers in the order of the binary format (memarg: alignment
// exponent, offset); a block type is "void", a value type or a type index. The
// final end is added.
func Code(text string) []byte {
	a := &assembler{words: strings.Fields(text)}
	for len(a.words) > 0 {
		a.instr()
	}
	return append(a.out, byte(wasm.OpEnd))
}

// Body is Code behind local declarations; locals are their types.
func Body(locals, text string) wasm.Body {
	var runs []wasm.LocalRun
	for _, t := range Types(locals) {
		runs = append(runs, wasm.LocalRun{Count: 1, Type: t})
	}
	return wasm.Body{Bytes: append(wasm.AppendLocals(nil, runs), Code(text)...)}
}

type assembler struct {
	words []string
	out   []byte
}

func (a *assembler) next() string {
	if len(a.words) == 0 {
		panic("wasmtest: an immediate is missing")
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w
}

func (a *assembler) number() int64 {
	w := a.next()
	v, err := strconv.ParseInt(w, 0, 64)
	if err != nil {
		panic(fmt.Sprintf("wasmtest: %q is no number", w))
	}
	return v
}

func (a *assembler) instr() {
	name := a.next()
	op, ok := ops[name]
	if !ok {
		panic("wasmtest: unknown instruction " + name)
	}
	info, _ := op.Info()
	a.out = op.Append(a.out)
	switch info.Imm {
	case wasm.ImmNone:
	case wasm.ImmBlockType:
		a.blockType()
	case wasm.ImmI32, wasm.ImmI64:
		a.out = wasm.AppendSleb(a.out, a.number())
	case wasm.ImmF32:
		a.bits(uint64(math.Float32bits(float32(a.float()))), 4)
	case wasm.ImmF64:
		a.bits(math.Float64bits(a.float()), 8)
	case wasm.ImmV128:
		a.bits(uint64(a.number()), 8)
		a.bits(0, 8)
	case wasm.ImmHeapType:
		a.out = append(a.out, types[a.next()].Code)
	case wasm.ImmBrTable:
		n := a.number()
		a.ulebs(n)
		for range n + 1 {
			a.ulebs(a.number())
		}
	default:
		for range immediates[info.Imm] {
			a.ulebs(a.number())
		}
	}
}

// immediates counts the u32 of the kinds that are nothing else.
var immediates = map[wasm.Imm]int{
	wasm.ImmLabel: 1, wasm.ImmFunc: 1, wasm.ImmType: 1, wasm.ImmTable: 1, wasm.ImmLocal: 1, wasm.ImmGlobal: 1,
	wasm.ImmTag: 1, wasm.ImmMemory: 1, wasm.ImmData: 1, wasm.ImmElem: 1, wasm.ImmLane: 1,
	wasm.ImmTypeTable: 2, wasm.ImmTableTable: 2, wasm.ImmMemoryMemory: 2, wasm.ImmDataMemory: 2, wasm.ImmElemTable: 2,
	wasm.ImmMemarg: 2, wasm.ImmMemargLane: 3,
}

func (a *assembler) ulebs(v int64) { a.out = wasm.AppendUleb(a.out, uint64(v)) }

func (a *assembler) bits(v uint64, n int) {
	for i := range n {
		a.out = append(a.out, byte(v>>(8*i)))
	}
}

func (a *assembler) float() float64 {
	v, err := strconv.ParseFloat(a.next(), 64)
	if err != nil {
		panic("wasmtest: " + err.Error())
	}
	return v
}

func (a *assembler) blockType() {
	w := a.next()
	if w == "void" {
		a.out = append(a.out, 0x40)
	} else if t, ok := types[w]; ok {
		a.out = append(a.out, t.Code)
	} else {
		a.words = append([]string{w}, a.words...)
		a.out = wasm.AppendSleb(a.out, a.number())
	}
}

// Module is a module under construction. Functions get their indices in order;
// imports must come first.
type Module struct{ wasm.Module }

// Import adds a function import and gives its index. A signature is
// "i32 i64 -> i32".
func (m *Module) Import(module, name, signature string) uint32 {
	if len(m.Funcs) > 0 {
		panic("wasmtest: an import after a function")
	}
	m.Imports = append(m.Imports, wasm.Import{Module: module, Name: name, Type: m.signature(signature)})
	return uint32(len(m.Imports) - 1)
}

// Func adds a function and gives its index. It is exported if export is not "".
func (m *Module) Func(export, signature, locals, text string) uint32 {
	index := uint32(m.NumFuncs())
	m.Funcs = append(m.Funcs, m.signature(signature))
	m.Code = append(m.Code, Body(locals, text))
	if export != "" {
		m.Exports = append(m.Exports, wasm.Export{Name: export, Index: index})
	}
	return index
}

func (m *Module) signature(s string) wasm.TypeIndex {
	params, results, _ := strings.Cut(s, "->")
	return m.AddFuncType(Types(params), Types(results))
}

// Global adds a global of type i32, i64, f32 or f64 and gives its index.
func (m *Module) Global(typ string, mutable bool, init string) uint32 {
	m.Globals = append(m.Globals, wasm.Global{
		GlobalType: wasm.GlobalType{Type: types[typ], Mutable: mutable}, Init: Code(init)})
	return uint32(len(m.Globals) - 1)
}

// Memory gives the module a memory; max below 0 is none.
func (m *Module) Memory(min, max int) {
	l := wasm.Limits{Min: uint64(min)}
	if max >= 0 {
		l.HasMax, l.Max = true, uint64(max)
	}
	m.Memories = append(m.Memories, l)
}

// Table gives the module a table that holds the functions.
func (m *Module) Table(funcs ...uint32) {
	n := uint64(len(funcs))
	m.Tables = append(m.Tables, wasm.Table{TableType: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: n}}})
	e := wasm.Elem{Offset: Code("i32.const 0"), Type: wasm.FuncRef}
	for _, f := range funcs {
		e.Funcs = append(e.Funcs, wasm.FuncIndex(f))
	}
	m.Elems = append(m.Elems, e)
}
