package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/image"
)

// copyIn makes the folders of the mounts in stable memory what they are on the
// host. It lasts only if the run succeeds.
func (s *session) copyIn() error {
	if len(s.mounts) == 0 {
		return nil
	}
	stderr := s.cmd.ErrOrStderr()
	defer startProgress(stderr, "copying folders in")()
	return s.use(func(f *image.FS) error {
		for _, m := range s.mounts {
			if err := m.copyIn(f, stderr); err != nil {
				return fmt.Errorf("--dir %s: %w", m.host, err)
			}
		}
		return nil
	})
}

func (m *mount) copyIn(f *image.FS, stderr io.Writer) (err error) {
	if m.before, err = f.CopyIn(m.root, m.guest); err != nil {
		return err
	}
	for _, rel := range m.before.Left {
		fmt.Fprintf(stderr, "icsplice: %s in %s is neither a file, a folder nor a link; the program does not see it\n", rel, m.host)
	}
	return nil
}

// copyOut brings what the program changed in the folders of the mounts to the
// host. What it left alone is not touched there.
func (s *session) copyOut() error {
	if len(s.mounts) == 0 {
		return nil
	}
	stderr := s.cmd.ErrOrStderr()
	defer startProgress(stderr, "copying folders back")()
	err := s.use(func(f *image.FS) error {
		for _, m := range s.mounts {
			if err := m.copyOut(f, stderr); err != nil {
				return fmt.Errorf("--dir %s: copying back: %w", m.host, err)
			}
		}
		return nil
	})
	if errors.Is(err, abi.ErrnoFbig) {
		return hinted(err, "the file is mostly a hole; have the program cut it, or run it without --dir")
	}
	if err != nil {
		return err
	}
	return s.stable.Discard() // mounting may have tidied up; the next run does so again
}

func (m *mount) copyOut(f *image.FS, stderr io.Writer) error {
	refused, err := f.CopyOut(m.root, m.guest, m.before.Entries)
	for _, l := range refused {
		fmt.Fprintf(stderr, "icsplice: the link %s leads to %q, out of %s; it is not copied back\n", l.Path, l.Target, m.host)
	}
	return err
}

// use works on the files in the session's stable memory.
func (s *session) use(work func(*image.FS) error) error {
	err := image.Use(s.stable, work)
	var (
		mount  *image.MountError
		damage *image.DamageError
	)
	if errors.As(err, &mount) || errors.As(err, &damage) {
		return hinted(fmt.Errorf("state file %s: %w", s.state, err), "it is damaged or of a newer version; --fresh begins with an empty one")
	}
	return err
}
