package main

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// maxPath bounds paths in the image, whose folders a damaged one may nest
// without end.
const maxPath = 4096

// guest is the file system in a canister's stable memory, opened natively.
type guest struct {
	fs  *stablefs.FS
	now uint64 // ns since 1970
}

func openGuest(stable *canister.StableFile) (*guest, error) {
	g := &guest{fs: stablefs.New(store{stable}), now: uint64(time.Now().UnixNano())}
	if err := check("mount the file system in the state file", g.fs.Mount()); err != nil {
		return nil, hinted(err, "it is damaged or of a newer version; --fresh begins with an empty one")
	}
	return g, nil
}

// check makes an error of a failure.
func check(doing string, errno abi.Errno) error {
	if errno == abi.ErrnoSuccess {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, errno)
}

// guestEntry is an entry of a folder.
type guestEntry struct {
	name string
	ino  stablefs.Ino
	kind abi.Filetype
}

// entries lists a folder, without . and .. .
func (g *guest) entries(dir stablefs.Ino) ([]guestEntry, error) {
	var list []guestEntry
	var d stablefs.Dirent
	for cookie := uint64(0); ; cookie = d.Next {
		more, errno := g.fs.ReadDir(dir, cookie, &d)
		if errno != abi.ErrnoSuccess || !more {
			return list, check("read a folder", errno)
		}
		if name := string(d.Name); name != "." && name != ".." {
			list = append(list, guestEntry{name: name, ino: d.Ino, kind: d.Type})
		}
	}
}

// lookupAll finds the folder at an absolute path.
func (g *guest) lookupAll(path string) (stablefs.Ino, error) {
	ino := stablefs.Root
	for name := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' }) {
		next, kind, errno := g.fs.Lookup(ino, []byte(name))
		if errno == abi.ErrnoSuccess && kind != abi.FiletypeDirectory {
			errno = abi.ErrnoNotdir
		}
		if errno != abi.ErrnoSuccess {
			return 0, check(path, errno)
		}
		ino = next
	}
	return ino, nil
}

// makeAll makes the folders of an absolute path, in place of what else has
// their names.
func (g *guest) makeAll(path string) (stablefs.Ino, error) {
	ino := stablefs.Root
	for name := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' }) {
		var err error
		if ino, err = g.place(ino, name, abi.FiletypeDirectory); err != nil {
			return 0, err
		}
	}
	return ino, nil
}

// place gives the file or folder of that name, new if there is none, in place
// of anything of another kind.
func (g *guest) place(dir stablefs.Ino, name string, kind abi.Filetype) (stablefs.Ino, error) {
	ino, have, errno := g.fs.Lookup(dir, []byte(name))
	if errno == abi.ErrnoSuccess {
		if have == kind {
			return ino, nil
		}
		if err := g.removeEntry(dir, guestEntry{name, ino, have}); err != nil {
			return 0, err
		}
	} else if errno != abi.ErrnoNoent {
		return 0, check(name, errno)
	}
	ino, errno = g.fs.Create(dir, []byte(name), kind, g.now)
	return ino, check(name, errno)
}

// link makes a symbolic link, in place of what else has the name.
func (g *guest) link(dir stablefs.Ino, name, target string) error {
	ino, have, errno := g.fs.Lookup(dir, []byte(name))
	if errno == abi.ErrnoSuccess && have == abi.FiletypeSymbolicLink {
		if old, err := g.readlink(ino); err != nil || old == target {
			return err
		}
	}
	if err := g.remove(dir, name); err != nil {
		return err
	}
	return check(name, g.fs.Symlink(dir, []byte(name), []byte(target), g.now))
}

// keepOnly removes what a folder holds besides names.
func (g *guest) keepOnly(dir stablefs.Ino, names map[string]bool) error {
	list, err := g.entries(dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if names[e.name] {
			continue
		}
		if err := g.removeEntry(dir, e); err != nil {
			return err
		}
	}
	return nil
}

// remove removes what has the name, if there is such.
func (g *guest) remove(dir stablefs.Ino, name string) error {
	ino, kind, errno := g.fs.Lookup(dir, []byte(name))
	if errno == abi.ErrnoNoent {
		return nil
	}
	if errno != abi.ErrnoSuccess {
		return check(name, errno)
	}
	return g.removeEntry(dir, guestEntry{name, ino, kind})
}

// removeEntry removes a file, a link, or a folder with all that is in it.
func (g *guest) removeEntry(dir stablefs.Ino, e guestEntry) error {
	if e.kind != abi.FiletypeDirectory {
		return check(e.name, g.fs.Unlink(dir, []byte(e.name), g.now))
	}
	if err := g.keepOnly(e.ino, nil); err != nil {
		return err
	}
	return check(e.name, g.fs.Rmdir(dir, []byte(e.name), g.now))
}

// describe says what an entry holds.
func (g *guest) describe(e guestEntry) (entry, error) {
	switch e.kind {
	case abi.FiletypeDirectory:
		return entry{kind: fs.ModeDir}, nil
	case abi.FiletypeSymbolicLink:
		target, err := g.readlink(e.ino)
		return linkEntry(target), err
	case abi.FiletypeRegularFile:
		sum, err := digest(g.reader(e.ino))
		return entry{sum: sum}, err
	}
	return entry{}, fmt.Errorf("%s: file type %d in the image", e.name, e.kind)
}

func (g *guest) readlink(ino stablefs.Ino) (string, error) {
	p := make([]byte, maxPath)
	n, errno := g.fs.Readlink(ino, p)
	return string(p[:n]), check("read a link", errno)
}

// chunk is how many bytes of a file are moved at once.
const chunk = 1 << 20

// write makes r the content of a file.
func (g *guest) write(ino stablefs.Ino, r io.Reader) error {
	if err := check("empty a file", g.fs.SetSize(ino, 0, g.now)); err != nil {
		return err
	}
	p := make([]byte, chunk)
	for off := uint64(0); ; {
		n, err := io.ReadFull(r, p)
		if n > 0 {
			if err := g.writeAt(ino, off, p[:n]); err != nil {
				return err
			}
		}
		off += uint64(n)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}

func (g *guest) writeAt(ino stablefs.Ino, off uint64, p []byte) error {
	for len(p) > 0 {
		n, errno := g.fs.WriteAt(ino, off, p, g.now)
		if errno == abi.ErrnoSuccess && n == 0 {
			errno = abi.ErrnoIo
		}
		if errno != abi.ErrnoSuccess {
			return check("write a file", errno)
		}
		p, off = p[n:], off+uint64(n)
	}
	return nil
}

func (g *guest) setTime(ino stablefs.Ino, t time.Time) error {
	ns := uint64(max(t.UnixNano(), 0))
	return check("set a file's time", g.fs.SetTimes(ino, ns, ns, abi.FstflagAtim|abi.FstflagMtim, g.now))
}

// reader reads a file from its beginning.
func (g *guest) reader(ino stablefs.Ino) io.Reader { return &guestReader{g: g, ino: ino} }

type guestReader struct {
	g   *guest
	ino stablefs.Ino
	off uint64
}

func (r *guestReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, errno := r.g.fs.ReadAt(r.ino, r.off, p)
	r.off += uint64(n)
	if errno == abi.ErrnoSuccess && n == 0 {
		return 0, io.EOF
	}
	return n, check("read a file", errno)
}
