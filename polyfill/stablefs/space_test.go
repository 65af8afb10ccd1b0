package stablefs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/icsplice/icsplice/abi"
)

// fillUp makes files of many sizes until there is no room, and tells how many
// bytes went in.
func fillUp(t *testing.T, fs *FS, files int) (names []string, total int) {
	t.Helper()
	for i := 0; i < files; i++ {
		name := fmt.Sprintf("file %d", i)
		ino, errno := fs.Create(Root, []byte(name), fileType, 1)
		if errno == abi.ErrnoNospc {
			return names, total
		}
		want(t, "create", errno, 0)
		names = append(names, name)
		p := bytes.Repeat([]byte{byte(i)}, 1+i*i*31%300_000)
		n, errno := fs.WriteAt(ino, 0, p, 1)
		total += n
		if errno == abi.ErrnoNospc || n < len(p) {
			return names, total
		}
		want(t, "write", errno, 0)
	}
	return names, total
}

// TestSpaceIsUsedAgain fills, deletes and fills again: once with room to spare,
// and once with none.
func TestSpaceIsUsedAgain(t *testing.T) {
	for _, limit := range []uint64{0, 700} {
		m := newMemory()
		m.limit = limit
		fs := New(m)
		var pages uint64
		var first int
		for round := range 4 {
			names, total := fillUp(t, fs, 400)
			checkImage(t, m)
			if round == 0 {
				pages, first = m.pages, total
			}
			if m.pages > pages || total < first {
				t.Errorf("limit %d: round %d took %d pages for %d bytes, the first %d for %d",
					limit, round, m.pages, total, pages, first)
			}
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(names), func(i, j int) {
				names[i], names[j] = names[j], names[i]
			})
			for _, name := range names {
				want(t, "unlink", fs.Unlink(Root, []byte(name), 2), 0)
			}
			checkImage(t, m)
		}
	}
}

func TestNoRoomDamagesNothing(t *testing.T) {
	m := newMemory()
	m.limit = formatted
	fs := New(m)
	names, _ := fillUp(t, fs, 400)
	var d Dirent
	for i := range 20 {
		_, errno := fs.Create(Root, fmt.Appendf(nil, "dir %d", i), dirType, 1)
		if errno != 0 {
			want(t, "mkdir", errno, abi.ErrnoNospc)
		}
	}
	checkImage(t, m)
	for i, name := range names[:len(names)-1] {
		ino, _, errno := fs.Lookup(Root, []byte(name))
		want(t, name, errno, 0)
		if got := content(t, fs, ino); !bytes.Equal(got, bytes.Repeat([]byte{byte(i)}, 1+i*i*31%300_000)) {
			t.Errorf("%s is damaged", name)
		}
	}
	if _, errno := fs.ReadDir(Root, 0, &d); errno != 0 {
		t.Error(errno)
	}
}

func TestEmptyFileSystemIsSmall(t *testing.T) {
	m := newMemory()
	want(t, "mount", New(m).Mount(), 0)
	if m.pages > 16 || m.bytesWritten > 1000 {
		t.Errorf("%d pages, %d bytes written", m.pages, m.bytesWritten)
	}
}

func TestProgramsOwnMemory(t *testing.T) {
	m := newMemory()
	fs := New(m)
	model := []byte{}
	for i := range 12 {
		ino := create(t, fs, Root, fmt.Sprintf("f%d", i), fileType)
		put(t, fs, ino, 0, bytes.Repeat([]byte{0xee}, 3<<20))
		n := uint64(1 + i*i*7%200)
		if old := fs.UserGrow(n); old != uint64(len(model))>>pageShift {
			t.Fatalf("grew from %d pages, want %d", old, len(model)>>pageShift)
		}
		model = append(model, make([]byte, n<<pageShift)...)
		p := bytes.Repeat([]byte{byte(i + 1)}, len(model)/2)
		copy(model[len(model)/3:], p)
		want(t, "write", fs.UserWrite(p, uint64(len(model)/3)), 0)
		fs = New(m)
	}
	got := make([]byte, len(model))
	want(t, "read", fs.UserRead(got, 0), 0)
	if !bytes.Equal(got, model) {
		t.Error("the program's own memory differs")
	}
	checkImage(t, m)
	want(t, "read beyond", fs.UserRead(got[:2], uint64(len(model))-1), abi.ErrnoFault)
	want(t, "write far beyond", fs.UserWrite(got[:2], ^uint64(0)), abi.ErrnoFault)
	if fs.UserGrow(1<<40) != ^uint64(0) || fs.UserGrow(^uint64(0)) != ^uint64(0) {
		t.Error("grew without bounds")
	}
}

func TestDataThatWasThereIsAdopted(t *testing.T) {
	for _, pages := range []uint64{1, formatted, bucketPages - 1, bucketPages, bucketPages + 1, 3*bucketPages + 5} {
		m := newMemory()
		m.Grow(pages)
		p := bytes.Repeat([]byte("mine"), int(pages)<<pageShift/4)
		m.Write(p, 0)
		fs := New(m)
		ino := create(t, fs, Root, "f", fileType)
		put(t, fs, ino, 0, p)
		fs = New(m)
		if fs.UserSize() != pages {
			t.Fatalf("%d pages were adopted, want %d", fs.UserSize(), pages)
		}
		got := make([]byte, len(p))
		want(t, "read", fs.UserRead(got, 0), 0)
		m.Read(p, 0)
		if !bytes.Equal(got, p) || !bytes.Equal(content(t, fs, ino), p) {
			t.Errorf("%d pages: the data differs", pages)
		}
		if fs.UserGrow(bucketPages) != pages {
			t.Error("cannot grow")
		}
		want(t, "read", fs.UserRead(got[:8], (pages+bucketPages)<<pageShift-8), 0)
		if !bytes.Equal(got[:8], make([]byte, 8)) {
			t.Errorf("%d pages: new pages are not zero", pages)
		}
		checkImage(t, m)
	}
}

func TestNewerVersionIsRefused(t *testing.T) {
	m := newMemory()
	want(t, "mount", New(m).Mount(), 0)
	m.Write([]byte{version + 1}, 8)
	want(t, "mount", New(m).Mount(), abi.ErrnoNotsup)
	if p := Fsck(m); len(p) != 1 || p[0].Kind != BadSuper {
		t.Errorf("fsck: %v", p)
	}
}

func TestOrphansAreReclaimedByTheNextMount(t *testing.T) {
	m := newMemory()
	fs := New(m)
	for i := range 5 {
		ino := create(t, fs, Root, "f", fileType)
		put(t, fs, ino, 0, bytes.Repeat([]byte{1}, 1+i*100_000))
		want(t, "open", fs.Open(ino), 0)
		want(t, "unlink", fs.Unlink(Root, []byte("f"), 1), 0)
		if len(content(t, fs, ino)) != 1+i*100_000 {
			t.Error("an open file has lost its content")
		}
	}
	var before, after Usage
	want(t, "usage", fs.Usage(&before), 0)
	want(t, "usage", New(m).Usage(&after), 0)
	if before.Files != 6 || after.Files != 1 || after.FreeBlocks <= before.FreeBlocks {
		t.Errorf("before %+v, after %+v", before, after)
	}
	checkImage(t, m)
}

// TestHeap holds how much of the polyfill's memory an FS takes.
func TestHeap(t *testing.T) {
	if size := unsafe.Sizeof(FS{}); size > 2*pageSize {
		t.Errorf("an FS takes %d bytes", size)
	}
}
