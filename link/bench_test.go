package link_test

import (
	"os"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// wasiPolyfill exports every WASI function as one that answers ENOSYS.
func wasiPolyfill() []byte {
	m := &wasmtest.Module{}
	m.Import("link", "unwind", "")
	m.Import("link", "instantiate", "")
	m.Import("user", "_start", "")
	m.Memory(basePages, basePages)
	m.Func("run", "", "", "call 1 call 2")
	for _, f := range abi.Preview1 {
		signature := ""
		for _, p := range f.Params {
			signature += map[abi.ValType]string{abi.I32: "i32 ", abi.I64: "i64 "}[p.Type]
		}
		body := "call 0"
		if len(f.Results) > 0 {
			signature += "-> i32"
			body = "i32.const 52"
		}
		m.Func("wasi_snapshot_preview1."+f.Name, signature, "", body)
	}
	return m.Encode()
}

// bigModule is a program of about n bytes: a Go program of the corpus with
// copies of its functions, or the file that ICSPLICE_BENCH_WASM names.
func bigModule(b *testing.B, n int) []byte {
	b.Helper()
	if path := os.Getenv("ICSPLICE_BENCH_WASM"); path != "" {
		module, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		return module
	}
	program := "gokit"
	if n < 1<<20 {
		program = "tinykit"
	}
	module, err := corpus.Module(program)
	if err != nil {
		b.Fatal(err)
	}
	if module, err = wasmtest.Repeat(module, n); err != nil {
		b.Fatal(err)
	}
	return module
}

func BenchmarkMerge(b *testing.B) {
	polyfill := wasiPolyfill()
	for _, size := range []struct {
		name  string
		bytes int
	}{{"512KB", 512 << 10}, {"5MB", 5 << 20}, {"20MB", 20 << 20}, {"50MB", 50 << 20}} {
		b.Run(size.name, func(b *testing.B) {
			user := bigModule(b, size.bytes)
			b.SetBytes(int64(len(user)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := link.Merge(user, polyfill, link.ExportAs("run", "run")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBystander links a program with a module of one empty function.
func BenchmarkBystander(b *testing.B) {
	bystander := &wasmtest.Module{}
	bystander.Func("bystander.f", "", "", "")
	user := bigModule(b, 20<<20)
	modules := []link.Module{{Name: "user", Wasm: user}, {Name: "bystander", Wasm: bystander.Encode()}}
	b.SetBytes(int64(len(user)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := link.Link(modules, link.Options{Trusted: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLink links four programs into one, with their memories apart.
func BenchmarkLink(b *testing.B) {
	user := bigModule(b, 5<<20)
	var modules []link.Module
	for _, name := range []string{"a", "b", "c", "d"} {
		modules = append(modules, link.Module{Name: name, Wasm: user})
	}
	for _, trusted := range []bool{true, false} {
		b.Run(map[bool]string{true: "trusted", false: "validated"}[trusted], func(b *testing.B) {
			b.SetBytes(int64(4 * len(user)))
			b.ReportAllocs()
			for b.Loop() {
				o := link.Options{Memories: link.Apart, Conflicts: link.Rename, Trusted: trusted}
				if _, err := link.Link(modules, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
