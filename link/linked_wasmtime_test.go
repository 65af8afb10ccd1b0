//go:build cgo

package link_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
)

// featuresWasmtime are all but exceptions, which the package cannot turn on.
const featuresWasmtime = featuresWazero&^wasm.FeatureExceptions | wasm.FeatureGc | wasm.FeatureMultiMemory |
	wasm.FeatureMemory64 | wasm.FeatureRelaxedSimd

func init() {
	// wasmtime 39 reads 16 bytes where the first operand of a copysign is a load,
	// and so traps at the end of the memory.
	o := wasmgen.Options{Features: featuresWasmtime, Without: []wasm.Op{wasm.OpF32Copysign, wasm.OpF64Copysign}}
	engines = append(engines, engine{name: "wasmtime", options: o, compiles: true, start: newWasmtimeWorld})
}

var wasmtimeEngine = sync.OnceValue(func() *wasmtime.Engine {
	c := wasmtime.NewConfig()
	c.SetCraneliftOptLevel(wasmtime.OptLevelNone)
	c.SetCraneliftNanCanonicalization(true)
	c.SetWasmRelaxedSIMDDeterministic(true)
	c.SetParallelCompilation(false)
	for _, set := range []func(bool){c.SetWasmTailCall, c.SetWasmFunctionReferences, c.SetWasmGC, c.SetWasmMultiMemory,
		c.SetWasmMemory64, c.SetWasmThreads, c.SetWasmRelaxedSIMD} {
		set(true)
	}
	return wasmtime.NewEngineWithConfig(c)
})

type wasmtimeWorld struct {
	store     *wasmtime.Store
	linker    *wasmtime.Linker
	calls     []string
	instances map[string]*wasmtime.Instance
}

func newWasmtimeWorld(tb testing.TB) world {
	e := wasmtimeEngine()
	w := &wasmtimeWorld{store: wasmtime.NewStore(e), linker: wasmtime.NewLinker(e), instances: map[string]*wasmtime.Instance{}}
	for _, f := range wasmgen.HostFuncs() {
		typ := wasmtime.NewFuncType(wasmtimeTypes(f.Params), wasmtimeTypes(f.Results))
		err := w.linker.FuncNew(wasmgen.HostModule, f.Name, typ, func(_ *wasmtime.Caller, params []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
			return w.host(f, params), nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return w
}

var wasmtimeKinds = map[wasm.ValType]wasmtime.ValKind{wasm.I32: wasmtime.KindI32, wasm.I64: wasmtime.KindI64,
	wasm.F32: wasmtime.KindF32, wasm.F64: wasmtime.KindF64}

func wasmtimeTypes(list []wasm.ValType) []*wasmtime.ValType {
	var to []*wasmtime.ValType
	for _, t := range list {
		to = append(to, wasmtime.NewValType(wasmtimeKinds[t]))
	}
	return to
}

func (w *wasmtimeWorld) host(f wasmgen.HostFunc, params []wasmtime.Val) []wasmtime.Val {
	var args []uint64
	for _, p := range params {
		args = append(args, valBits(p.Get()))
	}
	answer := hostCall(&w.calls, f, args)
	switch {
	case len(f.Results) == 0:
		return nil
	case f.Results[0] == wasm.I32:
		return []wasmtime.Val{wasmtime.ValI32(int32(answer))}
	}
	return []wasmtime.Val{wasmtime.ValI64(int64(answer))}
}

// valBits is a value as wazero gives it; of references only whether they are null.
func valBits(v any) uint64 {
	switch v := v.(type) {
	case int32:
		return uint64(uint32(v))
	case int64:
		return uint64(v)
	case float32:
		return uint64(math.Float32bits(v))
	case float64:
		return math.Float64bits(v)
	case *wasmtime.Func:
		if v == nil {
			return 0
		}
	case nil:
		return 0
	}
	return 1
}

func (w *wasmtimeWorld) trace() []string { return w.calls }

func (w *wasmtimeWorld) close() {
	w.linker.Close()
	w.store.Close()
}

func (w *wasmtimeWorld) instantiate(name string, module []byte) string {
	m, err := wasmtime.NewModule(wasmtimeEngine(), module)
	if err != nil {
		return "invalid: " + err.Error()
	}
	defer m.Close()
	i, err := w.linker.Instantiate(w.store, m)
	if err == nil {
		err = w.linker.DefineInstance(w.store, name, i)
	}
	if err != nil {
		return wasmtimeReason(err)
	}
	w.instances[name] = i
	return ""
}

func wasmtimeReason(err error) string {
	var t *wasmtime.Trap
	if !errors.As(err, &t) {
		return "fails: " + err.Error()
	}
	if code := t.Code(); code != nil {
		if *code == wasmtime.HeapMisaligned {
			*code = wasmtime.MemoryOutOfBounds // as in reason
		}
		return fmt.Sprint("fails: trap ", *code)
	}
	_, text, _ := strings.Cut(t.Message(), "Caused by:")
	return "fails: " + text
}

func (w *wasmtimeWorld) call(instance, function string, args []uint64) string {
	f := w.instances[instance].GetFunc(w.store, function)
	if f == nil {
		return "no such function"
	}
	var params []any
	for i, t := range f.Type(w.store).Params() {
		params = append(params, valOf(t.Kind(), args[i]))
	}
	result, err := f.Call(w.store, params...)
	if err != nil {
		return wasmtimeReason(err)
	}
	bits := []uint64{}
	list, several := result.([]wasmtime.Val)
	for _, v := range list {
		bits = append(bits, valBits(v.Get()))
	}
	if !several && len(f.Type(w.store).Results()) == 1 {
		bits = append(bits, valBits(result))
	}
	return fmt.Sprint(bits)
}

// valOf is a number of the kind; references are null.
func valOf(kind wasmtime.ValKind, bits uint64) wasmtime.Val {
	switch kind {
	case wasmtime.KindI32:
		return wasmtime.ValI32(int32(bits))
	case wasmtime.KindI64:
		return wasmtime.ValI64(int64(bits))
	case wasmtime.KindF32:
		return wasmtime.ValF32(math.Float32frombits(uint32(bits)))
	case wasmtime.KindF64:
		return wasmtime.ValF64(math.Float64frombits(bits))
	case wasmtime.KindFuncref:
		return wasmtime.ValFuncref(nil)
	}
	return wasmtime.ValExternref(nil)
}

func (w *wasmtimeWorld) global(instance, name string) string {
	return fmt.Sprint([]uint64{valBits(w.instances[instance].GetExport(w.store, name).Global().Get(w.store).Get())})
}

func (w *wasmtimeWorld) memory(instance, name string) []byte {
	m := w.instances[instance].GetExport(w.store, name).Memory()
	if m == nil {
		return nil
	}
	return m.UnsafeData(w.store)
}
