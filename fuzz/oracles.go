package fuzz

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/icsplice/icsplice/oracle"
)

// OracleNames are those that Open knows besides the canister, which always takes
// part: native WASI, and the polyfill's own sources compiled natively.
var OracleNames = []string{"wazero", "wasmtime", "wasmer", "node", "polyfill"}

// Prepare makes what the oracles named need in dir: the programs of wasmtime and
// wasmer, which are built unless they are there.
func Prepare(names []string, dir string) error {
	for _, name := range names {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); err == nil || name != "wasmtime" && name != "wasmer" {
			continue
		}
		if err := oracle.BuildNative(name, file); err != nil {
			return err
		}
	}
	return nil
}

// Open makes a Judge of the canister and the oracles named, for which dir was
// prepared.
func Open(names []string, dir string) (*Judge, error) {
	var engines []*Engine
	closeAll := func(err error) (*Judge, error) {
		for _, e := range engines {
			err = errors.Join(err, e.Close())
		}
		return nil, err
	}
	for _, name := range append([]string{"icsplice"}, names...) {
		o, err := open(name, dir)
		if err != nil {
			return closeAll(err)
		}
		e, err := NewEngine(o)
		if err != nil {
			return closeAll(err)
		}
		engines = append(engines, e)
	}
	return NewJudge(engines)
}

func open(name, dir string) (oracle.Oracle, error) {
	switch name {
	case "icsplice":
		return oracle.NewCanister(), nil
	case "polyfill":
		return oracle.NewPolyfill()
	case "wazero":
		return oracle.NewTrustingWazero()
	case "wasmtime":
		return oracle.NewWasmtime(filepath.Join(dir, name))
	case "wasmer":
		return oracle.NewWasmer(filepath.Join(dir, name))
	case "node":
		return oracle.NewNode(dir)
	}
	return nil, fmt.Errorf("there is no oracle %q", name)
}
