package oracle

import (
	"fmt"
	"os"
	"path/filepath"
)

// Prepare puts the program that holds an engine into the folder dir, unless it
// is there: wasmtime and wasmer need one, see BuildNative, and other engines
// nothing. The folder is made where it is missing.
func Prepare(name, dir string) error {
	if name != "wasmtime" && name != "wasmer" {
		return nil
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return BuildNative(name, file)
}

// Open starts the engine of a name: icsplice, polyfill, wazero, node, wasmtime
// or wasmer. dir is the folder that Prepare was given; Node's script is written
// there. The caller closes the engine.
func Open(name, dir string) (Oracle, error) {
	switch name {
	case "icsplice":
		return NewCanister(), nil
	case "polyfill":
		return NewPolyfill()
	case "wazero":
		return NewWazero()
	case "node":
		return NewNode(dir)
	case "wasmtime":
		return NewWasmtime(filepath.Join(dir, name))
	case "wasmer":
		return NewWasmer(filepath.Join(dir, name))
	}
	return nil, fmt.Errorf("there is no oracle %q", name)
}
