package wasi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

func TestPreopens(t *testing.T) {
	long := "/" + strings.Repeat("part/", 100) + strings.Repeat("x", 255) // read in pieces
	for _, test := range []struct {
		preopens string
		want     []string
	}{
		{"/\x00", []string{"/"}},
		{"/", []string{"/"}},
		{"", nil},
		{"/\x00/var/data\x00/tmp/\x00", []string{"/", "/var/data", "/tmp/"}},
		{"/var\x00/var/data", []string{"/var", "/var/data"}},
		{long + "\x00/\x00" + long + "/y", []string{long, "/", long + "/y"}},
	} {
		t.Run(fmt.Sprintf("%q", test.preopens), func(t *testing.T) {
			s := startFiles(t)
			Platform.Preopens = test.preopens
			var got []string
			for fd := uint32(3); ; fd++ {
				errno := s.FdPrestatGet(fd, outAt)
				if errno == abi.ErrnoBadf {
					break
				}
				want(t, "fd_prestat_get", errno, abi.ErrnoSuccess)
				if Platform.Memory[outAt] != 0 {
					t.Error("a preopen is no directory")
				}
				n := peek32(outAt + 4)
				if n > 0 {
					want(t, "short", s.FdPrestatDirName(fd, dataAt, n-1), abi.ErrnoNametoolong)
				}
				poke(dataAt, strings.Repeat("\xaa", int(n)+1))
				want(t, "longer", s.FdPrestatDirName(fd, dataAt, n+9), abi.ErrnoSuccess)
				if Platform.Memory[dataAt+n] != 0xaa {
					t.Error("more than the name was written")
				}
				got = append(got, string(Platform.Memory[dataAt:dataAt+n]))
				want(t, "address", s.FdPrestatGet(fd, beyond), abi.ErrnoFault)
				want(t, "address", s.FdPrestatDirName(fd, memorySize, n), abi.ErrnoFault)
				_, errno = openAt(s, fd, 0, "x", creat, 0)
				want(t, "open beneath", errno, abi.ErrnoSuccess)
				want(t, "close", s.FdClose(peek32(outAt)), abi.ErrnoSuccess)
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("preopens %q, want %q", got, test.want)
			}
		})
	}
}

// A preopen is the folder of its name: /var/data is data in /var.
func TestPreopensShareTheTree(t *testing.T) {
	s := startFiles(t)
	Platform.Preopens = "/\x00/var/data\x00"
	_, errno := openAt(s, 4, 0, "x", creat, 0)
	want(t, "open", errno, abi.ErrnoSuccess)
	want(t, "stat", statErrno(s, "var/data/x"), abi.ErrnoSuccess)
	_, errno = openAt(s, 4, 0, "../data/x", 0, 0)
	want(t, "escape", errno, abi.ErrnoNotcapable)
}

func TestPreopenThatIsAFile(t *testing.T) {
	s := tree(t)
	for fd := range uint32(MaxDescriptors) {
		s.FdClose(fd)
	}
	s.ready = false
	Platform.Preopens = "/file\x00"
	if got := trapped(func() { s.FdSync(1) }); got != "wasi: a preopened folder cannot be opened" {
		t.Errorf("trap %q", got)
	}
}

func TestPreopenMayBeClosed(t *testing.T) {
	s := tree(t)
	want(t, "close", s.FdClose(root), abi.ErrnoSuccess)
	want(t, "prestat", s.FdPrestatGet(root, outAt), abi.ErrnoBadf)
	_, errno := openAt(s, root, 0, "file", 0, 0)
	want(t, "open", errno, abi.ErrnoBadf)
}

func TestDescriptorsRunOut(t *testing.T) {
	s := startFiles(t)
	for n := uint32(4); n < MaxDescriptors; n++ {
		if fd := mustOpen(t, s, "file", creat, readWrite); fd != n {
			t.Fatalf("descriptor %d, want %d", fd, n)
		}
	}
	_, errno := openAt(s, root, 0, "other", creat, readWrite)
	want(t, "one more", errno, abi.ErrnoMfile)
	want(t, "not created", statErrno(s, "other"), abi.ErrnoNoent)
	want(t, "close", s.FdClose(500), abi.ErrnoSuccess)
	if fd := mustOpen(t, s, "file", 0, 0); fd != 500 {
		t.Errorf("descriptor %d, want the lowest one free", fd)
	}
}

