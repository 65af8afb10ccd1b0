package icsplice

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/wasm"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestInspectKinds(t *testing.T) {
	export := func(names ...string) func(*wasm.Module) {
		return func(m *wasm.Module) {
			m.Exports = m.Exports[:1]
			for _, name := range names {
				m.Exports = append(m.Exports, wasm.Export{Name: name, Index: uint32(m.NumImportedFuncs())})
			}
		}
	}
	wasi := func(m *wasm.Module) { addImport(m, importFunc("wasi_snapshot_preview1", "fd_close", typeErrno)) }
	custom := func(name string) func(*wasm.Module) {
		return func(m *wasm.Module) { m.Customs = append(m.Customs, wasm.Custom{Name: name}) }
	}
	tests := []struct {
		want  Kind
		edits []func(*wasm.Module)
	}{
		{KindCommand, []func(*wasm.Module){wasi, export("_start")}},
		{KindCommand, []func(*wasm.Module){export("_start")}},
		{KindLibrary, []func(*wasm.Module){wasi, export("_initialize", "canister_query q")}},
		{KindReactor, []func(*wasm.Module){wasi, export("_initialize", "add")}},
		{KindCanister, []func(*wasm.Module){export("canister_query q")}},
		{KindSpliced, []func(*wasm.Module){custom(MarkSection)}},
		{KindObject, []func(*wasm.Module){wasi, custom("linking")}},
		{KindSharedLibrary, []func(*wasm.Module){wasi, custom("dylink.0")}},
	}
	for _, tt := range tests {
		t.Run(string(tt.want), func(t *testing.T) {
			m := testModule()
			for _, edit := range tt.edits {
				edit(m)
			}
			info, err := Inspect(m.Encode())
			if err != nil {
				t.Fatal(err)
			}
			if info.Kind != tt.want || info.Next == "" {
				t.Errorf("got kind %q, next %q; want %q", info.Kind, info.Next, tt.want)
			}
		})
	}
}

func TestInspectComponent(t *testing.T) {
	info, err := Inspect([]byte("\x00asm\x0d\x00\x01\x00"))
	want := &Info{Kind: KindComponent, Size: 8, Next: nextSteps[KindComponent]}
	if diff := cmp.Diff(want, info); err != nil || diff != "" {
		t.Errorf("error %v\n%s", err, diff)
	}
}

func TestInspect(t *testing.T) {
	m := testModule(0xc0, 0xfd, 0x0f) // i32.extend8_s, i8x16.splat
	addImport(m, importFunc("wasi_snapshot_preview1", "fd_close", typeErrno))
	addImport(m, importFunc("wasi_unstable", "sock_accept", typeErrno))
	addImport(m, importFunc("ic0", "time", typeToI64))
	addImport(m, importFunc("env", "log", typeI32))
	addImport(m, wasm.Import{Module: "env", Name: "t", Kind: wasm.ExternTable,
		Table: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 3}}})
	m.Exports[1].Index = uint32(m.NumImportedFuncs())
	m.Memories[0] = wasm.Limits{Min: 2, Max: 9, HasMax: true}
	m.Customs = []wasm.Custom{{Name: "producers", Bytes: []byte{0}, After: wasm.SectionCode}}

	got, err := Inspect(m.Encode())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/inspect.json", append(b, '\n'))
}

// golden compares got with the file, or writes it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Error(diff)
	}
}

// What the compilers of the corpus make must be told apart, and nothing must
// stand in the way of splicing it.
func TestInspectCorpus(t *testing.T) {
	libraries := map[string]bool{"counter": true, "gocounter": true, "scale": true, "workloads_canister": true}
	for _, name := range corpus.Names() {
		t.Run(name, func(t *testing.T) {
			module, err := corpus.Module(name)
			if err != nil {
				t.Fatal(err)
			}
			info, err := Inspect(module)
			if err != nil {
				t.Fatal(err)
			}
			want := KindCommand
			if libraries[name] {
				want = KindLibrary
			}
			if info.Kind != want || len(info.Problems) > 0 {
				t.Errorf("kind %q, want %q; problems: %v", info.Kind, want, info.Problems)
			}
			for _, im := range info.Imports {
				if im.Status != statusLinked && im.Status != statusKept {
					t.Errorf("import %s.%s: %s", im.Module, im.Name, im.Status)
				}
			}
		})
	}
}

// Check and Inspect must agree on what can be read, and neither may panic.
func FuzzInspect(f *testing.F) {
	f.Fuzz(func(t *testing.T, module []byte) {
		found, checkErr := Check(module)
		info, err := Inspect(module)
		if err == nil && info.Kind == KindComponent {
			return
		}
		if (err == nil) != (checkErr == nil) {
			t.Fatalf("Check: %v, Inspect: %v", checkErr, err)
		}
		if err != nil {
			return
		}
		if len(info.Problems) > len(found) {
			t.Fatalf("problems %v, violations %v", info.Problems, found)
		}
		total := 8
		for _, s := range info.Sections {
			total += s.Bytes
		}
		if total > len(module) {
			t.Fatalf("sections of %d bytes in a module of %d", total, len(module))
		}
	})
}
