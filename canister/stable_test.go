package canister

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// stableKinds are the implementations, each empty.
func stableKinds(t *testing.T) map[string]StableMemory {
	t.Helper()
	file, err := OpenStableFile(filepath.Join(t.TempDir(), "image"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return map[string]StableMemory{"memory": NewStableMemory(), "file": file}
}

func TestStableBounds(t *testing.T) {
	for name, s := range stableKinds(t) {
		if old, ok := s.Grow(2); !ok || old != 0 {
			t.Errorf("%s: grow gave %d, %v", name, old, ok)
		}
		if _, ok := s.Grow(MaxStablePages - 1); ok {
			t.Errorf("%s: grew beyond the limit", name)
		}
		if _, ok := s.Grow(^uint64(0)); ok {
			t.Errorf("%s: grew by 2^64-1", name)
		}
		const end = 2 * StablePageSize
		for _, at := range []struct {
			offset uint64
			size   int
			ok     bool
		}{{0, end, true}, {end, 0, true}, {end - 1, 1, true}, {end - 1, 2, false}, {end + 1, 0, false}, {^uint64(0), 1, false}, {^uint64(0), 0, false}} {
			p := make([]byte, at.size)
			read, write := s.Read(p, at.offset), s.Write(p, at.offset)
			if (read == nil) != at.ok || (write == nil) != at.ok {
				t.Errorf("%s: %d bytes at %d: %v, %v", name, at.size, at.offset, read, write)
			}
			if !at.ok && (!errors.Is(read, ErrStableBounds) || !errors.Is(write, ErrStableBounds)) {
				t.Errorf("%s: %v, %v", name, read, write)
			}
		}
	}
}

// TestStableFarAway writes at the end of 500 GiB, which must take little room.
func TestStableFarAway(t *testing.T) {
	for name, s := range stableKinds(t) {
		if _, ok := s.Grow(MaxStablePages); !ok {
			t.Fatalf("%s does not grow to the limit", name)
		}
		at := uint64(MaxStablePages)*StablePageSize - 3
		if err := errors.Join(s.Write([]byte("end"), at), s.Commit()); err != nil {
			t.Skipf("%s: this file system holds no file of 500 GiB: %v", name, err)
		}
		p := make([]byte, 4)
		if err := s.Read(p, at-1); err != nil || string(p) != "\x00end" {
			t.Errorf("%s: %q, %v", name, p, err)
		}
	}
}

// model is a stable memory that is plainly right.
type model struct{ now, saved []byte }

// step does the same random thing to a memory and to the model.
func (m *model) step(r *rand.Rand, s StableMemory) error {
	switch k := r.IntN(20); {
	case k == 0:
		if old, ok := s.Grow(1); !ok || old != uint64(len(m.now)/StablePageSize) {
			return fmt.Errorf("grow gave %d, %v", old, ok)
		}
		m.now = append(m.now[:len(m.now):len(m.now)], make([]byte, StablePageSize)...)
	case k == 1:
		m.saved = bytes.Clone(m.now)
		return s.Commit()
	case k == 2:
		m.now = bytes.Clone(m.saved)
		return s.Discard()
	case k == 3 && r.IntN(4) == 0:
		s.Clear()
		m.now = nil
	case len(m.now) > 0:
		return m.access(r, s)
	}
	return nil
}

func (m *model) access(r *rand.Rand, s StableMemory) error {
	at := r.IntN(len(m.now))
	p := make([]byte, r.IntN(min(len(m.now)-at, 3*osPage)+1))
	if r.IntN(2) == 0 {
		if err := s.Read(p, uint64(at)); err != nil || !bytes.Equal(p, m.now[at:at+len(p)]) {
			return fmt.Errorf("%d bytes at %d differ (%w)", len(p), at, err)
		}
		return nil
	}
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	m.now = bytes.Clone(m.now)
	copy(m.now[at:], p)
	return s.Write(p, uint64(at))
}

func TestStableEqualsModel(t *testing.T) {
	for name, s := range stableKinds(t) {
		r := rand.New(rand.NewPCG(1, 2))
		m := &model{}
		for i := range 600 {
			if err := m.step(r, s); err != nil {
				t.Fatalf("%s, step %d: %v", name, i, err)
			}
			if s.Size() != uint64(len(m.now)/StablePageSize) {
				t.Fatalf("%s, step %d: size %d", name, i, s.Size())
			}
		}
	}
}

// image makes a file with two pages, the first byte of the second being 'a',
// and leaves it open.
func image(t *testing.T) (*StableFile, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "image")
	s, err := OpenStableFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.Grow(2)
	if err := errors.Join(s.Write([]byte{'a'}, StablePageSize), s.Commit()); err != nil {
		t.Fatal(err)
	}
	return s, path
}

func TestStableFileIsTheRawImage(t *testing.T) {
	s, path := image(t)
	if err := s.Write([]byte("lost"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStableFile(path); !errors.Is(err, ErrStableLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 2*StablePageSize)
	want[StablePageSize] = 'a'
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the image differs (%v)", err)
	}
	if _, err := os.Stat(path + ".journal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a journal is left: %v", err)
	}
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStableFile(path); err == nil {
		t.Error("an image of 100 bytes was opened")
	}
}

// secondCommit is the change whose commit is broken off in the tests below.
func secondCommit(t *testing.T, s *StableFile) {
	t.Helper()
	s.Grow(1)
	err := errors.Join(s.Write([]byte("b"), StablePageSize), s.Write([]byte("c"), 2*StablePageSize+5000))
	if err != nil {
		t.Fatal(err)
	}
}

// reopened tells what is in the image: "a" for the first commit, "b" for the
// second.
func reopened(t *testing.T, path string) string {
	t.Helper()
	s, err := OpenStableFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := make([]byte, 1)
	if err := s.Read(p, StablePageSize); err != nil {
		t.Fatal(err)
	}
	if p[0] == 'b' {
		if err := s.Read(p, 2*StablePageSize+5000); err != nil || p[0] != 'c' || s.Size() != 3 {
			t.Errorf("half of the second commit: %q, %d pages, %v", p, s.Size(), err)
		}
		return "b"
	}
	if s.Size() != 2 {
		t.Errorf("the first commit with %d pages", s.Size())
	}
	return string(p)
}

// TestKilledWhileJournalling cuts the journal at each length around its parts
// and damages each kind of byte.
func TestKilledWhileJournalling(t *testing.T) {
	s, path := image(t)
	secondCommit(t, s)
	if err := s.writeJournal(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	whole, err := os.ReadFile(path + ".journal")
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, journal []byte, want string) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path, old, 0o644), os.WriteFile(path+".journal", journal, 0o644)); err != nil {
			t.Fatal(err)
		}
		if got := reopened(t, path); got != want {
			t.Errorf("%s: the image is that of commit %q, want %q", what, got, want)
		}
	}
	for n := 0; n < len(whole); n += 1 + n/40 {
		try(fmt.Sprintf("cut at %d", n), whole[:n], "a")
	}
	try("cut before the last byte", whole[:len(whole)-1], "a")
	for _, at := range []int{0, 17, 24, 33, 50, len(whole) - 1} {
		bad := bytes.Clone(whole)
		bad[at] ^= 0x40
		try(fmt.Sprintf("damaged at %d", at), bad, "a")
	}
	try("whole", whole, "b")
}

