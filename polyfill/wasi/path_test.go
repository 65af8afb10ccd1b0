package wasi

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// Each case is one call on the tree of tree().
func TestPathCalls(t *testing.T) {
	for _, test := range []struct {
		name string
		call func(s *System) abi.Errno
		want abi.Errno
	}{
		{"mkdir", func(s *System) abi.Errno { return mkdir(s, "new") }, 0},
		{"mkdir slash", func(s *System) abi.Errno { return mkdir(s, "new/") }, 0},
		{"mkdir existing", func(s *System) abi.Errno { return mkdir(s, "dir") }, abi.ErrnoExist},
		{"mkdir existing slash", func(s *System) abi.Errno { return mkdir(s, "dir/") }, abi.ErrnoExist},
		{"mkdir file", func(s *System) abi.Errno { return mkdir(s, "file") }, abi.ErrnoExist},
		{"mkdir dangling", func(s *System) abi.Errno { return mkdir(s, "dangling") }, abi.ErrnoExist},
		{"mkdir no parent", func(s *System) abi.Errno { return mkdir(s, "none/new") }, abi.ErrnoNoent},
		{"mkdir in a file", func(s *System) abi.Errno { return mkdir(s, "file/new") }, abi.ErrnoNotdir},
		{"mkdir dot", func(s *System) abi.Errno { return mkdir(s, ".") }, abi.ErrnoExist},
		{"mkdir escape", func(s *System) abi.Errno { return mkdir(s, "../new") }, abi.ErrnoNotcapable},

		{"stat nothing", func(s *System) abi.Errno { return statErrno(s, "none") }, abi.ErrnoNoent},
		{"stat file slash", func(s *System) abi.Errno { return statErrno(s, "file/") }, abi.ErrnoNotdir},
		{"stat dangling", func(s *System) abi.Errno { return statErrno(s, "dangling") }, 0},

		{"unlink", func(s *System) abi.Errno { return unlink(s, "file") }, 0},
		{"unlink slash", func(s *System) abi.Errno { return unlink(s, "file/") }, abi.ErrnoNotdir},
		{"unlink nothing", func(s *System) abi.Errno { return unlink(s, "none") }, abi.ErrnoNoent},
		{"unlink dir", func(s *System) abi.Errno { return unlink(s, "dir") }, abi.ErrnoIsdir},
		{"unlink dir slash", func(s *System) abi.Errno { return unlink(s, "dir/") }, abi.ErrnoIsdir},
		{"unlink dot", func(s *System) abi.Errno { return unlink(s, ".") }, abi.ErrnoIsdir},
		{"unlink link", func(s *System) abi.Errno { return unlink(s, "dangling") }, 0},

		{"rmdir", func(s *System) abi.Errno { return rmdir(s, "empty") }, 0},
		{"rmdir slash", func(s *System) abi.Errno { return rmdir(s, "empty/") }, 0},
		{"rmdir full", func(s *System) abi.Errno { return rmdir(s, "dir") }, abi.ErrnoNotempty},
		{"rmdir file", func(s *System) abi.Errno { return rmdir(s, "file") }, abi.ErrnoNotdir},
		{"rmdir file slash", func(s *System) abi.Errno { return rmdir(s, "file/") }, abi.ErrnoNotdir},
		{"rmdir link", func(s *System) abi.Errno { return rmdir(s, "dirlink") }, abi.ErrnoNotdir},
		{"rmdir nothing", func(s *System) abi.Errno { return rmdir(s, "none") }, abi.ErrnoNoent},
		{"rmdir dot", func(s *System) abi.Errno { return rmdir(s, "empty/.") }, abi.ErrnoInval},
		{"rmdir dot dot", func(s *System) abi.Errno { return rmdir(s, "empty/..") }, abi.ErrnoInval},

		{"symlink", func(s *System) abi.Errno { return symlink(s, "x", "new") }, 0},
		{"symlink slash", func(s *System) abi.Errno { return symlink(s, "x", "new/") }, abi.ErrnoNoent},
		{"symlink existing", func(s *System) abi.Errno { return symlink(s, "x", "dangling") }, abi.ErrnoExist},
		{"symlink existing dir", func(s *System) abi.Errno { return symlink(s, "x", "dir/") }, abi.ErrnoExist},
		{"symlink to nothing", func(s *System) abi.Errno { return symlink(s, "", "new") }, abi.ErrnoNoent},
		{"symlink long", func(s *System) abi.Errno { return symlink(s, strings.Repeat("t", 4097), "new") }, abi.ErrnoNametoolong},
		{"symlink to an absolute path", func(s *System) abi.Errno { return symlink(s, "/x", "new") }, abi.ErrnoNotcapable},
		{"symlink NUL", func(s *System) abi.Errno { return symlink(s, "a\x00b", "new") }, abi.ErrnoInval},

		{"link", func(s *System) abi.Errno { return link(s, 0, "file", "new") }, 0},
		{"link follow", func(s *System) abi.Errno { return link(s, follow, "link", "new") }, abi.ErrnoInval},
		{"link symlink", func(s *System) abi.Errno { return link(s, 0, "dangling", "new") }, 0},
		{"link existing", func(s *System) abi.Errno { return link(s, 0, "file", "dangling") }, abi.ErrnoExist},
		{"link itself", func(s *System) abi.Errno { return link(s, 0, "file", "file") }, abi.ErrnoExist},
		{"link dir", func(s *System) abi.Errno { return link(s, 0, "dir", "new") }, abi.ErrnoPerm},
		{"link nothing", func(s *System) abi.Errno { return link(s, 0, "none", "new") }, abi.ErrnoNoent},
		{"link slash", func(s *System) abi.Errno { return link(s, 0, "file", "new/") }, abi.ErrnoNoent},
		{"link file slash", func(s *System) abi.Errno { return link(s, 0, "file/", "new") }, abi.ErrnoNotdir},

		{"rename", func(s *System) abi.Errno { return rename(s, "file", "new") }, 0},
		{"rename over", func(s *System) abi.Errno { return rename(s, "file", "dir/inner") }, 0},
		{"rename over link", func(s *System) abi.Errno { return rename(s, "file", "dangling") }, 0},
		{"rename link", func(s *System) abi.Errno { return rename(s, "dirlink", "new") }, 0},
		{"rename itself", func(s *System) abi.Errno { return rename(s, "file", "file") }, 0},
		{"rename dir", func(s *System) abi.Errno { return rename(s, "dir", "new") }, 0},
		{"rename dir slashes", func(s *System) abi.Errno { return rename(s, "dir/", "new/") }, 0},
		{"rename dir over empty", func(s *System) abi.Errno { return rename(s, "dir", "empty") }, 0},
		{"rename dir over full", func(s *System) abi.Errno { return rename(s, "empty", "dir") }, abi.ErrnoNotempty},
		{"rename dir over file", func(s *System) abi.Errno { return rename(s, "dir", "file") }, abi.ErrnoNotdir},
		{"rename file over dir", func(s *System) abi.Errno { return rename(s, "file", "empty") }, abi.ErrnoIsdir},
		{"rename into itself", func(s *System) abi.Errno { return rename(s, "dir", "dir/new") }, abi.ErrnoInval},
		{"rename nothing", func(s *System) abi.Errno { return rename(s, "none", "new") }, abi.ErrnoNoent},
		{"rename file slash", func(s *System) abi.Errno { return rename(s, "file/", "new") }, abi.ErrnoNotdir},
		{"rename to slash", func(s *System) abi.Errno { return rename(s, "file", "new/") }, abi.ErrnoNotdir},
		{"rename dot", func(s *System) abi.Errno { return rename(s, "dir/.", "new") }, abi.ErrnoInval},
		{"rename to dot", func(s *System) abi.Errno { return rename(s, "dir", "empty/.") }, abi.ErrnoInval},
		{"rename no parent", func(s *System) abi.Errno { return rename(s, "file", "none/new") }, abi.ErrnoNoent},
		{"rename escape", func(s *System) abi.Errno { return rename(s, "file", "../new") }, abi.ErrnoNotcapable},
		{"rename through links", func(s *System) abi.Errno { return rename(s, "dirlink/inner", "dirlink/new") }, 0},
	} {
		t.Run(test.name, func(t *testing.T) { want(t, test.name, test.call(tree(t)), test.want) })
	}
}

