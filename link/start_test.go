package link_test

import (
	"context"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestStartChain: the polyfill's start function runs before the user's, and
// either runs where it is the only one.
func TestStartChain(t *testing.T) {
	for _, test := range []struct {
		polyfill, user bool
		want           uint64
	}{{true, true, 12}, {true, false, 1}, {false, true, 2}, {false, false, 0}} {
		// Each start function appends its digit to a number of the polyfill's.
		polyfill := &wasmtest.Module{}
		polyfill.Global("i32", true, "i32.const 0")
		polyfill.Func("env.digit", "i32 ->", "", "global.get 0 i32.const 10 i32.mul local.get 0 i32.add global.set 0")
		polyfill.Func("number", "-> i32", "", "global.get 0")
		if f := wasm.FuncIndex(polyfill.Func("", "", "", "i32.const 1 call 0")); test.polyfill {
			polyfill.Start = &f
		}
		user := &wasmtest.Module{}
		user.Import("env", "digit", "i32 ->")
		if f := wasm.FuncIndex(user.Func("", "", "", "i32.const 2 call 0")); test.user {
			user.Start = &f
		}
		linked := merge(t, user.Encode(), polyfill.Encode(), link.ExportAs("number", "number"))
		got, err := newPair(t, linked, linked).linked.ExportedFunction("number").Call(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != test.want {
			t.Errorf("polyfill %v, user %v: %d, want %d", test.polyfill, test.user, got[0], test.want)
		}
	}
}

// TestDeferredStartTwice: start functions that are deferred run each time, and
// segments that come behind them fill memory the first time, as they are dropped
// then.
func TestDeferredStartTwice(t *testing.T) {
	first := &wasmtest.Module{}
	first.Memory(1, 1)
	first.Exports = append(first.Exports, wasm.Export{Name: "memory", Kind: wasm.ExternMemory})
	first.Func("at", "i32 -> i32", "", "local.get 0 i32.load8_u 0 0")
	start := wasm.FuncIndex(first.Func("", "", "", "i32.const 0 i32.const 9 i32.store8 0 0"))
	first.Start = &start
	second := &wasm.Module{
		Imports: []wasm.Import{{Module: "first", Name: "memory", Kind: wasm.ExternMemory, Memory: wasm.Limits{Min: 1, PageSizeLog2: 16}}},
		Data:    []wasm.Data{{Offset: wasm.Expr{0x41, 0, 0x0b}, Init: []byte{5}}},
	}
	r, err := link.Link([]link.Module{{Name: "first", Wasm: first.Encode()}, {Name: "second", Wasm: second.Encode()}},
		link.Options{DeferStart: "start"})
	if err != nil {
		t.Fatal(err)
	}
	m := newPair(t, r.Wasm, r.Wasm).linked
	for n, want := range []uint64{0, 5, 9, 9} {
		if n > 0 {
			if _, err := m.ExportedFunction("start").Call(context.Background()); err != nil {
				t.Fatalf("call %d: %v", n, err)
			}
		}
		if got, err := m.ExportedFunction("at").Call(context.Background(), 0); err != nil || got[0] != want {
			t.Errorf("after %d calls: %v, want %d, error %v", n, got, want, err)
		}
	}
}
