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
