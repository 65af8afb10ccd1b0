package canister

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// maxModule is the most bytes that a compressed module may unpack to; the IC's
// own limit.
const maxModule = 100 << 20

const features = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling |
	experimental.CoreFeaturesTypedFunctionReferences

// instance is a module that runs: its code, its heap, and the globals as they
// were when the last execution ended.
type instance struct {
	program  *program
	runtime  wazero.Runtime
	cache    wazero.CompilationCache
	compiled wazero.CompiledModule
	module   api.Module
	heap     *heap

	left, fuel, exhausted, irreversible api.MutableGlobal

	globals []uint64
	vectors [][2]uint64
	altered bool // has kept a change that a new instantiation would lack
	spoiled bool // holds a change that should have been taken back but cannot
}

// newInstance compiles a module and instantiates it, without its start function.
func (c *Canister) newInstance(ctx context.Context, binary []byte) (*instance, error) {
	p, encoded, err := prepare(binary, c.opts.CountOperators)
	if err != nil {
		return nil, err
	}
	i := &instance{program: p}
	if err := i.open(ctx, c, encoded); err != nil {
		i.close(ctx)
		return nil, err
	}
	return i, nil
}

// prepare reads a module, packed or not, and gives it the instrumentation.
func prepare(binary []byte, countOperators bool) (*program, []byte, error) {
	binary, err := unpack(binary)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrModule, err)
	}
	m, err := wasm.Read(binary)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrModule, err)
	}
	if err := checkModule(m); err != nil {
		return nil, nil, err
	}
	p, err := instrument(m, countOperators)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrModule, err)
	}
	encoded := p.module.Encode()
	return p, encoded, nil
}

// unpack undoes gzip, which the IC accepts for modules.
func unpack(binary []byte) ([]byte, error) {
	if !bytes.HasPrefix(binary, []byte{0x1f, 0x8b, 0x08}) {
		return binary, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(binary))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, maxModule+1))
	if err == nil && len(out) > maxModule {
		err = fmt.Errorf("unpacks to more than %d bytes", maxModule)
	}
	return out, err
}

func (i *instance) open(ctx context.Context, c *Canister, encoded []byte) error {
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features)
	if c.opts.Cache != "" {
		cache, err := wazero.NewCompilationCacheWithDir(c.opts.Cache)
		if err != nil {
			return err
		}
		i.cache = cache
		config = config.WithCompilationCache(cache)
	}
	i.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if err := c.exportIC0(ctx, i); err != nil {
		return err
	}
	var err error
	ctx = experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	if i.compiled, err = i.runtime.CompileModule(ctx, encoded); err != nil {
		return fmt.Errorf("%w: wazero: %w", ErrModule, err)
	}
	return i.instantiate(ctx)
}

// instantiate makes the module's state new and takes hold of its exports.
func (i *instance) instantiate(ctx context.Context) error {
	i.heap = &heap{}
	ctx = experimental.WithMemoryAllocator(ctx, i.heap)
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := i.runtime.InstantiateModule(ctx, i.compiled, config)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrModule, err)
	}
	i.module = module
	i.left = i.mutable(exportLeft)
	i.exhausted = i.mutable(exportExhausted)
	i.irreversible = i.mutable(exportIrreversible)
	if i.program.countsFuel {
		i.fuel = i.mutable(exportOperators)
	}
	return nil
}

// mutable is a global that the instrumentation exported.
func (i *instance) mutable(name string) api.MutableGlobal {
	return i.module.ExportedGlobal(name).(api.MutableGlobal)
}

func (i *instance) close(ctx context.Context) error {
	var err error
	if i.runtime != nil {
		err = i.runtime.Close(ctx)
	}
	if i.cache != nil {
		if e := i.cache.Close(ctx); err == nil {
			err = e
		}
	}
	return err
}

// commit keeps the state as it is now, after heap.compare; copyHeap is false if it will not be
// needed again.
func (i *instance) commit(ctx context.Context, copyHeap bool) {
	if copyHeap {
		i.heap.commit()
	}
	i.altered = i.altered || i.irreversible.Get() != 0
	i.irreversible.Set(0)
	i.globals = i.globals[:0]
	for _, g := range i.program.globals {
		i.globals = append(i.globals, i.module.ExportedGlobal(exportGlobal(g)).Get())
	}
	i.vectors = i.vectors[:0]
	for _, g := range i.program.vectors {
		half, err := i.module.ExportedFunction(exportGetV128(g)).Call(ctx)
		if err != nil {
			panic(fmt.Sprintf("BUG: reading global %d: %v", g, err))
		}
		i.vectors = append(i.vectors, [2]uint64{half[0], half[1]})
	}
}

// rollback brings back the state of the last commit, after heap.compare. Changes of tables and
// dropped segments cannot be taken back: the instance is then spoiled.
func (i *instance) rollback(ctx context.Context) error {
	if i.irreversible.Get() != 0 || i.altered && i.heap.grown() {
		i.spoiled = true
		return nil
	}
	if i.heap.grown() {
		if err := i.replace(ctx); err != nil {
			i.spoiled = true
			return err
		}
		i.heap.compare()
	}
	i.heap.restore()
	for k, g := range i.program.globals {
		i.mutable(exportGlobal(g)).Set(i.globals[k])
	}
	for k, g := range i.program.vectors {
		v := i.vectors[k]
		if _, err := i.module.ExportedFunction(exportSetV128(g)).Call(ctx, v[0], v[1]); err != nil {
			panic(fmt.Sprintf("BUG: writing global %d: %v", g, err))
		}
	}
	return nil
}

// replace instantiates the module anew with a heap of the committed size, as
// Wasm memory cannot shrink.
func (i *instance) replace(ctx context.Context) error {
	shadow := i.heap.shadow
	if err := i.module.Close(ctx); err != nil {
		return err
	}
	if err := i.instantiate(ctx); err != nil {
		return err
	}
	i.heap.shadow = shadow
	missing := len(shadow)*osPage - len(i.heap.buf)
	if missing > 0 {
		if _, ok := i.module.Memory().Grow(uint32(missing / StablePageSize)); !ok {
			return fmt.Errorf("the heap does not grow back to %d bytes", len(shadow)*osPage)
		}
	}
	return nil
}

// exportIC0 offers the functions of the System API that the module imports.
func (c *Canister) exportIC0(ctx context.Context, i *instance) error {
	b := i.runtime.NewHostModuleBuilder(abi.ModuleIC0)
	for n := range abi.IC0 {
		f := &abi.IC0[n]
		if !i.program.imports(f.Name) {
			continue
		}
		params := make([]api.ValueType, len(f.Params))
		for k, p := range f.Params {
			params[k] = api.ValueType(p.Type)
		}
		results := make([]api.ValueType, len(f.Results))
		for k, t := range f.Results {
			results[k] = api.ValueType(t)
		}
		b.NewFunctionBuilder().WithGoModuleFunction(c.hostFunction(n), params, results).Export(f.Name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

func (p *program) imports(name string) bool {
	return slices.ContainsFunc(p.module.Imports, func(im wasm.Import) bool { return im.Name == name })
}
