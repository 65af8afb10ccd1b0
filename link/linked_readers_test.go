package link_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tetratelabs/wabin/binary"
	wabin "github.com/tetratelabs/wabin/wasm"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/link"
)

var withWabt = flag.Bool("wabt", false, "validate linked modules with wabt's wasm-validate, which must be installed")

// linkDrawn links drawn sets until n have been linked.
func linkDrawn(t *testing.T, n int, drawn wasmgen.Options, each func(b, linked []byte)) {
	rng := rand.New(rand.NewSource(*drawnSeed))
	drawn.Modules, drawn.Cycles = 4, true
	for done := 0; done < n; {
		b := drawBytes(rng)
		set := wasmgen.Draw(b, drawn)
		o := drawOptions(rng)
		if drawn.Features&wasm.FeatureMultiMemory == 0 {
			o.Memories = link.Stack
		}
		drawExports(rng, set, &o)
		r, err := link.Link(inputs(set), o)
		if err != nil {
			continue // why is TestLinkedBehave's matter
		}
		done++
		if each(b, r.Wasm); t.Failed() {
			t.Fatalf("drawn from %x", b)
		}
	}
}

// TestOtherReader: wabin reads from a linked module what we do, except for what
// it is known not to read.
func TestOtherReader(t *testing.T) {
	o := wazeroEngine.options
	o.Features = featuresCore2
	compared := 0
	linkDrawn(t, 200, o, func(_, linked []byte) {
		m, err := wasm.Read(linked)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(m.Elems, readsGlobal) {
			compared++
			compareReaders(t, m, linked)
		}
	})
	if compared < 100 {
		t.Errorf("only %d compared", compared)
	}
}

// readsGlobal tells whether an item is a global.get, which wabin does not know.
func readsGlobal(e wasm.Elem) bool {
	return slices.ContainsFunc(e.Exprs, func(x wasm.Expr) bool { return wasm.Op(x[0]) == wasm.OpGlobalGet })
}

func compareReaders(t *testing.T, m *wasm.Module, linked []byte) {
	other, err := binary.DecodeModule(linked, wabin.CoreFeaturesV2)
	if err != nil {
		t.Errorf("wabin: %v", err)
		return
	}
	got := []int{len(m.Types), len(m.Imports), len(m.Funcs), len(m.Tables), len(m.Globals), len(m.Exports), len(m.Elems), len(m.Data)}
	want := []int{len(other.TypeSection), len(other.ImportSection), len(other.FunctionSection), len(other.TableSection),
		len(other.GlobalSection), len(other.ExportSection), len(other.ElementSection), len(other.DataSection)}
	if !slices.Equal(got, want) || len(m.Code) != len(other.CodeSection) {
		t.Errorf("sections of %d items, wabin has %d", got, want)
		return
	}
	for i, e := range other.ExportSection {
		if x := m.Exports[i]; x.Name != e.Name || byte(x.Kind) != e.Type || x.Index != e.Index {
			t.Errorf("export %v, wabin has %v", x, e)
		}
	}
	for i, body := range other.CodeSection {
		_, code, _, err := m.Code[i].Locals()
		if err != nil || !bytes.Equal(code, body.Body) || uint32(m.Funcs[i]) != other.FunctionSection[i] {
			t.Errorf("function %d: %d bytes of type %d, wabin has %d of %d", i, len(code), m.Funcs[i], len(body.Body), other.FunctionSection[i])
		}
	}
}

var wabtFlags = []string{"--enable-tail-call", "--enable-extended-const", "--enable-threads", "--enable-multi-memory", "--enable-memory64"}

// TestWabt: wabt takes linked modules for valid. It has neither GC nor function
// references.
func TestWabt(t *testing.T) {
	if !*withWabt {
		t.Skip("without -wabt")
	}
	o := wasmgen.Options{Features: featuresCore2 | wasm.FeatureTailCall | wasm.FeatureExtendedConst | wasm.FeatureThreads |
		wasm.FeatureMultiMemory | wasm.FeatureMemory64}
	dir := t.TempDir()
	at := 0
	linkDrawn(t, *drawnSets, o, func(_, linked []byte) {
		path := filepath.Join(dir, fmt.Sprint(at, ".wasm"))
		at++
		if err := os.WriteFile(path, linked, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("wasm-validate", append(wabtFlags, path)...).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}
