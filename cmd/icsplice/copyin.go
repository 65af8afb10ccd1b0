package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// copyIn makes the folders of the mounts in stable memory what they are on the
// host. It lasts only if the run succeeds.
func (s *session) copyIn() error {
	if len(s.mounts) == 0 {
		return nil
	}
	defer startProgress(s.cmd.ErrOrStderr(), "copying folders in")()
	return guarded(s.copyInAll)
}

func (s *session) copyInAll() error {
	g, err := openGuest(s.stable)
	if err != nil {
		return err
	}
	for _, m := range s.mounts {
		if err := m.copyIn(g, s.cmd.ErrOrStderr()); err != nil {
			return err
		}
	}
	return nil
}

func (m *mount) copyIn(g *guest, stderr io.Writer) error {
	if err := m.open(); err != nil {
		return err
	}
	dir, err := g.makeAll(m.guest)
	if err != nil {
		return err
	}
	return m.copyFolderIn(g, ".", dir, stderr)
}

func (m *mount) copyFolderIn(g *guest, rel string, dir stablefs.Ino, stderr io.Writer) error {
	list, err := fs.ReadDir(m.root.FS(), rel)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, e := range list {
		names[e.Name()] = true
	}
	if err := g.keepOnly(dir, names); err != nil {
		return err
	}
	for _, e := range list {
		if err := m.copyEntryIn(g, path.Join(rel, e.Name()), dir, e, stderr); err != nil {
			return fmt.Errorf("--dir %s: %s: %w", m.host, path.Join(rel, e.Name()), err)
		}
	}
	return nil
}

func (m *mount) copyEntryIn(g *guest, rel string, dir stablefs.Ino, e fs.DirEntry, stderr io.Writer) error {
	switch e.Type() {
	case fs.ModeDir:
		m.before[rel] = entry{kind: fs.ModeDir}
		ino, err := g.place(dir, e.Name(), abi.FiletypeDirectory)
		if err != nil {
			return err
		}
		return m.copyFolderIn(g, rel, ino, stderr)
	case fs.ModeSymlink:
		target, err := m.root.Readlink(rel)
		if err != nil {
			return err
		}
		m.before[rel] = linkEntry(target)
		return g.link(dir, e.Name(), target)
	case 0:
		return m.copyFileIn(g, rel, dir)
	}
	fmt.Fprintf(stderr, "icsplice: %s in %s is neither a file, a folder nor a link; the program does not see it\n", rel, m.host)
	return g.remove(dir, e.Name())
}

// copyFileIn writes a file only where it differs, as stable memory is dearer to
// write than to read.
func (m *mount) copyFileIn(g *guest, rel string, dir stablefs.Ino) error {
	f, err := m.root.Open(rel)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	ino, err := g.place(dir, path.Base(rel), abi.FiletypeRegularFile)
	if err != nil {
		return err
	}
	host, err := digest(f)
	if err != nil {
		return err
	}
	if have, err := digest(g.reader(ino)); err != nil || have == host {
		m.before[rel] = entry{sum: host}
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	if err := g.write(ino, io.TeeReader(f, h)); err != nil {
		return err
	}
	m.before[rel] = entry{sum: [sha256.Size]byte(h.Sum(nil))}
	return g.setTime(ino, info.ModTime())
}

func digest(r io.Reader) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	_, err = io.Copy(h, r)
	return [sha256.Size]byte(h.Sum(nil)), err
}
