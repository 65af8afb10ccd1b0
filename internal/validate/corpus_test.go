package validate

import (
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// TestCorpus validates real programs of several compilers.
func TestCorpus(t *testing.T) {
	files := findFiles(t, "../../corpus/bin", ".wasm", ".wasm.gz")
	if len(files) < 20 {
		t.Fatalf("only %d programs", len(files))
	}
	for _, path := range files {
		if err := check(readFile(t, path)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// BenchmarkModule is the speed of one core on a real program, in bytes of bodies.
func BenchmarkModule(b *testing.B) {
	m, err := wasm.Read(readFile(b, "../../corpus/bin/gokit.wasm.gz"))
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for i := range m.Code {
		size += len(m.Code[i].Bytes)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if err := Module(m, Workers(1)); err != nil {
			b.Fatal(err)
		}
	}
}
