package link_test

import (
	"os"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
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

// bigModule is a module of about n bytes made of the functions of a real one.
func bigModule(b *testing.B, n int) []byte {
	b.Helper()
	if path := os.Getenv("ICSPLICE_BENCH_WASM"); path != "" {
		module, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		return module
	}
	return repeated(n)
}

// repeated is a program of n bytes of code: copies of one function that loads,
// stores, branches and calls as compilers' code does.
func repeated(n int) []byte {
	m := &wasmtest.Module{}
	m.Import("wasi_snapshot_preview1", "proc_exit", "i32 ->")
	m.Import("wasi_snapshot_preview1", "fd_write", "i32 i32 i32 i32 -> i32")
	m.Memory(17, -1)
	m.Global("i32", true, "i32.const 1048576")
	body := wasmtest.Body("i32 i32 i64", `
		global.get 0 i32.const 32 i32.sub local.tee 1 global.set 0
		local.get 0 i32.const 1024 i32.add local.set 2
		block void loop void
			local.get 2 i32.load8_u 0 1 i32.eqz br_if 1
			local.get 1 local.get 2 i64.load 3 16 local.tee 3 i64.store 3 8
			local.get 2 i32.const 24 i32.add local.tee 2 local.get 0 i32.lt_u br_if 0
		end end
		local.get 1 i32.load 2 12 local.get 0 i32.const 3 i32.shr_u i32.xor call 2 local.set 2
		local.get 1 i32.const 32 i32.add global.set 0 local.get 2 i32.load 2 300`)
	typ := m.AddFuncType([]wasm.ValType{wasm.I32}, []wasm.ValType{wasm.I32})
	for size := 0; size < n; size += len(body.Bytes) {
		m.Funcs = append(m.Funcs, typ)
		m.Code = append(m.Code, body)
	}
	table := make([]uint32, len(m.Funcs))
	for i := range table {
		table[i] = uint32(i + 2)
	}
	m.Table(table...)
	m.Func("_start", "", "", "i32.const 1 call 2 call 0")
	return m.Encode()
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
				if _, err := link.Merge(user, polyfill, link.Export("run", "run")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