// Each function on paths needs its right.
func TestPathRights(t *testing.T) {
	for right, call := range map[abi.Rights]func(s *System) abi.Errno{
		abi.RightPathCreateDirectory:  func(s *System) abi.Errno { return mkdir(s, "new") },
		abi.RightPathCreateFile:       func(s *System) abi.Errno { return second32(openAt(s, root, 0, "new", creat, 0)) },
		abi.RightPathLinkSource:       func(s *System) abi.Errno { return link(s, 0, "file", "new") },
		abi.RightPathLinkTarget:       func(s *System) abi.Errno { return link(s, 0, "file", "new") },
		abi.RightPathOpen:             func(s *System) abi.Errno { return second32(openAt(s, root, 0, "file", 0, 0)) },
		abi.RightFdReaddir:            func(s *System) abi.Errno { return s.FdReaddir(root, dataAt, 99, 0, outAt) },
		abi.RightPathReadlink:         func(s *System) abi.Errno { p, n := at("link"); return s.PathReadlink(root, p, n, dataAt, 9, outAt) },
		abi.RightPathRenameSource:     func(s *System) abi.Errno { return rename(s, "file", "new") },
		abi.RightPathRenameTarget:     func(s *System) abi.Errno { return rename(s, "file", "new") },
		abi.RightPathFilestatGet:      func(s *System) abi.Errno { return statErrno(s, "file") },
		abi.RightPathFilestatSetSize:  func(s *System) abi.Errno { return second32(openAt(s, root, 0, "file", trunc, 0)) },
		abi.RightPathFilestatSetTimes: func(s *System) abi.Errno { p, n := at("file"); return s.PathFilestatSetTimes(root, 0, p, n, 1, 1, 5) },
		abi.RightFdFilestatSetTimes:   func(s *System) abi.Errno { return s.FdFilestatSetTimes(root, 1, 1, 5) },
		abi.RightPathSymlink:          func(s *System) abi.Errno { return symlink(s, "x", "new") },
		abi.RightPathRemoveDirectory:  func(s *System) abi.Errno { return rmdir(s, "empty") },
		abi.RightPathUnlinkFile:       func(s *System) abi.Errno { return unlink(s, "file") },
		abi.RightFdSync:               func(s *System) abi.Errno { return s.FdSync(root) },
		abi.RightFdDatasync:           func(s *System) abi.Errno { return s.FdDatasync(root) },
		abi.RightFdFdstatSetFlags:     func(s *System) abi.Errno { return s.FdFdstatSetFlags(root, 0) },
	} {
		s := tree(t)
		want(t, "set_rights", s.FdFdstatSetRights(root, uint64(rightsDirectory&^right), 0), abi.ErrnoSuccess)
		want(t, fmt.Sprintf("without right %#x", right), call(s), abi.ErrnoNotcapable)
		want(t, fmt.Sprintf("with right %#x", right), call(tree(t)), abi.ErrnoSuccess)
	}
}

