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
	for _, name := range names {
		o, err := f.openOne(cmd, name, temp)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", name, err), closeAll(list))
		}
		list = append(list, o)
	}
	return list, nil
}

// checkNames refuses a value of --oracles that is not some of the known names,
// each once.
func checkNames(cmd *cobra.Command, names, known []string) error {
	wants := "--oracles wants different ones of " + strings.Join(known, ", ")
	if len(names) == 0 {
		return usage(cmd, errors.New(wants+", and has none"))
	}
	for k, name := range names {
		if !slices.Contains(known, name) || slices.Contains(names[:k], name) {
			return usage(cmd, fmt.Errorf("%s, not %q", wants, name))
		}
	}
	return nil
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

// openOne starts a runtime, whose program is built where it is missing.
func (f *conformFlags) openOne(cmd *cobra.Command, name, temp string) (oracle.Oracle, error) {
	dir := temp
	if f.native != "" && name != "node" {
		dir = f.native
	}
	stop := startProgress(cmd.ErrOrStderr(), "building "+name)
	err := oracle.Prepare(name, dir)
	stop()
	if err != nil {
		return nil, err
	}
	return oracle.Open(name, dir)
}

func closeAll(list []oracle.Oracle) error {
	var errs []error
	for _, o := range list {
		errs = append(errs, o.Close())
	}
	return errors.Join(errs...)
}
