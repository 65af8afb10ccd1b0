package oracle

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/icsplice/icsplice/abi"
)

// Node is a file, a folder or a symbolic link. Times are in nanoseconds since
// 1970.
type Node struct {
	Path   string // from the root, parts joined by slashes; the root itself is not listed
	Type   abi.Filetype
	Ino    uint64 // the same for links to the same file; comparable in one tree only
	Nlink  uint64
	Size   uint64 // of a file; 0 for others
	Data   []byte // of a file, at most MaxData bytes
	Target string // of a symbolic link
	Mtim   uint64
}

// MaxData bounds what a Node holds of a file: one that is mostly a hole may be
// larger than any memory.
const MaxData = 1 << 20

// Tree is what a file system holds, sorted by path.
type Tree []Node

func (t Tree) sort() {
	slices.SortFunc(t, func(a, b Node) int {
		if a.Path < b.Path {
			return -1
		}
		if a.Path > b.Path {
			return 1
		}
		return 0
	})
}

// ReadFolder reads a folder of the host.
func ReadFolder(root string) (Tree, error) {
	var t Tree
	err := filepath.WalkDir(root, func(host string, d fs.DirEntry, err error) error {
		if err != nil || host == root {
			return err
		}
		rel, err := filepath.Rel(root, host)
		if err != nil {
			return err
		}
		n, err := readNode(host, d)
		n.Path = filepath.ToSlash(rel)
		t = append(t, n)
		return err
	})
	t.sort()
	return t, err
}

func readNode(host string, d fs.DirEntry) (Node, error) {
	info, err := d.Info()
	if err != nil {
		return Node{}, err
	}
	n := Node{Type: fileType(d.Type()), Mtim: uint64(info.ModTime().UnixNano())}
	n.Ino, n.Nlink = identity(info)
	switch n.Type {
	case abi.FiletypeRegularFile:
		n.Size = uint64(info.Size())
		n.Data, err = readStart(host, n.Size)
	case abi.FiletypeSymbolicLink:
		n.Target, err = os.Readlink(host)
	}
	return n, err
}

func fileType(mode fs.FileMode) abi.Filetype {
	switch mode & fs.ModeType {
	case 0:
		return abi.FiletypeRegularFile
	case fs.ModeDir:
		return abi.FiletypeDirectory
	case fs.ModeSymlink:
		return abi.FiletypeSymbolicLink
	}
	return abi.FiletypeUnknown
}

// readStart reads what a Node keeps of a file.
func readStart(host string, size uint64) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	f, err := os.Open(host)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := make([]byte, min(size, MaxData))
	n, err := f.ReadAt(p, 0)
	if n == len(p) {
		err = nil
	}
	return p[:n], err
}
