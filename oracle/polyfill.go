package oracle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/internal/image"
	"github.com/icsplice/icsplice/polyfill/wasi"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// Polyfill runs a program on wazero over the polyfill's own sources, compiled
// for this machine: what runs in a canister but for TinyGo, the linker and the
// IC, and so what can be measured and debugged. Runs take turns, as the polyfill
// knows one platform only.
type Polyfill struct {
	runtime wazero.Runtime
	system  *wasi.System // of the run that goes on
}

// platform is held while a run uses wasi.Platform.
var platform sync.Mutex

// NewPolyfill starts the engine.
func NewPolyfill() (*Polyfill, error) {
	ctx := context.Background()
	p := &Polyfill{runtime: wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCoreFeatures(features))}
	b := p.runtime.NewHostModuleBuilder(abi.ModulePreview1)
	for i := range abi.Preview1 {
		f := &abi.Preview1[i]
		call, err := p.function(f)
		if err != nil {
			return nil, errors.Join(err, p.Close())
		}
		var params, results []api.ValueType
		for _, x := range f.Params {
			params = append(params, api.ValueType(x.Type))
		}
		for _, t := range f.Results {
			results = append(results, api.ValueType(t))
		}
		b.NewFunctionBuilder().WithGoModuleFunction(call, params, results).Export(f.Name)
	}
	if _, err := b.Instantiate(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// function gives the method of wasi.System that implements a WASI function.
func (p *Polyfill) function(f *abi.Function) (api.GoModuleFunc, error) {
	if f.Name == "proc_exit" {
		return p.exit, nil
	}
	name := ""
	for word := range strings.SplitSeq(f.Name, "_") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	m, ok := reflect.TypeFor[*wasi.System]().MethodByName(name)
	if !ok || m.Type.NumIn() != len(f.Params)+1 {
		return nil, fmt.Errorf("BUG: the polyfill has no %s for %s", name, f.Name)
	}
	return func(_ context.Context, module api.Module, stack []uint64) {
		view(module)
		args := []reflect.Value{reflect.ValueOf(p.system)}
		for i := range f.Params {
			args = append(args, reflect.ValueOf(stack[i]).Convert(m.Type.In(i+1)))
		}
		stack[0] = m.Func.Call(args)[0].Uint()
	}, nil
}

// view lets the polyfill see the program's memory as it is now.
func view(module api.Module) {
	memory := module.Memory()
	b, _ := memory.Read(0, memory.Size())
	wasi.Platform.Memory = b
}

func (p *Polyfill) exit(ctx context.Context, module api.Module, stack []uint64) {
	p.system.CommandProcExit(uint32(stack[0]))
	panic(sys.NewExitError(uint32(stack[0])))
}

// Name is "polyfill".
func (*Polyfill) Name() string { return "polyfill" }

// Version names what runs.
func (*Polyfill) Version() string { return "this tree, natively" }

// Close ends the engine.
func (p *Polyfill) Close() error { return p.runtime.Close(context.Background()) }

// Load compiles a module.
func (p *Polyfill) Load(module []byte) (Program, error) {
	if err := check(module); err != nil {
		return nil, err
	}
	compiled, err := p.runtime.CompileModule(context.Background(), module)
	if err != nil {
		return nil, fmt.Errorf("wazero: %w", err)
	}
	return &polyfillProgram{p, compiled}, nil
}

type polyfillProgram struct {
	engine *Polyfill
	module wazero.CompiledModule
}

func (p *polyfillProgram) Close() error { return p.module.Close(context.Background()) }

func (p *polyfillProgram) Start(root string) (Session, error) {
	stable, err := newStable(root)
	if err != nil {
		return nil, err
	}
	s := &polyfillSession{program: p, stable: stable}
	s.Upgrade()
	return s, nil
}

// polyfillSession keeps the heap from run to run, as Installed does.
type polyfillSession struct {
	program *polyfillProgram
	stable  canister.StableMemory
	system  *wasi.System
}

func (s *polyfillSession) Tree() (Tree, error) { return ReadImage(s.stable) }
func (s *polyfillSession) Close() error        { return s.stable.Close() }

// Upgrade gives the polyfill a new heap.
func (s *polyfillSession) Upgrade() error {
	s.system = wasi.New(image.Store(s.stable))
	return nil
}

func (s *polyfillSession) Run(r Run) (Outcome, error) {
	platform.Lock()
	defer platform.Unlock()
	p := s.program
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout())
	defer cancel()
	instance, err := p.engine.runtime.InstantiateModule(ctx, p.module, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return Outcome{}, err
	}
	defer instance.Close(ctx)
	p.engine.system = s.system
	var trap error
	wasi.Platform = wasi.Host{
		Argument: candid.EncodeRun(r.Args, r.Stdin, variables(r.Env)), Public: true, ReplyLimit: maxReply,
		Preopens: "/\x00", Time: uint64(time.Now().UnixNano()), Step: 100, Caller: []byte{4}, Self: []byte{1},
		Start: func() { trap = start(ctx, instance) },
	}
	view(instance)
	s.system.CommandRun()
	return s.end(trap)
}

// start runs the program. It is no error that it exits.
func start(ctx context.Context, instance api.Module) error {
	f := instance.ExportedFunction("_start")
	if f == nil {
		return errors.New("the module has no _start")
	}
	_, err := f.Call(ctx)
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

// end makes what the run has done last, or takes it back.
func (s *polyfillSession) end(trap error) (Outcome, error) {
	if trap != nil {
		s.Upgrade()
		return Outcome{Trap: trap.Error()}, s.stable.Discard()
	}
	if !wasi.Platform.Replied {
		return Outcome{}, fmt.Errorf("the polyfill rejected the call: %s", wasi.Platform.Rejection)
	}
	reply, err := candid.DecodeRunReply(wasi.Platform.Reply)
	if err != nil {
		return Outcome{}, fmt.Errorf("reply of the polyfill: %w", err)
	}
	o := Outcome{Stdout: bytes.Clone(reply.Stdout), Stderr: bytes.Clone(reply.Stderr), Exit: reply.ExitCode}
	return o, s.stable.Commit()
}
