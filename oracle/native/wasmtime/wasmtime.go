//go:build cgo

// Command wasmtime runs WASI commands on wasmtime, for package oracle.
package main

import (
	"errors"
	"github.com/icsplice/icsplice/oracle/native"
	"strings"

	"github.com/bytecodealliance/wasmtime-go/v39"
)

func main() {
	native.Main("github.com/bytecodealliance/wasmtime-go/v39", func() native.Engine { return newWasmtime() })
}

type wasmtimeEngine struct {
	engine *wasmtime.Engine
	linker *wasmtime.Linker
	module *wasmtime.Module
}

func newWasmtime() *wasmtimeEngine {
	config := wasmtime.NewConfig()
	config.SetCraneliftOptLevel(wasmtime.OptLevelSpeed)
	engine := wasmtime.NewEngineWithConfig(config)
	return &wasmtimeEngine{engine: engine, linker: wasmtime.NewLinker(engine)}
}

func (e *wasmtimeEngine) Load(module []byte) error {
	if err := e.linker.DefineWasi(); err != nil {
		return err
	}
	m, err := wasmtime.NewModule(e.engine, module)
	e.module = m
	return err
}

func (e *wasmtimeEngine) Run(r *native.Run) (native.Reply, error) {
	config := wasmtime.NewWasiConfig()
	config.SetArgv(r.Args)
	var names, values []string
	for _, v := range r.Env {
		name, value, _ := strings.Cut(v, "=")
		names, values = append(names, name), append(values, value)
	}
	config.SetEnv(names, values)
	err := errors.Join(config.SetStdinFile(r.File("stdin")), config.SetStdoutFile(r.File("stdout")), config.SetStderrFile(r.File("stderr")),
		config.PreopenDir(r.Root, "/", wasmtime.DIR_READ|wasmtime.DIR_WRITE, wasmtime.FILE_READ|wasmtime.FILE_WRITE))
	if err != nil {
		return native.Reply{}, err
	}
	store := wasmtime.NewStore(e.engine)
	defer store.Close()
	store.SetWasi(config)
	instance, err := e.linker.Instantiate(store, e.module)
	if err != nil {
		return native.Reply{}, err
	}
	_, err = instance.GetFunc(store, "_start").Call(store)
	var exit *wasmtime.Error
	if errors.As(err, &exit) {
		if code, ok := exit.ExitStatus(); ok {
			return native.Reply{Exit: uint32(code)}, nil
		}
	}
	if err != nil {
		return native.Reply{Trap: err.Error()}, nil
	}
	return native.Reply{}, nil
}
