package link_test

import (
	"bytes"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// roundabout is code that could be said in fewer bytes: a nop, and an address and
// an offset that make one sum.
const roundabout = "nop i32.const 1000 i32.load 2 4 drop "

// straight is what comes of it a page further up: 66540 is 1000 and 4 and 65536.
const straight = "i32.const 0 i32.load 2 66540 drop "

// codeOf is the code of an exported function without local variables.
func codeOf(t *testing.T, module []byte, export string) []byte {
	t.Helper()
	m, err := wasm.Read(module)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range m.Exports {
		if e.Name == export && e.Kind == link.Func {
			return m.Code[int(e.Index)-m.NumImportedFuncs()].Bytes[1:]
		}
	}
	t.Fatalf("nothing is exported as %s", export)
	return nil
}

// TestPeepholesWhereShifted: an input whose memory stays where it is keeps its
// instructions, also beside one whose memory is shifted.
func TestPeepholesWhereShifted(t *testing.T) {
	low, top, none := &named{name: "low"}, &named{name: "top"}, &named{name: "none"}
	low.Memory(1, 1)
	low.Func("low", "", "", "nop nop "+roundabout)
	top.Memory(1, -1)
	top.Func("top", "", "", roundabout)
	top.Func("grow", "-> i32", "", "i32.const 1 memory.grow 0")
	none.Func("none", "", "", "nop i64.const 5 drop")
	for _, c := range []struct {
		name, export, want string
		o                  link.Options
		shortens           bool
	}{
		{"shifted", "top", straight, link.Options{}, true},
		{"beside it, without memory", "none", "nop i64.const 5 drop", link.Options{}, true},
		{"shifted and verbatim", "top", "nop i32.const 1000 i32.load 2 65540 drop", link.Options{Verbatim: true}, false},
		{"apart", "low", "nop nop " + roundabout, link.Options{Memories: link.Apart, Exports: []link.Export{{Module: "low", Name: "low"}}}, false},
	} {
		r := linkAll(t, c.o, low, top, none)
		if got, want := codeOf(t, r.Wasm, c.export), wasmtest.Code(c.want); !bytes.Equal(got, want) {
			t.Errorf("%s: code % x, want % x", c.name, got, want)
		}
		if n := r.Report.Growth.Peepholes; n < 0 != c.shortens || n > 0 {
			t.Errorf("%s: shorter instructions make %d bytes", c.name, n)
		}
	}
	// Below others a memory stays where it is, but its accesses are bounded.
	below := codeOf(t, linkAll(t, link.Options{}, low, top, none).Wasm, "low")
	if kept := wasmtest.Code("nop nop nop i32.const 1000"); !bytes.Contains(below, kept[:len(kept)-1]) {
		t.Errorf("below another: code % x", below)
	}
}

// TestPeepholesOfMerge: the program's instructions make up for the shift or for
// the tests while unwinding, the polyfill's stay.
func TestPeepholesOfMerge(t *testing.T) {
	polyfill := &wasmtest.Module{}
	polyfill.Memory(1, 1)
	polyfill.Func("f", "", "", roundabout)
	user := &wasmtest.Module{}
	user.Memory(1, -1)
	user.Func("g", "", "", roundabout)
	out := merge(t, user.Encode(), polyfill.Encode(), link.ExportAs("f", "f"))
	for export, want := range map[string]string{"f": roundabout, "g": straight} {
		if got := codeOf(t, out, export); !bytes.Equal(got, wasmtest.Code(want)) {
			t.Errorf("%s: code % x", export, got)
		}
	}

	exits := &wasmtest.Module{}
	exits.Import("wasi", "proc_exit", "i32 ->")
	exits.Func("_start", "", "", "i32.const 0 call 0")
	exits.Func("other", "", "", "nop i64.const 5 drop")
	if got := codeOf(t, linkCommand(t, exits.Encode()).Wasm, "other"); !bytes.Equal(got, wasmtest.Code("i64.const 5 drop")) {
		t.Errorf("while unwinding: code % x", got)
	}
}