func second32(_ uint32, errno abi.Errno) abi.Errno { return errno }

func TestStat(t *testing.T) {
	s := tree(t)
	want(t, "link", link(s, 0, "file", "hard"), abi.ErrnoSuccess)
	for _, test := range []struct {
		path  string
		flags uint32
		typ   abi.Filetype
		nlink uint64
		size  uint64
	}{
		{"file", 0, abi.FiletypeRegularFile, 2, 5},
		{"hard", 0, abi.FiletypeRegularFile, 2, 5},
		{"link", follow, abi.FiletypeRegularFile, 2, 5},
		{"link", 0, abi.FiletypeSymbolicLink, 1, 4},
		{"dir/inner", 0, abi.FiletypeRegularFile, 1, 5},
	} {
		typ, nlink, size, errno := stat(s, test.flags, test.path)
		want(t, test.path, errno, abi.ErrnoSuccess)
		if typ != test.typ || nlink != test.nlink || size != test.size {
			t.Errorf("%s: type %d, %d links, %d bytes", test.path, typ, nlink, size)
		}
		if peek64(outAt+abi.FilestatDev) != device || peek64(outAt+abi.FilestatIno) == 0 || peek64(outAt+abi.FilestatMtim) != testTime {
			t.Errorf("%s: % x", test.path, Platform.Memory[outAt:outAt+abi.FilestatSize])
		}
		ino := peek64(outAt + abi.FilestatIno)
		p, n := at(test.path)
		want(t, test.path, s.PathFilestatGet0(root, test.flags, p, n, outAt), abi.ErrnoSuccess)
		if peek64(outAt+abi.Filestat0Ino) != ino || peek32(outAt+abi.Filestat0Nlink) != uint32(nlink) ||
			peek64(outAt+abi.Filestat0FileSize) != size || peek64(outAt+abi.Filestat0Ctim) != testTime {
			t.Errorf("preview0 %s: % x", test.path, Platform.Memory[outAt:outAt+abi.Filestat0Size])
		}
		want(t, "address", s.PathFilestatGet(root, 0, p, n, beyond), abi.ErrnoFault)
	}
	if typ, _, _, _ := stat(s, 0, "dirlink/"); typ != abi.FiletypeDirectory {
		t.Errorf("a slash does not follow: type %d", typ)
	}
}

