package link_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// basePages is the size of the test polyfill's memory.
const basePages = 31

// polyfillModule is a polyfill of nothing but memory, filled with 0xEE so that
// a leak shows.
func polyfillModule(pages int) []byte {
	m := &wasm.Module{
		Memories: []wasm.Limits{{Min: uint64(pages), Max: uint64(pages), HasMax: true}},
		Data: []wasm.Data{{
			Offset: wasm.Expr{0x41, 0, 0x0b},
			Init:   []byte(strings.Repeat("\xee", pages<<16)),
		}},
	}
	return m.Encode()
}

// memoryModule exports for each scalar memory instruction of the table a
// function that runs it on its parameters, once for each static offset, and
// functions around size and bulk memory.
func memoryModule(offsets []uint64) *wasm.Module {
	one := uint32(1)
	m := &wasm.Module{
		Memories:  []wasm.Limits{{Min: 2, Max: 5, HasMax: true}},
		DataCount: &one,
		Data:      []wasm.Data{{Flags: 1, Init: []byte("0123456789abcdef")}},
	}
	add := func(name string, params, results []wasm.ValType, code ...byte) {
		m.Exports = append(m.Exports, wasm.Export{Name: name, Index: uint32(len(m.Funcs))})
		m.Funcs = append(m.Funcs, m.AddFuncType(params, results))
		m.Code = append(m.Code, wasm.Body{Bytes: append(append([]byte{0}, code...), 0x0b)})
	}
	for op := wasm.OpI32Load; op <= wasm.OpI64Store32; op++ {
		info, ok := op.Info()
		if !ok {
			continue
		}
		for _, offset := range offsets {
			params, results, code := scalarAccess(info.Name)
			code = wasm.AppendUleb(append(op.Append(code), 0), offset)
			add(fmt.Sprintf("%s offset=%d", info.Name, offset), params, results, code...)
		}
	}
	i32 := []wasm.ValType{wasm.I32}
	three := []wasm.ValType{wasm.I32, wasm.I32, wasm.I32}
	add("size", nil, i32, 0x3f, 0)
	add("grow", i32, i32, 0x20, 0, 0x40, 0)
	add("memory.copy", three, nil, 0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 10, 0, 0)
	add("memory.fill", three, nil, 0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 11, 0)
	add("memory.init", three, nil, 0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 8, 0, 0)
	add("data.drop", nil, nil, 0xfc, 9, 0)
	add("sum", nil, []wasm.ValType{wasm.I64}, sumCode...)
	m.Code[len(m.Code)-1].Bytes[0] = 1
	m.Code[len(m.Code)-1].Bytes = append([]byte{2, 1, 0x7f, 1, 0x7e}, m.Code[len(m.Code)-1].Bytes[1:]...)
	return m
}

// sumCode is a checksum of all of memory by 64-bit words.
var sumCode = []byte{
	0x03, 0x40, // loop
	0x20, 1, 0x42, 31, 0x7e, 0x20, 0, 0x29, 3, 0, 0x7c, 0x21, 1, // sum = sum*31 + word
	0x20, 0, 0x41, 8, 0x6a, 0x22, 0, // i += 8
	0x3f, 0, 0x41, 16, 0x74, 0x49, // i < size
	0x0d, 0, 0x0b, 0x20, 1,
}

func scalarAccess(name string) (params, results []wasm.ValType, code []byte) {
	types := map[string]wasm.ValType{"i32": wasm.I32, "i64": wasm.I64, "f32": wasm.F32, "f64": wasm.F64}
	t := types[name[:3]]
	if strings.Contains(name, "store") {
		return []wasm.ValType{wasm.I32, t}, nil, []byte{0x20, 0, 0x20, 1}
	}
	return []wasm.ValType{wasm.I32}, []wasm.ValType{t}, []byte{0x20, 0}
}

// pair runs the same module alone and linked.
type pair struct{ alone, linked api.Module }

