package link

import "github.com/icsplice/icsplice/internal/wasm"

// asm is code that the linker writes. Its methods append one instruction each.
type asm []byte

func (a *asm) op(ops ...wasm.Op) *asm {
	for _, op := range ops {
		*a = op.Append(*a)
	}
	return a
}

// index appends an instruction with its immediates, which are indices.
func (a *asm) index(op wasm.Op, list ...uint32) *asm {
	*a = op.Append(*a)
	for _, i := range list {
		*a = wasm.AppendUleb(*a, uint64(i))
	}
	return a
}

func (a *asm) i32(v uint32) *asm {
	*a = wasm.AppendSleb(wasm.OpI32Const.Append(*a), int64(int32(v)))
	return a
}

func (a *asm) i64(v uint64) *asm {
	*a = wasm.AppendSleb(wasm.OpI64Const.Append(*a), int64(v))
	return a
}

func (a *asm) local(i uint32) *asm     { return a.index(wasm.OpLocalGet, i) }
func (a *asm) tee(i uint32) *asm       { return a.index(wasm.OpLocalTee, i) }
func (a *asm) global(i uint32) *asm    { return a.index(wasm.OpGlobalGet, i) }
func (a *asm) setGlobal(i uint32) *asm { return a.index(wasm.OpGlobalSet, i) }
func (a *asm) call(i uint32) *asm      { return a.index(wasm.OpCall, i) }

// if_ opens an if with that result, 0x40 for none.
func (a *asm) if_(result byte) *asm {
	*a = append(wasm.OpIf.Append(*a), result)
	return a
}

// raw appends finished code.
func (a *asm) raw(code ...byte) *asm {
	*a = append(*a, code...)
	return a
}

const void = 0x40

// newBody begins a body with n further locals of type i32.
func newBody(n uint32) *asm {
	a := &asm{0}
	if n > 0 {
		*a = append(wasm.AppendUleb([]byte{1}, uint64(n)), wasm.I32.Code)
	}
	return a
}

// end closes a body.
func (a *asm) end() []byte { return *a.op(wasm.OpEnd) }
