package image

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"os"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Entry is what a path holds: a folder, a file by its digest, or a symbolic link
// by the digest of its target.
type Entry struct {
	Kind fs.FileMode // of the bits in fs.ModeType
	Sum  [sha256.Size]byte
}

func linkEntry(target string) Entry {
	return Entry{Kind: fs.ModeSymlink, Sum: sha256.Sum256([]byte(target))}
}

// Copied is what CopyIn has found in a folder of the host, by paths beneath it.
type Copied struct {
	Entries map[string]Entry
	Left    []string // neither file, folder nor link, and so not copied
}

// CopyIn makes the folder at guest, a path from the image's root, what host is.
// What it writes is only what differs. Files keep their times of modification;
// hard links become files of their own.
//
// Errors of the image are *Error and *DamageError, others the host's. After one
// the image holds a part.
func (f *FS) CopyIn(host *os.Root, guest string) (*Copied, error) {
	dir, err := f.makeAll(guest)
	if err != nil {
		return nil, err
	}
	c := copyIn{f, host, Copied{Entries: map[string]Entry{}}}
	return &c.Copied, c.folder(".", dir)
}

type copyIn struct {
	*FS
	host *os.Root
	Copied
}

func (c *copyIn) folder(rel string, dir stablefs.Ino) error {
	list, err := fs.ReadDir(c.host.FS(), rel)
	if err != nil {
		return err
	}
	if err := c.keepOnly(rel, dir, list); err != nil {
		return err
	}
	for _, e := range list {
		if err := c.entry(place{join(rel, e.Name()), dir, e.Name()}, e.Type()); err != nil {
			return err
		}
	}
	return nil
}

// keepOnly removes what a folder of the image holds besides list.
func (c *copyIn) keepOnly(rel string, dir stablefs.Ino, list []fs.DirEntry) error {
	keep := map[string]bool{}
	for _, e := range list {
		keep[e.Name()] = true
	}
	have, err := c.appendEntries(nil, rel, dir)
	if err != nil {
		return err
	}
	for _, n := range have {
		if keep[n.name] {
			continue
		}
		if err := c.removeEntry(n); err != nil {
			return err
		}
	}
	return nil
}

func (c *copyIn) entry(at place, kind fs.FileMode) error {
	switch kind {
	case fs.ModeDir:
		c.Entries[at.path] = Entry{Kind: fs.ModeDir}
		ino, _, err := c.make(at, abi.FiletypeDirectory)
		if err != nil {
			return err
		}
		return c.folder(at.path, ino)
	case fs.ModeSymlink:
		target, err := c.host.Readlink(at.path)
		if err != nil {
			return err
		}
		c.Entries[at.path] = linkEntry(target)
		return c.link(at, target)
	case 0:
		return c.file(at)
	}
	c.Left = append(c.Left, at.path)
	return c.remove(at)
}

// file writes a file only where it differs, as stable memory is dearer to write
// than to read.
func (c *copyIn) file(at place) error {
	in, err := c.host.Open(at.path)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	ino, fresh, err := c.make(at, abi.FiletypeRegularFile)
	if err != nil {
		return err
	}
	if !fresh {
		if same, err := c.same(at, ino, in, info.Size()); err != nil || same {
			return err
		}
	}
	h := sha256.New()
	if err := c.write(at.path, ino, io.TeeReader(in, h)); err != nil {
		return err
	}
	c.Entries[at.path] = Entry{Sum: [sha256.Size]byte(h.Sum(nil))}
	return c.setTime(at.path, ino, info.ModTime())
}

// same compares a file of that size with that of the image, and notes it if they
// are equal. Otherwise the host's is to be read from its beginning.
func (c *copyIn) same(at place, ino stablefs.Ino, in io.ReadSeeker, size int64) (bool, error) {
	n := Node{Path: at.path, Type: abi.FiletypeRegularFile, Ino: ino}
	a, err := c.Stat(n)
	if err != nil || a.Size != uint64(size) {
		return false, err
	}
	host, err := digest(in)
	if err != nil {
		return false, err
	}
	have, err := digest(c.Reader(n))
	if err != nil {
		return false, err
	}
	if have == host {
		c.Entries[at.path] = Entry{Sum: host}
		return true, nil
	}
	_, err = in.Seek(0, io.SeekStart)
	return false, err
}

func digest(r io.Reader) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	_, err = io.Copy(h, r)
	return [sha256.Size]byte(h.Sum(nil)), err
}
