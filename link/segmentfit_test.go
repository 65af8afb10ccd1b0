package link_test

import (
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestSegmentsThatDoNotFit: instantiation writes the segments before one that
// does not fit, so they are not joined with it.
func TestSegmentsThatDoNotFit(t *testing.T) {
	for last, want := range map[string]int{"xy": 1, "xyz": 2} {
		m := &wasmtest.Module{}
		m.Memory(1, 1)
		m.Func("f", "", "i32", "i32.const 0 i32.load 2 0 drop")
		data := func(offset int64, bytes string) wasm.Data {
			return wasm.Data{Offset: append(wasm.AppendSleb([]byte{byte(wasm.OpI32Const)}, offset), byte(wasm.OpEnd)), Init: []byte(bytes)}
		}
		read, err := wasm.Read(m.Encode())
		if err != nil {
			t.Fatal(err)
		}
		read.Data = []wasm.Data{data(65530, "abcd"), data(65534, last)}
		r, err := link.Link([]link.Module{{Name: "a", Wasm: read.Encode()}}, link.Options{})
		if err != nil {
			t.Fatal(err)
		}
		linked, err := wasm.Read(r.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		if len(linked.Data) != want {
			t.Errorf("%q: %d segments, want %d", last, len(linked.Data), want)
		}
	}
}
