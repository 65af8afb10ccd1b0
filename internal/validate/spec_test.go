package validate

import (
	"encoding/json"
	"path/filepath"
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

var acceptedInvalid = map[string]string{}

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
				if _, known := acceptedInvalid[rel]; known != (err == nil) {
					t.Errorf("%s (%s): error %v, known as accepted: %v", rel, c.Text, err, known)
				}
			}
		}
	}
	for rel := range acceptedInvalid {
		if !seen[rel] {
			t.Errorf("%s is not in the suite", rel)
		}
	}
	t.Log(modules, invalid)
	if modules < 1500 || invalid < 1500 {
		t.Errorf("only %d modules and %d invalid ones in the suite", modules, invalid)
	}
}
