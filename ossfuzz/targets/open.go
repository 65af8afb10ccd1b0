package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
)

const (
	module = "github.com/icsplice/icsplice"

	opened    = "zzopened" // begins the names of what were test files
	external  = "opened"   // the folder for those of package p_test
	harnesses = "harnesses"
)

// openedName is the name of a test file once it is open. No underscore follows
// the mark, so that a file for one system stays one.
func openedName(base string) string {
	return opened + strings.TrimSuffix(base, "_test.go") + ".go"
}

func closedName(base string) string {
	return strings.TrimSuffix(strings.TrimPrefix(base, opened), ".go") + "_test.go"
}

// open makes the test files of the package in dir ordinary ones, and writes a
// harness for each target in them.
func open(dir string, out io.Writer) error {
	files, err := testFiles(dir)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no test files", dir)
	}
	if err != nil {
		return err
	}
	for _, f := range files {
		to := dir
		if f.external {
			to = filepath.Join(dir, external)
			if err := os.MkdirAll(to, 0o755); err != nil {
				return err
			}
		}
		if err := os.Rename(f.path, filepath.Join(to, openedName(filepath.Base(f.path)))); err != nil {
			return err
		}
		for _, name := range f.targets {
			if err := writeHarness(harness{name, filepath.ToSlash(dir), filepath.ToSlash(to)}, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// shut undoes open.
func shut(dir string) error {
	var paths []string
	for _, from := range []string{dir, filepath.Join(dir, external)} {
		found, err := filepath.Glob(filepath.Join(from, opened+"*.go"))
		if err != nil {
			return err
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return fmt.Errorf("%s is not open", dir)
	}
	for _, p := range paths {
		if err := os.Rename(p, filepath.Join(dir, closedName(filepath.Base(p)))); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(dir, external))
}

// harness describes a target: its function, the folder of its package, and the
// folder where it can be imported from.
type harness struct{ Name, Dir, From string }

// Import is the path of the package that has the target now.
func (h harness) Import() string { return path.Join(module, h.From) }

// binary names the program that is made of the target.
func (h harness) binary() string {
	if h.Dir == "." {
		return h.Name
	}
	return strings.ReplaceAll(h.Dir, "/", "_") + "_" + h.Name
}

// harnessText has the form that go-118-fuzz-build takes.
var harnessText = template.Must(template.New("harness").Parse(`package harness

import (
	"github.com/AdamKorcz/go-118-fuzz-build/testing"
	target "{{.Import}}"
	"` + module + `/ossfuzz/libfuzzer"
)

func {{.Name}}(f *testing.F) {
	libfuzzer.Run(libfuzzer.Target{Name: "{{.Name}}", Dir: "{{.Dir}}", Fuzz: target.{{.Name}}}, f.Data)
}
`))

// writeHarness writes the package that calls a target. It stands beneath the
// target's folder, because that may be an internal one.
func writeHarness(h harness, out io.Writer) error {
	dir := path.Join(h.Dir, harnesses, strings.ToLower(h.Name))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, "harness.go"))
	if err != nil {
		return err
	}
	if err := harnessText.Execute(file, h); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, dir, h.Name, h.binary())
	return err
}
