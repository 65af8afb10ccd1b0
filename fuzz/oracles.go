package fuzz

import (
	"errors"

	"github.com/icsplice/icsplice/oracle"
)

// OracleNames are those that Open knows besides the canister, which always takes
// part: native WASI, and the polyfill's own sources compiled natively.
var OracleNames = []string{"wazero", "wasmtime", "wasmer", "node", "polyfill"}

// Prepare makes what the oracles named need in dir: the programs of wasmtime and
// wasmer, which are built unless they are there.
func Prepare(names []string, dir string) error {
	for _, name := range names {
		if err := oracle.Prepare(name, dir); err != nil {
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

// open starts an engine. Scripts are bounded, so that wazero needs no deadline.
func open(name, dir string) (oracle.Oracle, error) {
	if name == "wazero" {
		return oracle.NewTrustingWazero()
	}
	return oracle.Open(name, dir)
}
