package validate

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const wazero = "github.com/tetratelabs/wazero"

// specCommand is a line of a script of the WebAssembly core test suite, of which
// wazero carries the releases 1 and 2 and some proposals in binary form.
type specCommand struct {
	Type     string `json:"type"`
	Line     int    `json:"line"`
	Filename string `json:"filename"`
	Text     string `json:"text"`
}

// Why modules are valid that a script calls invalid: later releases have them.
const (
	okayGroup   = "a type is a recursion group of its own, which may refer to itself"
	okayResults = "several results: multi-value"
	okayTables  = "several tables: reference-types"
	okayMemory  = "several memories: multi-memory"
	okayGlobal  = "constant expressions may read all globals before them that are immutable"
	okayBottom  = "labels of a br_table in unreachable code may differ in their types"
)

// acceptedInvalid are those modules.
var acceptedInvalid = map[string]string{
	"typed-function-references/testdata/type-equivalence.2.wasm": okayGroup,
	"v1/testdata/func.20.wasm":                                   okayResults,
	"v1/testdata/func.21.wasm":                                   okayResults,
	"v1/testdata/imports.47.wasm":                                okayTables,
	"v1/testdata/imports.48.wasm":                                okayTables,
	"v1/testdata/imports.49.wasm":                                okayTables,
	"v1/testdata/imports.73.wasm":                                okayMemory,
	"v1/testdata/imports.74.wasm":                                okayMemory,
	"v1/testdata/imports.75.wasm":                                okayMemory,
	"v1/testdata/memory.4.wasm":                                  okayMemory,
	"v1/testdata/memory.5.wasm":                                  okayMemory,
	"v1/testdata/type.3.wasm":                                    okayResults,
	"v1/testdata/type.4.wasm":                                    okayResults,
	"v1/testdata/unreached-invalid.87.wasm":                      okayBottom,
	"v2/testdata/data.9.wasm":                                    okayGlobal,
	"v2/testdata/data.10.wasm":                                   okayGlobal,
	"v2/testdata/elem.10.wasm":                                   okayGlobal,
	"v2/testdata/elem.11.wasm":                                   okayGlobal,
	"v2/testdata/global.18.wasm":                                 okayGlobal,
	"v2/testdata/global.19.wasm":                                 okayGlobal,
	"v2/testdata/imports.97.wasm":                                okayMemory,
	"v2/testdata/imports.98.wasm":                                okayMemory,
	"v2/testdata/imports.99.wasm":                                okayMemory,
	"v2/testdata/memory.6.wasm":                                  okayMemory,
	"v2/testdata/memory.7.wasm":                                  okayMemory,
}

// reasons are what an error must say, by the start of the text of the assertion.
var reasons = map[string]string{
	"type mismatch":                    "type mismatch: ",
	"unknown local":                    "local [0-9]+ of",
	"unknown label":                    "label [0-9]+ of",
	"unknown global":                   "global [0-9]+ of",
	"unknown function":                 "function [0-9]+ of",
	"unknown type":                     "type [0-9]+ of",
	"unknown tag":                      "tag [0-9]+ of",
	"unknown memory":                   "memory [0-9]+ of|without a memory",
	"unknown table":                    "table [0-9]+ of|without a table",
	"unknown elem segment":             "element segment [0-9]+ of",
	"unknown data segment":             "data segment [0-9]+ of|needs a data count",
	"alignment must not be larger":     "the natural one is",
	"invalid lane index":               "lane [0-9]+ of",
	"constant expression required":     "in a constant expression",
	"duplicate export name":            "exported twice",
	"memory size must be at most":      "pages, at most",
	"size minimum must not be greater": "a minimum of [0-9]+ above",
	"global is immutable":              "is immutable",
	"start function":                   "has parameters or results",
	"undeclared function reference":    "is not declared",
	"uninitialized local":              "is not set yet",
	"invalid result arity":             "select with",
	"non-empty tag result type":        "a tag with results",
}

// otherReasons are modules with another text than that of the assertion.
var otherReasons = map[string]string{
	"typed-function-references/testdata/elem.95.wasm": "an i32.add, which extended-const made constant, where a funcref belongs",
	"v2/testdata/select.2.wasm":                       "no types at all are written as the select without types",
}

// checkReason checks that a module was refused for what is wrong with it.
func checkReason(t *testing.T, name, text string, err error, used map[string]bool) {
	if err == nil || otherReasons[name] != "" {
		used[name] = true
		return
	}
	for start, want := range reasons {
		if strings.HasPrefix(text, start) {
			used[start] = true
			if !regexp.MustCompile(want).MatchString(err.Error()) {
				t.Errorf("%s: %q, for: %v", name, text, err)
			}
			return
		}
	}
	t.Errorf("%s: no reason is known for %q: %v", name, text, err)
}

// TestSpecSuite holds the validator to the suite: every module is valid, every
// one of an assert_invalid is not.
func TestSpecSuite(t *testing.T) {
	dir := filepath.Join(moduleDir(t, wazero), "internal/integration_test/spectest")
	modules, invalid := 0, 0
	seen := map[string]bool{}
	for _, script := range findFiles(t, dir, ".json") {
		var suite struct{ Commands []specCommand }
		if err := json.Unmarshal(readFile(t, script), &suite); err != nil {
			t.Fatal(script, err)
		}
		for _, c := range suite.Commands {
			if !strings.HasSuffix(c.Filename, ".wasm") {
				continue
			}
			path := filepath.Join(filepath.Dir(script), c.Filename)
			rel, _ := filepath.Rel(dir, path)
			switch c.Type {
			case "module", "assert_unlinkable", "assert_uninstantiable", "assert_trap":
				modules++
				if err := check(readFile(t, path)); err != nil {
					t.Errorf("%s: %v", rel, err)
				}
			case "assert_invalid":
				invalid++
				seen[rel] = true
				err := check(readFile(t, path))
				checkReason(t, rel, c.Text, err, seen)
				if _, known := acceptedInvalid[rel]; known != (err == nil) {
					t.Errorf("%s (%s): error %v, known as accepted: %v", rel, c.Text, err, known)
				}
			}
		}
	}
	for _, table := range []map[string]string{acceptedInvalid, otherReasons, reasons} {
		for key := range table {
			if !seen[key] {
				t.Errorf("%q is not in the suite", key)
			}
		}
	}
	if modules < 1500 || invalid < 1500 {
		t.Errorf("only %d modules and %d invalid ones in the suite", modules, invalid)
	}
}
