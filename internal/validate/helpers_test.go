package validate

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// check reads and validates a module.
func check(b []byte) error {
	m, err := wasm.Read(b)
	if err != nil {
		return err
	}
	return Module(m, Input(b))
}

// moduleDir is the folder of a module that go.mod names.
func moduleDir(t testing.TB, path string) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path).Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("go list -m %s: %q, %v", path, out, err)
	}
	return strings.TrimSpace(string(out))
}

// readFile reads a file and decompresses it if its name ends in .gz.
func readFile(t testing.TB, path string) []byte {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(path, err)
	}
	if b, err = io.ReadAll(z); err != nil {
		t.Fatal(path, err)
	}
	return b
}

// findFiles lists the files under a folder whose names end in one of suffixes.
func findFiles(t testing.TB, dir string, suffixes ...string) []string {
	var found []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		for _, s := range suffixes {
			if strings.HasSuffix(path, s) {
				found = append(found, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
