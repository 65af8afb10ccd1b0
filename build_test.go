package icsplice_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
)

// TestBuildCorpus: of every program comes a canister that imports nothing but
// ic0 and that the IC would take.
func TestBuildCorpus(t *testing.T) {
	for _, name := range corpus.Names() {
		t.Run(name, func(t *testing.T) {
			user := module(t, name)
			r, err := icsplice.Build(user, icsplice.Options{})
			if err != nil {
				t.Fatal(err)
			}
			m, err := wasm.Read(r.Wasm)
			if err != nil {
				t.Fatal(err)
			}
			for _, imp := range m.Imports {
				if imp.Module != "ic0" {
					t.Errorf("imports %s.%s", imp.Module, imp.Name)
				}
			}
			if len(m.Memories) != 1 || len(m.Tables) > 1 || m.Start != nil {
				t.Errorf("%d memories, %d tables, start %v", len(m.Memories), len(m.Tables), m.Start)
			}
			again, err := icsplice.Build(user, icsplice.Options{})
			if err != nil || string(again.Wasm) != string(r.Wasm) {
				t.Errorf("a second build differs, error %v", err)
			}
			if _, err := icsplice.Build(r.Wasm, icsplice.Options{}); !isKind(err, icsplice.KindSpliced) {
				t.Errorf("splicing the result again gives %v", err)
			}
		})
	}
}

