package image

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
)

// Link is a symbolic link and where it leads.
type Link struct{ Path, Target string }

// CopyOut brings to host what the folder at guest, a path from the image's root,
// holds other than before: what is new or changed is written, what is gone is
// removed, and what is as before is not touched on the host. A folder that is
// gone altogether counts as an empty one. Files keep the host's permissions.
//
// A file that is larger than the image and than 16 GiB is mostly a hole and an
// *Error with fbig.
//
// The links that it gives lead out of the folder and were left out for that.
// Errors of the image are *Error and *DamageError, others the host's; after one
// of the host a part has been brought.
func (f *FS) CopyOut(host *os.Root, guest string, before map[string]Entry) ([]Link, error) {
	after, err := f.found(guest)
	if err != nil {
		return nil, err
	}
	c := copyOut{FS: f, host: host}
	if err := c.removeGone(before, after); err != nil {
		return nil, err
	}
	for _, e := range after {
		if was, ok := before[e.Path]; ok && was == e.Entry {
			continue
		}
		if err := c.bring(e); err != nil {
			return c.refused, err
		}
	}
	return c.refused, nil
}

type copyOut struct {
	*FS
	host    *os.Root
	refused []Link
}

// found is an entry of the image and what it holds.
type found struct {
	Node
	Entry
}

// found lists a folder of the image, each folder in it before what is in that.
func (f *FS) found(guest string) ([]found, error) {
	dir, err := f.lookupAll(guest)
	if errors.Is(err, abi.ErrnoNoent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	nodes, err := f.appendBeneath(nil, ".", dir)
	if err != nil {
		return nil, err
	}
	list := make([]found, len(nodes))
	for k, n := range nodes {
		if !filepath.IsLocal(n.name) || n.name != filepath.Base(n.name) {
			return nil, &DamageError{n.Path, "is no name for a file"}
		}
		list[k].Node = n
		if list[k].Entry, err = f.describe(n); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (f *FS) describe(n Node) (Entry, error) {
	switch n.Type {
	case abi.FiletypeDirectory:
		return Entry{Kind: fs.ModeDir}, nil
	case abi.FiletypeSymbolicLink:
		target, err := f.Readlink(n)
		return linkEntry(target), err
	case abi.FiletypeRegularFile:
		a, err := f.Stat(n)
		if err != nil {
			return Entry{}, err
		}
		if a.Size > max(f.size(), f.hollow) {
			return Entry{}, &Error{"copy out", n.Path, abi.ErrnoFbig}
		}
		sum, err := digest(f.Reader(n))
		return Entry{Sum: sum}, err
	}
	return Entry{}, &DamageError{n.Path, fmt.Sprintf("is of file type %d", n.Type)}
}

// removeGone removes from the host what is gone from the image, or has become
// something else there, beginning with the deepest.
func (c *copyOut) removeGone(before map[string]Entry, after []found) error {
	left := map[string]fs.FileMode{}
	for _, e := range after {
		left[e.Path] = e.Kind
	}
	for _, rel := range slices.Backward(slices.Sorted(maps.Keys(before))) {
		if kind, ok := left[rel]; ok && kind == before[rel].Kind {
			continue
		}
		if err := c.removeHost(rel); err != nil {
			return err
		}
	}
	return nil
}

func (c *copyOut) removeHost(rel string) error {
	err := c.host.Remove(filepath.FromSlash(rel))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// bring puts one new or changed entry into the host's folder.
func (c *copyOut) bring(e found) error {
	name := filepath.FromSlash(e.Path)
	switch e.Kind {
	case fs.ModeDir:
		if err := c.host.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	case fs.ModeSymlink:
		return c.bringLink(e)
	}
	return c.bringFile(e)
}

func (c *copyOut) bringLink(e found) error {
	target, err := c.Readlink(e.Node)
	if err != nil {
		return err
	}
	if leadsOut(e.Path, target) {
		c.refused = append(c.refused, Link{e.Path, target})
		return nil
	}
	if err := c.removeHost(e.Path); err != nil {
		return err
	}
	return c.host.Symlink(filepath.FromSlash(target), filepath.FromSlash(e.Path))
}

// bringFile replaces a file of the host in one step.
func (c *copyOut) bringFile(e found) (err error) {
	name := filepath.FromSlash(e.Path)
	mode := fs.FileMode(0o644)
	if info, err := c.host.Lstat(name); err == nil && info.Mode().IsRegular() {
		mode = info.Mode().Perm()
	}
	temporary := filepath.Join(filepath.Dir(name), ".icsplice-"+rand.Text())
	out, err := c.host.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, c.Reader(e.Node))
	if err = errors.Join(err, out.Close()); err == nil {
		err = c.host.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, c.host.Remove(temporary))
	}
	return nil
}

// leadsOut tells whether a link at rel may lead out of the folder. A target that
// goes up after it went down counts as such, as what lies there may be a link.
func leadsOut(rel, target string) bool {
	if target == "" || path.IsAbs(target) || filepath.IsAbs(target) {
		return true
	}
	depth, down := strings.Count(rel, "/"), false
	for part := range strings.SplitSeq(target, "/") {
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
