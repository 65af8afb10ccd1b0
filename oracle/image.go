package oracle

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// maxPath bounds paths in an image, whose folders a damaged one may nest
// without end.
const maxPath = 4096

// image is the file system in stable memory, opened natively.
type image struct {
	fs *stablefs.FS
}

func openImage(stable canister.StableMemory) (image, error) {
	i := image{stablefs.New(store{stable})}
	return i, problem("mount the file system in stable memory", i.fs.Mount())
}

// problem makes an error of a failure.
func problem(doing string, errno abi.Errno) error {
	if errno == abi.ErrnoSuccess {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, errno)
}

// ReadImage reads the file system in stable memory, which is not changed. An
// empty stable memory is an empty file system.
func ReadImage(stable canister.StableMemory) (Tree, error) {
	if stable.Size() == 0 {
		return nil, nil
	}
	defer stable.Discard() // mounting may tidy up
	i, err := openImage(stable)
	if err != nil {
		return nil, err
	}
	t, err := i.list(nil, "", stablefs.Root)
	t.sort()
	return t, err
}

// list appends what lies beneath a folder; prefix ends in a slash or is "".
func (i image) list(t Tree, prefix string, dir stablefs.Ino) (Tree, error) {
	if len(prefix) > maxPath {
		return t, fmt.Errorf("the image nests folders more than %d bytes deep", maxPath)
	}
	first := len(t)
	var d stablefs.Dirent
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := i.fs.ReadDir(dir, cookie, &d)
		if errno != abi.ErrnoSuccess {
			return t, problem("read a folder", errno)
		}
		if !more {
			break
		}
		if name := string(d.Name); name != "." && name != ".." {
			t = append(t, Node{Path: prefix + name, Type: d.Type, Ino: uint64(d.Ino)})
		}
	}
	for k := first; k < len(t); k++ {
		if err := i.describe(&t[k]); err != nil {
			return t, err
		}
	}
	last := len(t)
	for k := first; k < last; k++ {
		if t[k].Type != abi.FiletypeDirectory {
			continue
		}
		var err error
		if t, err = i.list(t, t[k].Path+"/", stablefs.Ino(t[k].Ino)); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (i image) describe(n *Node) error {
	var a stablefs.Attr
	ino := stablefs.Ino(n.Ino)
	if err := problem(n.Path, i.fs.Stat(ino, &a)); err != nil {
		return err
	}
	if a.Type != n.Type {
		return fmt.Errorf("%s: the folder says type %d, the inode %d", n.Path, n.Type, a.Type)
	}
	n.Nlink, n.Mtim = a.Nlink, a.Mtim
	switch n.Type {
	case abi.FiletypeRegularFile:
		n.Size = a.Size
		n.Data = make([]byte, min(a.Size, MaxData))
		return i.readAll(ino, n.Data)
	case abi.FiletypeSymbolicLink:
		p := make([]byte, maxPath)
		length, errno := i.fs.Readlink(ino, p)
		n.Target = string(p[:length])
		return problem(n.Path, errno)
	}
	return nil
}

func (i image) readAll(ino stablefs.Ino, p []byte) error {
	for off := uint64(0); off < uint64(len(p)); {
		n, errno := i.fs.ReadAt(ino, off, p[off:])
		if errno == abi.ErrnoSuccess && n == 0 {
			errno = abi.ErrnoIo
		}
		if errno != abi.ErrnoSuccess {
			return problem("read a file", errno)
		}
		off += uint64(n)
	}
	return nil
}

// copyIn makes what a folder of the host holds.
func (i image) copyIn(host string, dir stablefs.Ino) error {
	list, err := os.ReadDir(host)
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := i.copyEntry(filepath.Join(host, e.Name()), dir, e); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return nil
}

func (i image) copyEntry(host string, dir stablefs.Ino, e fs.DirEntry) error {
	info, err := e.Info()
	if err != nil {
		return err
	}
	name, now := []byte(e.Name()), uint64(info.ModTime().UnixNano())
	switch kind := fileType(e.Type()); kind {
	case abi.FiletypeSymbolicLink:
		target, err := os.Readlink(host)
		if err != nil {
			return err
		}
		return problem("link", i.fs.Symlink(dir, name, []byte(target), now))
	case abi.FiletypeDirectory:
		ino, errno := i.fs.Create(dir, name, kind, now)
		if errno != abi.ErrnoSuccess {
			return problem("make a folder", errno)
		}
		return i.copyIn(host, ino)
	case abi.FiletypeRegularFile:
		data, err := os.ReadFile(host)
		if err != nil {
			return err
		}
		ino, errno := i.fs.Create(dir, name, kind, now)
		if errno != abi.ErrnoSuccess {
			return problem("make a file", errno)
		}
		return i.writeAll(ino, data, now)
	}
	return nil
}

func (i image) writeAll(ino stablefs.Ino, p []byte, now uint64) error {
	for off := uint64(0); len(p) > 0; {
		n, errno := i.fs.WriteAt(ino, off, p, now)
		if errno == abi.ErrnoSuccess && n == 0 {
			errno = abi.ErrnoIo
		}
		if errno != abi.ErrnoSuccess {
			return problem("write a file", errno)
		}
		p, off = p[n:], off+uint64(n)
	}
	return nil
}
