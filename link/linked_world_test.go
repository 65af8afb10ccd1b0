package link_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// engine runs sets of modules that wasmgen draws.
type engine struct {
	name     string
	options  wasmgen.Options // what to draw for it
	compiles bool            // it compiles modules, which takes longer than the calls here
	start    func(testing.TB) world
}

// world is a store of an engine with the host module of wasmgen in it. What
// happens in it is told as text: results as "[1 2]", a trap by its reason.
type world interface {
	// instantiate makes an instance, from which later ones import by its name.
	// The text is "" if it worked.
	instantiate(name string, module []byte) string
	// call calls a function of an instance.
	call(instance, function string, args []uint64) string
	// global reads a global of an instance.
	global(instance, name string) string
	// memory is that of an instance, nil if it is shared between threads. The
	// world keeps it.
	memory(instance, name string) []byte
	// trace lists the host calls so far.
	trace() []string
	close()
}

// Features of engines. Of function references and exceptions wazero has what
// wasmgen draws where there is no GC.
const (
	featuresCore2 = wasm.FeatureSignExt | wasm.FeatureSatFloat | wasm.FeatureBulkMemory | wasm.FeatureReferenceTypes |
		wasm.FeatureMultiValue | wasm.FeatureSimd
	featuresWazero = featuresCore2 | wasm.FeatureTailCall | wasm.FeatureExtendedConst | wasm.FeatureExceptions |
		wasm.FeatureFunctionReferences | wasm.FeatureThreads
)

var wazeroEngine = engine{name: "wazero", options: wasmgen.Options{Features: featuresWazero, Wazero: true}, start: newWazeroWorld}

// engines are those that the properties are tested on. Files with build tags add
// theirs.
var engines = []engine{wazeroEngine}

type wazeroWorld struct {
	wazero.Runtime
	calls     []string
	instances map[string]api.Module
}

func newWazeroWorld(tb testing.TB) world {
	ctx := context.Background()
	w := &wazeroWorld{instances: map[string]api.Module{}}
	w.Runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2|
		experimental.CoreFeaturesThreads|experimental.CoreFeaturesTailCall|experimental.CoreFeaturesExtendedConst|
		experimental.CoreFeaturesExceptionHandling|experimental.CoreFeaturesTypedFunctionReferences))
	host := w.NewHostModuleBuilder(wasmgen.HostModule)
	for _, f := range wasmgen.HostFuncs() {
		params, results := wazeroTypes(f.Params), wazeroTypes(f.Results)
		host.NewFunctionBuilder().WithGoFunction(api.GoFunc(func(_ context.Context, stack []uint64) {
			answer := hostCall(&w.calls, f, stack[:len(params)])
			if len(results) > 0 {
				stack[0] = answer
			}
		}), params, results).Export(f.Name)
	}
	if _, err := host.Instantiate(ctx); err != nil {
		tb.Fatal(err)
	}
	return w
}

func wazeroTypes(list []wasm.ValType) []api.ValueType {
	var to []api.ValueType
	for _, t := range list {
		to = append(to, t.Code)
	}
	return to
}

// hostCall notes a call of the host and answers with a number that depends on
// all calls so far.
func hostCall(calls *[]string, f wasmgen.HostFunc, args []uint64) uint64 {
	*calls = append(*calls, fmt.Sprint(f.Name, args))
	h := fnv.New64a()
	fmt.Fprint(h, len(*calls), f.Name, args)
	if len(f.Results) > 0 && f.Results[0] == wasm.I32 {
		return h.Sum64() & 0xffffffff
	}
	return h.Sum64()
}

func (w *wazeroWorld) trace() []string { return w.calls }

func (w *wazeroWorld) close() { w.Close(context.Background()) }

func (w *wazeroWorld) instantiate(name string, module []byte) string {
	m, err := w.InstantiateWithConfig(context.Background(), module, wazero.NewModuleConfig().WithName(name).WithStartFunctions())
	if err != nil {
		return reason(err)
	}
	w.instances[name] = m
	return ""
}

func (w *wazeroWorld) call(instance, function string, args []uint64) string {
	f := w.instances[instance].ExportedFunction(function)
	results, err := f.Call(context.Background(), args...)
	if err != nil {
		return reason(err)
	}
	at := 0
	for _, t := range f.Definition().ResultTypes() {
		if t != api.ValueTypeI32 && t != api.ValueTypeI64 && t != api.ValueTypeF32 && t != api.ValueTypeF64 &&
			t != wasm.V128.Code && results[at] != 0 {
			results[at] = 1 // the address of a reference differs from run to run
		}
		at++
		if t == wasm.V128.Code {
			at++
		}
	}
	return fmt.Sprint(results)
}

func (w *wazeroWorld) global(instance, name string) string {
	return fmt.Sprint([]uint64{w.instances[instance].ExportedGlobal(name).Get()})
}

func (w *wazeroWorld) memory(instance, name string) []byte {
	m := w.instances[instance].ExportedMemory(name)
	b, _ := m.Read(0, m.Size())
	return b
}

// places are what reasons say of where a fault lies, which differs when linked.
var places = regexp.MustCompile(`(start )?function\[[^\]]*\][^:]*|data\[\d+\]|element\[\d+\]|section \w+`)

// reason is why something failed, without where.
func reason(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	if strings.Contains(text, "unaligned atomic") {
		text = "out of bounds memory access" // it is left open which of the two is seen first
	}
	return "fails: " + places.ReplaceAllString(text, "")
}
