package wasm

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const wazero = "github.com/tetratelabs/wazero"

// specCommand is a line of a script of the WebAssembly core test suite, of which
// wazero carries the releases 1 and 2 and some proposals in binary form.
type specCommand struct {
	Type       string `json:"type"`
	Line       int    `json:"line"`
	Filename   string `json:"filename"`
	ModuleType string `json:"module_type"`
	Text       string `json:"text"`
}

// Why the reader accepts modules that a script calls malformed.
const (
	okayShared    = `flag 2 of a global is "shared" in shared-everything-threads`
	okayTable     = `the table index 1 of a call_indirect: well formed since reference-types`
	okayMemory    = `a memory index beside 0: well formed with multi-memory`
	okayMemarg    = `bit 6 of a memarg announces a memory index with multi-memory`
	okayDataCount = `whether bodies need the data count section is known only after a walk`
)

// acceptedMalformed are those modules.
var acceptedMalformed = map[string]string{
	"extended-const/testdata/global.21.wasm": okayShared,
	"extended-const/testdata/global.24.wasm": okayShared,
	"v1/testdata/globals.15.wasm":            okayShared,
	"v1/testdata/globals.18.wasm":            okayShared,
	"v1/testdata/binary.32.wasm":             okayTable,
	"v1/testdata/binary.37.wasm":             okayMemory,
	"v1/testdata/binary.38.wasm":             okayMemory,
	"v1/testdata/binary.39.wasm":             okayMemory,
	"v1/testdata/binary.40.wasm":             okayMemory,
	"v1/testdata/binary.41.wasm":             okayMemory,
	"v1/testdata/binary.42.wasm":             okayMemory,
	"v1/testdata/binary.43.wasm":             okayMemory,
	"v1/testdata/binary.44.wasm":             okayMemory,
	"v1/testdata/binary.45.wasm":             okayMemory,
	"v1/testdata/binary.46.wasm":             okayMemory,
	"v2/testdata/binary.41.wasm":             okayMemory,
	"v2/testdata/binary.42.wasm":             okayMemory,
	"v2/testdata/binary.43.wasm":             okayMemory,
	"v2/testdata/binary.44.wasm":             okayMemory,
	"v2/testdata/binary.45.wasm":             okayMemory,
	"v2/testdata/binary.46.wasm":             okayMemory,
	"v2/testdata/binary.47.wasm":             okayMemory,
	"v2/testdata/binary.48.wasm":             okayMemory,
	"v2/testdata/binary.49.wasm":             okayMemory,
	"v2/testdata/binary.50.wasm":             okayMemory,
	"v2/testdata/align.112.wasm":             okayMemarg,
	"v2/testdata/align.113.wasm":             okayMemarg,
	"v2/testdata/binary.66.wasm":             okayDataCount,
	"v2/testdata/binary.67.wasm":             okayDataCount,
}

// TestSpecSuite reads the modules of the core test suite: each that is well formed
// must be read, walked and survive Encode, each that is malformed must be refused.
func TestSpecSuite(t *testing.T) {
	dir := filepath.Join(moduleDir(t, wazero), "internal/integration_test/spectest")
	modules, malformed := 0, 0
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
			b := readFile(t, path)
			switch c.Type {
			case "module":
				modules++
				checkWellFormed(t, rel, b)
			case "assert_malformed":
				malformed++
				seen[rel] = true
				m, err := Read(b)
				if err == nil {
					_, err = walkBodies(m)
				}
				if _, known := acceptedMalformed[rel]; known != (err == nil) {
					t.Errorf("%s (%s): error %v, known as accepted: %v", rel, c.Text, err, known)
				}
			}
		}
	}
	for rel := range acceptedMalformed {
		if !seen[rel] {
			t.Errorf("%s is not in the suite", rel)
		}
	}
	if modules < 1500 || malformed < 200 {
		t.Errorf("only %d modules and %d malformed ones in the suite", modules, malformed)
	}
}

// checkWellFormed reads, walks and encodes a module that must be good.
func checkWellFormed(t *testing.T, name string, b []byte) {
	t.Helper()
	m, err := Read(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if _, err := walkBodies(m); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	out := m.Encode()
	again, err := Read(out)
	if err != nil {
		t.Errorf("%s: encoded: %v", name, err)
		return
	}
	if !bytes.Equal(again.Encode(), out) {
		t.Errorf("%s: a second Encode differs", name)
	}
	if !reflect.DeepEqual(withoutOffsets(m), withoutOffsets(again)) {
		t.Errorf("%s: Encode changes the module", name)
	}
}
