package link

import (
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// TestScanOrder: the references that a body is found to have, each once or a few
// times, do not depend on how the rare instructions are numbered, which workers do
// as they come to them. The order of functions in the output depends on their
// number.
func TestScanOrder(t *testing.T) {
	const funcs = 300
	in := &input{mod: &wasm.Module{}, count: [numKinds]int{Func: funcs, Memory: 1}}
	code := []byte{0}
	for i := range 2 * funcs {
		code = wasm.AppendUleb(append(code, byte(wasm.OpCall)), uint64(i*7%funcs))
		code = append(code, 0xfc, byte(10+i&1), 0) // memory.copy or memory.fill
		if i&1 == 0 {
			code = append(code, 0)
		}
	}
	body := wasm.Body{Bytes: append(code, byte(wasm.OpEnd))}
	var want []ref
	for numbered := range 600 {
		s := scanner{in: in, ops: &opTable{index: map[rareOp]uint32{}, ops: make([]rareOp, numbered)}, stamp: 1}
		if err := s.body(body); err != nil {
			t.Fatal(err)
		}
		calls := slices.DeleteFunc(s.list, func(r ref) bool { kind, _ := r.split(); return kind != refFuncCall })
		if numbered == 0 {
			want = calls
		}
		if len(want) < funcs || !slices.Equal(calls, want) {
			t.Fatalf("%d calls are noted where %d rare instructions are numbered, else %d", len(calls), numbered, len(want))
		}
	}
}