func TestTimes(t *testing.T) {
	s := tree(t)
	times := func(path string) (atim, mtim uint64) {
		t.Helper()
		_, _, _, errno := stat(s, 0, path)
		want(t, "stat", errno, abi.ErrnoSuccess)
		return peek64(outAt + abi.FilestatAtim), peek64(outAt + abi.FilestatMtim)
	}
	set := func(path string, atim, mtim uint64, flags uint32) abi.Errno {
		p, n := at(path)
		return s.PathFilestatSetTimes(root, 0, p, n, atim, mtim, flags)
	}
	Platform.Time = testTime + 77
	for _, test := range []struct {
		flags      uint32
		want       abi.Errno
		atim, mtim uint64
	}{
		{1 | 4, 0, 10, 20},
		{0, 0, 10, 20},
		{2, 0, testTime + 77, 20},
		{8, 0, testTime + 77, testTime + 77},
		{4, 0, testTime + 77, 20},
		{1, 0, 10, 20},
		{1 | 2, abi.ErrnoInval, 10, 20},
		{4 | 8, abi.ErrnoInval, 10, 20},
		{16, abi.ErrnoInval, 10, 20},
	} {
		for _, path := range []string{"file", "link", "dir"} {
			want(t, fmt.Sprintf("flags %d", test.flags), set(path, 10, 20, test.flags), test.want)
			if atim, mtim := times(path); atim != test.atim || mtim != test.mtim {
				t.Errorf("%s, flags %d: times %d and %d, want %d and %d", path, test.flags, atim, mtim, test.atim, test.mtim)
			}
		}
		fd := mustOpen(t, s, "dir/inner", 0, abi.RightsAll)
		want(t, "fd", s.FdFilestatSetTimes(fd, 10, 20, test.flags), test.want)
		want(t, "close", s.FdClose(fd), abi.ErrnoSuccess)
		if atim, mtim := times("dir/inner"); atim != test.atim || mtim != test.mtim {
			t.Errorf("descriptor, flags %d: times %d and %d", test.flags, atim, mtim)
		}
	}
}

func TestReadlink(t *testing.T) {
	s := tree(t)
	readlink := func(path string, size uint32) (string, abi.Errno) {
		p, n := at(path)
		errno := s.PathReadlink(root, p, n, dataAt, size, outAt)
		return string(Platform.Memory[dataAt : dataAt+peek32(outAt)]), errno
	}
	for size, wanted := range map[uint32]string{100: "nowhere", 7: "nowhere", 3: "now", 0: ""} {
		got, errno := readlink("dangling", size)
		want(t, "readlink", errno, abi.ErrnoSuccess)
		if got != wanted {
			t.Errorf("readlink %q, want %q", got, wanted)
		}
	}
	_, errno := readlink("file", 9)
	want(t, "a file", errno, abi.ErrnoInval)
	_, errno = readlink("none", 9)
	want(t, "nothing", errno, abi.ErrnoNoent)
	p, n := at("link")
	want(t, "buffer", s.PathReadlink(root, p, n, beyond, 9, outAt), abi.ErrnoFault)
	want(t, "count", s.PathReadlink(root, p, n, dataAt, 9, beyond), abi.ErrnoFault)
}

type entry struct {
	name string
	typ  abi.Filetype
	ino  uint64
	next uint64
}

// entries takes what whole entries there are in a buffer of fd_readdir.
func entries(b []byte) (all []entry) {
	for len(b) >= abi.DirentSize {
		n := int(binary.LittleEndian.Uint32(b[abi.DirentNamlen:]))
		if len(b) < abi.DirentSize+n {
			break
		}
		all = append(all, entry{string(b[24 : 24+n]), abi.Filetype(b[abi.DirentType]), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b)})
		b = b[24+n:]
	}
	return all
}

