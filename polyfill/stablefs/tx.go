package stablefs

import "unsafe"

// tx is the redo journal. A call puts all its changes of metadata here; commit
// writes them to the journal's block in one store write, then where they belong,
// then empties the journal. Whoever finds a journal that is not empty does the
// last two steps again. A single change needs no journal, as one store write
// happens whole or not at all.
//
// File data does not pass through here: it goes to blocks that nothing refers to
// yet, before the commit, or over data of the same file.
type tx struct {
	n     uint32 // bytes of buf in use
	count uint32 // records
	full  bool
	buf   [journalSize]byte
}

const (
	journalHeader = 8 // u32 bytes with this header, u32 0
	recordHeader  = 8 // u64: offset << 16 | length
)

// word is the number at buf[at], or a pointer to the end of buf.
//
//go:nobounds
//go:inline
func (t *tx) word(at uint32) *uint64 {
	return (*uint64)(unsafe.Add(unsafe.Pointer(&t.buf), at))
}

// put plans to write p at off.
func (fs *FS) put(off uint64, p []byte) {
	if data := fs.tx.add(off, uint32(len(p))); data != nil {
		copy(unsafe.Slice(data, len(p)), p)
	}
}

// put32 plans to write a number at off.
func (fs *FS) put32(off uint64, v uint32) {
	if data := fs.tx.add(off, 4); data != nil {
		*(*uint32)(unsafe.Pointer(data)) = v
	}
}

// add begins a record of n bytes, and answers where they go, or nil where the
// journal is full.
//
//go:nobounds
//go:inline
func (t *tx) add(off uint64, n uint32) *byte {
	at := max(t.n, journalHeader)
	next := (at + recordHeader + n + 7) &^ 7
	if next > journalSize {
		t.n, t.full = at, true
		return nil
	}
	*t.word(at) = off<<16 | uint64(n)
	t.n = next
	t.count++
	return (*byte)(unsafe.Pointer(t.word(at + recordHeader)))
}

// get32 reads a number as it will be after the commit.
//
//go:inline
func (fs *FS) get32(off uint64) uint32 {
	fs.get(off, fs.wordBytes())
	return fs.word
}

// write32 writes a number at once.
func (fs *FS) write32(off uint64, v uint32) {
	fs.word = v
	fs.store.Write(fs.wordBytes(), off)
}

// get fills p from off as the store will be after the commit.
//
//go:inline
func (fs *FS) get(off uint64, p []byte) {
	fs.store.Read(p, off)
	if fs.tx.n != 0 {
		fs.overlay(off, p)
	}
}

//go:noinline
//go:nobounds
func (fs *FS) overlay(off uint64, p []byte) {
	t := &fs.tx
	end := off + uint64(len(p))
	for at := uint32(journalHeader); at < t.n; {
		from, n := t.record(at)
		if from < end && from+n > off {
			data := t.buf[at+recordHeader : at+recordHeader+uint32(n)]
			if from < off {
				copy(p, data[off-from:])
			} else {
				copy(p[from-off:], data)
			}
		}
		at = (at + recordHeader + uint32(n) + 7) &^ 7
	}
}

// record tells where the record at buf[at] goes, and its length.
func (t *tx) record(at uint32) (off, n uint64) {
	w := *t.word(at)
	return w >> 16, w & 0xffff
}

// commit makes the planned changes. It answers false, and makes none, where
// there are more than the journal holds.
func (fs *FS) commit() bool {
	t := &fs.tx
	if t.n == 0 {
		return true
	}
	if t.full {
		return false
	}
	if t.count > 1 {
		*t.word(0) = uint64(t.n)
		fs.store.Write(t.buf[:t.n], fs.place(atJournal))
	}
	fs.apply()
	if t.count > 1 {
		*t.word(0) = 0
		fs.store.Write(t.buf[:4], fs.place(atJournal))
	}
	t.n, t.count = 0, 0
	fs.changes++
	fs.careful = false
	return true
}

//go:nobounds
func (fs *FS) apply() {
	t := &fs.tx
	for at := uint32(journalHeader); at < t.n; {
		off, n := t.record(at)
		data := at + recordHeader
		fs.store.Write(t.buf[data:data+uint32(n)], off)
		at = (data + uint32(n) + 7) &^ 7
	}
}

// replay finishes a commit that was cut short. It answers false where what
// stands in the journal was never written there by commit.
func (fs *FS) replay() bool {
	t := &fs.tx
	fs.store.Read(t.buf[:journalHeader], fs.place(atJournal))
	n := uint32(*t.word(0))
	if n == 0 {
		return true
	}
	if n > journalSize || n < journalHeader {
		return false
	}
	fs.store.Read(t.buf[:n], fs.place(atJournal))
	t.n = n
	good := fs.sound()
	if good {
		fs.apply()
		*t.word(0) = 0
		fs.store.Write(t.buf[:4], fs.place(atJournal))
	}
	t.n = 0
	return good
}

// sound checks the records in the buffer: that they end where it ends and that
// they change nothing outside the file system and what never changes in it.
func (fs *FS) sound() bool {
	t := &fs.tx
	limit := fs.store.Size() << pageShift
	least := fs.place(atSuper) + superVaries
	at := uint64(journalHeader)
	for at+recordHeader <= uint64(t.n) {
		off, n := t.record(uint32(at))
		if off < least || off+n > limit {
			return false
		}
		at = (at + recordHeader + n + 7) &^ 7
	}
	return at == uint64(t.n)
}
