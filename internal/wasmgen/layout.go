package wasmgen

import (
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// layout fixes the index spaces: from here on every index is known.
func (m *module) layout() {
	m.fuel = len(m.imported[wasm.ExternGlobal]) + len(m.defined[wasm.ExternGlobal])
	m.defined[wasm.ExternGlobal] = append(m.defined[wasm.ExternGlobal],
		entity{kind: wasm.ExternGlobal, global: wasm.GlobalType{Type: wasm.I32, Mutable: true}})
	for kind := range kinds {
		m.space[kind] = slices.Concat(m.imported[kind], m.defined[kind])
	}
	m.probes()
	for kind := range kinds {
		for i, e := range m.space[kind] {
			if e.export == "" {
				continue
			}
			m.out.Exports = append(m.out.Exports, wasm.Export{Name: e.export, Kind: wasm.ExternKind(kind), Index: uint32(i)})
			if kind == int(wasm.ExternFunc) {
				m.declared[i] = true
			}
		}
	}
}

// probe adds a function of the module's own, which no other imports.
func (m *module) probe(name string, typ int, code func(*body)) {
	m.space[wasm.ExternFunc] = append(m.space[wasm.ExternFunc],
		entity{kind: wasm.ExternFunc, typ: typ, export: name, probe: code})
}

// probes adds the functions that show the module's state, under names that its
// own functions do not have.
func (m *module) probes() {
	m.probe("refuel", typeVoid, func(b *body) {
		b.op(wasm.OpI32Const).s32(Fuel)
		b.op(wasm.OpGlobalSet).u32(m.fuel)
	})
	for i, e := range m.space[wasm.ExternMemory] {
		m.probe(fmt.Sprintf("peek%d", i), typeI32I64, func(b *body) { b.peek(i, e.memory.Is64) })
		m.probe(fmt.Sprintf("sum%d", i), typeI64, func(b *body) { b.checksum(i, e.memory.Is64) })
	}
	if !m.has(wasm.FeatureReferenceTypes) {
		return
	}
	for i := range m.space[wasm.ExternTable] {
		m.probe(fmt.Sprintf("null%d", i), typeI32I32, func(b *body) {
			b.op(wasm.OpLocalGet).u32(0)
			b.op(wasm.OpTableGet).u32(i)
			b.op(wasm.OpRefIsNull)
		})
		m.probe(fmt.Sprintf("len%d", i), typeI32, func(b *body) { b.op(wasm.OpTableSize).u32(i) })
	}
	for i, e := range m.space[wasm.ExternGlobal] {
		m.probeGlobal(i, e.global.Type)
	}
}

// probeGlobal shows the globals whose values no host can read alike everywhere.
func (m *module) probeGlobal(i int, t wasm.ValType) {
	switch {
	case t == wasm.V128:
		for lane := range 2 {
			m.probe(fmt.Sprintf("lane%d.%d", i, lane), typeI64, func(b *body) {
				b.op(wasm.OpGlobalGet).u32(i)
				b.op(wasm.OpI64x2ExtractLane).raw(lane)
			})
		}
	case t.IsRef():
		m.probe(fmt.Sprintf("isnull%d", i), typeI32, func(b *body) {
			b.op(wasm.OpGlobalGet).u32(i)
			b.op(wasm.OpRefIsNull)
		})
	}
}

// peek loads at the address that is the parameter.
func (b *body) peek(memory int, is64 bool) {
	b.op(wasm.OpLocalGet).u32(0)
	if is64 {
		b.op(wasm.OpI64ExtendI32U)
	}
	b.op(wasm.OpI64Load).memarg(0, 0, memory)
}

// checksum adds up a memory's numbers of 8 bytes: all of those near the ends of
// each page, and one in 64 between them, as interpreters are slow.
func (b *body) checksum(memory int, is64 bool) {
	at, sum := b.local(wasm.I32), b.local(wasm.I64)
	b.op(wasm.OpMemorySize).u32(memory)
	if is64 {
		b.op(wasm.OpI32WrapI64)
	}
	b.op(wasm.OpI32Const).s32(16)
	b.op(wasm.OpI32Shl)
	b.op(wasm.OpLocalSet).u32(at)
	b.op(wasm.OpBlock).raw(emptyBlock)
	b.op(wasm.OpLoop).raw(emptyBlock)
	b.op(wasm.OpLocalGet).u32(at)
	b.op(wasm.OpI32Eqz)
	b.op(wasm.OpBrIf).u32(1)
	b.op(wasm.OpLocalGet).u32(at)
	b.step(at)
	b.op(wasm.OpI32Sub)
	b.op(wasm.OpLocalTee).u32(at)
	if is64 {
		b.op(wasm.OpI64ExtendI32U)
	}
	b.op(wasm.OpI64Load).memarg(0, 0, memory)
	b.op(wasm.OpLocalGet).u32(sum)
	b.op(wasm.OpI64Const).s64(5)
	b.op(wasm.OpI64Rotl)
	b.op(wasm.OpI64Xor)
	b.op(wasm.OpI64Const).s64(0x5851f42d4c957f2d)
	b.op(wasm.OpI64Mul)
	b.op(wasm.OpLocalSet).u32(sum)
	b.op(wasm.OpBr).u32(0)
	b.op(wasm.OpEnd)
	b.op(wasm.OpEnd)
	b.op(wasm.OpLocalGet).u32(sum)
}

// step is 8 where the address, counted down, is near either end of a page, and
// 512 between.
func (b *body) step(at int) {
	b.op(wasm.OpI32Const).s32(8)
	b.op(wasm.OpI32Const).s32(512)
	b.op(wasm.OpLocalGet).u32(at)
	b.op(wasm.OpI32Const).s32(1024)
	b.op(wasm.OpI32Sub)
	b.op(wasm.OpI32Const).s32(0xffff)
	b.op(wasm.OpI32And)
	b.op(wasm.OpI32Const).s32(0xf800)
	b.op(wasm.OpI32GeU)
	b.op(wasm.OpSelect)
}
