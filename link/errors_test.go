package link_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// badInputs are modules that Merge refuses, and which say why.
var badInputs = map[string]func(*wasmtest.Module){
	"unresolved": func(m *wasmtest.Module) {
		f := m.Import("env", "missing", "i32 i64 -> i32")
		m.Import("wasi_snapshot_preview1", "fd_write", "i32 -> i32")
		m.Import("ic0", "msg_reply", "i32 ->")
		m.Import("ic0", "no_such_call", "")
		m.Imports = append(m.Imports,
			wasm.Import{Module: "env", Name: "memory", Kind: wasm.ExternMemory, Memory: wasm.Limits{Min: 1}},
			wasm.Import{Module: "env", Name: "table", Kind: wasm.ExternTable, Table: wasm.TableType{Elem: wasm.FuncRef}},
			wasm.Import{Module: "env", Name: "base", Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: wasm.I32}})
		m.Func("_start", "", "", "i32.const 1 i64.const 2 call "+itoa(f)+" drop")
	},
	"shared-memory": func(m *wasmtest.Module) {
		m.Memories = []wasm.Limits{{Min: 1, Max: 2, HasMax: true, Shared: true}}
	},
	"memory64": func(m *wasmtest.Module) { m.Memories = []wasm.Limits{{Min: 1, Is64: true}} },
	"two-memories": func(m *wasmtest.Module) {
		m.Memory(1, 1)
		m.Memory(1, 1)
	},
	"memory-too-large": func(m *wasmtest.Module) { m.Memory(65530, -1) },
	"data-outside": func(m *wasmtest.Module) {
		m.Memory(1, 1)
		m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 65535"), Init: []byte{1, 2}}}
	},
	"data-without-memory": func(m *wasmtest.Module) {
		m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 0"), Init: []byte{1}}}
	},
	"unknown-function": func(m *wasmtest.Module) { m.Func("_start", "", "", "call 9") },
	"unknown-ref":      func(m *wasmtest.Module) { m.Func("_start", "", "", "ref.func 9 drop") },
	"unknown-global": func(m *wasmtest.Module) {
		m.Func("_start", "", "", "global.get 0 drop")
	},
	"unknown-table": func(m *wasmtest.Module) { m.Func("_start", "", "", "i32.const 0 call_indirect 0 0") },
	"unknown-segment": func(m *wasmtest.Module) {
		m.Memory(1, 1)
		m.Func("_start", "", "", "data.drop 0")
	},
	"unknown-element": func(m *wasmtest.Module) {
		m.Table(5)
		m.Func("_start", "", "", "")
	},
	"memory-access-without-memory": func(m *wasmtest.Module) {
		m.Func("_start", "", "", "i32.const 0 i32.load 2 0 drop")
	},
	"second-memory-access": func(m *wasmtest.Module) {
		m.Memory(1, 1)
		m.Func("_start", "", "", "i32.const 0 memory.grow 1 drop")
	},
	"type-index-in-block": func(m *wasmtest.Module) { m.Func("_start", "", "", "block 7 end") },
}

// TestRefusals pins what each refusal says.
func TestRefusals(t *testing.T) {
	for name, build := range badInputs {
		t.Run(name, func(t *testing.T) {
			m := &wasmtest.Module{}
			build(m)
			if m.Export("_start") == nil {
				m.Func("_start", "", "", "")
			}
			_, err := link.Merge(m.Encode(), wasiPolyfill(), link.ExportAs("run", "run"))
			if err == nil {
				t.Fatal("Merge accepted the module")
			}
			golden(t, filepath.Join("testdata", "refusals", name+".txt"), err.Error()+"\n")
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%swant\n%s", path, got, want)
	}
}

func TestErrorTypes(t *testing.T) {
	m := &wasmtest.Module{}
	m.Import("env", "missing", "")
	m.Func("_start", "", "", "call 0")
	_, err := link.Merge(m.Encode(), wasiPolyfill(), link.ExportAs("run", "run"))
	var unresolved *link.UnresolvedError
	if !errors.As(err, &unresolved) || len(unresolved.Imports) != 1 {
		t.Fatalf("%v is not an UnresolvedError of one import", err)
	}
	if u := unresolved.Imports[0]; u.Name != (link.Name{Module: "env", Name: "missing"}) || len(u.Users) != 1 {
		t.Errorf("unresolved is %+v", u)
	}
	_, err = link.Merge([]byte("\x00asm\x01\x00\x00\x00\xff"), wasiPolyfill())
	var in *link.Error
	var format *wasm.Error
	if !errors.As(err, &in) || in.Input != "user" || !errors.As(err, &format) || format.Offset != 8 {
		t.Errorf("%v is not an error of the user's module at byte 8", err)
	}
}
