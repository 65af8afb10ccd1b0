package wasmgen_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// profiles are what tests draw with.
var profiles = []struct {
	name string
	o    wasmgen.Options
}{
	{"mvp", wasmgen.Options{Modules: 3, Wazero: true}},
	{"core 2", wasmgen.Options{Features: core2, Modules: 4, Cycles: true, Wazero: true}},
	{"beyond", wasmgen.Options{Features: core2 | beyond, Modules: 3, Cycles: true, Wazero: true}},
	{"core 3", wasmgen.Options{Features: core2 | beyond | core3, Modules: 4, Cycles: true}},
}

const (
	core2 = wasm.FeatureSignExt | wasm.FeatureSatFloat | wasm.FeatureBulkMemory | wasm.FeatureReferenceTypes |
		wasm.FeatureMultiValue | wasm.FeatureSimd
	beyond = wasm.FeatureTailCall | wasm.FeatureExtendedConst | wasm.FeatureExceptions |
		wasm.FeatureFunctionReferences | wasm.FeatureThreads
	core3 = wasm.FeatureGc | wasm.FeatureMultiMemory | wasm.FeatureMemory64 | wasm.FeatureRelaxedSimd
)

// bytes draws a string for Draw.
func drawBytes(rng *rand.Rand) []byte {
	b := make([]byte, rng.Intn(3000))
	rng.Read(b)
	return b
}

type engine struct{ wazero.Runtime }

func newEngine(tb testing.TB) engine {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2|
		experimental.CoreFeaturesThreads|experimental.CoreFeaturesTailCall|experimental.CoreFeaturesExtendedConst|
		experimental.CoreFeaturesExceptionHandling|experimental.CoreFeaturesTypedFunctionReferences))
	tb.Cleanup(func() { r.Close(ctx) })
	return engine{r}
}

func (e engine) validates(b []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	m, err := e.CompileModule(context.Background(), b)
	if err == nil {
		err = m.Close(context.Background())
	}
	return err
}

// check wants every module of a set to be valid, to us and to an engine, and to
// be written again as it was read.
func check(set wasmgen.Set, e *engine) error {
	for _, m := range set.Modules {
		b := m.Module.Encode()
		read, err := wasm.Read(b)
		if err == nil && !bytes.Equal(read.Encode(), b) {
			err = errors.New("written differently than read")
		}
		if err == nil {
			err = validate.Module(read, validate.Input(b))
		}
		if err == nil && e != nil {
			err = e.validates(b)
		}
		if err != nil {
			return errors.Join(errors.New(m.Name), err)
		}
	}
	return nil
}

// TestValid: whatever the bytes, the modules are valid.
func TestValid(t *testing.T) {
	e := newEngine(t)
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(1))
			with := &e
			if !p.o.Wazero {
				with = nil
			}
			for range 700 {
				b := drawBytes(rng)
				if err := check(wasmgen.Draw(b, p.o), with); err != nil {
					t.Fatalf("%v\n%x", err, b)
				}
			}
		})
	}
}

// TestNoBytes: no choice is left open where the bytes are used up.
func TestNoBytes(t *testing.T) {
	for _, p := range profiles {
		if set := wasmgen.Draw(nil, p.o); len(set.Modules) != 1 || check(set, nil) != nil {
			t.Errorf("%s: %d modules, %v", p.name, len(set.Modules), check(set, nil))
		}
	}
}

// TestUnknot: the modules without circles are valid, too.
func TestUnknot(t *testing.T) {
	e := newEngine(t)
	rng := rand.New(rand.NewSource(3))
	knots := 0
	for range 400 {
		b := drawBytes(rng)
		set := wasmgen.Draw(b, profiles[2].o)
		list := set.Unknot()
		if set.Cyclic != (len(list) > len(set.Modules)) {
			t.Fatalf("%d modules for %d, cyclic %v", len(list), len(set.Modules), set.Cyclic)
		}
		if set.Cyclic {
			knots++
		}
		if err := check(wasmgen.Set{Modules: list}, &e); err != nil {
			t.Fatalf("%v\n%x", err, b)
		}
	}
	if knots < 50 {
		t.Errorf("only %d sets have circles", knots)
	}
}

// TestInstructions: nearly every instruction of the features is drawn sooner or
// later.
func TestInstructions(t *testing.T) {
	seen := map[wasm.Op]bool{}
	rng := rand.New(rand.NewSource(4))
	for range 3000 {
		for _, m := range wasmgen.Draw(drawBytes(rng), profiles[3].o).Modules {
			for i := range m.Module.Code {
				collect(t, m.Module.Code[i], seen)
			}
		}
	}
	var missing []string
	for _, prefix := range []wasm.Op{0, 0xfb, 0xfc, 0xfd, 0xfe} {
		for sub := range wasm.Op(0x114) {
			op := prefix<<16 | sub
			info, ok := op.Info()
			if ok && (prefix != 0 || sub < 0x100) && info.Feature&^profiles[3].o.Features == 0 && !seen[op] {
				missing = append(missing, info.Name)
			}
		}
	}
	slices.Sort(missing)
	want := []string{"any.convert_extern", "atomic.fence", "extern.convert_any", "memory.atomic.wait32", "memory.atomic.wait64"}
	if !slices.Equal(missing, want) {
		t.Errorf("never drawn: %q, want %q", missing, want)
	}
}

func collect(t *testing.T, body wasm.Body, seen map[wasm.Op]bool) {
	_, code, _, err := body.Locals()
	if err != nil {
		t.Fatal(err)
	}
	r := wasm.NewCodeReader(code, 0)
	r.AllowOffset64()
	for in := (wasm.Instr{}); ; seen[in.Op] = true {
		if more, err := r.Next(&in); err != nil {
			t.Fatal(err)
		} else if !more {
			return
		}
	}
}

// TestSame: the same bytes give the same modules.
func TestSame(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for range 50 {
		b := drawBytes(rng)
		one, two := wasmgen.Draw(b, profiles[3].o), wasmgen.Draw(slices.Clone(b), profiles[3].o)
		for i := range one.Modules {
			if !slices.Equal(one.Modules[i].Module.Encode(), two.Modules[i].Module.Encode()) {
				t.Fatalf("module %d of %x differs", i, b)
			}
		}
	}
}

// FuzzDraw looks for bytes that give an invalid module.
func FuzzDraw(f *testing.F) {
	e := newEngine(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, p := range profiles {
			with := &e
			if !p.o.Wazero {
				with = nil
			}
			if err := check(wasmgen.Draw(b, p.o), with); err != nil {
				t.Errorf("%s: %v", p.name, err)
			}
		}
	})
}
