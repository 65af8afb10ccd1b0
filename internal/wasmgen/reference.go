package wasmgen

import (
	"github.com/icsplice/icsplice/internal/wasm"
)

// constRef appends a reference as constant expressions may hold it; null, where
// the type has one, if null.
func (m *module) constRef(code []byte, t wasm.ValType, null bool) []byte {
	if t.Code == codeRef {
		return m.nonNull(code, t)
	}
	if !null {
		if code, ok := m.someRef(code, t); ok {
			return code
		}
	}
	return m.nullRef(code, t)
}

func (m *module) nullRef(code []byte, t wasm.ValType) []byte {
	heap := wasm.HeapType(t.Code) - 0x80
	if concrete(t) {
		heap = m.valType(t).Heap
	}
	return wasm.AppendHeapType(wasm.OpRefNull.Append(code), heap)
}

// nonNull is a reference for a type without null. If no function is of the type,
// it traps, which constant expressions cannot: none has such a type.
func (m *module) nonNull(code []byte, t wasm.ValType) []byte {
	if code, ok := m.someRef(code, t); ok {
		return code
	}
	return wasm.OpRefAsNonNull.Append(m.nullRef(code, t))
}

// someRef is a reference that is not null, if there is any.
func (m *module) someRef(code []byte, t wasm.ValType) ([]byte, bool) {
	switch {
	case t == wasm.FuncRef:
		return m.funcRef(code, func(int) bool { return true })
	case t == anyRef || t == eqRef || t == i31Ref:
		code = wasm.AppendSleb(wasm.OpI32Const.Append(code), int64(int8(m.byte())))
		return wasm.OpRefI31.Append(code), true
	case !concrete(t):
		return code, false
	}
	at := int(t.Heap)
	switch m.pool.types[at].Kind {
	case wasm.KindFunc:
		return m.funcRef(code, func(typ int) bool { return typ == at })
	case wasm.KindStruct:
		code = wasm.OpStructNewDefault.Append(code)
	default:
		code = wasm.AppendSleb(wasm.OpI32Const.Append(code), int64(m.intn(4)))
		code = wasm.OpArrayNewDefault.Append(code)
	}
	return wasm.AppendUleb(code, uint64(m.typeOf[at])), true
}

func (m *module) funcRef(code []byte, fits func(typ int) bool) ([]byte, bool) {
	list := m.find(wasm.ExternFunc, func(e *entity) bool { return e.probe == nil && fits(e.typ) })
	if len(list) == 0 {
		return code, false
	}
	f := pick(&m.source, list)
	if !m.declared[f] {
		m.declared[f] = true
		m.named = append(m.named, f)
	}
	return wasm.AppendUleb(wasm.OpRefFunc.Append(code), uint64(f)), true
}

// reference tries to push one that is computed.
func (b *body) reference(t wasm.ValType) bool {
	switch {
	case !t.IsRef():
		return b.fieldFor(t)
	case b.intn(3) == 0:
		return b.tableGet(t)
	case t.Code == codeRef && b.oneIn(2):
		b.expr(wasm.ValType{Code: codeRefNull, Heap: t.Heap})
		b.op(wasm.OpRefAsNonNull)
		return true
	case b.has(wasm.FeatureGc) && concrete(t):
		return b.makeOrCast(t)
	}
	return b.fieldFor(t)
}

// testReference pushes what a question to a reference gives.
func (b *body) testReference() bool {
	if !b.has(wasm.FeatureReferenceTypes) {
		return false
	}
	if !b.has(wasm.FeatureGc) || b.oneIn(3) {
		b.expr(pick(&b.source, []wasm.ValType{wasm.FuncRef, wasm.ExternRef}))
		b.op(wasm.OpRefIsNull)
		return true
	}
	switch b.intn(4) {
	case 0:
		b.expr(eqRef)
		b.expr(eqRef)
		b.op(wasm.OpRefEq)
	case 1:
		b.expr(i31Ref)
		b.op(wasm.OpI31GetS + wasm.Op(b.intn(2)))
	case 2:
		return b.arrayLen()
	default:
		to := b.intn(len(b.pool.types))
		b.expr(b.top(to))
		b.op(wasm.OpRefTest + wasm.Op(b.intn(2))).heap(wasm.HeapType(to))
	}
	return true
}

// top is the type above all of a type's kind.
func (b *body) top(t int) wasm.ValType {
	if b.pool.types[t].Kind == wasm.KindFunc {
		return wasm.FuncRef
	}
	return anyRef
}

// branchOnReference branches where a reference is null, or where it is not.
func (b *body) branchOnReference() {
	if !b.has(wasm.FeatureFunctionReferences) {
		b.branch()
		return
	}
	t := refNull(b.intn(len(b.pool.types)))
	notNull := wasm.ValType{Code: codeRef, Heap: t.Heap}
	if b.has(wasm.FeatureGc) && b.oneIn(2) {
		b.branchOnCast(t, notNull)
		return
	}
	if b.oneIn(2) {
		b.openTyped(wasm.OpBlock, typeVoid, nil)
		b.expr(t)
		b.op(wasm.OpBrOnNull).u32(0)
		b.op(wasm.OpDrop)
		b.close()
		return
	}
	b.open(wasm.OpBlock, notNull, []wasm.ValType{notNull})
	b.expr(t)
	b.op(wasm.OpBrOnNonNull).u32(0)
	b.expr(notNull)
	b.close()
	b.consume([]wasm.ValType{notNull})
}

// branchOnCast branches where a reference is, or is not, of a type.
func (b *body) branchOnCast(t, notNull wasm.ValType) {
	top := b.top(int(t.Heap))
	on, label, rest := wasm.OpBrOnCast, notNull, top
	if b.oneIn(2) {
		on, label, rest = wasm.OpBrOnCastFail, top, notNull
	}
	b.open(wasm.OpBlock, label, []wasm.ValType{label})
	b.expr(top)
	b.op(on).raw(1).u32(0).heap(wasm.HeapType(top.Code) - 0x80).heap(t.Heap)
	b.consume([]wasm.ValType{rest})
	b.expr(label)
	b.close()
	b.consume([]wasm.ValType{label})
}
