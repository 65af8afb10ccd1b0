package canister

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// The journal of a commit to a StableFile, all numbers little-endian:
//
//	 0  8  "icspljnl"
//	 8  4  version, 1
//	12  4  flags: 1 if the image is emptied first
//	16  8  size of stable memory after the commit, in pages of 64 KiB
//	24  8  n, the count of entries
//	32  n × (8 + 4096): number of a 4 KiB page, rising, and its bytes
//	    4  CRC-32C of all the bytes before
//
// A journal that is whole is applied when the image is next opened; applying
// it twice does no harm. One that is cut short or damaged belongs to a commit
// that had not yet touched the image, and is thrown away.
const (
	journalMagic      = "icspljnl"
	journalVersion    = 1
	journalHeaderSize = 32
	journalEntrySize  = 8 + osPage
	journalClears     = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errJournalCut says that a journal is not whole.
var errJournalCut = errors.New("journal is not complete")

func (s *StableFile) writeJournal() error {
	f, err := os.OpenFile(s.journalPath, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := s.encodeJournal(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return s.syncFolder()
}

// removeJournal makes the removal last: a journal that came back after a power
// failure would undo later commits.
func (s *StableFile) removeJournal() error {
	if err := os.Remove(s.journalPath); err != nil {
		return err
	}
	return s.syncFolder()
}

func (s *StableFile) syncFolder() error {
	d, err := os.Open(filepath.Dir(s.journalPath))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (s *StableFile) encodeJournal(out io.Writer) error {
	sum := crc32.New(castagnoli)
	w := bufio.NewWriterSize(io.MultiWriter(out, sum), 64<<10)
	head := []byte(journalMagic)
	head = binary.LittleEndian.AppendUint32(head, journalVersion)
	head = binary.LittleEndian.AppendUint32(head, s.journalFlags())
	head = binary.LittleEndian.AppendUint64(head, s.size)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(s.dirty)))
	w.Write(head) // a bufio.Writer keeps its first error for Flush
	for _, page := range slices.Sorted(maps.Keys(s.dirty)) {
		w.Write(binary.LittleEndian.AppendUint64(nil, page))
		w.Write(s.dirty[page][:])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := out.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

func (s *StableFile) journalFlags() uint32 {
	if s.cleared {
		return journalClears
	}
	return 0
}

// recover applies or drops the journal that a killed process left.
func (s *StableFile) recover() error {
	f, err := os.Open(s.journalPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	err = readJournal(f, journalVisitor{
		size: func(uint64, bool) error { return nil },
		page: func(uint64, []byte) error { return nil },
	})
	if err == nil {
		err = s.replay(f)
	}
	if err != nil && !errors.Is(err, errJournalCut) {
		return fmt.Errorf("journal: %w", err)
	}
	return s.removeJournal()
}

func (s *StableFile) replay(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	err := readJournal(f, journalVisitor{
		size: s.resize,
		page: func(offset uint64, page []byte) error {
			_, err := s.file.WriteAt(page, int64(offset))
			return err
		},
	})
	if err != nil {
		return err
	}
	return s.file.Sync()
}

// journalVisitor is told once the size of the memory in bytes, and whether it
// is emptied first, and then each page with its offset in bytes.
type journalVisitor struct {
	size func(size uint64, clear bool) error
	page func(offset uint64, page []byte) error
}

// readJournal checks all that it passes on but the checksum, which comes last.
func readJournal(in io.Reader, visit journalVisitor) error {
	sum := crc32.New(castagnoli)
	r := bufio.NewReaderSize(in, 64<<10)
	head, err := readSummed(r, sum, make([]byte, journalHeaderSize))
	if err != nil {
		return err
	}
	size, count := binary.LittleEndian.Uint64(head[16:]), binary.LittleEndian.Uint64(head[24:])
	if string(head[:8]) != journalMagic || size > MaxStablePages {
		return errJournalCut
	}
	flags := binary.LittleEndian.Uint32(head[12:])
	if v := binary.LittleEndian.Uint32(head[8:]); v != journalVersion || flags&^journalClears != 0 {
		return fmt.Errorf("version %d with flags %#x is not known", v, flags)
	}
	if err := visit.size(size*StablePageSize, flags&journalClears != 0); err != nil {
		return err
	}
	entry := make([]byte, journalEntrySize)
	for range count {
		if _, err := readSummed(r, sum, entry); err != nil {
			return err
		}
		page := binary.LittleEndian.Uint64(entry)
		if page >= size*(StablePageSize/osPage) {
			return errJournalCut
		}
		if err := visit.page(page*osPage, entry[8:]); err != nil {
			return err
		}
	}
	return checkSum(r, sum.Sum32())
}

func readSummed(r io.Reader, sum hash.Hash32, p []byte) ([]byte, error) {
	if _, err := io.ReadFull(r, p); err != nil {
		return nil, cutShort(err)
	}
	sum.Write(p)
	return p, nil
}

func checkSum(r io.Reader, want uint32) error {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return cutShort(err)
	}
	if binary.LittleEndian.Uint32(b[:]) != want {
		return errJournalCut
	}
	return nil
}

// cutShort turns the end of the file into errJournalCut and keeps other
// errors, after which the journal must stay.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errJournalCut
	}
	return err
}