func TestRenumberFiles(t *testing.T) {
	s := tree(t)
	a := mustOpen(t, s, "file", 0, abi.RightsAll)
	b := mustOpen(t, s, "dir/inner", 0, abi.RightsAll)
	read(t, s, b, 2)
	want(t, "flags", s.FdFdstatSetFlags(b, uint32(abi.FdflagAppend)), abi.ErrnoSuccess)
	want(t, "renumber", s.FdRenumber(b, a), abi.ErrnoSuccess)
	want(t, "gone", s.FdSync(b), abi.ErrnoBadf)
	if text, _ := read(t, s, a, 9); text != "ner" {
		t.Errorf("read %q", text)
	}
	want(t, "fdstat", s.FdFdstatGet(a, outAt), abi.ErrnoSuccess)
	if Platform.Memory[outAt+abi.FdstatFlags] != byte(abi.FdflagAppend) {
		t.Error("the flags did not move along")
	}
	want(t, "over standard output", s.FdRenumber(a, 1), abi.ErrnoSuccess)
	want(t, "write", write(t, s, 1, "!"), abi.ErrnoSuccess)
	if got := content(t, s, "dir/inner"); got != "inner!" {
		t.Errorf("content %q", got)
	}
}

func TestTwoDescriptorsOfOneFile(t *testing.T) {
	s := tree(t)
	a, b := mustOpen(t, s, "file", 0, abi.RightsAll), mustOpen(t, s, "file", 0, abi.RightsAll)
	want(t, "write", write(t, s, a, "HE"), abi.ErrnoSuccess)
	if text, _ := read(t, s, b, 9); text != "HEllo" {
		t.Errorf("read %q", text)
	}
}

// Files live on from run to run; descriptors do not.
func TestFilesOutliveARun(t *testing.T) {
	s := startFiles(t)
	run(t, s, unhex(t, golden), func() {
		save(t, s, "kept", "content")
		mustOpen(t, s, "kept", 0, abi.RightsAll)
		fd := mustOpen(t, s, "orphan", creat, abi.RightsAll)
		want(t, "write", write(t, s, fd, "x"), abi.ErrnoSuccess)
		want(t, "unlink", unlink(s, "orphan"), abi.ErrnoSuccess)
	})
	ran(t)
	run(t, s, unhex(t, golden), func() {
		want(t, "sync", s.FdSync(4), abi.ErrnoBadf)
		if got := content(t, s, "kept"); got != "content" {
			t.Errorf("content %q", got)
		}
		if got := listDirectory(t, s, root, 4096); len(got) != 3 {
			t.Errorf("entries %q", got)
		}
	})
	ran(t)
}

// Output beyond the blocks goes through a file that nobody sees, and comes back.
func TestOutputSpills(t *testing.T) {
	s := startFiles(t)
	var out, errs strings.Builder
	for range 2 {
		out.Reset()
		errs.Reset()
		run(t, s, unhex(t, golden), func() {
			for i := 0; out.Len()+errs.Len() < 3<<19; i++ {
				text := strings.Repeat(string(rune('a'+i%26)), 1+i*i%9000)
				fd, to := uint32(1), &out
				if i%3 == 0 {
					fd, to = 2, &errs
				}
				want(t, "fd_write", write(t, s, fd, text), abi.ErrnoSuccess)
				to.WriteString(text[:peek32(outAt)])
			}
			if got := listDirectory(t, s, root, 4096); len(got) != 2 {
				t.Errorf("entries %q", got)
			}
		})
		_, gotOut, gotErr := result(t)
		if gotOut != out.String() || gotErr != errs.String() {
			t.Errorf("output of %d and %d bytes, want %d and %d", len(gotOut), len(gotErr), out.Len(), errs.Len())
		}
	}
}

