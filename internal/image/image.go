// Package image opens the file system in a canister's stable memory natively and
// copies folders of the host into it and out of it.
//
// Trust: the image may be damaged or hostile, and a program has chosen the names
// in it; what cannot be is an error. Paths are separated by slashes. On the host
// nothing outside of the os.Root that is given is read or written.
package image

import (
	"fmt"
	"strings"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// MaxPath bounds paths in an image, in bytes, whose folders a hostile one may
// nest deeper than any program could.
const MaxPath = 4096

// Error is an operation on an image that the file system has refused.
type Error struct {
	Op    string // such as "write"
	Path  string
	Errno abi.Errno
}

func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Path, e.Errno) }
func (e *Error) Unwrap() error { return e.Errno }

// failed makes an error of an errno, and nil of success.
func failed(op, path string, errno abi.Errno) error {
	if errno == abi.ErrnoSuccess {
		return nil
	}
	return &Error{op, path, errno}
}

// DamageError is an image that holds what no program can have made.
type DamageError struct{ Path, What string }

func (e *DamageError) Error() string { return fmt.Sprintf("%q in the image %s", e.Path, e.What) }

// MountError is a stable memory without a file system that could be opened: it is
// damaged, or of a newer version.
type MountError struct{ Errno abi.Errno }

func (e *MountError) Error() string { return fmt.Sprintf("mount the file system: %v", e.Errno) }
func (e *MountError) Unwrap() error { return e.Errno }

// FS is the file system in a stable memory, for as long as Use works on it.
type FS struct {
	fs  *stablefs.FS
	now uint64 // ns since 1970, the time of all changes
	// size is that of the image in bytes, hollow the most bytes of a file that is
	// copied out though it is larger and so has holes.
	size   func() uint64
	hollow uint64
}

// maxHollow is far above what programs leave in holes, and little enough to be
// read and written as zeros. An image may claim 4 TiB for each of its files.
const maxHollow = 16 << 30

// Use opens the file system in a stable memory, which gets an empty one if it
// has none, and works on it. What has changed is neither committed nor
// discarded, even where mounting alone has tidied up.
//
// Errors are those of work, *MountError, and *StoreError where the stable memory
// fails.
func Use(stable canister.StableMemory, work func(*FS) error) error {
	return use(Store(stable), work)
}

func use(store stablefs.Store, work func(*FS) error) (err error) {
	defer recoverStore(&err)
	f := &FS{
		fs: stablefs.New(store), now: uint64(time.Now().UnixNano()),
		size: func() uint64 { return store.Size() << 16 }, hollow: maxHollow,
	}
	if errno := f.fs.Mount(); errno != abi.ErrnoSuccess {
		return &MountError{errno}
	}
	return work(f)
}

// names gives the parts of a path.
func names(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// lookupAll finds the folder at a path from the root.
func (f *FS) lookupAll(path string) (stablefs.Ino, error) {
	ino := stablefs.Root
	for _, name := range names(path) {
		next, kind, errno := f.fs.Lookup(ino, []byte(name))
		if errno == abi.ErrnoSuccess && kind != abi.FiletypeDirectory {
			errno = abi.ErrnoNotdir
		}
		if errno != abi.ErrnoSuccess {
			return 0, failed("find", path, errno)
		}
		ino = next
	}
	return ino, nil
}

// makeAll makes the folders of a path from the root, in place of what else has
// their names.
func (f *FS) makeAll(path string) (stablefs.Ino, error) {
	ino := stablefs.Root
	for _, name := range names(path) {
		var err error
		if ino, _, err = f.make(place{path, ino, name}, abi.FiletypeDirectory); err != nil {
			return 0, err
		}
	}
	return ino, nil
}

// place is where an entry is, or is to be made.
type place struct {
	path string // for messages
	dir  stablefs.Ino
	name string
}

// make gives the file or folder at a place, fresh if there is none, in place of
// anything of another kind.
func (f *FS) make(at place, kind abi.Filetype) (ino stablefs.Ino, fresh bool, err error) {
	ino, have, errno := f.fs.Lookup(at.dir, []byte(at.name))
	if errno == abi.ErrnoSuccess && have == kind {
		return ino, false, nil
	}
	if err := f.removeFound(at, ino, have, errno); err != nil {
		return 0, false, err
	}
	ino, errno = f.fs.Create(at.dir, []byte(at.name), kind, f.now)
	return ino, true, failed("make", at.path, errno)
}

// link makes a symbolic link, in place of what else has the name.
func (f *FS) link(at place, target string) error {
	ino, have, errno := f.fs.Lookup(at.dir, []byte(at.name))
	if errno == abi.ErrnoSuccess && have == abi.FiletypeSymbolicLink {
		if old, err := f.readlink(at.path, ino); err != nil || old == target {
			return err
		}
	}
	if err := f.removeFound(at, ino, have, errno); err != nil {
		return err
	}
	return failed("link", at.path, f.fs.Symlink(at.dir, []byte(at.name), []byte(target), f.now))
}

// remove removes what is at a place, if anything is.
func (f *FS) remove(at place) error {
	ino, kind, errno := f.fs.Lookup(at.dir, []byte(at.name))
	return f.removeFound(at, ino, kind, errno)
}

// removeFound removes what Lookup has answered, if it has found anything.
func (f *FS) removeFound(at place, ino stablefs.Ino, kind abi.Filetype, errno abi.Errno) error {
	if errno == abi.ErrnoNoent {
		return nil
	}
	if errno != abi.ErrnoSuccess {
		return failed("find", at.path, errno)
	}
	return f.removeEntry(Node{Path: at.path, Type: kind, Ino: ino, dir: at.dir, name: at.name})
}

// removeEntry removes a file, a link, or a folder with all that is in it.
func (f *FS) removeEntry(n Node) error {
	list := []Node{n}
	if n.Type == abi.FiletypeDirectory {
		var err error
		if list, err = f.appendBeneath(list, n.Path, n.Ino); err != nil {
			return err
		}
	}
	for k := len(list) - 1; k >= 0; k-- {
		n, remove := list[k], f.fs.Unlink
		if n.Type == abi.FiletypeDirectory {
			remove = f.fs.Rmdir
		}
		if err := failed("remove", n.Path, remove(n.dir, []byte(n.name), f.now)); err != nil {
			return err
		}
	}
	return nil
}
