package oracle

import (
	"os"
	"path/filepath"
	"testing"
)

// TestStreamIsBounded: a program that makes its output's file as large as the host
// allows does not take the memory for it.
func TestStreamIsBounded(t *testing.T) {
	s := &childSession{folder: folder{outer: t.TempDir()}}
	name := filepath.Join(s.outer, "stdout")
	if err := os.WriteFile(name, []byte("written"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := s.stream("stdout"); err != nil || string(b) != "written" {
		t.Fatalf("%q, %v", b, err)
	}
	if err := os.Truncate(name, 1<<40); err != nil {
		t.Fatal(err)
	}
	b, err := s.stream("stdout")
	if err != nil || len(b) != maxStream || string(b[:7]) != "written" {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
}
