package oracle

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// memoryBacked is a file system that Linux keeps in memory.
const memoryBacked = "/dev/shm"

// folder is the file system of a session on the host: root lies some way down
// in outer, so that programs which an engine lets out of root do not get far.
type folder struct{ outer, root string }

// newFolder makes a fresh folder that holds a copy of from, in memory where the
// system offers that.
func newFolder(from string) (folder, error) {
	parent := ""
	if info, err := os.Stat(memoryBacked); runtime.GOOS == "linux" && err == nil && info.IsDir() {
		parent = memoryBacked
	}
	outer, err := os.MkdirTemp(parent, "icsplice-run-")
	if err != nil {
		return folder{}, err
	}
	f := folder{outer, filepath.Join(outer, "1", "2", "3", "4")}
	if err = os.MkdirAll(f.root, 0o755); err == nil && from != "" {
		err = copyFolder(f.root, from)
	}
	if err != nil {
		return f, errors.Join(err, f.Close())
	}
	return f, nil
}

// Tree reads the files. If the program has removed the root itself there is one
// node of no type, named ".".
func (f folder) Tree() (Tree, error) {
	if f.gone() {
		return Tree{{Path: "."}}, nil
	}
	return ReadFolder(f.root)
}

// rootGone is the trap of a run that has no folder to begin with.
const rootGone = "the run before has removed its root"

// gone says that the engine has let a program remove the root.
func (f folder) gone() bool {
	_, err := os.Lstat(f.root)
	return errors.Is(err, fs.ErrNotExist)
}

// Close removes the folder.
func (f folder) Close() error { return removeFolder(f.outer) }

// copyFolder copies files, folders and symbolic links; hard links become files
// of their own.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(host string, d fs.DirEntry, err error) error {
		if err != nil || host == from {
			return err
		}
		rel, err := filepath.Rel(from, host)
		if err != nil {
			return err
		}
		return copyEntry(filepath.Join(to, rel), host, d.Type())
	})
}

func copyEntry(to, from string, kind fs.FileMode) error {
	switch kind {
	case fs.ModeDir:
		return os.Mkdir(to, 0o755)
	case fs.ModeSymlink:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case 0:
		return copyFile(to, from)
	}
	return nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// removeFolder removes a folder even where a program took rights away.
func removeFolder(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	filepath.WalkDir(dir, func(host string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			os.Chmod(host, 0o755)
		}
		return nil
	})
	return os.RemoveAll(dir)
}
