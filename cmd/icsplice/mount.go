package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/icsplice/icsplice/internal/image"
	"github.com/spf13/cobra"
)

// mount is a host folder that stands in for a folder of the canister's file
// system during one run.
type mount struct {
	host   string // as given
	guest  string // absolute, slash-separated
	root   *os.Root
	before *image.Copied // in, once that is done
}

// parseMounts reads the values of --dir. No folder may lie inside of another in
// the canister, since copying one in would remove the other.
func parseMounts(cmd *cobra.Command, dirs []string) ([]*mount, error) {
	var mounts []*mount
	for _, dir := range dirs {
		m, err := parseMount(dir)
		if err != nil {
			return nil, usage(cmd, err)
		}
		for _, other := range mounts {
			if within(m.guest, other.guest) || within(other.guest, m.guest) {
				return nil, usage(cmd, fmt.Errorf("--dir %s and %s overlap in the canister", other.guest, m.guest))
			}
		}
		mounts = append(mounts, m)
	}
	return mounts, nil
}

func parseMount(dir string) (*mount, error) {
	host, guest, ok := strings.Cut(dir, "::")
	if host == "" || ok && guest == "" {
		return nil, fmt.Errorf("--dir wants HOST::GUEST or HOST, not %q", dir)
	}
	switch {
	case ok:
		guest = path.Clean("/" + filepath.ToSlash(guest))
	case filepath.Clean(host) == ".":
		guest = "/"
	default:
		abs, err := filepath.Abs(host)
		if err != nil {
			return nil, err
		}
		guest = path.Join("/", filepath.Base(abs))
	}
	return &mount{host: host, guest: guest}, nil
}

// within tells whether path a is b or lies beneath it.
func within(a, b string) bool {
	return a == b || strings.HasPrefix(a, strings.TrimSuffix(b, "/")+"/")
}

// open opens the host folder. All access goes through an os.Root, so that no
// symbolic link leads out of it.
func (m *mount) open() error {
	info, err := os.Stat(m.host)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return hinted(fmt.Errorf("--dir %s: there is no such folder", m.host), "make it first: mkdir "+m.host)
	case err == nil && !info.IsDir():
		return hinted(fmt.Errorf("--dir %s: it is a file, not a folder", m.host), "give the folder that it lies in")
	case err == nil:
		m.root, err = os.OpenRoot(m.host)
	}
	if err != nil {
		return fmt.Errorf("--dir %s: %w", m.host, err)
	}
	return nil
}

func closeMounts(mounts []*mount) {
	for _, m := range mounts {
		if m.root != nil {
			m.root.Close()
		}
	}
}
