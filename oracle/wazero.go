package oracle

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

const features = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst

// Wazero is wazero with its own WASI on a folder of the host.
type Wazero struct{ runtime wazero.Runtime }

// NewWazero starts the engine.
func NewWazero() (*Wazero, error) { return newWazero(true) }

// NewTrustingWazero starts an engine for programs that come to an end by
// themselves: it takes no notice of Run.Timeout, and loops run several times as
// fast.
func NewTrustingWazero() (*Wazero, error) { return newWazero(false) }

func newWazero(stoppable bool) (*Wazero, error) {
	ctx := context.Background()
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCloseOnContextDone(stoppable)
	w := &Wazero{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, w.runtime); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Name is "wazero".
func (w *Wazero) Name() string { return "wazero" }

// wazeroVersion is what go.mod requires.
const wazeroVersion = "1.12.0"

// Version is that of the module.
func (w *Wazero) Version() string { return wazeroVersion }

// Load compiles a module.
func (w *Wazero) Load(module []byte) (Program, error) {
	if err := check(module); err != nil {
		return nil, err
	}
	compiled, err := w.runtime.CompileModule(context.Background(), module)
	if err != nil {
		return nil, fmt.Errorf("wazero: %w", err)
	}
	return &wazeroProgram{w.runtime, compiled}, nil
}

// Close ends the engine.
func (w *Wazero) Close() error { return w.runtime.Close(context.Background()) }

type wazeroProgram struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

func (p *wazeroProgram) Start(root string) (Session, error) {
	dir, err := newFolder(root)
	if err != nil {
		return nil, err
	}
	return &wazeroSession{p, dir}, nil
}

func (p *wazeroProgram) Close() error { return p.module.Close(context.Background()) }

type wazeroSession struct {
	program *wazeroProgram
	folder
}

// maxNap bounds a sleep: where several clocks are waited for, wazero sleeps for
// the longest.
const maxNap = 100 * time.Millisecond

func nap(ns int64) { time.Sleep(min(time.Duration(ns), maxNap)) }

func (s *wazeroSession) Run(r Run) (Outcome, error) {
	if s.gone() {
		return Outcome{Trap: rootGone}, nil
	}
	var o output
	config := o.config(&r).WithFSConfig(wazero.NewFSConfig().WithDirMount(s.root, "/")).
		WithSysWalltime().WithSysNanotime().WithNanosleep(nap).WithRandSource(rand.Reader)
	return o.run(s.program.runtime, s.program.module, config, &r)
}

// output is what a program on wazero writes.
type output struct{ stdout, stderr bytes.Buffer }

func (o *output) config(r *Run) wazero.ModuleConfig {
	c := wazero.NewModuleConfig().WithName("").WithArgs(r.Args...).WithStdin(bytes.NewReader(r.Stdin)).
		WithStdout(&o.stdout).WithStderr(&o.stderr)
	for _, e := range r.Env {
		name, value, _ := strings.Cut(e, "=")
		c = c.WithEnv(name, value)
	}
	return c
}

// run instantiates a module, which runs _start.
func (o *output) run(engine wazero.Runtime, module wazero.CompiledModule, c wazero.ModuleConfig, r *Run) (Outcome, error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout())
	defer cancel()
	instance, err := engine.InstantiateModule(ctx, module, c)
	if err == nil {
		err = instance.Close(ctx)
	}
	result := Outcome{Stdout: o.stdout.Bytes(), Stderr: o.stderr.Bytes()}
	var exit *sys.ExitError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return result, ErrTimeout
	case errors.As(err, &exit):
		result.Exit = exit.ExitCode()
	default:
		result.Trap = err.Error()
	}
	return result, nil
}
