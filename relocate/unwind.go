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
	// Any is set when a call through a typed reference may raise the flag.
	Any bool
}

const (
	opIf     = 0x04
	opEnd    = 0x0b
	opReturn = 0x0f
	btVoid   = 0x40
)

// check is the code that follows a call in a function with these results. It
// leaves the stack as it is. m renumbers reference types.
func (u *Unwind) check(results []wasm.ValType, m *Map) ([]byte, error) {
	code := []byte{byte(wasm.OpGlobalGet)}
	code = wasm.AppendUleb(code, uint64(u.Flag))
	code = append(code, opIf, btVoid)
	for _, t := range results {
		var err error
		if code, err = appendUnwound(code, t, m); err != nil {
			return nil, err
		}
	}
	return append(code, opReturn, opEnd), nil
}

// appendUnwound appends the constant that a result of type t is while
// unwinding. That an i32 is 1 is what skipsCheck builds on.
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

// enter notes a block that begins at the given nesting depth (1 is the body).
func (e *exitBlock) enter(depth int, in *wasm.Instr) {
	if depth == 1 {
		e.open = in.Op == wasm.OpBlock && int64(in.X) == -64
	}
}

// leave notes the end of a block and reports false when checks were left out
// for a block that turns out not to be the last one.
func (e *exitBlock) leave(depth, end, n int) bool {
	if depth != 1 {
		return true
	}
	last := end == n-3
	wrong := e.used && !last
	e.open, e.used = false, false
	return !wrong
}

// skipsCheck reports whether next, the instruction after a call, leaves to the
// exit block when the callee returned 1, at the given nesting depth.
func (e *exitBlock) skipsCheck(depth int, next *wasm.Instr) bool {
	if !e.candidate || !e.open || next.Op != wasm.OpBrIf {
		return false
	}
	if depth < 2 || next.X != uint64(depth-2) {
		return false
	}
	e.used = true
	return true
}
