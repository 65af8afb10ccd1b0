package wasm

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wabin/binary"
	other "github.com/tetratelabs/wabin/wasm"
)

// realModules are what compilers made: wazero's examples and test data, and this
// project's programs.
func realModules(t testing.TB) []string {
	var paths []string
	for _, p := range findFiles(t, moduleDir(t, wazero), ".wasm") {
		if !strings.Contains(p, "spectest") {
			paths = append(paths, p)
		}
	}
	paths = append(paths, findFiles(t, "../../corpus/bin", ".wasm", ".wasm.gz")...)
	if len(paths) < 30 {
		t.Fatalf("only %d modules found", len(paths))
	}
	return paths
}

// otherCannot are modules that wabin refuses, by the end of their path, with the
// reason.
var otherCannot = map[string]string{
	"testdata/cpp_exceptions.wasm":      "exceptions",
	"testdata/eh_br_orphan.wasm":        "exceptions",
	"testdata/eh_br_stale_handler.wasm": "exceptions",
	"testdata/eh_cross_callnative.wasm": "exceptions",
	"testdata/eh_pdfium.wasm":           "exceptions",
	"testdata/eh_throw_ref_null.wasm":   "exceptions",
	"experimental/testdata/memory.wasm": "a shared memory",
	"testdata/pthread.wasm":             "a shared memory",
	"threads/add.wasm":                  "a shared memory",
	"threads/mutex.wasm":                "a shared memory",
	"threads/sub.wasm":                  "a shared memory",
	"threads/xor.wasm":                  "a shared memory",
	"testdata/2131.wasm":                "a shared memory",
	"testdata/2137.wasm":                "global.get as an element",
	"testdata/2140.wasm":                "global.get as an element",
}

// TestRealModules reads, walks and encodes modules of many compilers, and
// compares what was read with another reader.
func TestRealModules(t *testing.T) {
	for _, path := range realModules(t) {
		name := filepath.Base(path)
		b := readFile(t, path)
		checkWellFormed(t, name, b)
		m, err := Read(b)
		if err != nil {
			continue // reported
		}
		o, err := binary.DecodeModule(b, other.CoreFeaturesV2)
		if reason := refusal(path); (err != nil) != (reason != "") {
			t.Errorf("%s: the other reader: %v, known as %q", name, err, reason)
		}
		if err == nil {
			compareModules(t, name, m, o)
		}
	}
}

func refusal(path string) string {
	for end, reason := range otherCannot {
		if strings.HasSuffix(path, "/"+end) {
			return reason
		}
	}
	return ""
}

// compareModules reports where two readers differ.
func compareModules(t *testing.T, name string, m *Module, o *other.Module) {
	t.Helper()
	differ := func(what string, i int, got, want any) {
		t.Errorf("%s: %s %d: %v, the other reader has %v", name, what, i, got, want)
	}
	counts := [][2]int{
		{len(m.Types), len(o.TypeSection)}, {len(m.Imports), len(o.ImportSection)},
		{len(m.Funcs), len(o.FunctionSection)}, {len(m.Tables), len(o.TableSection)},
		{len(m.Globals), len(o.GlobalSection)}, {len(m.Exports), len(o.ExportSection)},
		{len(m.Elems), len(o.ElementSection)}, {len(m.Code), len(o.CodeSection)},
		{len(m.Data), len(o.DataSection)},
	}
	for i, c := range counts {
		if c[0] != c[1] {
			differ("section", i, c[0], c[1])
			return
		}
	}
	for i, w := range o.TypeSection {
		if got := m.Types[i]; !sameTypes(got.Params, w.Params) || !sameTypes(got.Results, w.Results) {
			differ("type", i, got, w)
		}
	}
	for i, w := range o.ImportSection {
		got := m.Imports[i]
		if got.Module != w.Module || got.Name != w.Name || byte(got.Kind) != w.Type ||
			got.Kind == ExternFunc && uint32(got.Type) != w.DescFunc {
			differ("import", i, got, w)
		}
	}
	for i, w := range o.ExportSection {
		if got := m.Exports[i]; got.Name != w.Name || byte(got.Kind) != w.Type || got.Index != w.Index {
			differ("export", i, got, w)
		}
	}
	compareDefinitions(differ, m, o)
}

func compareDefinitions(differ func(string, int, any, any), m *Module, o *other.Module) {
	for i, w := range o.FunctionSection {
		if uint32(m.Funcs[i]) != w {
			differ("function", i, m.Funcs[i], w)
		}
	}
	for i, w := range o.GlobalSection {
		got := m.Globals[i]
		init := append(append([]byte{w.Init.Opcode}, w.Init.Data...), byte(OpEnd))
		if got.Type == V128 { // the other reader has left the prefix out
			init = append([]byte{0xfd}, init...)
		}
		if got.Type.Code != w.Type.ValType || got.Mutable != w.Type.Mutable || !bytes.Equal(got.Init, init) {
			differ("global", i, got, w)
		}
	}
	for i, w := range o.ElementSection {
		if m.Elems[i].Flags&elemExprs != 0 {
			continue // the other reader keeps no expressions
		}
		items := make([]FuncIndex, 0, len(w.Init))
		for _, f := range w.Init {
			items = append(items, FuncIndex(*f))
		}
		if got := m.Elems[i]; !slices.Equal(got.Funcs, items) {
			differ("element segment", i, got.Funcs, items)
		}
	}
	for i, w := range o.CodeSection {
		runs, code, _, err := m.Code[i].Locals()
		var locals []byte
		for _, r := range runs {
			locals = append(locals, bytes.Repeat([]byte{r.Type.Code}, int(r.Count))...)
		}
		if err != nil || !bytes.Equal(code, w.Body) || !bytes.Equal(locals, w.LocalTypes) {
			differ("body", i, err, len(w.Body))
		}
	}
	for i, w := range o.DataSection {
		if !bytes.Equal(m.Data[i].Init, w.Init) {
			differ("data segment", i, len(m.Data[i].Init), len(w.Init))
		}
	}
}

func sameTypes(got []ValType, want []byte) bool {
	return slices.EqualFunc(got, want, func(t ValType, b byte) bool { return t.Code == b })
}

// TestRealNames reads the name sections of the same modules; each must be well
// formed and survive Append.
func TestRealNames(t *testing.T) {
	sections := 0
	for _, path := range realModules(t) {
		m, err := Read(readFile(t, path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, c := range m.Customs {
			if c.Name != "name" {
				continue
			}
			sections++
			names, err := ReadNames(c.Bytes)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			out := names.Append(nil)
			again, err := ReadNames(out)
			if err != nil || !bytes.Equal(again.Append(nil), out) || len(out) > len(c.Bytes) {
				t.Errorf("%s: names of %d bytes became %d, %v", path, len(c.Bytes), len(out), err)
			}
		}
	}
	if sections < 10 {
		t.Errorf("only %d name sections", sections)
	}
}