func TestVolume(t *testing.T) {
	s := startFiles(t)
	save(t, s, "file", "beside")
	if n := s.VolumeSize(); n != 0 {
		t.Errorf("size %d", n)
	}
	if old := s.VolumeGrow(2); old != 0 || s.VolumeSize32() != 2 {
		t.Errorf("grew from %d to %d", old, s.VolumeSize())
	}
	if old := s.VolumeGrow32(1); old != 2 {
		t.Errorf("grew from %d", old)
	}
	poke(dataAt, "volume")
	s.VolumeWrite(3<<16-6, dataAt, 6)
	s.VolumeRead32(dataAt+8, 3<<16-7, 7)
	if got := string(Platform.Memory[dataAt+8 : dataAt+15]); got != "\x00volume" {
		t.Errorf("read %q", got)
	}
	s.VolumeWrite32(0, dataAt, 1)
	for name, call := range map[string]func(){
		"end":      func() { s.VolumeWrite(3<<16-5, dataAt, 6) },
		"far":      func() { s.VolumeRead(dataAt, 1<<60, 1) },
		"wrap":     func() { s.VolumeRead(dataAt, ^uint64(0), 2) },
		"memory":   func() { s.VolumeRead(beyond, 0, 2) },
		"above 32": func() { s.VolumeRead(1<<32, 0, 1) },
		"length":   func() { s.VolumeWrite(0, 0, 1<<32) },
	} {
		if got := trapped(call); got != "wasi: "+volumeTrap {
			t.Errorf("%s: trap %q", name, got)
		}
	}
	if old := s.VolumeGrow(1 << 40); old != ^uint64(0) {
		t.Errorf("grew from %d", old)
	}
	if got := content(t, s, "file"); got != "beside" {
		t.Errorf("content %q", got)
	}
}

// What cannot be mounted traps with the reason, files and the program's own stable
// memory alike.
func TestMountTraps(t *testing.T) {
	start(t)
	Platform.NoFiles = false
	for reason, store := range map[string]*memoryStore{
		"the file system in stable memory has a newer format than this canister reads": changed(t, 8, 2),
		"the file system in stable memory is damaged":                                  changed(t, 20, 3),
		"stable memory has no room for a file system":                                  {limit: 4},
	} {
		for name, call := range map[string]func(*System){
			"fd_sync": func(s *System) { s.FdSync(1) },
			"size":    func(s *System) { s.VolumeSize() },
			"grow":    func(s *System) { s.VolumeGrow(1) },
		} {
			if got := trapped(func() { call(New(store)) }); got != "wasi: "+reason {
				t.Errorf("%s: trap %q, want %q", name, got, reason)
			}
		}
	}
}

// changed is a store with an empty file system, of which one byte is another.
func changed(t *testing.T, at uint64, b byte) *memoryStore {
	t.Helper()
	m := &memoryStore{limit: 24}
	if errno := stablefs.New(m).Mount(); errno != abi.ErrnoSuccess {
		t.Fatal(errno)
	}
	m.Write([]byte{b}, at)
	return m
}

// A full stable memory gives short writes and then nospc, for files and for
// output alike, and what was written is there.
func TestStableMemoryIsFull(t *testing.T) {
	start(t)
	Platform.NoFiles = false
	s := New(&memoryStore{limit: 24})
	text := strings.Repeat("x", 20000)
	printed, saved := 0, 0
	run(t, s, unhex(t, golden), func() {
		fd := mustOpen(t, s, "file", creat, readWrite)
		for write(t, s, fd, text) == abi.ErrnoSuccess {
			saved += int(peek32(outAt))
		}
		want(t, "file", write(t, s, fd, text), abi.ErrnoNospc)
		for write(t, s, 1, text) == abi.ErrnoSuccess {
			printed += int(peek32(outAt))
		}
		want(t, "output", write(t, s, 1, text), abi.ErrnoNospc)
		if _, _, size, errno := stat(s, 0, "file"); errno != 0 || size != uint64(saved) {
			t.Errorf("the file has %d bytes, %v; wrote %d", size, errno, saved)
		}
	})
	if _, out, _ := result(t); len(out) != printed || printed < blockSize*blockCount {
		t.Errorf("%d bytes of output came back, %d were printed", len(out), printed)
	}
	if saved < 1<<19 {
		t.Errorf("only %d bytes fitted into the file", saved)
	}
}
