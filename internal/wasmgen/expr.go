package wasmgen

import (
	"github.com/icsplice/icsplice/internal/wasm"
)

// values pushes one of each type.
func (b *body) values(types []wasm.ValType) {
	for _, t := range types {
		b.expr(t)
	}
}

// expr pushes a value of the type.
func (b *body) expr(t wasm.ValType) {
	if b.left <= 0 || b.depth >= maxDepth || !b.compound(t) {
		b.leaf(t)
	}
}

// compound tries to push a value that is computed. If it cannot, it has written
// nothing.
func (b *body) compound(t wasm.ValType) bool {
	b.depth++
	defer func() { b.depth-- }()
	switch b.intn(16) {
	case 1, 2, 3:
		return b.getLocal(t)
	case 4:
		return b.getGlobal(t)
	case 5, 6, 7:
		return b.compute(t)
	case 8, 9, 10:
		return b.load(t)
	case 11:
		return b.callFor(t)
	case 12:
		return b.blockFor(t)
	case 13:
		return b.selectFor(t)
	case 14, 15:
		if t == wasm.I32 {
			return b.observe()
		}
		return b.reference(t)
	}
	return false
}

// leaf pushes the simplest value of the type.
func (b *body) leaf(t wasm.ValType) {
	switch t {
	case wasm.I32:
		b.op(wasm.OpI32Const).s32(int(int32(b.uint32())))
	case wasm.I64:
		b.op(wasm.OpI64Const).s64(int64(b.uint64()))
	case wasm.F32:
		b.op(wasm.OpF32Const).bits(uint64(b.uint32()), 4)
	case wasm.F64:
		b.op(wasm.OpF64Const).bits(b.uint64(), 8)
	case wasm.V128:
		b.op(wasm.OpV128Const).bits(b.uint64(), 8).bits(b.uint64(), 8)
	default:
		b.code = b.constRef(b.code, t, b.oneIn(8))
	}
}

func (b *body) bits(v uint64, n int) *body {
	for i := range n {
		b.code = append(b.code, byte(v>>(8*i)))
	}
	return b
}

func (b *body) getLocal(t wasm.ValType) bool {
	var list []int
	for i, from := range b.locals {
		if b.pool.matches(from, t) {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return false
	}
	b.op(wasm.OpLocalGet).u32(pick(&b.source, list))
	return true
}

func (b *body) getGlobal(t wasm.ValType) bool {
	list := b.find(wasm.ExternGlobal, func(e *entity) bool { return b.pool.matches(e.global.Type, t) })
	if len(list) == 0 {
		return false
	}
	b.op(wasm.OpGlobalGet).u32(pick(&b.source, list))
	return true
}

// compute pushes the result of a numeric instruction.
func (b *body) compute(t wasm.ValType) bool {
	list := b.plain[t]
	if len(list) == 0 {
		return false
	}
	at := int(b.byte())<<8 | int(b.byte())
	in := list[at%len(list)]
	b.values(in.params)
	b.op(in.op)
	switch in.imm {
	case wasm.ImmLane:
		b.raw(b.intn(in.lanes()))
	case wasm.ImmShuffle:
		for range 16 {
			b.raw(b.intn(32))
		}
	}
	return true
}

// callFor calls a function for its one result.
func (b *body) callFor(t wasm.ValType) bool {
	gives := func(typ int) bool {
		r := b.pool.types[typ].Results
		return len(r) == 1 && b.pool.matches(r[0], t)
	}
	list := b.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil && gives(e.typ) })
	if len(list) > 0 && b.mostly(3) {
		f := pick(&b.source, list)
		b.values(b.pool.types[b.space[wasm.ExternFunc][f].typ].Params)
		b.op(wasm.OpCall).u32(f)
		return true
	}
	var types []int
	for _, typ := range b.pool.of(wasm.KindFunc) {
		if gives(typ) {
			types = append(types, typ)
		}
	}
	tables := b.funcTables()
	if len(types) == 0 || len(tables) == 0 {
		return false
	}
	b.callTable(pick(&b.source, types), pick(&b.source, tables))
	return true
}

// blockFor pushes the result of a block, a loop or an if.
func (b *body) blockFor(t wasm.ValType) bool {
	if len(b.labels) > maxDepth {
		return false
	}
	results := []wasm.ValType{t}
	switch b.intn(3) {
	case 0:
		b.open(wasm.OpBlock, t, results)
	case 1:
		b.open(wasm.OpLoop, t, nil)
		b.tick()
	default:
		b.expr(wasm.I32)
		b.open(wasm.OpIf, t, results)
		b.statements(2)
		b.expr(t)
		b.op(wasm.OpElse)
	}
	b.statements(3)
	b.expr(t)
	b.close()
	return true
}

// open starts a block with one result.
func (b *body) open(op wasm.Op, result wasm.ValType, label []wasm.ValType) {
	b.op(op)
	b.code = wasm.AppendValType(b.code, b.valType(result))
	b.labels = append(b.labels, label)
}

func (b *body) close() {
	b.op(wasm.OpEnd)
	b.labels = b.labels[:len(b.labels)-1]
}

func (b *body) selectFor(t wasm.ValType) bool {
	// wazero takes the type of a select for a single byte, and knows no exnref there.
	known := t == wasm.FuncRef || t == wasm.ExternRef || !b.Wazero
	if t.IsRef() && !(known && b.has(wasm.FeatureReferenceTypes)) {
		return false
	}
	b.expr(t)
	b.expr(t)
	b.expr(wasm.I32)
	if t.IsRef() || b.has(wasm.FeatureReferenceTypes) && b.oneIn(4) {
		b.op(wasm.OpSelectT).u32(1)
		b.code = wasm.AppendValType(b.code, b.valType(t))
	} else {
		b.op(wasm.OpSelect)
	}
	return true
}

// observe pushes an i32 that tells of the module's state.
func (b *body) observe() bool {
	switch b.intn(4) {
	case 0:
		return b.memorySize()
	case 1:
		return b.memoryGrow()
	case 2:
		return b.tableSize()
	default:
		return b.testReference()
	}
}
