package image

import (
	"fmt"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Node is an entry of a folder.
type Node struct {
	Path string // from the folder that was listed
	Type abi.Filetype
	Ino  stablefs.Ino

	dir  stablefs.Ino
	name string
}

// List gives all that lies beneath the root, each folder before what is in it.
func (f *FS) List() ([]Node, error) { return f.appendBeneath(nil, ".", stablefs.Root) }

// appendBeneath appends what lies beneath the folder at rel. The first nodes of
// the list are left alone.
func (f *FS) appendBeneath(list []Node, rel string, dir stablefs.Ino) ([]Node, error) {
	next := len(list) // whose folders have not been read yet
	seen := map[stablefs.Ino]bool{dir: true}
	list, err := f.appendEntries(list, rel, dir)
	for ; err == nil && next < len(list); next++ {
		n := list[next]
		if n.Type != abi.FiletypeDirectory {
			continue
		}
		if seen[n.Ino] {
			return nil, &DamageError{n.Path, "is a folder that lies elsewhere, too"}
		}
		seen[n.Ino] = true
		list, err = f.appendEntries(list, n.Path, n.Ino)
	}
	return list, err
}

// appendEntries appends the entries of the folder at rel, without . and .. .
func (f *FS) appendEntries(list []Node, rel string, dir stablefs.Ino) ([]Node, error) {
	var d stablefs.Dirent
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := f.fs.ReadDir(dir, cookie, &d)
		if errno != abi.ErrnoSuccess || !more {
			return list, failed("read the folder", rel, errno)
		}
		name := string(d.Name)
		if name == "." || name == ".." {
			continue
		}
		n := Node{Path: join(rel, name), Type: d.Type, Ino: d.Ino, dir: dir, name: name}
		if len(n.Path) > MaxPath {
			return nil, &DamageError{n.Path[:100], fmt.Sprintf("begins a path of more than %d bytes", MaxPath)}
		}
		list = append(list, n)
	}
}

// join gives the path of an entry, whose name is taken as it is.
func join(rel, name string) string {
	if rel == "." {
		return name
	}
	return rel + "/" + name
}

// Stat tells about a node.
func (f *FS) Stat(n Node) (a stablefs.Attr, err error) {
	if err := failed("look at", n.Path, f.fs.Stat(n.Ino, &a)); err != nil {
		return a, err
	}
	if a.Type != n.Type {
		return a, &DamageError{n.Path, fmt.Sprintf("has type %d in its folder and %d itself", n.Type, a.Type)}
	}
	return a, nil
}

// Readlink gives the target of a symbolic link.
func (f *FS) Readlink(n Node) (string, error) { return f.readlink(n.Path, n.Ino) }

func (f *FS) readlink(path string, ino stablefs.Ino) (string, error) {
	p := make([]byte, MaxPath)
	n, errno := f.fs.Readlink(ino, p)
	return string(p[:n]), failed("read the link", path, errno)
}
