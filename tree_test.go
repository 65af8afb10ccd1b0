package icsplice_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// store is stable memory as the file system takes it.
type store struct{ canister.StableMemory }

func (s store) Grow(n uint64) uint64 {
	old, ok := s.StableMemory.Grow(n)
	if !ok {
		return 1<<64 - 1
	}
	return old
}

func (s store) Read(p []byte, off uint64) {
	if err := s.StableMemory.Read(p, off); err != nil {
		panic(err)
	}
}

func (s store) Write(p []byte, off uint64) {
	if err := s.StableMemory.Write(p, off); err != nil {
		panic(err)
	}
}

// tree is the file system in a stable memory, opened natively.
type tree struct {
	t  *testing.T
	fs *stablefs.FS
}

func openTree(t *testing.T, stable canister.StableMemory) *tree {
	t.Helper()
	f := &tree{t, stablefs.New(store{stable})}
	f.check("mount", f.fs.Mount())
	return f
}

func (f *tree) check(what string, errno abi.Errno) {
	f.t.Helper()
	if errno != abi.ErrnoSuccess {
		f.t.Fatalf("%s: %v", what, errno)
	}
}

// write makes a case's files; a name that ends in a slash is a folder.
func (f *tree) write(files map[string]string) {
	f.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if folder, ok := strings.CutSuffix(name, "/"); ok {
			f.folder(folder)
			continue
		}
		dir, base := path.Split(name)
		ino, errno := f.fs.Create(f.folder(strings.Trim(dir, "/")), []byte(base), abi.FiletypeRegularFile, 1)
		f.check(name, errno)
		_, errno = f.fs.WriteAt(ino, 0, []byte(files[name]), 1)
		f.check(name, errno)
	}
}

// folder makes a folder with all that it lies in.
func (f *tree) folder(name string) stablefs.Ino {
	f.t.Helper()
	dir := stablefs.Root
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' }) {
		ino, _, errno := f.fs.Lookup(dir, []byte(part))
		if errno == abi.ErrnoNoent {
			ino, errno = f.fs.Create(dir, []byte(part), abi.FiletypeDirectory, 1)
		}
		f.check(name, errno)
		dir = ino
	}
	return dir
}

// read lists the whole tree in the form of corpus.Result.
func (f *tree) read() map[string]string {
	f.t.Helper()
	files := map[string]string{}
	f.readInto(files, stablefs.Root, "")
	return files
}

func (f *tree) readInto(files map[string]string, dir stablefs.Ino, prefix string) {
	f.t.Helper()
	var d stablefs.Dirent
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := f.fs.ReadDir(dir, cookie, &d)
		f.check(prefix, errno)
		if !more {
			return
		}
		name := prefix + string(d.Name)
		switch {
		case string(d.Name) == "." || string(d.Name) == "..":
		case d.Type == abi.FiletypeDirectory:
			files[name+"/"] = ""
			f.readInto(files, d.Ino, name+"/")
		case d.Type == abi.FiletypeSymbolicLink:
			files[name] = corpus.Link(string(f.content(name, d.Ino, f.fs.Readlink)))
		default:
			files[name] = corpus.Content(f.content(name, d.Ino, func(ino stablefs.Ino, p []byte) (int, abi.Errno) {
				return f.fs.ReadAt(ino, 0, p)
			}))
		}
	}
}

func (f *tree) content(name string, ino stablefs.Ino, read func(stablefs.Ino, []byte) (int, abi.Errno)) []byte {
	f.t.Helper()
	var attr stablefs.Attr
	f.check(name, f.fs.Stat(ino, &attr))
	p := make([]byte, attr.Size)
	n, errno := read(ino, p)
	f.check(name, errno)
	return p[:n]
}
