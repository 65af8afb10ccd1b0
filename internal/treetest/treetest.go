// Package treetest lays out and reads trees of files in tests.
package treetest

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Tree is what a folder holds, by slash-separated paths beneath it: "" for
// folders, whose paths end in a slash, "-> TARGET" for symbolic links, and for
// files what they hold.
type Tree = map[string]string

const arrow = "-> "

// Make lays out a tree beneath a folder, with the folders that its paths need.
// Files that are there already are replaced.
func Make(t testing.TB, dir string, tree Tree) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if err := place(filepath.Join(dir, filepath.FromSlash(name)), name, tree[name]); err != nil {
			t.Fatal(err)
		}
	}
}

func place(path, name, content string) error {
	if strings.HasSuffix(name, "/") {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if target, ok := strings.CutPrefix(content, arrow); ok {
		return os.Symlink(target, path)
	}
	return os.WriteFile(path, []byte(content), 0o644)
}

// Dir gives a folder that holds a tree and goes when the test ends.
func Dir(t testing.TB, tree Tree) string {
	t.Helper()
	dir := t.TempDir()
	Make(t, dir, tree)
	return dir
}

// Read gives the tree beneath a folder. What neither is a folder, file nor link
// is "?". What files hold is told by form, or nil for all of it.
func Read(t testing.TB, dir string, form func(data []byte) string) Tree {
	t.Helper()
	tree := Tree{}
	err := filepath.WalkDir(dir, func(host string, d fs.DirEntry, err error) error {
		if err != nil || host == dir {
			return err
		}
		rel, err := filepath.Rel(dir, host)
		if err != nil {
			return err
		}
		name, content, err := read(host, filepath.ToSlash(rel), d.Type(), form)
		tree[name] = content
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func read(host, rel string, kind fs.FileMode, form func([]byte) string) (name, content string, err error) {
	switch kind {
	case fs.ModeDir:
		return rel + "/", "", nil
	case fs.ModeSymlink:
		target, err := os.Readlink(host)
		return rel, arrow + target, err
	case 0:
		data, err := os.ReadFile(host)
		if form != nil {
			return rel, form(data), err
		}
		return rel, string(data), err
	}
	return rel, "?", nil
}