// list reads a directory with a buffer of a size as C's library does.
func listDirectory(t *testing.T, s *System, fd, size uint32) (names []string) {
	t.Helper()
	cookie := uint64(0)
	for range 1000 {
		want(t, "fd_readdir", s.FdReaddir(fd, dataAt, size, cookie, outAt), abi.ErrnoSuccess)
		used := peek32(outAt)
		whole := entries(Platform.Memory[dataAt : dataAt+used])
		for _, e := range whole {
			names = append(names, e.name)
			cookie = e.next
		}
		if used < size {
			return names
		}
		if len(whole) == 0 {
			t.Fatalf("a buffer of %d bytes holds no entry", size)
		}
	}
	t.Fatal("the directory does not end")
	return nil
}

func TestReaddir(t *testing.T) {
	s := tree(t)
	fd := mustOpen(t, s, "dir", dirFlag, abi.RightsAll&^abi.RightFdWrite)
	whole := listDirectory(t, s, fd, 4096)
	for size := uint32(30); size < 200; size++ {
		if got := listDirectory(t, s, fd, size); !slices.Equal(got, whole) {
			t.Errorf("buffers of %d bytes: %q", size, got)
		}
	}
	slices.Sort(whole)
	if want := []string{".", "..", "inner", "up"}; !slices.Equal(whole, want) {
		t.Errorf("entries %q, want %q", whole, want)
	}
	for size := uint32(0); size < 28; size++ { // cut inside the first entry
		want(t, "cut", s.FdReaddir(fd, dataAt, size, 0, outAt), abi.ErrnoSuccess)
		if peek32(outAt) != min(size, 25+25) {
			t.Errorf("a buffer of %d bytes has %d used", size, peek32(outAt))
		}
	}
	want(t, "readdir", s.FdReaddir(fd, dataAt, 4096, 0, outAt), abi.ErrnoSuccess)
	types := map[string]abi.Filetype{".": 3, "..": 3, "inner": 4, "up": 7}
	for _, e := range entries(Platform.Memory[dataAt : dataAt+peek32(outAt)]) {
		path := "dir/" + e.name
		if typ, _, _, errno := stat(s, 0, path); errno != 0 || typ != e.typ || e.typ != types[e.name] || peek64(outAt+abi.FilestatIno) != e.ino {
			t.Errorf("entry %+v is not what stat says: %v", e, errno)
		}
	}
	want(t, "buffer", s.FdReaddir(fd, beyond, 99, 0, outAt), abi.ErrnoFault)
	want(t, "count", s.FdReaddir(fd, dataAt, 99, 0, beyond), abi.ErrnoFault)
}

// Cookies stay good while entries are removed, as rm -r does.
func TestReaddirWhileRemoving(t *testing.T) {
	s := startFiles(t)
	want(t, "mkdir", mkdir(s, "d"), abi.ErrnoSuccess)
	for i := range 100 {
		save(t, s, fmt.Sprintf("d/file%03d", i), "")
	}
	fd := mustOpen(t, s, "d", dirFlag, abi.RightsAll&^abi.RightFdWrite)
	cookie, removed := uint64(0), 0
	for {
		want(t, "fd_readdir", s.FdReaddir(fd, dataAt, 200, cookie, outAt), abi.ErrnoSuccess)
		used := peek32(outAt)
		for _, e := range entries(slices.Clone(Platform.Memory[dataAt : dataAt+used])) {
			cookie = e.next
			if !strings.HasPrefix(e.name, ".") {
				want(t, e.name, unlink(s, "d/"+e.name), abi.ErrnoSuccess)
				removed++
			}
		}
		if used < 200 {
			break
		}
	}
	want(t, "rmdir", rmdir(s, "d"), abi.ErrnoSuccess)
	if removed != 100 {
		t.Errorf("removed %d", removed)
	}
}

func TestUnlinkedFileStaysOpen(t *testing.T) {
	s := tree(t)
	fd := mustOpen(t, s, "file", 0, abi.RightsAll)
	want(t, "unlink", unlink(s, "file"), abi.ErrnoSuccess)
	save(t, s, "file", "another")
	if text, _ := read(t, s, fd, 9); text != "hello" {
		t.Errorf("read %q", text)
	}
	want(t, "stat", s.FdFilestatGet(fd, outAt), abi.ErrnoSuccess)
	if peek64(outAt+abi.FilestatNlink) != 0 {
		t.Errorf("%d links", peek64(outAt+abi.FilestatNlink))
	}
	want(t, "close", s.FdClose(fd), abi.ErrnoSuccess)
}
