package wasmgen_test

import (
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

// profiles are the sets of features that tests draw with.
var profiles = []struct {
	name   string
	o      wasmgen.Options
	wazero bool // wazero has all of them
}{
	{"mvp", wasmgen.Options{Modules: 3}, true},
	{"core 2", wasmgen.Options{Features: core2, Modules: 4, Cycles: true}, true},
	{"beyond", wasmgen.Options{Features: core2 | beyond, Modules: 3, Cycles: true}, true},
	{"core 3", wasmgen.Options{Features: core2 | beyond | core3, Modules: 4, Cycles: true}, false},
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

// check wants every module of a set to be valid, to us and to an engine.
func check(set wasmgen.Set, e *engine) error {
	for _, m := range set.Modules {
		b := m.Module.Encode()
		read, err := wasm.Read(b)
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
			if !p.wazero {
				with = nil
			}
			for range 1500 {
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
