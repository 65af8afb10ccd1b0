package relocate_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// accessModule has a function for each access to memory at each offset: it
// takes the instruction's operands and gives its result.
func accessModule(offsets []uint64) *wasm.Module {
	m := &wasmtest.Module{}
	m.Memory(1, 1)
	for _, op := range allOps() {
		sig, info := op.Signature(), wasm.OpInfo{}
		if info, _ = op.Info(); sig == nil || sig.Width == 0 {
			continue
		}
		if strings.HasPrefix(info.Name, "memory.atomic") {
			continue // they need a shared memory
		}
		for _, offset := range offsets {
			m.Funcs = append(m.Funcs, accessType(&m.Module, sig))
			m.Code = append(m.Code, wasm.Body{Bytes: accessBody(op, sig, offset)})
			m.Exports = append(m.Exports, wasm.Export{
				Name: fmt.Sprintf("%s offset %#x", info.Name, offset), Index: uint32(len(m.Funcs) - 1)})
		}
	}
	return &m.Module
}

// accessType takes a v128 as two i64 and gives one as its lower half.
func accessType(m *wasm.Module, sig *wasm.Signature) wasm.TypeIndex {
	var params, results []wasm.ValType
	for _, p := range []byte(sig.Params) {
		switch p {
		case wasm.AddressType:
			params = append(params, wasm.I32)
		case wasm.V128.Code:
			params = append(params, wasm.I64)
		default:
			params = append(params, wasm.ValType{Code: p})
		}
	}
	for _, r := range []byte(sig.Results) {
		if r == wasm.V128.Code {
			r = wasm.I64.Code
		}
		results = append(results, wasm.ValType{Code: r})
	}
	return m.AddFuncType(params, results)
}

func accessBody(op wasm.Op, sig *wasm.Signature, offset uint64) []byte {
	b := []byte{0}
	for i, p := range []byte(sig.Params) {
		b = append(b, byte(wasm.OpLocalGet), byte(i))
		if p == wasm.V128.Code {
			b = wasm.OpI64x2Splat.Append(b)
		}
	}
	align := byte(0)
	if op>>16 == 0xfe {
		for w := sig.Width; w > 1; w /= 2 {
			align++
		}
	}
	b = wasm.AppendUleb(append(op.Append(b), align), offset)
	if info, _ := op.Info(); info.Imm == wasm.ImmMemargLane {
		b = append(b, 0)
	}
	if sig.Results == string(wasm.V128.Code) {
		b = append(wasm.OpI64x2ExtractLane.Append(b), 0)
	}
	return append(b, byte(wasm.OpEnd))
}

// bounded puts the module's one page between two others.
func bounded(t *testing.T, m *wasm.Module) *wasm.Module {
	t.Helper()
	out := *m
	out.Memories = []wasm.Limits{{Min: 3, HasMax: true, Max: 3}}
	out.Code = nil
	r := &relocate.Map{Funcs: relocate.Identity(len(m.Funcs)), Memories: relocate.Identity(1),
		Memory: []relocate.Memory{{Shift: page, Bounded: true, Bytes: page}}}
	for i, body := range m.Code {
		b, err := r.Func(nil, body, &m.Types[m.Funcs[i]], nil)
		if err != nil {
			t.Fatal(err)
		}
		out.Code = append(out.Code, wasm.Body{Bytes: b})
	}
	return &out
}

const page = 1 << 16

func instantiate(t *testing.T, m *wasm.Module) api.Module {
	t.Helper()
	ctx := context.Background()
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesThreads
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	t.Cleanup(func() { rt.Close(ctx) })
	out := *m
	out.Exports = append(m.Exports[:len(m.Exports):len(m.Exports)], wasm.Export{Name: "memory", Kind: wasm.ExternMemory})
	mod, err := rt.Instantiate(ctx, out.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return mod
}

// outcome is what a call gives: its results or the kind of its trap.
func outcome(mod api.Module, name string, args []uint64) string {
	results, err := mod.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return first
	}
	return fmt.Sprint(results)
}

// TestBounded makes every access at and around the end of a memory that has
// another one before it and behind it: results, traps and what the memory holds
// are those of the memory that stands alone, and the others are left alone.
func TestBounded(t *testing.T) {
	offsets := []uint64{0, 1, 8, page - 8, page - 4, page - 1, page, page + 1, 1<<32 - 1}
	plain := accessModule(offsets)
	alone, between := instantiate(t, plain), instantiate(t, bounded(t, plain))
	pattern := make([]byte, page)
	for i := range pattern {
		pattern[i] = byte(i*7 + i>>8)
	}
	reset := func() {
		alone.Memory().Write(0, pattern)
		between.Memory().Write(page, pattern)
	}
	reset()
	traps, calls := 0, 0
	for _, x := range plain.Exports {
		def := alone.ExportedFunction(x.Name).Definition()
		var offset uint64
		fmt.Sscanf(x.Name[strings.LastIndex(x.Name, " ")+1:], "0x%x", &offset)
		for _, a := range []uint64{0, 3, 8, page - offset, page - offset - 1, page - offset - 2, page - offset - 4,
			page - offset - 8, page - offset - 16, page - 1, page, 2*page - 4, 1<<31 + 4, 1<<32 - 8, 1<<32 - 1} {
			args := []uint64{a & 0xffffffff, 0x0102030405060708, 0x0908070605040302}[:len(def.ParamTypes())]
			got, want := outcome(between, x.Name, args), outcome(alone, x.Name, args)
			if calls++; strings.HasPrefix(want, "wasm error") {
				traps++
			}
			if got != want && !(unaligned(x.Name, a+offset) && strings.HasPrefix(got, "wasm error")) {
				t.Errorf("%s at %#x: %s, want %s", x.Name, a, got, want)
			}
			if len(def.ResultTypes()) > 0 && !strings.Contains(x.Name, "rmw") {
				continue
			}
			a, _ := alone.Memory().Read(0, page)
			b, _ := between.Memory().Read(0, 3*page)
			if !bytes.Equal(a, b[page:2*page]) || bytes.ContainsFunc(b[:page], notZero) || bytes.ContainsFunc(b[2*page:], notZero) {
				t.Fatalf("%s at %#x: the memories differ", x.Name, a)
			}
		}
		reset()
	}
	if calls < 5000 || traps < calls/4 || traps > calls*9/10 {
		t.Errorf("%d calls, %d traps", calls, traps)
	}
}

// unaligned tells whether an atomic access has to trap whatever the bounds; it
// is open then which of two traps is taken first.
func unaligned(name string, address uint64) bool {
	op, _, _ := strings.Cut(name, " ")
	for _, o := range allOps() {
		if o>>16 == 0xfe && o.String() == op {
			return address%uint64(o.Signature().Width) != 0
		}
	}
	return false
}

func notZero(r rune) bool { return r != 0 }
