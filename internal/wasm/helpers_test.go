package wasm

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
)

// walkBodies reads every instruction of a module.
func walkBodies(m *Module) (instructions int, err error) {
	var in Instr
	offset64 := false
	for _, l := range m.Spaces().Memories {
		offset64 = offset64 || l.Is64
	}
	for i := range m.Code {
		_, code, offset, err := m.Code[i].Locals()
		if err != nil {
			return instructions, InSection(err, SectionCode, i)
		}
		r := NewCodeReader(code, offset)
		if offset64 {
			r.AllowOffset64()
		}
		for {
			more, err := r.Next(&in)
			if err != nil {
				return instructions, InSection(err, SectionCode, i)
			}
			if !more {
				break
			}
			instructions++
		}
	}
	return instructions, nil
}

// withoutOffsets clears what an encoding with other lengths changes.
func withoutOffsets(m *Module) *Module {
	for i := range m.Imports {
		m.Imports[i].Offset = 0
	}
	for i := range m.Code {
		m.Code[i].Offset = 0
	}
	for i := range m.Customs {
		m.Customs[i].Offset = 0
	}
	return m
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
