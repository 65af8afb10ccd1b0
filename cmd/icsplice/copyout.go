package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// copyOut brings what the program changed in the folders of the mounts to the
// host. What it left alone is not touched there.
func (s *session) copyOut() error {
	if len(s.mounts) == 0 {
		return nil
	}
	defer startProgress(s.cmd.ErrOrStderr(), "copying folders back")()
	return guarded(s.copyOutAll)
}

func (s *session) copyOutAll() error {
	g, err := openGuest(s.stable)
	if err != nil {
		return err
	}
	for _, m := range s.mounts {
		if err := m.copyOut(g, s.cmd.ErrOrStderr()); err != nil {
			return fmt.Errorf("--dir %s: copying back: %w", m.host, err)
		}
	}
	return s.stable.Discard() // mounting may have tidied up; the next run does so again
}

// found is an entry of the guest's folder after the run.
type found struct {
	rel string
	ino stablefs.Ino
	entry
}

func (m *mount) copyOut(g *guest, stderr io.Writer) error {
	defer m.root.Close()
	var after []found
	dir, err := g.lookupAll(m.guest)
	if err == nil {
		after, err = m.list(g, ".", dir, nil)
	}
	if err != nil && !errors.Is(err, abi.ErrnoNoent) {
		return err
	}
	if err := m.removeGone(after); err != nil {
		return err
	}
	for _, f := range after {
		if was, ok := m.before[f.rel]; ok && was == f.entry {
			continue
		}
		if err := m.bring(g, f, stderr); err != nil {
			return err
		}
	}
	return nil
}

// list appends the entries beneath a folder of the guest, parents first.
func (m *mount) list(g *guest, rel string, dir stablefs.Ino, list []found) ([]found, error) {
	entries, err := g.entries(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		f := found{rel: path.Join(rel, e.name), ino: e.ino}
		if !filepath.IsLocal(e.name) || e.name != filepath.Base(e.name) || len(f.rel) > maxPath {
			return nil, fmt.Errorf("%q in the image is no name for a file", f.rel)
		}
		if f.entry, err = g.describe(e); err != nil {
			return nil, err
		}
		list = append(list, f)
		if f.kind == fs.ModeDir {
			if list, err = m.list(g, f.rel, e.ino, list); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// removeGone removes from the host what the program has removed, or made
// something else of, beginning with the deepest.
func (m *mount) removeGone(after []found) error {
	left := map[string]fs.FileMode{}
	for _, f := range after {
		left[f.rel] = f.kind
	}
	for _, rel := range slices.Backward(slices.Sorted(maps.Keys(m.before))) {
		if kind, ok := left[rel]; ok && kind == m.before[rel].kind {
			continue
		}
		if err := m.root.Remove(filepath.FromSlash(rel)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// bring puts one new or changed entry into the host's folder.
func (m *mount) bring(g *guest, f found, stderr io.Writer) error {
	name := filepath.FromSlash(f.rel)
	switch f.kind {
	case fs.ModeDir:
		if err := m.root.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	case fs.ModeSymlink:
		target, err := g.readlink(f.ino)
		if err != nil {
			return err
		}
		if leadsOut(f.rel, target) {
			fmt.Fprintf(stderr, "icsplice: the link %s leads to %q, out of %s; it is not copied back\n", f.rel, target, m.host)
			return nil
		}
		if err := m.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return m.root.Symlink(filepath.FromSlash(target), name)
	}
	return m.bringFile(g, f)
}

// bringFile replaces a file of the host in one step and keeps its permissions.
func (m *mount) bringFile(g *guest, f found) (err error) {
	name := filepath.FromSlash(f.rel)
	mode := fs.FileMode(0o644)
	if info, err := m.root.Lstat(name); err == nil && info.Mode().IsRegular() {
		mode = info.Mode().Perm()
	}
	temporary := filepath.Join(filepath.Dir(name), ".icsplice-"+rand.Text())
	out, err := m.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, g.reader(f.ino))
	if err = errors.Join(err, out.Close()); err == nil {
		err = m.root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, m.root.Remove(temporary))
	}
	return nil
}

// leadsOut tells whether a link at rel may lead out of the mount. A target that
// goes up after it went down counts as such, as what lies there may be a link.
func leadsOut(rel, target string) bool {
	if target == "" || path.IsAbs(target) || filepath.IsAbs(target) {
		return true
	}
	depth, down := strings.Count(rel, "/"), false
	for _, part := range strings.Split(target, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 || down {
				return true
			}
		default:
			down = true
		}
	}
	return false
}
