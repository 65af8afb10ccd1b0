package wasmgen

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// signature is the type of a function of the pool.
func (m *module) signature(typ int) *wasm.SubType { return &m.pool.types[typ] }

// call calls a function and gives the types of what it leaves.
func (b *body) call() []wasm.ValType {
	list := b.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil })
	f := pick(&b.source, list)
	t := b.signature(b.space[wasm.ExternFunc][f].typ)
	b.values(t.Params)
	b.op(wasm.OpCall).u32(f)
	return t.Results
}

// funcTables lists the tables that hold functions; wazero calls through no table
// of one type of functions.
func (m *module) funcTables() []int {
	return m.find(wasm.ExternTable, func(e *entity) bool {
		return e.table.Elem == wasm.FuncRef || !m.Wazero && m.pool.matches(e.table.Elem, wasm.FuncRef)
	})
}

func (b *body) callIndirect() []wasm.ValType {
	tables := b.funcTables()
	if len(tables) == 0 {
		b.op(wasm.OpNop)
		return nil
	}
	typ := b.funcType()
	b.callTable(typ, pick(&b.source, tables))
	return b.signature(typ).Results
}

// funcType draws the type of a function that there is, mostly.
func (b *body) funcType() int {
	if b.oneIn(8) {
		return pick(&b.source, b.pool.of(wasm.KindFunc))
	}
	list := b.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil })
	return b.space[wasm.ExternFunc][pick(&b.source, list)].typ
}

// callTable calls what stands in a table.
func (b *body) callTable(typ, table int) {
	b.values(b.signature(typ).Params)
	b.slot(table)
	b.op(wasm.OpCallIndirect).typ(typ).u32(table)
}

// callRef calls a function through a reference.
func (b *body) callRef() []wasm.ValType {
	if !b.has(wasm.FeatureFunctionReferences) {
		return b.call()
	}
	typ := b.funcType()
	b.values(b.signature(typ).Params)
	b.expr(refNull(typ))
	b.op(wasm.OpCallRef).typ(typ)
	return b.signature(typ).Results
}

// block is one with a type of the pool: a block, a loop or an if.
func (b *body) block() {
	if len(b.labels) > maxDepth {
		return
	}
	typ := typeVoid
	if b.has(wasm.FeatureMultiValue) {
		typ = pick(&b.source, b.pool.of(wasm.KindFunc))
	}
	t := b.signature(typ)
	b.values(t.Params)
	switch b.intn(3) {
	case 0:
		b.openTyped(wasm.OpBlock, typ, t.Results)
	case 1:
		b.openTyped(wasm.OpLoop, typ, t.Params)
		b.tick()
	default:
		b.expr(wasm.I32)
		b.openTyped(wasm.OpIf, typ, t.Results)
		b.inside(t)
		b.op(wasm.OpElse)
	}
	b.inside(t)
	b.close()
	b.consume(t.Results)
}

func (b *body) inside(t *wasm.SubType) {
	b.consume(t.Params)
	b.statements(4)
	b.values(t.Results)
}

func (b *body) openTyped(op wasm.Op, typ int, label []wasm.ValType) {
	b.op(op)
	if typ == typeVoid {
		b.raw(emptyBlock)
	} else {
		b.s64(int64(b.typeOf[typ]))
	}
	b.labels = append(b.labels, label)
}

// label is the types of the block that a depth names.
func (b *body) label(depth int) []wasm.ValType { return b.labels[len(b.labels)-1-depth] }

// branch is a conditional one.
func (b *body) branch() {
	to := b.intn(len(b.labels))
	b.values(b.label(to))
	b.expr(wasm.I32)
	b.op(wasm.OpBrIf).u32(to)
	b.consume(b.label(to))
}

// leave is an if that does not come to its end.
func (b *body) leave() {
	b.expr(wasm.I32)
	b.openTyped(wasm.OpIf, typeVoid, nil)
	switch b.intn(16) {
	default:
		b.values(b.results)
		b.op(wasm.OpReturn)
	case 1, 2, 7, 8, 9:
		to := b.intn(len(b.labels))
		b.values(b.label(to))
		b.op(wasm.OpBr).u32(to)
	case 3, 10, 11:
		b.branchTable()
	case 4, 5, 12:
		b.tailCall()
	case 6:
		b.throw()
	case 15:
		b.op(wasm.OpUnreachable)
	}
	b.dead()
	b.close()
}

// dead is code that is never reached; its operands may come from nowhere.
func (b *body) dead() {
	if b.oneIn(3) {
		b.op(wasm.OpI32Add)
		b.op(wasm.OpDrop)
	}
	if b.oneIn(3) {
		b.statements(2)
	}
}

