//go:build cgo

package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/wasmerio/wasmer-go/wasmer"
)

type wasmerEngine struct {
	store  *wasmer.Store
	module *wasmer.Module
}

func newWasmer() *wasmerEngine { return &wasmerEngine{store: wasmer.NewStore(wasmer.NewEngine())} }

func (e *wasmerEngine) load(module []byte) error {
	m, err := wasmer.NewModule(e.store, module)
	e.module = m
	return err
}

// run gives the program the standard streams of this process, since wasmer can
// take its input from nowhere else.
func (e *wasmerEngine) run(r *request) (reply, error) {
	if err := r.redirect(); err != nil {
		return reply{}, err
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
		return reply{}, err
	}
	imports, err := env.GenerateImportObject(e.store, e.module)
	if err != nil {
		return reply{}, err
	}
	instance, err := wasmer.NewInstance(e.module, imports)
	if err != nil {
		return reply{}, err
	}
	defer instance.Close()
	start, err := instance.Exports.GetWasiStartFunction()
	if err != nil {
		return reply{}, err
	}
	_, err = start()
	return outcome(err)
}

// outcome takes the exit code from the text of the trap, which has it alone.
func outcome(err error) (reply, error) {
	var trap *wasmer.TrapError
	if err == nil {
		return reply{}, nil
	}
	text := err.Error()
	if errors.As(err, &trap) {
		text = trap.Error()
	}
	for line := range strings.Lines(text) {
		if _, code, ok := strings.Cut(line, "WASI exited with code: "); ok {
			n, err := strconv.ParseUint(strings.TrimSpace(code), 10, 32)
			return reply{Exit: uint32(n)}, err
		}
	}
	return reply{Trap: text}, nil
}

// redirect makes the files of the run the standard streams of this process.
func (r *request) redirect() error {
	for fd, name := range []string{"stdin", "stdout", "stderr"} {
		f, err := os.OpenFile(r.file(name), os.O_RDWR, 0)
		if err == nil {
			err = syscall.Dup3(int(f.Fd()), fd, 0)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
