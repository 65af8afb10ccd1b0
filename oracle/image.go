package oracle

import (
	"fmt"
	"io"
	"os"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/image"
)

// newStable is a stable memory that holds a copy of the folder root, or nothing
// where root is "".
func newStable(root string) (canister.StableMemory, error) {
	stable := canister.NewStableMemory()
	if root == "" {
		return stable, nil
	}
	if err := copyIn(stable, root); err != nil {
		return nil, fmt.Errorf("copying %s in: %w", root, err)
	}
	return stable, stable.Commit()
}

func copyIn(stable canister.StableMemory, root string) error {
	host, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	defer host.Close()
	return image.Use(stable, func(f *image.FS) error {
		_, err := f.CopyIn(host, "/")
		return err
	})
}

// ReadImage reads the file system in stable memory, which is not changed. An
// empty stable memory is an empty file system.
func ReadImage(stable canister.StableMemory) (t Tree, err error) {
	if stable.Size() == 0 {
		return nil, nil
	}
	defer stable.Discard() // mounting may tidy up
	err = image.Use(stable, func(f *image.FS) error {
		list, err := f.List()
		if err != nil {
			return err
		}
		t = make(Tree, len(list))
		for k, n := range list {
			if t[k], err = describe(f, n); err != nil {
				return err
			}
		}
		return nil
	})
	t.sort()
	return t, err
}

func describe(f *image.FS, from image.Node) (Node, error) {
	a, err := f.Stat(from)
	if err != nil {
		return Node{}, err
	}
	n := Node{Path: from.Path, Type: from.Type, Ino: uint64(from.Ino), Nlink: a.Nlink, Mtim: a.Mtim}
	switch n.Type {
	case abi.FiletypeRegularFile:
		n.Size = a.Size
		n.Data = make([]byte, min(a.Size, MaxData))
		_, err = io.ReadFull(f.Reader(from), n.Data)
	case abi.FiletypeSymbolicLink:
		n.Target, err = f.Readlink(from)
	}
	return n, err
}
