package wasmgen

import (
	"math/bits"

	"github.com/icsplice/icsplice/internal/wasm"
)

// page is the size of one in bytes.
const page = 1 << 16

// maxPages and maxSlots bound what memory.grow and table.grow may reach, as
// engines keep all of it.
const (
	maxPages = 6
	maxSlots = 40
)

// memory draws a memory; false if there is none.
func (b *body) memory() (int, *entity, bool) {
	n := len(b.space[wasm.ExternMemory])
	if n == 0 {
		return 0, nil, false
	}
	i := b.intn(n)
	return i, &b.space[wasm.ExternMemory][i], true
}

// address pushes an address for an access of width bytes and gives the static
// offset: mostly inside of the memory, often at its end, sometimes outside.
func (b *body) address(i int, e *entity, width int) (offset uint64) {
	end := max(int64(e.memory.Min)*page-int64(width), 0)
	switch how := b.intn(64); {
	case how < 16:
		b.constant(e.memory.Is64, uint64(b.byte())*4)
	case how < 26:
		b.constant(e.memory.Is64, uint64(b.byte()))
		return uint64(b.byte())
	case how < 40:
		b.masked(e, 0x3fff)
		return uint64(b.byte()) * uint64(b.intn(3))
	case how < 48:
		b.constant(e.memory.Is64, uint64(end))
	case how < 54:
		offset = min(uint64(b.byte())*256, uint64(end))
		b.constant(e.memory.Is64, uint64(end)-offset)
	case how < 59:
		b.lastOf(i, e, width)
	case how == 59:
		b.constant(e.memory.Is64, uint64(end)+uint64(b.intn(2)))
	case how == 60:
		b.masked(e, 0xff)
		return -uint64(1+b.byte()) & 0xffffffff
	case how == 61:
		b.masked(e, -1)
	default:
		b.constant(e.memory.Is64, uint64(b.uint32()))
		return uint64(b.uint32())
	}
	return offset
}

// constant pushes an address or an index.
func (b *body) constant(is64 bool, v uint64) {
	if is64 {
		b.op(wasm.OpI64Const).s64(int64(v))
	} else {
		b.op(wasm.OpI32Const).s32(int(int32(v)))
	}
}

// masked pushes a computed address.
func (b *body) masked(e *entity, mask int) {
	b.expr(wasm.I32)
	if mask >= 0 {
		b.op(wasm.OpI32Const).s32(mask)
		b.op(wasm.OpI32And)
	}
	if e.memory.Is64 {
		b.op(wasm.OpI64ExtendI32U)
	}
}

// lastOf pushes the last address of the memory as large as it is then.
func (b *body) lastOf(i int, e *entity, width int) {
	b.op(wasm.OpMemorySize).u32(i)
	if e.memory.Is64 {
		b.op(wasm.OpI32WrapI64)
	}
	b.op(wasm.OpI32Const).s32(page)
	b.op(wasm.OpI32Mul)
	b.op(wasm.OpI32Const).s32(width)
	b.op(wasm.OpI32Sub)
	if e.memory.Is64 {
		b.op(wasm.OpI64ExtendI32U)
	}
}

// access writes a load or store whose operands are pushed.
func (b *body) access(in *instruction, memory int, offset uint64) {
	natural := bits.Len(uint(in.width)) - 1
	align := natural
	if !in.atomic {
		align = b.intn(natural + 1)
	}
	b.op(in.op).memarg(align, offset, memory)
	if in.imm == wasm.ImmMemargLane {
		b.raw(b.intn(in.lanes()))
	}
}

// load pushes a number from memory.
func (b *body) load(t wasm.ValType) bool {
	list := b.loads[t]
	if len(list) == 0 || len(b.space[wasm.ExternMemory]) == 0 {
		return false
	}
	in := pick(&b.source, list)
	i, e, _ := b.memory()
	offset := b.address(i, e, in.width)
	b.values(in.params)
	b.access(&in, i, offset)
	return true
}

