package relocate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Unwind describes how functions return early. When the flag, a global, is not
// zero after a call that may raise it, the calling function returns at once. An
// i32 that it then returns is 1, and every other number is 0.
type Unwind struct {
	Flag uint32 // the flag's global index in the output
	// Indirect is indexed by type: an indirect call of that type may raise
	// the flag.
	Indirect []bool
	// Results are those of the types, by type; see Call.Results.
	Results [][]wasm.ValType
	// Any is set when a call through a typed reference may raise the flag.
	Any bool
}

const (
	opIf     = 0x04
	opEnd    = 0x0b
	opReturn = 0x0f
	btVoid   = 0x40
)

// results are those of type t, as far as they are given.
func (u *Unwind) results(t uint64) []wasm.ValType {
	if t < uint64(len(u.Results)) {
		return u.Results[t]
	}
	return nil
}

// unwound is the code that takes a condition and, where it holds, returns from a
// function with these results. m renumbers reference types.
func unwound(results []wasm.ValType, m *Map) ([]byte, error) {
	code := []byte{opIf, btVoid}
	for _, t := range results {
		var err error
		if code, err = appendUnwound(code, t, m); err != nil {
			return nil, err
		}
	}
	return append(code, opReturn, opEnd), nil
}

// appendUnwound appends the constant that a result of type t is while
// unwinding. That an i32 is 1 is what exit blocks build on.
func appendUnwound(code []byte, t wasm.ValType, m *Map) ([]byte, error) {
	switch t {
	case wasm.I32:
		return append(code, byte(wasm.OpI32Const), 1), nil
	case wasm.I64:
		return append(code, byte(wasm.OpI64Const), 0), nil
	case wasm.F32:
		return append(code, byte(wasm.OpF32Const), 0, 0, 0, 0), nil
	case wasm.F64:
		return append(code, byte(wasm.OpF64Const), 0, 0, 0, 0, 0, 0, 0, 0), nil
	case wasm.V128:
		code = append(code, 0xfd, 0x0c)
		return append(code, make([]byte, 16)...), nil
	case wasm.FuncRef, wasm.ExternRef:
		return append(code, byte(wasm.OpRefNull), t.Code), nil
	}
	if t.Code == codeRef {
		return nil, fmt.Errorf("a function that can reach proc_exit returns %v, which has no null value to unwind with", t)
	}
	heap := wasm.HeapType(int8(t.Code | 0x80))
	if t.Code == codeRefNull {
		var ok bool
		if heap, ok = m.HeapType(t.Heap); !ok {
			return nil, fmt.Errorf("type %d does not exist in its module", t.Heap)
		}
	}
	return wasm.AppendSleb(append(code, byte(wasm.OpRefNull)), int64(heap)), nil
}

// exitBlock recognises functions that end a block with `i32.const 1` and
// return it. Go's compiler writes every function so: after each call it leaves
// to that block when the callee returned 1. Such a call needs no check of the
// flag, as a function that unwinds returns 1 already.
type exitBlock struct {
	candidate bool // the body begins and ends in the right way
	open      bool // the outermost block is still the first one
	used      bool // some check was left out in reliance on it
}

// newExitBlock looks at the instructions of a whole body.
func newExitBlock(code []byte, results []wasm.ValType) exitBlock {
	n := len(code)
	ok := n >= 4 && code[n-4] == opEnd && code[n-3] == byte(wasm.OpI32Const) && code[n-2] == 1 &&
		len(results) == 1 && results[0] == wasm.I32
	return exitBlock{candidate: ok}
}

// takes reports whether in leaves to the exit block when the value before it is
// 1, at the given nesting depth, and relies on it if so.
func (e *exitBlock) takes(in *wasm.Instr, depth int) bool {
	if !e.candidate || !e.open || in.Op != wasm.OpBrIf || depth < 2 || in.X != uint64(depth-2) {
		return false
	}
	e.used = true
	return true
}

// block follows the blocks of the body: depth is the nesting behind in. It
// reports false when checks were left out for a block that turns out not to be
// the last one.
func (e *exitBlock) block(in *wasm.Instr, depth, n int) bool {
	switch in.Op {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry, wasm.OpTryTable:
		if depth == 2 {
			e.open = in.Op == wasm.OpBlock && int64(in.X) == -64
		}
	case wasm.OpEnd, wasm.OpDelegate:
		if depth == 1 {
			wrong := e.used && in.End != n-3
			e.open, e.used = false, false
			return !wrong
		}
	}
	return true
}