// TestKilledWhileApplying stops after each page that is written to the image.
func TestKilledWhileApplying(t *testing.T) {
	for n := range 3 {
		s, path := image(t)
		secondCommit(t, s)
		if err := s.writeJournal(); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			delete(s.dirty, []uint64{0, StablePageSize / osPage, (2*StablePageSize + 5000) / osPage}[n])
			if err := s.apply(); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		if got := reopened(t, path); got != "b" {
			t.Errorf("stopped at %d: the image is that of commit %q", n, got)
		}
	}
}

func TestClearSurvivesAKill(t *testing.T) {
	s, path := image(t)
	s.Clear()
	s.Grow(3)
	if err := s.Write([]byte("b"), StablePageSize); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Write([]byte("c"), 2*StablePageSize+5000), s.writeJournal()); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if got := reopened(t, path); got != "b" {
		t.Errorf("image %q", got)
	}
}

func FuzzJournal(f *testing.F) {
	f.Fuzz(func(t *testing.T, journal []byte) {
		path := filepath.Join(t.TempDir(), "image")
		if err := os.WriteFile(path+".journal", journal, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := OpenStableFile(path)
		if err != nil {
			return
		}
		defer s.Close()
		if s.Size() > 0 && len(journal) < journalHeaderSize {
			t.Errorf("%d bytes of journal made %d pages", len(journal), s.Size())
		}
		if _, err := os.Stat(path + ".journal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the journal is still there: %v", err)
		}
	})
}
