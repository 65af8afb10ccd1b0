package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/corpus"
)

// TestNoModuleOnTerminal: -o - is refused where it would fill a terminal with bytes.
func TestNoModuleOnTerminal(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("NOTHING WAS TESTED: ", err)
	}
	defer terminal.Close()
	module, err := corpus.Module("sort")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sort.wasm")
	if err := os.WriteFile(path, module, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"build", "merge"} {
		var stderr bytes.Buffer
		code := run([]string{command, path, "-o", "-"}, strings.NewReader(""), terminal, &stderr)
		if code != exitUsage || !strings.HasPrefix(stderr.String(), "icsplice: -o - would write a module to a terminal\n  hint: ") {
			t.Errorf("%s: exit code %d, %s", command, code, &stderr)
		}
	}
}

func TestIsTerminal(t *testing.T) {
	for _, path := range []string{os.DevNull, "/dev/full", t.TempDir()} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if isTerminal(f) {
			t.Errorf("%s counts as a terminal", path)
		}
	}
}
