package link

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// bytes is the whole body of a synthetic function.
func (s *synth) bytes(p *plan) []byte {
	if s.body != nil {
		return s.body(p)
	}
	a := newBody(0)
	for i := range s.typ.Params {
		a.local(uint32(i))
	}
	return a.raw(s.code(p)...).end()
}

// constant drops its operands and gives v.
func constant(name string, typ *wasm.SubType, v uint64) *synth {
	return &synth{name: name, typ: *typ, code: func(*plan) []byte {
		a := &asm{}
		for range typ.Params {
			a.op(wasm.OpDrop)
		}
		for _, t := range typ.Results {
			if t == wasm.I64 {
				a.i64(v)
			} else {
				a.i32(uint32(v))
			}
		}
		return *a
	}}
}

// blobCopy copies from blob i to memory: the operands are those of memory.init.
func blobCopy(i int, name string) *synth {
	i32s := []wasm.ValType{wasm.I32, wasm.I32, wasm.I32}
	return &synth{name: name + "_copy", typ: funcTypeOf(i32s, nil), code: func(p *plan) []byte {
		a := &asm{}
		return *a.index(wasm.OpMemoryInit, p.blobsAt+uint32(i)).raw(0)
	}}
}

// startChain calls start functions one after the other.
func startChain(starts []funcID) *synth {
	return &synth{name: "link.start", typ: nothingType, calls: starts, body: func(p *plan) []byte {
		a := newBody(0)
		for _, id := range starts {
			a.call(p.funcs[p.resolve(id)])
		}
		return a.end()
	}}
}

// adapter calls an ic0 function with its addresses moved to where the user's
// memory is. An address that would pass the end of the address space becomes
// the last one, which is never inside memory.
func adapter(f *abi.Function, typ wasm.SubType, id funcID) *synth {
	return &synth{name: "ic0." + f.Name, typ: typ, calls: []funcID{id}, body: func(p *plan) []byte {
		a := newBody(0)
		for i, param := range f.Params {
			switch {
			case param.Kind == abi.Value:
				a.local(uint32(i))
			case param.Type == abi.I64:
				a.moved64(uint32(i), p.shift())
			default:
				a.moved(uint32(i), p.shift())
			}
		}
		return a.call(p.funcs[id]).end()
	}}
}

// moved pushes local i, a user address, as an address in the whole memory.
func (a *asm) moved(i, shift uint32) *asm {
	a.i32(0xffffffff).local(i).i32(shift).op(wasm.OpI32Add)
	return a.local(i).i32(-shift-1).op(wasm.OpI32GtU, wasm.OpSelect)
}

// moved64 is moved for an address of 64 bits. One that is past 32 bits already
// stays.
func (a *asm) moved64(i, shift uint32) *asm {
	a.local(i).local(i).i64(uint64(shift)).op(wasm.OpI64Add)
	return a.local(i).i64(0xffffffff).op(wasm.OpI64GtU, wasm.OpSelect)
}

var (
	i32Type     = []wasm.ValType{wasm.I32}
	growType    = funcTypeOf(i32Type, i32Type)
	threeI32    = funcTypeOf([]wasm.ValType{wasm.I32, wasm.I32, wasm.I32}, nil)
	nothingType = funcTypeOf(nil, nil)
)

// memoryGrow grows the user's memory, which ends the whole memory.
func memoryGrow() *synth {
	return &synth{name: "memory.grow", typ: growType, body: func(p *plan) []byte {
		a := newBody(1)
		a.local(0).op(wasm.OpMemoryGrow).raw(0).tee(1).i32(0xffffffff).op(wasm.OpI32Eq)
		a.if_(wasm.I32.Code).i32(0xffffffff).op(wasm.OpElse)
		return a.local(1).i32(p.base).op(wasm.OpI32Sub, wasm.OpEnd).end()
	}}
}

// memoryRegrow grows the memory of a user that can be instantiated again. What
// an earlier instance has grown is there already and is zero.
func memoryRegrow() *synth {
	return &synth{name: "memory.grow", typ: growType, body: func(p *plan) []byte {
		a := newBody(1)
		// Past the limit: -1. The size never passes the limit.
		a.i32(p.userMax()).global(p.pages).op(wasm.OpI32Sub).local(0).op(wasm.OpI32LtU)
		a.if_(void).i32(0xffffffff).op(wasm.OpReturn, wasm.OpEnd)
		// The pages that the whole memory lacks, if any.
		a.global(p.pages).local(0).op(wasm.OpI32Add).i32(p.base).op(wasm.OpI32Add)
		a.op(wasm.OpMemorySize).raw(0).op(wasm.OpI32Sub).tee(1).i32(0).op(wasm.OpI32GtS)
		a.if_(void).local(1).op(wasm.OpMemoryGrow).raw(0).i32(0xffffffff).op(wasm.OpI32Eq)
		a.if_(void).i32(0xffffffff).op(wasm.OpReturn, wasm.OpEnd).op(wasm.OpEnd)
		a.global(p.pages)
		return a.global(p.pages).local(0).op(wasm.OpI32Add).setGlobal(p.pages).end()
	}}
}

// memoryCopy moves both addresses.
func memoryCopy() *synth {
	return &synth{name: "memory.copy", typ: threeI32, body: func(p *plan) []byte {
		a := newBody(0).moved(0, p.shift()).moved(1, p.shift()).local(2)
		return a.op(wasm.OpMemoryCopy).raw(0, 0).end()
	}}
}

// memoryFill moves its address.
func memoryFill() *synth {
	return &synth{name: "memory.fill", typ: threeI32, body: func(p *plan) []byte {
		return newBody(0).moved(0, p.shift()).local(1).local(2).op(wasm.OpMemoryFill).raw(0).end()
	}}
}

// memoryInit moves the address of memory.init on the user's segment. When the
// user can be instantiated again, a dropped segment is only marked as dropped,
// and counts as empty.
func memoryInit(segment int) *synth {
	return &synth{name: "memory.init", typ: threeI32, body: func(p *plan) []byte {
		a := newBody(0).moved(0, p.shift())
		if dropped, ok := p.dropped[segment]; ok {
			// The source of a non-empty copy from a dropped segment is put
			// outside of it, so that it traps as it should.
			a.i32(0xffffffff).local(1)
			a.local(1).local(2).op(wasm.OpI32Or).i32(0).op(wasm.OpI32Ne)
			a.global(dropped).op(wasm.OpI32And, wasm.OpSelect)
		} else {
			a.local(1)
		}
		return a.local(2).index(wasm.OpMemoryInit, uint32(segment)).raw(0).end()
	}}
}
