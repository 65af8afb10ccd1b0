package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"unicode"

	"github.com/spf13/cobra"
)

// thousands writes a number with a comma between groups of three digits.
func thousands[N ~int | ~int64 | ~uint64](n N) string {
	s := strconv.FormatUint(uint64(n), 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// printable passes text on without control characters, line feeds and tabs
// apart: names in it come from the module and must not steer a terminal.
type printable struct{ io.Writer }

func (p printable) Write(b []byte) (int, error) {
	clean := bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '?'
		}
		return r
	}, b)
	if _, err := p.Writer.Write(clean); err != nil {
		return 0, err
	}
	return len(b), nil
}

// writeText writes what print gives, without control characters, at once, so that
// a failure is told.
func writeText(w io.Writer, print func(io.Writer)) error {
	var b bytes.Buffer
	print(&b)
	_, err := printable{w}.Write(b.Bytes())
	return err
}

// writeFile replaces the file at path in one step, so that a failure leaves
// what was there before.
func writeFile(path string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		var cause *fs.PathError // whose path is that of the temporary file
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return hinted(fmt.Errorf("%s: cannot make a file there: %w", path, err), "check that the folder exists and can be written")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// standardOutput is the name that outputs give standard output by.
const standardOutput = "-"

// writeOutput writes to the file at path, or to standard output.
func writeOutput(cmd *cobra.Command, path string, b []byte) error {
	if path != standardOutput {
		return writeFile(path, b)
	}
	if _, err := cmd.OutOrStdout().Write(b); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	return nil
}

// checkModuleOutput refuses to write a module nowhere or to a terminal.
func checkModuleOutput(cmd *cobra.Command, output string) error {
	if output == "" {
		return usage(cmd, errors.New("-o says where the module goes, - for standard output"))
	}
	if stdout, ok := cmd.OutOrStdout().(*os.File); !ok || output != standardOutput || !isTerminal(stdout) {
		return nil
	}
	return hinted(usage(cmd, errors.New("-o - would write a module to a terminal")),
		"redirect standard output or name a file; ./- is one named -")
}

// checkOutputs refuses, before any work, what could not be written afterwards,
// an output over one of the inputs, and one output over another. An output "" is
// none.
func checkOutputs(cmd *cobra.Command, inputs []string, outputs ...string) error {
	for i, out := range outputs {
		if out == "" {
			continue
		}
		if slices.ContainsFunc(outputs[:i], func(o string) bool { return sameOutput(o, out) }) {
			return hinted(usage(cmd, fmt.Errorf("%s is named for two outputs", out)), "give another name to one of them")
		}
		if out == standardOutput {
			continue
		}
		if err := checkOutput(inputs, out); err != nil {
			return err
		}
	}
	return nil
}

func checkOutput(inputs []string, out string) error {
	folder, err := os.Stat(filepath.Dir(out))
	if errors.Is(err, fs.ErrNotExist) {
		return hinted(fmt.Errorf("%s: there is no folder %s", out, filepath.Dir(out)), "check that the folder exists; mkdir -p "+filepath.Dir(out)+" makes it")
	}
	if err == nil && !folder.IsDir() {
		return hinted(fmt.Errorf("%s: %s is a file, not a folder", out, filepath.Dir(out)), "give another name")
	}
	after, err := os.Stat(out)
	if err != nil {
		return nil // it is not there yet, or writing says what is wrong
	}
	if after.IsDir() {
		return hinted(fmt.Errorf("%s is a folder, not a file", out), "give the name of a file")
	}
	for _, in := range inputs {
		if before, err := os.Stat(in); err == nil && os.SameFile(before, after) {
			return hinted(fmt.Errorf("%s would be written over %s, which is an input", out, in), "give another name")
		}
	}
	return nil
}

func sameOutput(a, b string) bool {
	if a == "" || a == standardOutput || b == standardOutput {
		return a == b
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// reportTo is where a report goes: standard output, unless one of the outputs
// goes there.
func reportTo(cmd *cobra.Command, outputs ...string) io.Writer {
	if slices.Contains(outputs, standardOutput) {
		return cmd.ErrOrStderr()
	}
	return cmd.OutOrStdout()
}

// outputName is how a report names an output.
func outputName(path string) string {
	if path == standardOutput {
		return "standard output"
	}
	return path
}

// writeJSON writes v, indented, on a line of its own.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
