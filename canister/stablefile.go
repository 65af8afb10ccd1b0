package canister

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// ErrStableLocked says that another process has the image open.
var ErrStableLocked = errors.New("the stable memory image is in use")

// StableFile is a stable memory whose contents are a file: the raw image, as
// the IC would give it out, a whole number of pages of 64 KiB long. Pages that
// were never written are holes where the file system has such.
//
// What is written stays in this process until Commit. Commit writes a journal
// beside the image first, so an image is always the one of a Commit, wherever
// the process or the machine stops.
type StableFile struct {
	file        *os.File
	journalPath string
	size        uint64 // pages
	committed   uint64 // pages of the image
	cleared     bool   // nothing of the image counts any more
	dirty       map[uint64]*[osPage]byte
	failed      error // set when the image may be torn; the next open repairs it
}

// OpenStableFile opens the image at path, or makes an empty one, and locks it
// until Close. A journal that a killed process left is applied first.
//
// The error wraps ErrStableLocked when another process has it open.
func OpenStableFile(path string) (*StableFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	s := &StableFile{file: f, journalPath: path + ".journal", dirty: map[uint64]*[osPage]byte{}}
	if err := s.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("stable memory %s: %w", path, err)
	}
	return s, nil
}

// ErrStableSize says that a file is no image of stable memory.
var ErrStableSize = errors.New("are not a whole number of pages up to 500 GiB")

func (s *StableFile) open() error {
	if err := lockFile(s.file); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if err := s.recover(); err != nil {
		return err
	}
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	n := info.Size()
	if n%StablePageSize != 0 || n/StablePageSize > MaxStablePages {
		return fmt.Errorf("%d bytes %w", n, ErrStableSize)
	}
	s.size = uint64(n) / StablePageSize
	s.committed = s.size
	return nil
}

// Size is the size in pages of 64 KiB.
func (s *StableFile) Size() uint64 { return s.size }

// Grow adds pages of zeros and returns the size before; see StableMemory.
func (s *StableFile) Grow(pages uint64) (uint64, bool) { return growStable(&s.size, pages) }

// Read fills p from offset, in bytes; see StableMemory.
func (s *StableFile) Read(p []byte, offset uint64) error {
	if err := checkStableBounds(s.size, len(p), offset); err != nil {
		return err
	}
	if len(s.dirty) == 0 {
		return s.readImage(p, offset)
	}
	if err := s.readImage(p, offset); err != nil {
		return err
	}
	return eachOSPage(len(p), offset, func(page uint64, at, in, size int) error {
		if b := s.dirty[page]; b != nil {
			copy(p[at:at+size], b[in:])
		}
		return nil
	})
}

// readImage reads the committed bytes, and zeros where the memory has grown.
func (s *StableFile) readImage(p []byte, offset uint64) error {
	end := s.committed * StablePageSize
	if s.cleared {
		end = 0
	}
	n := 0
	if offset < end {
		n = int(min(uint64(len(p)), end-offset))
	}
	clear(p[n:])
	if n == 0 {
		return nil
	}
	_, err := s.file.ReadAt(p[:n], int64(offset))
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // someone else has cut the file
	}
	return err
}

// Write stores p at offset, in bytes; see StableMemory.
func (s *StableFile) Write(p []byte, offset uint64) error {
	if err := checkStableBounds(s.size, len(p), offset); err != nil {
		return err
	}
	return eachOSPage(len(p), offset, func(page uint64, at, in, size int) error {
		b, err := s.writable(page, size == osPage)
		if err == nil {
			copy(b[in:], p[at:at+size])
		}
		return err
	})
}

func (s *StableFile) writable(page uint64, whole bool) (*[osPage]byte, error) {
	if b := s.dirty[page]; b != nil {
		return b, nil
	}
	b := new([osPage]byte)
	if !whole {
		if err := s.readImage(b[:], page*osPage); err != nil {
			return nil, err
		}
	}
	s.dirty[page] = b
	return b, nil
}

// Commit brings what was written into the image. An error while the journal is
// written leaves the image as it was, and Commit may be tried again; after an
// error while the image is written the memory refuses all further commits, and
// the next OpenStableFile completes this one.
func (s *StableFile) Commit() error {
	if s.failed != nil {
		return fmt.Errorf("stable memory %s must be reopened: %w", s.file.Name(), s.failed)
	}
	if len(s.dirty) == 0 && s.size == s.committed && !s.cleared {
		return nil
	}
	if err := s.writeJournal(); err != nil {
		os.Remove(s.journalPath)
		return fmt.Errorf("stable memory journal: %w", err)
	}
	if err := s.apply(); err != nil {
		s.failed = err
		return fmt.Errorf("stable memory image: %w", err)
	}
	s.committed, s.cleared = s.size, false
	s.dirty = map[uint64]*[osPage]byte{}
	return s.removeJournal()
}

// apply writes the dirty pages into the image.
func (s *StableFile) apply() error {
	if err := s.resize(s.size*StablePageSize, s.cleared); err != nil {
		return err
	}
	for _, page := range slices.Sorted(maps.Keys(s.dirty)) {
		if _, err := s.file.WriteAt(s.dirty[page][:], int64(page*osPage)); err != nil {
			return err
		}
	}
	return s.file.Sync()
}

// resize makes the image size bytes long, all of it zeros if clear is set.
func (s *StableFile) resize(size uint64, clear bool) error {
	if clear {
		if err := s.file.Truncate(0); err != nil {
			return err
		}
	}
	return s.file.Truncate(int64(size))
}

// Clear makes the memory empty; see StableMemory.
func (s *StableFile) Clear() {
	s.size, s.cleared = 0, true
	s.dirty = map[uint64]*[osPage]byte{}
}

// Discard takes back what was written since the last Commit.
func (s *StableFile) Discard() error {
	s.size, s.cleared = s.committed, false
	s.dirty = map[uint64]*[osPage]byte{}
	return nil
}

// Close releases the file and its lock. What was not committed is lost.
func (s *StableFile) Close() error { return s.file.Close() }
