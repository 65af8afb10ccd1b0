package conformance_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/conformance"
)

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "suite")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoad(t *testing.T) {
	dir := folder(t, map[string]string{
		"plain.wasm": "", "notes.txt": "", "manifest.json": "not read",
		"full.wasm":            "",
		"full.json":            `{"args": ["a", ""], "env": {"B": "2", "A": "1=x"}, "root": "tree", "exit_code": 7, "stdout": "out"}`,
		"tree/data.wasm":       "a file of the root, not a case",
		"below/deep.wasm":      "",
		"below/deep.json":      `{"root": "a/b"}`,
		"below/a/b/file":       "",
		"below/a/c/other.wasm": "in the way to a root",
		"wazero.expected":      "# remarks\n\nfull: one\n  reason\n",
		"icsplice.expected":    "full: another one\nplain: a third",
	})
	cases, err := conformance.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	text := "out"
	want := []conformance.Case{
		{
			Suite: "suite", Name: "full", Module: filepath.Join(dir, "full.wasm"),
			Args: []string{"a", ""}, Env: []string{"A=1=x", "B=2"}, Root: filepath.Join(dir, "tree"), Exit: 7, Stdout: &text,
			Expected: map[string]string{"wazero": "one reason", "icsplice": "another one"},
		},
		{
			Suite: "suite", Name: "plain", Module: filepath.Join(dir, "plain.wasm"),
			Expected: map[string]string{"icsplice": "a third"},
		},
		{
			Suite: "suite/below", Name: "deep", Module: filepath.Join(dir, "below", "deep.wasm"),
			Root: filepath.Join(dir, "below", "a", "b"),
		},
	}
	if diff := cmp.Diff(want, cases); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // in the error
	}{
		{"no cases", map[string]string{"a.txt": ""}, "there is no *.wasm"},
		{"not JSON", map[string]string{"a.wasm": "", "a.json": "{"}, "a.json: unexpected EOF"},
		{"two values", map[string]string{"a.wasm": "", "a.json": "{} {}"}, "a.json: has more than one value"},
		{"unknown field", map[string]string{"a.wasm": "", "a.json": `{"stdin": "x"}`}, `a.json: json: unknown field "stdin"`},
		{"exit code below zero", map[string]string{"a.wasm": "", "a.json": `{"exit_code": -1}`}, "a.json: json: cannot unmarshal"},
		{"exit code too large", map[string]string{"a.wasm": "", "a.json": `{"exit_code": 4294967296}`}, "a.json: json: cannot unmarshal"},
		{"root above", map[string]string{"a.wasm": "", "a.json": `{"root": "../x"}`}, `root "../x" is not a folder below`},
		{"root far above", map[string]string{"a.wasm": "", "a.json": `{"root": "x/../../../etc"}`}, "is not a folder below"},
		{"absolute root", map[string]string{"a.wasm": "", "a.json": `{"root": "/etc"}`}, `root "/etc" is not a folder below`},
		{"the suite as root", map[string]string{"a.wasm": "", "a.json": `{"root": "x/.."}`}, "is not a folder below"},
		{"missing root", map[string]string{"a.wasm": "", "a.json": `{"root": "x"}`}, "a.json: lstat"},
		{"a file as root", map[string]string{"a.wasm": "", "a.json": `{"root": "x"}`, "x": ""}, `root "x" is no folder`},
		{"zero byte in an argument", map[string]string{"a.wasm": "", "a.json": `{"args": ["a\u0000b"]}`}, `argument "a\x00b" has a zero byte`},
		{"variable without a name", map[string]string{"a.wasm": "", "a.json": `{"env": {"": "x"}}`}, `variable "" cannot be set`},
		{"variable with an equals sign", map[string]string{"a.wasm": "", "a.json": `{"env": {"a=b": "x"}}`}, `variable "a=b" cannot be set`},
		{"description too long", map[string]string{"a.wasm": "", "a.json": strings.Repeat(" ", 1<<20+1)}, "a.json: has more than 1048576 bytes"},
		{"expectation without a reason", map[string]string{"a.wasm": "", "x.expected": "a:"}, "x.expected: line 1 wants CASE: reason"},
		{"expectation without a case", map[string]string{"a.wasm": "", "x.expected": "  reason"}, "x.expected: line 1 goes on with nothing"},
		{"expectation twice", map[string]string{"a.wasm": "", "x.expected": "a: b\na: c"}, "x.expected: line 2 names a again"},
		{"expectation of nothing", map[string]string{"a.wasm": "", "x.expected": "\nb: c"}, "x.expected: line 2: there is no b.wasm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := conformance.Load(folder(t, tt.files))
			var wrong *conformance.SuiteError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want a SuiteError with %q", err, tt.want)
			}
		})
	}
	if _, err := conformance.Load(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestLoadLinks: no symbolic link makes a root lead out of the suite, and what is no
// regular file is not read.
func TestLoadLinks(t *testing.T) {
	dir := folder(t, map[string]string{"a.wasm": "", "a.json": `{"root": "link"}`, "inside/file": ""})
	link := filepath.Join(dir, "link")
	for _, tt := range []struct {
		target, want string
	}{
		{"inside", ""},
		{"..", "leads out"},
		{".", "leads out"},
		{t.TempDir(), "leads out"},
		{"link", "too many links"},
	} {
		if err := os.Symlink(tt.target, link); err != nil {
			t.Skip(err)
		}
		_, err := conformance.Load(dir)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("root %q: %v, want %q", tt.target, err, tt.want)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "b.json"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.wasm"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(link, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := conformance.Load(dir); err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("a folder as description: %v", err)
	}
}

// FuzzLoad: whatever the files of a suite hold, it is loaded or refused by a
// SuiteError, and no root lies outside of it.
func FuzzLoad(f *testing.F) {
	f.Fuzz(func(t *testing.T, description, expected string) {
		dir := folder(t, map[string]string{"a.wasm": "", "a.json": description, "wazero.expected": expected})
		cases, err := conformance.Load(dir)
		var wrong *conformance.SuiteError
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("%T: %v", err, err)
		}
		for _, c := range cases {
			if c.Root != "" && !strings.HasPrefix(c.Root, dir+string(filepath.Separator)) {
				t.Errorf("root %q is outside of %q", c.Root, dir)
			}
			if reason, ok := c.Expected["wazero"]; ok && reason == "" {
				t.Error("an expectation without a reason")
			}
		}
	})
}
