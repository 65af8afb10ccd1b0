package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Case is one program of a suite: what it is given and what must come of it.
type Case struct {
	Suite string // the suite's name, slash-separated where suites are nested
	Name  string // unique in the suite
	// Module is the path of the program; NotBuilt says why there is none, in the
	// compiler's words.
	Module   string
	NotBuilt string

	Args   []string // behind the program's name
	Env    []string // "NAME=value", sorted
	Root   string   // path of the folder to copy; "" for an empty one
	Exit   uint32
	Stdout *string // nil where any will do

	// Expected gives the reason why the case is known to fail, by runtime.
	Expected map[string]string
}

// ID names the case among those of all suites.
func (c *Case) ID() string { return c.Suite + "/" + c.Name }

// SuiteError says what is wrong with a file of a suite.
type SuiteError struct {
	Path string
	Err  error
}

func (e *SuiteError) Error() string { return e.Path + ": " + e.Err.Error() }
func (e *SuiteError) Unwrap() error { return e.Err }

// ErrNoCases says that a folder holds no modules.
var ErrNoCases = errors.New("there is no *.wasm in the folder, nor in one below")

const (
	maxDescription = 1 << 20   // bytes of NAME.json and RUNTIME.expected
	maxCases       = 100_000   // of one suite with those below it
	maxModule      = 100 << 20 // bytes of NAME.wasm, as on the IC
)

// Load reads the suite in the folder dir and those in folders below it, sorted by
// name. The folders that cases name as their root are no suites. The error is a
// *SuiteError, which wraps ErrNoCases where there is nothing to run.
func Load(dir string) ([]Case, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, &SuiteError{dir, err}
	}
	cases, err := loadTree(abs, filepath.Base(abs), nil)
	if err == nil && len(cases) == 0 {
		err = &SuiteError{dir, ErrNoCases}
	}
	return cases, err
}

func loadTree(dir, suite string, cases []Case) ([]Case, error) {
	here, err := loadFolder(dir, suite, ".wasm")
	if err != nil {
		return nil, err
	}
	if cases = append(cases, here...); len(cases) > maxCases {
		return nil, &SuiteError{dir, fmt.Errorf("more than %d cases", maxCases)}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &SuiteError{dir, err}
	}
	for _, e := range entries {
		below := filepath.Join(dir, e.Name())
		if !e.IsDir() || isRoot(here, below) {
			continue
		}
		if cases, err = loadTree(below, suite+"/"+e.Name(), cases); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

func isRoot(cases []Case, dir string) bool {
	return slices.ContainsFunc(cases, func(c Case) bool {
		return c.Root == dir || strings.HasPrefix(c.Root, dir+string(filepath.Separator))
	})
}

// loadFolder reads the cases of one folder: the files that have this ending.
func loadFolder(dir, suite, ending string) ([]Case, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &SuiteError{dir, err}
	}
	expected, err := loadExpected(dir)
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ending)
		if !ok || name == "" || e.IsDir() {
			continue
		}
		c := Case{Suite: suite, Name: name, Module: filepath.Join(dir, e.Name()), Expected: expected.take(name)}
		if err := c.describe(filepath.Join(dir, name+".json")); err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, expected.unused(ending)
}

// description is NAME.json.
type description struct {
	Args   []string          `json:"args"`
	Env    map[string]string `json:"env"`
	Root   string            `json:"root"`
	Exit   uint32            `json:"exit_code"`
	Stdout *string           `json:"stdout"`
}

// describe takes in the description, if there is one.
func (c *Case) describe(path string) error {
	text, err := readBounded(path, maxDescription)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &SuiteError{path, err}
	}
	var d description
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&d); err != nil {
		return &SuiteError{path, err}
	}
	if in.More() {
		return &SuiteError{path, errors.New("has more than one value")}
	}
	if err := d.check(); err != nil {
		return &SuiteError{path, err}
	}
	c.Args, c.Exit, c.Stdout = d.Args, d.Exit, d.Stdout
	for _, name := range slices.Sorted(maps.Keys(d.Env)) {
		c.Env = append(c.Env, name+"="+d.Env[name])
	}
	if d.Root == "" {
		return nil
	}
	c.Root = filepath.Join(filepath.Dir(path), filepath.FromSlash(d.Root))
	if err := checkRoot(filepath.Dir(path), c.Root); err != nil {
		return &SuiteError{path, err}
	}
	return nil
}

// checkRoot refuses a root that is no folder below dir when symbolic links on the
// way are followed.
func checkRoot(dir, root string) error {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(root)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(dir, target)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return fmt.Errorf("root %q leads out of the suite's folder", filepath.Base(root))
	}
	info, err := os.Stat(target)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("root %q is no folder", filepath.Base(root))
	}
	return err
}

func (d *description) check() error {
	if d.Root != "" && (!filepath.IsLocal(filepath.FromSlash(d.Root)) || filepath.Clean(d.Root) == ".") {
		return fmt.Errorf("root %q is not a folder below that of the case", d.Root)
	}
	for _, arg := range d.Args {
		if strings.ContainsRune(arg, 0) {
			return fmt.Errorf("argument %q has a zero byte", arg)
		}
	}
	for name, value := range d.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(value, 0) {
			return fmt.Errorf("variable %q cannot be set to %q", name, value)
		}
	}
	return nil
}

// readBounded reads a regular file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, errors.New("is no regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, fmt.Errorf("has more than %d bytes", limit)
	}
	return b, err
}