func (b *body) store() {
	i, e, ok := b.memory()
	if !ok {
		b.setGlobal()
		return
	}
	in := pick(&b.source, b.stores)
	offset := b.address(i, e, in.width)
	b.values(in.params)
	b.access(&in, i, offset)
}

func (b *body) memorySize() bool {
	i, e, ok := b.memory()
	if !ok {
		return false
	}
	b.op(wasm.OpMemorySize).u32(i)
	b.wrap(e)
	return true
}

// wrap makes an address an i32.
func (b *body) wrap(e *entity) {
	if e.memory.Is64 {
		b.op(wasm.OpI32WrapI64)
	}
}

// memoryGrow pushes what memory.grow gives, or -1 where the memory is large
// enough for a test.
func (b *body) memoryGrow() bool {
	i, e, ok := b.memory()
	if !ok {
		return false
	}
	b.op(wasm.OpMemorySize).u32(i)
	b.wrap(e)
	b.op(wasm.OpI32Const).s32(maxPages)
	b.op(wasm.OpI32LtU)
	b.open(wasm.OpIf, wasm.I32, []wasm.ValType{wasm.I32})
	switch b.intn(4) {
	case 0, 1:
		b.constant(e.memory.Is64, uint64(b.intn(3)))
	case 2:
		b.masked(e, 1)
	default:
		b.constant(e.memory.Is64, uint64(0xffffffff-b.intn(3)*0x8000))
	}
	b.op(wasm.OpMemoryGrow).u32(i)
	b.wrap(e)
	b.op(wasm.OpElse)
	b.op(wasm.OpI32Const).s32(-1)
	b.close()
	return true
}

// bulkMemory fills, copies, initialises or drops.
func (b *body) bulkMemory() {
	i, e, ok := b.memory()
	if !ok || !b.has(wasm.FeatureBulkMemory) {
		b.store()
		return
	}
	switch b.intn(4) {
	case 0:
		b.span(i, e)
		b.expr(wasm.I32)
		b.length(e.memory.Is64)
		b.op(wasm.OpMemoryFill).u32(i)
	case 1:
		from, f, _ := b.memory()
		b.span(i, e)
		b.span(from, f)
		b.length(e.memory.Is64 && f.memory.Is64)
		b.op(wasm.OpMemoryCopy).u32(i).u32(from)
	case 2:
		b.memoryInit(i, e)
	default:
		if len(b.out.Data) > 0 && b.oneIn(2) {
			b.op(wasm.OpDataDrop).u32(b.intn(len(b.out.Data)))
		}
	}
}

// memoryInit copies from a segment. To wazero an active one still holds its bytes,
// although it is dropped when it has been copied.
func (b *body) memoryInit(i int, e *entity) {
	var list []int
	for d := range b.out.Data {
		if !b.Wazero || b.out.Data[d].Mode() == wasm.Passive {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return
	}
	b.span(i, e)
	b.op(wasm.OpI32Const).s32(b.intn(6))
	b.length(false)
	b.op(wasm.OpMemoryInit).u32(pick(&b.source, list)).u32(i)
}

// span pushes the start of a range.
func (b *body) span(i int, e *entity) {
	switch how := b.intn(32); {
	case how < 14:
		b.constant(e.memory.Is64, uint64(b.byte()))
	case how < 27:
		b.masked(e, 0xfff)
	case how < 29:
		b.lastOf(i, e, b.intn(16))
	case how < 31:
		b.constant(e.memory.Is64, e.memory.Min*page-uint64(b.intn(16))&0xffffffff)
	default:
		b.masked(e, -1)
	}
}

// length pushes that of a range.
func (b *body) length(is64 bool) {
	switch b.intn(32) {
	case 31:
		b.constant(is64, uint64(b.uint32()))
	default:
		b.constant(is64, uint64(b.intn(16)))
	}
}
