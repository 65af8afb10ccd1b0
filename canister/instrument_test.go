package canister

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/icsplice/icsplice/internal/wasm"
)

// TestSegments holds the cutting of bodies against places and prices found by
// hand.
func TestSegments(t *testing.T) {
	code := []byte{
		0x41, 0x01, // i32.const 1
		0x04, 0x40, // if
		0x01,       // nop
		0x05,       // else
		0x10, 0x00, // call 0
		0x03, 0x40, // loop
		0x01, 0x0c, 0x00, // nop, br 0
		0x0b,                         // end of loop
		0x0b,                         // end of if
		0x41, 0x00, 0x41, 0x00, 0x41, // three constants
		0x00, 0xfc, 0x0b, 0x00, // memory.fill
		0x24, 0x00, // global.set 0, which holds a reference
		0x0b, // end
	}
	want := []point{
		{at: 0, kind: reentrantStart, cost: 1 + 1 + 2, operators: 3},
		{at: 4, kind: segmentStart, cost: 1},
		{at: 6, kind: segmentStart, cost: 5, operators: 1},
		{at: 10, kind: reentrantStart, cost: 1 + 2, operators: 1},
		{at: 13, kind: segmentStart},
		{at: 14, kind: segmentStart},
		{at: 15, kind: segmentStart, cost: 3 + 100 + 2, operators: 5},
		{at: 21, kind: sizeChargeFuel},
		{at: 24, kind: irreversible},
		{at: 27, kind: segmentStart},
	}
	points, ops, err := segments(code, 0, []bool{true})
	if err != nil || ops != 16 {
		t.Fatalf("%d operators, %v", ops, err)
	}
	for i := range want {
		if i >= len(points) || points[i] != want[i] {
			t.Fatalf("got  %+v\nwant %+v", points, want)
		}
	}
	if len(points) != len(want) {
		t.Errorf("%d points, want %d", len(points), len(want))
	}
}

// TestCompiledOperators works out the size of the instrumented empty module.
func TestCompiledOperators(t *testing.T) {
	c := install(t, "empty", Options{})
	// One function with an end, its segment of 4 with a check of 6, a global.
	if got := c.Installed().CompiledOperators; got != 1+4+6+2 {
		t.Errorf("%d operators", got)
	}
	if got := c.Installed().Instructions; got != 6000*13 {
		t.Errorf("%d instructions", got)
	}
	limited := Options{Limits: InstructionLimits{Install: 6000 * 13}}
	if _, err := Install(ctx, load(t, "empty"), nil, limited); err != nil {
		t.Errorf("within the limit: %v", err)
	}
	limited.Limits.Install--
	if _, err := Install(ctx, load(t, "empty"), nil, limited); !errors.Is(err, ErrOutOfInstructions) {
		t.Errorf("beyond the limit: %v", err)
	}
}