func newPair(t *testing.T, alone, linked []byte) pair {
	t.Helper()
	ctx := context.Background()
	instantiate := func(b []byte) api.Module {
		r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesTailCall))
		t.Cleanup(func() { r.Close(ctx) })
		m, err := r.InstantiateWithConfig(ctx, b, wazero.NewModuleConfig().WithStartFunctions())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	return pair{instantiate(alone), instantiate(linked)}
}

// call calls both and wants the same results or the same trap.
func (p pair) call(t *testing.T, name string, args ...uint64) {
	t.Helper()
	want, wantErr := p.alone.ExportedFunction(name).Call(context.Background(), args...)
	got, gotErr := p.linked.ExportedFunction(name).Call(context.Background(), args...)
	if trap(wantErr) != trap(gotErr) || fmt.Sprint(want) != fmt.Sprint(got) {
		t.Errorf("%s%x = %v, %q; alone it is %v, %q", name, args, got, trap(gotErr), want, trap(wantErr))
	}
}

// trap is the reason of a trap without the stack.
func trap(err error) string {
	if err == nil {
		return ""
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	reason, _, _ := strings.Cut(err.Error(), "\n")
	return reason
}

func merge(t *testing.T, user, polyfill []byte, opts ...link.Option) []byte {
	t.Helper()
	r, err := link.Merge(user, polyfill, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r.Wasm
}

// TestMemorySeesNoDifference runs every memory instruction around all edges
// of the user's memory, of the shift and of the address space.
func TestMemorySeesNoDifference(t *testing.T) {
	shift := uint64(basePages << 16)
	offsets := []uint64{0, 1, 127, 128, 65535, 65536, 2<<16 - 8, 2<<16 - 1, 1<<32 - shift - 1, 1<<32 - shift, 1<<32 - 1}
	addresses := []uint64{0, 1, 8, 65535, 2<<16 - 8, 2<<16 - 7, 2<<16 - 4, 2<<16 - 1, 2 << 16, 5 << 16,
		1<<31 - 1, 1 << 31, 1<<32 - shift - 1, 1<<32 - shift, 1<<32 - shift + 1, 1<<32 - 8, 1<<32 - 1}
	m := memoryModule(offsets)
	alone := m.Encode()
	p := newPair(t, alone, merge(t, alone, polyfillModule(basePages)))

	p.call(t, "memory.init", 100, 0, 16)
	p.call(t, "memory.fill", 2<<16-16, 0x5a, 16)
	for _, e := range m.Exports {
		typ := m.Types[m.Funcs[e.Index]]
		if !strings.Contains(e.Name, "offset=") {
			continue
		}
		for _, a := range addresses {
			args := []uint64{a, 0x8877665544332211}
			p.call(t, e.Name, args[:len(typ.Params)]...)
		}
	}
	p.call(t, "sum")
}

func TestBulkMemorySeesNoDifference(t *testing.T) {
	alone := memoryModule(nil).Encode()
	p := newPair(t, alone, merge(t, alone, polyfillModule(basePages)))
	edges := []uint64{0, 1, 100, 2<<16 - 1, 2 << 16, 2<<16 + 1, 1<<32 - basePages<<16, 1<<32 - 1}
	for _, d := range edges {
		for _, s := range edges {
			for _, n := range []uint64{0, 1, 8, 200, 2 << 16, 1<<32 - 1} {
				p.call(t, "memory.copy", d, s, n)
				p.call(t, "memory.fill", d, s, n)
				p.call(t, "memory.init", d, s%32, n%64)
			}
		}
	}
	p.call(t, "sum")
	p.call(t, "data.drop")
	p.call(t, "memory.init", 0, 0, 1)
	p.call(t, "memory.init", 0, 0, 0)
	p.call(t, "memory.init", 2<<16+1, 0, 0)
	for _, n := range []uint64{0, 1, 3, 1, 1, 1<<32 - 1, 0} {
		p.call(t, "grow", n)
		p.call(t, "size")
		p.call(t, "sum")
	}
}
