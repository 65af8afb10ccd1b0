//go:build cgo

// Command wasmer runs WASI commands on wasmer, for package oracle.
package main

import (
	"errors"
	"github.com/icsplice/icsplice/oracle/native"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/wasmerio/wasmer-go/wasmer"
)

func main() {
	native.Main("github.com/wasmerio/wasmer-go", func() native.Engine { return newWasmer() })
}

type wasmerEngine struct {
	store  *wasmer.Store
	module *wasmer.Module
	drain  *wasmer.Module
	runs   int              // of both modules
	accept *wasmer.Function // sock_accept, which this version does not have
}

// drain reads standard input to its end. Wasmer reads ahead into a buffer that
// belongs to the process, so what a run has left there has to go before the next.
const drain = `(module
	(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
	(memory (export "memory") 1)
	(data (i32.const 0) "\10\00\00\00\00\80\00\00")
	(func (export "_start")
		(loop
			(br_if 0 (i32.and
				(i32.eqz (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
				(i32.ne (i32.load (i32.const 8)) (i32.const 0)))))))`

const nosys = 52

func newWasmer() *wasmerEngine {
	store := wasmer.NewStore(wasmer.NewEngine())
	accept := wasmer.NewFunction(store,
		wasmer.NewFunctionType(wasmer.NewValueTypes(wasmer.I32, wasmer.I32, wasmer.I32), wasmer.NewValueTypes(wasmer.I32)),
		func([]wasmer.Value) ([]wasmer.Value, error) { return []wasmer.Value{wasmer.NewI32(nosys)}, nil })
	return &wasmerEngine{store: store, accept: accept}
}

func (e *wasmerEngine) Load(module []byte) error {
	text, err := wasmer.Wat2Wasm(drain)
	if err != nil {
		return err
	}
	if e.drain, err = wasmer.NewModule(e.store, text); err != nil {
		return err
	}
	e.module, err = wasmer.NewModule(e.store, module)
	return err
}

// Run gives the program the standard streams of this process, since wasmer can
// take its input from nowhere else.
func (e *wasmerEngine) Run(r *native.Run) (native.Reply, error) {
	empty, err := os.Open(os.DevNull)
	if err == nil {
		err = errors.Join(syscall.Dup3(int(empty.Fd()), 0, 0), empty.Close())
	}
	if err != nil {
		return native.Reply{}, err
	}
	if reply, err := e.start(e.drain, r); err != nil || reply.Trap != "" {
		return reply, errors.Join(errors.New("emptying standard input"), err)
	}
	if err := redirect(r); err != nil {
		return native.Reply{}, err
	}
	return e.start(e.module, r)
}

func (e *wasmerEngine) start(module *wasmer.Module, r *native.Run) (native.Reply, error) {
	if e.runs++; e.runs%64 == 0 {
		runtime.GC() // frees environments and imports, which are not in Go's memory
	}
	builder := wasmer.NewWasiStateBuilder(r.Args[0]).MapDirectory("/", r.Root).InheritStdin().InheritStdout().InheritStderr()
	for _, a := range r.Args[1:] {
		builder.Argument(a)
	}
	for _, v := range r.Env {
		name, value, _ := strings.Cut(v, "=")
		builder.Environment(name, value)
	}
	env, err := builder.Finalize()
	if err != nil {
		return native.Reply{}, err
	}
	imports, err := env.GenerateImportObject(e.store, module)
	if err != nil {
		return native.Reply{}, err
	}
	imports.Register("wasi_snapshot_preview1", map[string]wasmer.IntoExtern{"sock_accept": e.accept})
	instance, err := wasmer.NewInstance(module, imports)
	if err != nil {
		return native.Reply{}, err
	}
	defer instance.Close()
	// GetWasiStartFunction would keep the instance and its 6 GB of addresses for
	// ever: it gives a function with a finalizer that is reachable from itself.
	f, err := instance.Exports.GetRawFunction("_start")
	if err != nil {
		return native.Reply{}, err
	}
	_, err = f.Call()
	return outcome(err)
}

// outcome takes the exit code from the text of the trap, which has it alone.
func outcome(err error) (native.Reply, error) {
	var trap *wasmer.TrapError
	if err == nil {
		return native.Reply{}, nil
	}
	text := err.Error()
	if errors.As(err, &trap) {
		text = trap.Error()
	}
	for line := range strings.Lines(text) {
		if _, code, ok := strings.Cut(line, "WASI exited with code: "); ok {
			n, err := strconv.ParseUint(strings.TrimSpace(code), 10, 32)
			return native.Reply{Exit: uint32(n)}, err
		}
	}
	return native.Reply{Trap: text}, nil
}

// redirect makes the files of the run the standard streams of this process.
func redirect(r *native.Run) error {
	for fd, name := range []string{"stdin", "stdout", "stderr"} {
		f, err := os.OpenFile(r.File(name), os.O_RDWR, 0)
		if err == nil {
			err = syscall.Dup3(int(f.Fd()), fd, 0)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
