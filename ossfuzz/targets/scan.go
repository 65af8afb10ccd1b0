package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// testFile is a test file of a package.
type testFile struct {
	path     string
	external bool     // of package p_test
	targets  []string // the fuzz targets in it
}

// list prints each folder under root that has a fuzz target.
func list(root string, out io.Writer) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); path != root && (name == "testdata" || name[0] == '.' || name[0] == '_') {
			return filepath.SkipDir
		}
		files, err := testFiles(path)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(files, func(f testFile) bool { return len(f.targets) > 0 }) {
			_, err = fmt.Fprintln(out, filepath.ToSlash(path))
		}
		return err
	})
}

// testFiles reads the test files in a folder.
func testFiles(dir string) ([]testFile, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	var files []testFile
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		t := testFile{path: path, external: strings.HasSuffix(file.Name.Name, "_test")}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && isTarget(f) {
				t.targets = append(t.targets, f.Name.Name)
			}
		}
		files = append(files, t)
	}
	return files, nil
}

// isTarget tells whether f is func FuzzX(*testing.F).
func isTarget(f *ast.FuncDecl) bool {
	if f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Fuzz") || len(f.Type.Params.List) != 1 {
		return false
	}
	star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := star.X.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "F"
}