// branchTable branches to labels that take the same types.
func (b *body) branchTable() {
	to := b.intn(len(b.labels))
	var list []int
	for depth := range b.labels {
		if slices.Equal(b.label(depth), b.label(to)) {
			list = append(list, depth)
		}
	}
	b.values(b.label(to))
	b.expr(wasm.I32)
	n := b.intn(5)
	b.op(wasm.OpBrTable).u32(n)
	for range n {
		b.u32(pick(&b.source, list))
	}
	b.u32(to)
}

// tailCall returns the results of a call, or just returns.
func (b *body) tailCall() {
	same := func(typ int) bool { return slices.Equal(b.signature(typ).Results, b.results) }
	var types []int
	for _, typ := range b.pool.of(wasm.KindFunc) {
		if same(typ) {
			types = append(types, typ)
		}
	}
	funcs := b.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil && same(e.typ) })
	tables := b.funcTables()
	switch how := b.intn(3); {
	case !b.has(wasm.FeatureTailCall):
		b.values(b.results)
		b.op(wasm.OpReturn)
	case how == 1 && len(tables) > 0:
		typ, table := pick(&b.source, types), pick(&b.source, tables)
		b.values(b.signature(typ).Params)
		b.slot(table)
		b.op(wasm.OpReturnCallIndirect).typ(typ).u32(table)
	case how == 2 && b.has(wasm.FeatureFunctionReferences):
		typ := pick(&b.source, types)
		b.values(b.signature(typ).Params)
		b.expr(refNull(typ))
		b.op(wasm.OpReturnCallRef).typ(typ)
	default:
		b.tailCallTo(funcs)
	}
}

func (b *body) tailCallTo(funcs []int) {
	f := pick(&b.source, funcs) // the function itself is one
	b.values(b.signature(b.space[wasm.ExternFunc][f].typ).Params)
	b.op(wasm.OpReturnCall).u32(f)
}

func (b *body) throw() {
	tags := b.space[wasm.ExternTag]
	if len(tags) == 0 {
		b.op(wasm.OpUnreachable)
		return
	}
	i := b.intn(len(tags))
	b.values(b.signature(tags[i].typ).Params)
	b.op(wasm.OpThrow).u32(i)
}

// try runs statements under a handler for a tag, or for any exception.
func (b *body) try() {
	if !b.has(wasm.FeatureExceptions) || len(b.labels) > maxDepth {
		return
	}
	tags := b.space[wasm.ExternTag]
	if len(tags) == 0 || b.oneIn(3) {
		b.tryAll()
		return
	}
	tag := b.intn(len(tags))
	caught := b.signature(tags[tag].typ).Params
	results := b.module.out.AddFuncType(nil, b.valTypes(caught))
	b.op(wasm.OpBlock).s64(int64(results))
	b.labels = append(b.labels, caught)
	b.op(wasm.OpTryTable).raw(emptyBlock).u32(1).raw(0).u32(tag).u32(0)
	b.guarded()
	b.values(caught)
	b.close()
	b.consume(caught)
}

// tryAll catches everything, with the exception in the _ref form.
func (b *body) tryAll() {
	byRef := b.oneIn(2)
	caught := []wasm.ValType(nil)
	b.op(wasm.OpBlock)
	if byRef {
		caught = []wasm.ValType{exnRef}
		b.raw(int(exnRef.Code))
	} else {
		b.raw(emptyBlock)
	}
	b.labels = append(b.labels, caught)
	b.op(wasm.OpTryTable).raw(emptyBlock).u32(1).raw(2 + len(caught)).u32(0)
	b.guarded()
	if byRef {
		b.op(wasm.OpRefNull).heap(wasm.HeapType(exnRef.Code) - 0x80)
	}
	b.close()
	if byRef {
		b.caught()
	}
}

// caught keeps an exception and may throw it again, which traps if there is none.
func (b *body) caught() {
	x := b.local(exnRef)
	b.op(wasm.OpLocalSet).u32(x)
	b.expr(wasm.I32)
	b.op(wasm.OpIf).raw(emptyBlock)
	b.op(wasm.OpLocalGet).u32(x)
	b.op(wasm.OpThrowRef)
	b.op(wasm.OpEnd)
}

// guarded is the inside of a try_table and its end.
func (b *body) guarded() {
	b.labels = append(b.labels, nil)
	b.statements(4)
	if b.oneIn(2) {
		b.leave()
	}
	b.close()
}