func TestModulesThatAreRefused(t *testing.T) {
	i32 := wasm.I32
	void := wasm.SubType{Kind: wasm.KindFunc}
	one := wasm.SubType{Kind: wasm.KindFunc, Params: []wasm.ValType{i32}}
	group := []wasm.RecGroup{{Count: 1}}
	body := []wasm.Body{{Bytes: []byte{0, 0x0b}}}
	export := func(name string) []wasm.Export { return []wasm.Export{{Name: name}} }
	tests := []struct {
		name string
		m    wasm.Module
		want string
	}{
		{"import of a memory", wasm.Module{Imports: []wasm.Import{{Module: "ic0", Name: "m", Kind: wasm.ExternMemory}}}, "only functions"},
		{"WASI", wasm.Module{Types: []wasm.SubType{void}, RecGroups: group, Imports: []wasm.Import{{Module: "wasi_snapshot_preview1", Name: "fd_write"}}}, "not of the System API"},
		{"unknown ic0 function", wasm.Module{Types: []wasm.SubType{void}, RecGroups: group, Imports: []wasm.Import{{Module: "ic0", Name: "mint"}}}, "not of the System API"},
		{"signature", wasm.Module{Types: []wasm.SubType{one}, RecGroups: group, Imports: []wasm.Import{{Module: "ic0", Name: "msg_reply"}}}, "signature"},
		{"entry with a parameter", wasm.Module{Types: []wasm.SubType{one}, RecGroups: group, Funcs: []wasm.TypeIndex{0}, Code: body, Exports: export("canister_init")}, "takes and returns nothing"},
		{"unknown entry", wasm.Module{Types: []wasm.SubType{void}, RecGroups: group, Funcs: []wasm.TypeIndex{0}, Code: body, Exports: export("canister_updates x")}, "not an entry point"},
		{"the host's name", wasm.Module{Types: []wasm.SubType{void}, RecGroups: group, Funcs: []wasm.TypeIndex{0}, Code: body, Exports: export("icsplice:left")}, "the host's"},
		{"memory of 64 bits", wasm.Module{Memories: []wasm.Limits{{Min: 1, Is64: true, PageSizeLog2: 16}}}, "64-bit"},
		{"body that is invalid", wasm.Module{Types: []wasm.SubType{void}, RecGroups: group, Funcs: []wasm.TypeIndex{0}, Code: []wasm.Body{{Bytes: []byte{0, 0x6a, 0x0b}}}}, "wazero"},
	}
	for _, tt := range tests {
		_, err := Install(ctx, tt.m.Encode(), nil, Options{})
		if !errors.Is(err, ErrModule) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestPackedModule(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(load(t, "empty"))
	w.Close()
	c, err := Install(ctx, b.Bytes(), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	if _, err := Install(ctx, b.Bytes()[:20], nil, Options{}); !errors.Is(err, ErrModule) {
		t.Errorf("a cut one: %v", err)
	}
}

// TestTextModules holds that the binaries in testdata are those of the text.
func TestTextModules(t *testing.T) {
	tool, err := exec.LookPath("wat2wasm")
	if err != nil {
		t.Skip("wat2wasm of wabt is not on this machine; testdata/build.sh uses it")
	}
	texts, err := filepath.Glob("testdata/*.wat")
	if err != nil || len(texts) == 0 {
		t.Fatal("no texts", err)
	}
	for _, text := range texts {
		out := filepath.Join(t.TempDir(), "out.wasm")
		if msg, err := exec.Command(tool, "--enable-tail-call", "--debug-names", text, "-o", out).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", text, err, msg)
		}
		got, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if name := strings.TrimSuffix(filepath.Base(text), ".wat"); !bytes.Equal(got, load(t, name)) {
			t.Errorf("%s.wasm is stale: run testdata/build.sh", name)
		}
	}
}

// FuzzInstrument holds that what wazero accepts it also accepts with
// instrumentation. wazero sees only what the strict reader has passed, as it
// allocates by the counts that a module claims.
func FuzzInstrument(f *testing.F) {
	for _, name := range []string{"cost", "behaviour", "table", "compute", "empty"} {
		f.Add(load(f, name), true)
		f.Add(load(f, name), false)
	}
	config := wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features)
	f.Fuzz(func(t *testing.T, binary []byte, fuel bool) {
		_, encoded, err := prepare(binary, fuel)
		if errors.Is(err, ErrModule) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if binary, err = withoutCustoms(binary); err != nil {
			t.Fatal(err)
		}
		r := wazero.NewRuntimeWithConfig(ctx, config)
		defer r.Close(ctx)
		if _, err := r.CompileModule(ctx, binary); err != nil {
			return
		}
		if _, err := r.CompileModule(ctx, encoded); err != nil {
			t.Errorf("the instrumented module is invalid: %v", err)
		}
	})
}

// withoutCustoms is a module as wazero can be given it: it takes memory for as
// many names as a name section claims to have.
func withoutCustoms(binary []byte) ([]byte, error) {
	binary, err := unpack(binary)
	if err != nil {
		return nil, err
	}
	m, err := wasm.Read(binary)
	if err != nil {
		return nil, err
	}
	m.Customs = nil
	return m.Encode(), nil
}

// TestFunctionNames: what the engine gets of a name section is what it holds, not
// what it claims to hold.
func TestFunctionNames(t *testing.T) {
	names := &wasm.Names{Module: "m", Funcs: wasm.NameMap{3: "f"}, Locals: wasm.IndirectNameMap{3: []byte{1, 0, 1, 'x'}}}
	whole := names.Append(nil)
	kept := (&wasm.Names{Module: "m", Funcs: names.Funcs}).Append(nil)
	lying := []byte{2, 7, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0} // four billion functions with locals
	custom := func(name string, b []byte) wasm.Custom {
		return wasm.Custom{Name: name, Bytes: b, After: wasm.SectionData}
	}
	for what, test := range map[string]struct{ in, want []wasm.Custom }{
		"none":      {nil, nil},
		"whole":     {[]wasm.Custom{custom(".debug_info", nil), custom("name", whole)}, []wasm.Custom{custom("name", kept)}},
		"lying":     {[]wasm.Custom{custom("name", lying)}, nil},
		"the first": {[]wasm.Custom{custom("name", lying), custom("name", whole)}, []wasm.Custom{custom("name", kept)}},
	} {
		if got := functionNames(&wasm.Module{Customs: test.in}); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", what, got, test.want)
		}
	}
}
