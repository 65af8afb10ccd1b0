package link_test

import (
	"runtime"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// TestPairsOfTables: copying from each of many stacked tables to the last takes
// memory for the copies, and not for all pairs that there could be.
func TestPairsOfTables(t *testing.T) {
	const n = 3000
	code := []byte{0}
	for i := range n {
		code = append(code, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 14)
		code = wasm.AppendUleb(wasm.AppendUleb(code, uint64(i)), uint64(n-1))
	}
	b := sections(voidType, section(wasm.SectionFunction, []byte{1, 0}), section(wasm.SectionTable, vector(n, same(0x70, 0, 1))),
		export(link.Func, 0), section(wasm.SectionCode, wasm.AppendBytes([]byte{1}, append(code, 0x0b))))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := link.Link([]link.Module{{Name: "a", Wasm: b}}, link.Options{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
		t.Errorf("%d bytes for a module of %d", got, len(b))
	}
}
