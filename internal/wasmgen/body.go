package wasmgen

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// body is the code of one function under construction. Its methods draw code
// that leaves the operand stack as their names say.
type body struct {
	*module
	code    []byte
	params  int
	locals  []wasm.ValType // parameters first; types of the pool
	results []wasm.ValType
	labels  [][]wasm.ValType // what branches to the open blocks take, outermost first
	left    int              // how many more instructions may be drawn
	depth   int              // of the expression that is being drawn
}

const (
	maxDrawn = 120 // instructions of a function
	maxDepth = 6   // of expressions and of blocks
)

func (m *module) newBody(typ int) *body {
	t := &m.pool.types[typ]
	return &body{module: m, params: len(t.Params), locals: slices.Clone(t.Params), results: t.Results,
		labels: [][]wasm.ValType{t.Results}, left: maxDrawn}
}

// function is the body of a defined function.
func (m *module) function(e *entity) wasm.Body {
	b := m.newBody(e.typ)
	if e.probe != nil {
		e.probe(b)
	} else {
		for range b.intn(4) {
			b.local(b.valTypeOf(true))
		}
		b.tick()
		b.statements(8)
		b.values(b.results)
	}
	return b.finish()
}

func (b *body) finish() wasm.Body {
	var runs []wasm.LocalRun
	for _, t := range b.locals[b.params:] {
		t = b.valType(t)
		if n := len(runs); n > 0 && runs[n-1].Type == t {
			runs[n-1].Count++
		} else {
			runs = append(runs, wasm.LocalRun{Count: 1, Type: t})
		}
	}
	code := append(wasm.AppendLocals(nil, runs), b.code...)
	return wasm.Body{Bytes: append(code, byte(wasm.OpEnd))}
}

// local declares one and gives its index.
func (b *body) local(t wasm.ValType) int {
	b.locals = append(b.locals, t)
	return len(b.locals) - 1
}

// valTypeOf draws a value type of the pool.
func (m *module) valTypeOf(defaultable bool) wasm.ValType {
	return m.drawType(len(m.pool.types), defaultable)
}

// The methods below write one instruction and its immediates.

func (b *body) op(op wasm.Op) *body {
	b.left--
	b.code = op.Append(b.code)
	return b
}

func (b *body) raw(v int) *body {
	b.code = append(b.code, byte(v))
	return b
}

func (b *body) u32(v int) *body {
	b.code = wasm.AppendUleb(b.code, uint64(v))
	return b
}

func (b *body) s32(v int) *body {
	b.code = wasm.AppendSleb(b.code, int64(int32(v)))
	return b
}

func (b *body) s64(v int64) *body {
	b.code = wasm.AppendSleb(b.code, v)
	return b
}

// typ writes a type index.
func (b *body) typ(t int) *body { return b.u32(int(b.typeOf[t])) }

// heap writes a heap type of the pool.
func (b *body) heap(h wasm.HeapType) *body {
	if h >= 0 {
		h = wasm.HeapType(b.typeOf[h])
	}
	b.code = wasm.AppendHeapType(b.code, h)
	return b
}

func (b *body) memarg(align int, offset uint64, memory int) *body {
	b.code = wasm.AppendMemarg(b.code, uint64(align), offset, uint64(memory), memory != 0)
	return b
}

// tick takes fuel. If there is none, the function returns.
func (b *body) tick() {
	b.op(wasm.OpGlobalGet).u32(b.fuel)
	b.op(wasm.OpI32Eqz)
	b.op(wasm.OpIf).raw(emptyBlock)
	for _, t := range b.results {
		b.leaf(t)
	}
	b.op(wasm.OpReturn)
	b.op(wasm.OpEnd)
	b.op(wasm.OpGlobalGet).u32(b.fuel)
	b.op(wasm.OpI32Const).s32(1)
	b.op(wasm.OpI32Sub)
	b.op(wasm.OpGlobalSet).u32(b.fuel)
}

// statements are up to n, which leave the stack as it is.
func (b *body) statements(n int) {
	for range b.intn(n) + 1 {
		if b.left <= 0 || len(b.labels) > maxDepth {
			return
		}
		b.statement()
	}
}

func (b *body) statement() {
	switch b.intn(24) {
	case 0, 1, 2:
		b.setLocal()
	case 3, 4:
		b.setGlobal()
	case 5, 6, 7, 8:
		b.store()
	case 9, 10:
		b.consume(b.call())
	case 11, 12:
		b.consume(b.callIndirect())
	case 13:
		b.consume(b.callRef())
	case 14:
		b.block()
	case 15:
		b.branch()
	case 16:
		b.leave()
	case 17:
		b.bulkMemory()
	case 18:
		b.tableWrite()
	case 19:
		b.tableBulk()
	case 20:
		b.drop()
	case 21:
		b.try()
	case 22:
		b.heapWrite()
	default:
		b.branchOnReference()
	}
}

// consume takes values of the types from the stack, the last one first.
func (b *body) consume(types []wasm.ValType) {
	for i := len(types) - 1; i >= 0; i-- {
		list := b.localsFor(types[i])
		if len(list) > 0 && b.mostly(3) {
			b.op(wasm.OpLocalSet).u32(pick(&b.source, list))
		} else {
			b.op(wasm.OpDrop)
		}
	}
}

// localsFor lists those that may be set to a value of the type.
func (b *body) localsFor(t wasm.ValType) []int {
	var list []int
	for i, to := range b.locals {
		if b.pool.matches(t, to) {
			list = append(list, i)
		}
	}
	return list
}

func (b *body) setLocal() {
	if len(b.locals) == 0 {
		b.op(wasm.OpNop)
		return
	}
	i := b.intn(len(b.locals))
	b.expr(b.locals[i])
	b.op(wasm.OpLocalSet).u32(i)
}

func (b *body) setGlobal() {
	list := b.find(wasm.ExternGlobal, func(e *entity) bool { return e.global.Mutable })
	i := pick(&b.source, list) // there is always the fuel
	if i == b.fuel {
		b.op(wasm.OpNop)
		return
	}
	b.expr(b.space[wasm.ExternGlobal][i].global.Type)
	b.op(wasm.OpGlobalSet).u32(i)
}

func (b *body) drop() {
	b.expr(b.valTypeOf(false))
	b.op(wasm.OpDrop)
}

// find lists the indices of a space whose entities fit.
func (m *module) find(kind wasm.ExternKind, fits func(*entity) bool) []int {
	var list []int
	for i := range m.space[kind] {
		if fits(&m.space[kind][i]) {
			list = append(list, i)
		}
	}
	return list
}
