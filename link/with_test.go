package link_test

import (
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestMergeWithOptions: the general options reach Merge.
func TestMergeWithOptions(t *testing.T) {
	user := &wasmtest.Module{}
	user.Memory(1, -1)
	user.Func("_start", "", "", "nop")
	user.Func("twin", "", "", "nop")
	user.Func("", "", "", "nop nop")
	funcs := func(opts ...link.Option) int {
		out, err := wasm.Read(merge(t, user.Encode(), polyfillModule(1), opts...))
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Funcs)
	}
	for _, test := range []struct {
		o    link.Options
		want int
	}{{link.Options{}, 1}, {link.Options{NoFold: true}, 2}, {link.Options{NoFold: true, KeepAll: true}, 3}} {
		if got := funcs(link.With(test.o)); got != test.want {
			t.Errorf("%+v: %d functions, want %d", test.o, got, test.want)
		}
	}
	user.Func("bad", "-> i32", "", "nop")
	if _, err := link.Merge(user.Encode(), polyfillModule(1), link.With(link.Options{})); err == nil {
		t.Error("an invalid program was not refused")
	}
}