func module(t testing.TB, name string) []byte {
	t.Helper()
	b, err := corpus.Module(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func isKind(err error, kind icsplice.Kind) bool {
	var e *icsplice.KindError
	return errors.As(err, &e) && e.Kind == kind
}

// TestBuildModes says which exports a canister has.
func TestBuildModes(t *testing.T) {
	tests := []struct {
		program string
		mode    icsplice.Mode
		want    []string
	}{
		{"notes", icsplice.ModeCommand, []string{"canister_update run"}},
		{"counter", icsplice.ModeLibrary, []string{"canister_init", "canister_post_upgrade", "canister_query count", "canister_update add_note"}},
	}
	for _, test := range tests {
		r, err := icsplice.Build(module(t, test.program), icsplice.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := wasm.Read(r.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range m.Exports {
			got = append(got, e.Name)
		}
		for _, name := range test.want {
			if m.Export(name) == nil {
				t.Errorf("%s does not export %q but %q", test.program, name, got)
			}
		}
		if r.Mode != test.mode {
			t.Errorf("%s is built as %q, want %q", test.program, r.Mode, test.mode)
		}
		if m.Export("_start") != nil || m.Export("_initialize") != nil || m.Export("memory") != nil {
			t.Errorf("%s exports %q", test.program, got)
		}
	}
}

// custom gives a custom section's content.
func custom(m *wasm.Module, name string) string {
	for _, c := range m.Customs {
		if c.Name == name {
			return string(c.Bytes)
		}
	}
	return ""
}

func TestBuildMetadata(t *testing.T) {
	r, err := icsplice.Build(module(t, "fib"), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if did := custom(m, "icp:public candid:service"); did != r.Candid || !strings.Contains(did, "run : (") {
		t.Errorf("the interface is %q, the result says %q", did, r.Candid)
	}
	if names := custom(m, "name"); !strings.Contains(names, "command.run") {
		t.Error("function names are gone")
	}
	r, err = icsplice.Build(module(t, "fib"), icsplice.Options{StripNames: true})
	if err != nil {
		t.Fatal(err)
	}
	if m, _ = wasm.Read(r.Wasm); custom(m, "name") != "" {
		t.Error("StripNames leaves names")
	}
}

// TestBuildRefuses covers what Build itself refuses; the linker's refusals are
// tested there.
func TestBuildRefuses(t *testing.T) {
	const wasi = "wasi_snapshot_preview1"
	tests := map[string]struct {
		build func(*wasmtest.Module)
		kind  icsplice.Kind
	}{
		"neither":        {func(m *wasmtest.Module) { m.Import(wasi, "sched_yield", "-> i32") }, icsplice.KindReactor},
		"object file":    {func(m *wasmtest.Module) { m.Customs = []wasm.Custom{{Name: "linking", Bytes: []byte{2}}} }, icsplice.KindObject},
		"shared library": {func(m *wasmtest.Module) { m.Customs = []wasm.Custom{{Name: "dylink.0"}} }, icsplice.KindSharedLibrary},
	}
	for name, test := range tests {
		m := &wasmtest.Module{}
		test.build(m)
		if _, err := icsplice.Build(m.Encode(), icsplice.Options{}); !isKind(err, test.kind) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := icsplice.Build(module(t, "counter"), icsplice.Options{Mode: icsplice.ModeCommand}); !isKind(err, icsplice.KindLibrary) {
		t.Errorf("a library as a command gives %v", err)
	}
	if _, err := icsplice.Build([]byte("\x00asm\x0d\x00\x01\x00"), icsplice.Options{}); !isKind(err, icsplice.KindComponent) {
		t.Errorf("a component gives %v", err)
	}
}

func TestStartMustBePlain(t *testing.T) {
	m := &wasmtest.Module{}
	m.Func("_start", "i32 ->", "", "")
	_, err := icsplice.Build(m.Encode(), icsplice.Options{})
	var e *icsplice.OptionError
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "_start") {
		t.Errorf("error %v", err)
	}
}

func TestBuildRefusesOptions(t *testing.T) {
	tests := map[string]struct {
		program, option string
		opts            icsplice.Options
	}{
		"a command as a library": {"notes", "Mode", icsplice.Options{Mode: icsplice.ModeLibrary}},
		"unknown method":         {"gocounter", "Methods", icsplice.Options{Methods: map[string]string{"none": "canister_query none"}}},
		"NUL in an argument":     {"notes", "Args", icsplice.Options{Args: []string{"a\x00b"}}},
		"relative preopen":       {"notes", "Preopens", icsplice.Options{Preopens: []string{"data"}}},
	}
	for name, test := range tests {
		_, err := icsplice.Build(module(t, test.program), test.opts)
		var e *icsplice.OptionError
		if !errors.As(err, &e) || e.Option != test.option {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestNoCheck: what the IC refuses is an error that names it, unless one asks
// for the canister all the same.
func TestNoCheck(t *testing.T) {
	m := &wasmtest.Module{}
	m.Import("wasi_snapshot_preview1", "proc_exit", "i32 ->")
	m.Table(1)
	m.Func("_start", "", "", "i32.const 0 ref.null funcref table.set 0")
	_, err := icsplice.Build(m.Encode(), icsplice.Options{})
	var check *icsplice.CheckError
	if !errors.As(err, &check) || !strings.Contains(err.Error(), "table.set") {
		t.Fatalf("table.set gives %v", err)
	}
	r, err := icsplice.Build(m.Encode(), icsplice.Options{NoCheck: true})
	if err != nil || len(r.Violations) == 0 {
		t.Fatalf("with NoCheck: %v, %d violations", err, len(r.Violations))
	}
}

// TestValidate: a program that is not valid is refused by function and byte.
func TestValidate(t *testing.T) {
	m := &wasmtest.Module{}
	m.Func("_start", "", "", "i64.const 1 drop i64.const 1 i32.eqz drop")
	_, err := icsplice.Build(m.Encode(), icsplice.Options{Validate: true})
	var fault *wasm.Error
	if !errors.As(err, &fault) || !strings.Contains(err.Error(), "type mismatch") {
		t.Errorf("error %v", err)
	}
	if _, err := icsplice.Build(m.Encode(), icsplice.Options{}); err != nil {
		t.Errorf("without validation: %v", err)
	}
}

// TestPrintingIsSmall: a program that only prints carries no file system.
func TestPrintingIsSmall(t *testing.T) {
	r, err := icsplice.Build(module(t, "fib"), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if added := r.Report.CodePolyfill + r.Report.CodeLinker; added > 8<<10 {
		t.Errorf("%d bytes of code are added, want at most 8 KiB", added)
	}
}
