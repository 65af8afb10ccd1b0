//go:build cgo

package wasmgen_test

import (
	"math/rand"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// TestValidWasmtime: an engine that has GC takes the modules, too. Its package
// cannot turn exceptions on.
func TestValidWasmtime(t *testing.T) {
	c := wasmtime.NewConfig()
	for _, set := range []func(bool){c.SetWasmTailCall, c.SetWasmFunctionReferences, c.SetWasmGC, c.SetWasmMultiMemory,
		c.SetWasmMemory64, c.SetWasmThreads, c.SetWasmRelaxedSIMD} {
		set(true)
	}
	e := wasmtime.NewEngineWithConfig(c)
	rng := rand.New(rand.NewSource(5))
	o := profiles[3].o
	o.Features &^= wasm.FeatureExceptions
	for range 1500 {
		b := drawBytes(rng)
		for _, m := range wasmgen.Draw(b, o).Modules {
			if err := wasmtime.ModuleValidate(e, m.Module.Encode()); err != nil {
				t.Fatalf("%s: %v\n%x", m.Name, err, b)
			}
		}
	}
}
