package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/oracle"
	"github.com/spf13/cobra"
)

// runtimes are the names that --oracles takes.
var runtimes = []string{"icsplice", "wazero", "node", "wasmtime", "wasmer"}

// open starts the runtimes that were asked for, or those at hand.
func (f *conformFlags) open(cmd *cobra.Command, temp string) ([]oracle.Oracle, error) {
	names := f.oracles
	if len(names) == 0 {
		names = f.atHand()
	}
	var list []oracle.Oracle
	for k, name := range names {
		if !slices.Contains(runtimes, name) || slices.Contains(names[:k], name) {
			err := fmt.Errorf("--oracles wants different ones of %s, not %q", strings.Join(runtimes, ", "), name)
			return nil, errors.Join(usage(cmd, err), closeAll(list))
		}
		o, err := f.openOne(cmd, name, temp)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", name, err), closeAll(list))
		}
		list = append(list, o)
	}
	return list, nil
}

func (f *conformFlags) atHand() []string {
	names := []string{"icsplice", "wazero"}
	if _, err := exec.LookPath("node"); err == nil {
		names = append(names, "node")
	}
	for _, name := range []string{"wasmtime", "wasmer"} {
		if _, err := os.Stat(filepath.Join(f.native, name)); f.native != "" && err == nil {
			names = append(names, name)
		}
	}
	return names
}

func (f *conformFlags) openOne(cmd *cobra.Command, name, temp string) (oracle.Oracle, error) {
	switch name {
	case "icsplice":
		return oracle.NewCanister(), nil
	case "wazero":
		return oracle.NewWazero()
	case "node":
		return oracle.NewNode(temp)
	}
	file, err := f.nativeProgram(cmd, name, temp)
	if err != nil {
		return nil, err
	}
	if name == "wasmer" {
		return oracle.NewWasmer(file)
	}
	return oracle.NewWasmtime(file)
}

// nativeProgram is the program that holds an engine, built where it is missing.
func (f *conformFlags) nativeProgram(cmd *cobra.Command, name, temp string) (string, error) {
	dir := f.native
	if dir == "" {
		dir = temp
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	defer startProgress(cmd.ErrOrStderr(), "building "+name)()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return file, oracle.BuildNative(name, file)
}

func closeAll(list []oracle.Oracle) error {
	var errs []error
	for _, o := range list {
		errs = append(errs, o.Close())
	}
	return errors.Join(errs...)
}
