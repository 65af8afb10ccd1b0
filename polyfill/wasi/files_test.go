package wasi

import (
	"math"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// memoryStore is a stable memory of at most limit pages.
type memoryStore struct {
	b     []byte
	limit uint64
}

func (m *memoryStore) Size() uint64 { return uint64(len(m.b)) >> 16 }

func (m *memoryStore) Grow(n uint64) uint64 {
	old := m.Size()
	if old+n > m.limit {
		return math.MaxUint64
	}
	m.b = append(m.b, make([]byte, n<<16)...)
	return old
}

func (m *memoryStore) Read(p []byte, off uint64) { copy(p, m.b[off:off+uint64(len(p))]) }

func (m *memoryStore) Write(p []byte, off uint64) { copy(m.b[off:off+uint64(len(p))], p) }

// startFiles gives a System with an empty file system; descriptor 3 is its root.
func startFiles(t *testing.T) *System {
	t.Helper()
	start(t)
	Platform.NoFiles = false
	return New(&memoryStore{limit: 1024})
}

const root = 3

// at puts a path into memory.
func at(path string) (p, n uint32) {
	poke(pathAt, path)
	return pathAt, uint32(len(path))
}

// to puts a second path into memory.
func to(path string) (p, n uint32) {
	poke(pathAt+0x2000, path)
	return pathAt + 0x2000, uint32(len(path))
}

const (
	follow    = uint32(abi.LookupSymlinkFollow)
	creat     = uint32(abi.OflagCreat)
	excl      = uint32(abi.OflagExcl)
	trunc     = uint32(abi.OflagTrunc)
	dirFlag   = uint32(abi.OflagDirectory)
	readWrite = abi.RightFdRead | abi.RightFdWrite | abi.RightFdSeek | abi.RightFdTell
)

func openAt(s *System, fd, flags uint32, path string, oflags uint32, base abi.Rights) (uint32, abi.Errno) {
	p, n := at(path)
	errno := s.PathOpen(fd, flags, p, n, oflags, uint64(base), uint64(abi.RightsAll), 0, outAt)
	return peek32(outAt), errno
}

func mustOpen(t *testing.T, s *System, path string, oflags uint32, base abi.Rights) uint32 {
	t.Helper()
	fd, errno := openAt(s, root, follow, path, oflags, base)
	want(t, "path_open "+path, errno, abi.ErrnoSuccess)
	return fd
}

func mkdir(s *System, path string) abi.Errno {
	p, n := at(path)
	return s.PathCreateDirectory(root, p, n)
}

func symlink(s *System, target, path string) abi.Errno {
	p, n := at(path)
	q, m := to(target)
	return s.PathSymlink(q, m, root, p, n)
}

func link(s *System, flags uint32, old, path string) abi.Errno {
	p, n := at(old)
	q, m := to(path)
	return s.PathLink(root, flags, p, n, root, q, m)
}

func rename(s *System, old, path string) abi.Errno {
	p, n := at(old)
	q, m := to(path)
	return s.PathRename(root, p, n, root, q, m)
}

func unlink(s *System, path string) abi.Errno {
	p, n := at(path)
	return s.PathUnlinkFile(root, p, n)
}

func rmdir(s *System, path string) abi.Errno {
	p, n := at(path)
	return s.PathRemoveDirectory(root, p, n)
}

// stat gives the type, links and size of a path.
func stat(s *System, flags uint32, path string) (typ abi.Filetype, nlink, size uint64, errno abi.Errno) {
	p, n := at(path)
	errno = s.PathFilestatGet(root, flags, p, n, outAt)
	if errno != abi.ErrnoSuccess {
		return
	}
	return abi.Filetype(Platform.Memory[outAt+abi.FilestatFiletype]), peek64(outAt + abi.FilestatNlink), peek64(outAt + abi.FilestatFileSize), errno
}

func statErrno(s *System, path string) abi.Errno {
	_, _, _, errno := stat(s, 0, path)
	return errno
}

func content(t *testing.T, s *System, path string) string {
	t.Helper()
	fd := mustOpen(t, s, path, 0, readWrite)
	defer s.FdClose(fd)
	var all strings.Builder
	for {
		text, errno := read(t, s, fd, 4096)
		want(t, "fd_read", errno, abi.ErrnoSuccess)
		if text == "" {
			return all.String()
		}
		all.WriteString(text)
	}
}

func save(t *testing.T, s *System, path, text string) {
	t.Helper()
	fd := mustOpen(t, s, path, creat|trunc, readWrite)
	want(t, "fd_write", write(t, s, fd, text), abi.ErrnoSuccess)
	want(t, "fd_close", s.FdClose(fd), abi.ErrnoSuccess)
}

// tree gives a System with one of each kind of file.
func tree(t *testing.T) *System {
	t.Helper()
	s := startFiles(t)
	want(t, "mkdir", mkdir(s, "dir"), abi.ErrnoSuccess)
	want(t, "mkdir", mkdir(s, "empty"), abi.ErrnoSuccess)
	save(t, s, "file", "hello")
	save(t, s, "dir/inner", "inner")
	for path, target := range map[string]string{
		"link": "file", "dangling": "nowhere", "dirlink": "dir", "loop": "loop",
		"escape": "../file", "dir/up": "../file",
	} {
		want(t, "symlink "+path, symlink(s, target, path), abi.ErrnoSuccess)
	}
	// No program can make this one, but an image may hold it.
	want(t, "symlink absolute", s.files.fs.Symlink(stablefs.Root, []byte("absolute"), []byte("/file"), 1), abi.ErrnoSuccess)
	return s
}

func TestOpenErrors(t *testing.T) {
	long := strings.Repeat("n", 256)
	for _, test := range []struct {
		path   string
		flags  uint32
		oflags uint32
		base   abi.Rights
		want   abi.Errno
	}{
		{"file", 0, 0, readWrite, abi.ErrnoSuccess},
		{"file", 0, 0, 0, abi.ErrnoSuccess},
		{"file", 0, creat, readWrite, abi.ErrnoSuccess},
		{"file", 0, creat | excl, readWrite, abi.ErrnoExist},
		{"file", 0, excl, readWrite, abi.ErrnoSuccess},
		{"file", 0, dirFlag, abi.RightFdRead, abi.ErrnoNotdir},
		{"file/", 0, 0, abi.RightFdRead, abi.ErrnoNotdir},
		{"file/x", 0, 0, abi.RightFdRead, abi.ErrnoNotdir},
		{"file/x", 0, creat, abi.RightFdRead, abi.ErrnoNotdir},
		{"new", 0, 0, readWrite, abi.ErrnoNoent},
		{"new", 0, creat, readWrite, abi.ErrnoSuccess},
		{"new/", 0, creat, readWrite, abi.ErrnoIsdir},
		{"none/new", 0, creat, readWrite, abi.ErrnoNoent},
		{"new", 0, dirFlag, 0, abi.ErrnoNoent},
		{"new", 0, creat | dirFlag, 0, abi.ErrnoInval},
		{"new", 0, 16, 0, abi.ErrnoInval},
		{"file", 2, 0, 0, abi.ErrnoInval},
		{"dir", 0, 0, 0, abi.ErrnoSuccess},
		{".", 0, 0, 0, abi.ErrnoSuccess},
		{"dir/", 0, 0, abi.RightFdRead, abi.ErrnoSuccess},
		{"dir", 0, dirFlag, abi.RightFdRead, abi.ErrnoSuccess},
		{"dir", 0, dirFlag, readWrite, abi.ErrnoIsdir},
		{"dir", 0, 0, readWrite, abi.ErrnoIsdir},
		{"dir", 0, trunc, abi.RightFdRead, abi.ErrnoIsdir},
		{"dir", 0, creat, abi.RightFdRead, abi.ErrnoIsdir},
		{"dir/../file", 0, 0, 0, abi.ErrnoSuccess},
		{"dir//./inner", 0, 0, 0, abi.ErrnoSuccess},
		{"none/../file", 0, 0, 0, abi.ErrnoNoent},
		{"file/../file", 0, 0, 0, abi.ErrnoNotdir},
		{"link", 0, 0, 0, abi.ErrnoLoop},
		{"link", follow, 0, 0, abi.ErrnoSuccess},
		{"link", follow, creat | excl, 0, abi.ErrnoExist},
		{"dangling", follow, 0, 0, abi.ErrnoNoent},
		{"dangling", 0, creat | excl, 0, abi.ErrnoExist},
		{"dangling", follow, creat, 0, abi.ErrnoSuccess},
		{"dirlink/inner", 0, 0, 0, abi.ErrnoSuccess},
		{"dirlink/up", follow, 0, 0, abi.ErrnoSuccess},
		{"dirlink/", 0, dirFlag, 0, abi.ErrnoSuccess},
		{"loop", follow, 0, 0, abi.ErrnoLoop},
		{"loop/x", 0, 0, 0, abi.ErrnoLoop},
		{"absolute", follow, 0, 0, abi.ErrnoNotcapable},
		{"escape", follow, 0, 0, abi.ErrnoNotcapable},
		{"../x", 0, 0, 0, abi.ErrnoNotcapable},
		{"dir/../../x", 0, 0, 0, abi.ErrnoNotcapable},
		{"/file", 0, 0, 0, abi.ErrnoNotcapable},
		{"", 0, 0, 0, abi.ErrnoNoent},
		{"fi\x00le", 0, 0, 0, abi.ErrnoInval},
		{"fi\xffle", 0, 0, 0, abi.ErrnoIlseq},
		{"fi\xe4\xbd", 0, 0, 0, abi.ErrnoIlseq},
		{"\xe4\xbd\xa0", 0, creat, 0, abi.ErrnoSuccess},
		{long, 0, creat, 0, abi.ErrnoNametoolong},
		{long[1:], 0, creat, 0, abi.ErrnoSuccess},
		{strings.Repeat("./", 2049), 0, 0, 0, abi.ErrnoNametoolong},
	} {
		s := tree(t)
		poke(outAt, "\xaa\xbb\xcc\xdd")
		fd, errno := openAt(s, root, test.flags, test.path, test.oflags, test.base)
		if errno != test.want {
			t.Errorf("%.20q flags %d oflags %d rights %#x: got %v, want %v", test.path, test.flags, test.oflags, test.base, errno, test.want)
		}
		if errno == abi.ErrnoSuccess && fd != 4 || errno != abi.ErrnoSuccess && fd != 0xddccbbaa {
			t.Errorf("%.20q: descriptor %#x", test.path, fd)
		}
	}
}

func TestOpenChecks(t *testing.T) {
	s := tree(t)
	p, n := at("file")
	want(t, "fdflags", s.PathOpen(root, 0, p, n, 0, 0, 0, 32, outAt), abi.ErrnoInval)
	want(t, "out", s.PathOpen(root, 0, p, n, 0, 0, 0, 0, beyond), abi.ErrnoFault)
	want(t, "path", s.PathOpen(root, 0, beyond, 5, 0, 0, 0, 0, outAt), abi.ErrnoFault)
	fd := mustOpen(t, s, "file", 0, readWrite)
	_, errno := openAt(s, fd, 0, "x", 0, 0)
	want(t, "beneath a file", errno, abi.ErrnoNotdir)
	_, errno = openAt(s, 1, 0, "x", 0, 0)
	want(t, "beneath a stream", errno, abi.ErrnoNotdir)

	drop := func(right abi.Rights) {
		want(t, "set_rights", s.FdFdstatSetRights(root, uint64(rightsDirectory&^right), uint64(rightsInherited&^abi.RightFdWrite)), abi.ErrnoSuccess)
	}
	drop(abi.RightPathFilestatSetSize)
	_, errno = openAt(s, root, 0, "file", trunc, abi.RightFdRead)
	want(t, "trunc without the right", errno, abi.ErrnoNotcapable)
	if got := content(t, tree(t), "file"); got != "hello" {
		t.Errorf("file is %q", got)
	}
	fd, errno = openAt(s, root, 0, "file", 0, readWrite)
	want(t, "a right that is not handed down", errno, abi.ErrnoSuccess)
	want(t, "write", write(t, s, fd, "x"), abi.ErrnoBadf)
	want(t, "fdstat", s.FdFdstatGet(fd, outAt), abi.ErrnoSuccess)
	if got := abi.Rights(peek64(outAt + 8)); got != readWrite&^abi.RightFdWrite {
		t.Errorf("rights %#x", got)
	}
}

func TestRightsOfWhatIsOpened(t *testing.T) {
	s := tree(t)
	dir := mustOpen(t, s, "dir", dirFlag, abi.RightsAll&^abi.RightFdWrite)
	file := mustOpen(t, s, "file", 0, abi.RightsAll)
	for _, test := range []struct {
		fd               uint32
		filetype         abi.Filetype
		base, inheriting abi.Rights
	}{
		{root, abi.FiletypeDirectory, rightsDirectory, rightsInherited},
		{dir, abi.FiletypeDirectory, rightsDirectory, rightsInherited},
		{file, abi.FiletypeRegularFile, rightsFile, rightsInherited},
	} {
		want(t, "fdstat", s.FdFdstatGet(test.fd, outAt), abi.ErrnoSuccess)
		base, inheriting := abi.Rights(peek64(outAt+8)), abi.Rights(peek64(outAt+16))
		if Platform.Memory[outAt] != byte(test.filetype) || base != test.base || inheriting != test.inheriting {
			t.Errorf("descriptor %d: type %d, rights %#x and %#x", test.fd, Platform.Memory[outAt], base, inheriting)
		}
		if test.filetype == abi.FiletypeDirectory && base&(abi.RightFdSeek|abi.RightFdFilestatSetSize) != 0 {
			t.Errorf("descriptor %d of a directory has rights of files", test.fd)
		}
	}
}

// Zig opens a directory with the rights to list it, and for what is beneath the
// same ones, and then writes files there.
func TestDirectoryWithFewRights(t *testing.T) {
	s := tree(t)
	p, n := at("dir")
	few := uint64(abi.RightFdReaddir | abi.RightPathOpen)
	want(t, "open", s.PathOpen(root, 0, p, n, dirFlag, few, few, 0, outAt), abi.ErrnoSuccess)
	fd, errno := openAt(s, peek32(outAt), 0, "new", creat, readWrite)
	want(t, "create beneath", errno, abi.ErrnoSuccess)
	want(t, "write", write(t, s, fd, "x"), abi.ErrnoSuccess)
}

func TestDirectoryIsNoFile(t *testing.T) {
	s := tree(t)
	iovec(dataAt, 4)
	for name, test := range map[string]struct{ got, want abi.Errno }{
		"fd_read":              {s.FdRead(root, iovsAt, 1, outAt), abi.ErrnoIsdir},
		"fd_pread":             {s.FdPread(root, iovsAt, 1, 0, outAt), abi.ErrnoIsdir},
		"fd_write":             {s.FdWrite(root, iovsAt, 1, outAt), abi.ErrnoBadf},
		"fd_pwrite":            {s.FdPwrite(root, iovsAt, 1, 0, outAt), abi.ErrnoBadf},
		"fd_seek":              {s.FdSeek(root, 0, 0, outAt), abi.ErrnoBadf},
		"fd_tell":              {s.FdTell(root, outAt), abi.ErrnoBadf},
		"fd_allocate":          {s.FdAllocate(root, 0, 1), abi.ErrnoBadf},
		"fd_advise":            {s.FdAdvise(root, 0, 1, 0), abi.ErrnoBadf},
		"fd_filestat_set_size": {s.FdFilestatSetSize(root, 0), abi.ErrnoBadf},
		"fd_sync":              {s.FdSync(root), abi.ErrnoSuccess},
	} {
		want(t, name, test.got, test.want)
	}
	file := mustOpen(t, s, "file", 0, abi.RightsAll)
	want(t, "fd_readdir of a file", s.FdReaddir(file, dataAt, 99, 0, outAt), abi.ErrnoNotdir)
	want(t, "fd_prestat_get of a file", s.FdPrestatGet(file, outAt), abi.ErrnoBadf)
	want(t, "fd_prestat_dir_name of a file", s.FdPrestatDirName(file, outAt, 9), abi.ErrnoBadf)
}

func TestStreamIsNoFile(t *testing.T) {
	s := tree(t)
	iovec(dataAt, 4)
	for name, test := range map[string]struct{ got, want abi.Errno }{
		"fd_pread":              {s.FdPread(0, iovsAt, 1, 0, outAt), abi.ErrnoSpipe},
		"fd_pwrite":             {s.FdPwrite(1, iovsAt, 1, 0, outAt), abi.ErrnoSpipe},
		"fd_allocate":           {s.FdAllocate(1, 0, 1), abi.ErrnoSpipe},
		"fd_advise":             {s.FdAdvise(0, 0, 1, 0), abi.ErrnoSpipe},
		"fd_filestat_set_size":  {s.FdFilestatSetSize(1, 0), abi.ErrnoInval},
		"fd_filestat_set_times": {s.FdFilestatSetTimes(1, 0, 0, 0), abi.ErrnoNotcapable},
		"fd_readdir":            {s.FdReaddir(0, dataAt, 9, 0, outAt), abi.ErrnoNotdir},
	} {
		want(t, name, test.got, test.want)
	}
}

func TestReadWriteSeek(t *testing.T) {
	s := tree(t)
	fd := mustOpen(t, s, "new", creat, abi.RightsAll)
	seek := func(offset int64, whence abi.Whence) uint64 {
		t.Helper()
		want(t, "fd_seek", s.FdSeek(fd, uint64(offset), uint32(whence), outAt), abi.ErrnoSuccess)
		return peek64(outAt)
	}
	want(t, "write", write(t, s, fd, "0123456789"), abi.ErrnoSuccess)
	if at := seek(-3, abi.WhenceCur); at != 7 {
		t.Errorf("offset %d", at)
	}
	if text, _ := read(t, s, fd, 100); text != "789" {
		t.Errorf("read %q", text)
	}
	if text, errno := read(t, s, fd, 100); text != "" || errno != 0 {
		t.Errorf("at the end read %q, %v", text, errno)
	}
	if at := seek(-1, abi.WhenceEnd); at != 9 {
		t.Errorf("offset %d", at)
	}
	want(t, "negative", s.FdSeek(fd, ^uint64(9), 1, outAt), abi.ErrnoInval)
	want(t, "overflow", s.FdSeek(fd, math.MaxInt64, 1, outAt), abi.ErrnoInval)
	want(t, "whence", s.FdSeek(fd, 0, 3, outAt), abi.ErrnoInval)
	want(t, "wide whence", s.FdSeek(fd, 0, 256, outAt), abi.ErrnoInval)
	want(t, "address", s.FdSeek(fd, 0, 0, beyond), abi.ErrnoFault)
	want(t, "tell", s.FdTell(fd, outAt), abi.ErrnoSuccess)
	if peek64(outAt) != 9 {
		t.Errorf("an error moved the offset to %d", peek64(outAt))
	}
	seek(100, abi.WhenceSet)
	want(t, "behind the end", write(t, s, fd, "x"), abi.ErrnoSuccess)
	if got := content(t, s, "new"); got != "0123456789"+strings.Repeat("\x00", 90)+"x" {
		t.Errorf("content %q", got)
	}
	poke(dataAt, "AB")
	want(t, "pwrite", s.FdPwrite(fd, iovsAt, iovec(dataAt, 1, dataAt+1, 1), 4, outAt), abi.ErrnoSuccess)
	want(t, "pread", s.FdPread(fd, iovsAt, iovec(dataAt+8, 3, dataAt+11, 3), 3, outAt), abi.ErrnoSuccess)
	if got := string(Platform.Memory[dataAt+8 : dataAt+14]); got != "3AB678" || peek32(outAt) != 6 {
		t.Errorf("pread %q", got)
	}
	want(t, "negative pread", s.FdPread(fd, iovsAt, 1, 1<<63, outAt), abi.ErrnoInval)
	want(t, "negative pwrite", s.FdPwrite(fd, iovsAt, 1, 1<<63, outAt), abi.ErrnoInval)
	want(t, "tell", s.FdTell(fd, outAt), abi.ErrnoSuccess)
	if peek64(outAt) != 101 {
		t.Errorf("offset %d", peek64(outAt))
	}
	for name, iovs := range map[string]uint32{"list": beyond, "vector": iovsAt} {
		iovec(dataAt, 1, beyond, 2)
		want(t, "write "+name, s.FdWrite(fd, iovs, 2, outAt), abi.ErrnoFault)
		want(t, "read "+name, s.FdRead(fd, iovs, 2, outAt), abi.ErrnoFault)
	}
}

func TestAppend(t *testing.T) {
	s := tree(t)
	p, n := at("file")
	want(t, "open", s.PathOpen(root, 0, p, n, 0, uint64(abi.RightsAll), 0, uint32(abi.FdflagAppend), outAt), abi.ErrnoSuccess)
	fd := peek32(outAt)
	want(t, "write", write(t, s, fd, " world"), abi.ErrnoSuccess)
	want(t, "tell", s.FdTell(fd, outAt), abi.ErrnoSuccess)
	if peek64(outAt) != 11 {
		t.Errorf("offset %d", peek64(outAt))
	}
	want(t, "pwrite", s.FdPwrite(fd, iovsAt, iovec(dataAt, 1), 0, outAt), abi.ErrnoSuccess)
	want(t, "seek", s.FdSeek(fd, 3, 0, outAt), abi.ErrnoSuccess)
	want(t, "write nothing", write(t, s, fd, ""), abi.ErrnoSuccess)
	want(t, "tell", s.FdTell(fd, outAt), abi.ErrnoSuccess)
	if peek64(outAt) != 3 {
		t.Errorf("offset %d after nothing was written", peek64(outAt))
	}
	want(t, "flags", s.FdFdstatSetFlags(fd, 0), abi.ErrnoSuccess)
	want(t, "seek", s.FdSeek(fd, 1, 0, outAt), abi.ErrnoSuccess)
	want(t, "write", write(t, s, fd, "E"), abi.ErrnoSuccess)
	if got := content(t, s, "file"); got != " Ello world" {
		t.Errorf("content %q", got)
	}
}

func TestRightsOfFiles(t *testing.T) {
	s := tree(t)
	reader := mustOpen(t, s, "file", 0, abi.RightFdRead)
	writer := mustOpen(t, s, "file", 0, abi.RightFdWrite)
	teller := mustOpen(t, s, "file", 0, abi.RightFdTell)
	iovec(dataAt, 1)
	for name, test := range map[string]struct{ got, want abi.Errno }{
		"write":     {s.FdWrite(reader, iovsAt, 1, outAt), abi.ErrnoBadf},
		"read":      {s.FdRead(writer, iovsAt, 1, outAt), abi.ErrnoBadf},
		"pread":     {s.FdPread(reader, iovsAt, 1, 0, outAt), abi.ErrnoNotcapable},
		"pwrite":    {s.FdPwrite(writer, iovsAt, 1, 0, outAt), abi.ErrnoNotcapable},
		"seek":      {s.FdSeek(teller, 1, 0, outAt), abi.ErrnoNotcapable},
		"tell":      {s.FdTell(teller, outAt), abi.ErrnoSuccess},
		"no tell":   {s.FdTell(reader, outAt), abi.ErrnoNotcapable},
		"set_size":  {s.FdFilestatSetSize(writer, 0), abi.ErrnoNotcapable},
		"set_times": {s.FdFilestatSetTimes(writer, 0, 0, 0), abi.ErrnoNotcapable},
		"allocate":  {s.FdAllocate(writer, 0, 9), abi.ErrnoNotcapable},
		"advise":    {s.FdAdvise(writer, 0, 9, 0), abi.ErrnoNotcapable},
		"sync":      {s.FdSync(writer), abi.ErrnoNotcapable},
		"flags":     {s.FdFdstatSetFlags(writer, 0), abi.ErrnoNotcapable},
		"stat":      {s.FdFilestatGet(reader, outAt), abi.ErrnoSuccess},
	} {
		want(t, name, test.got, test.want)
	}
}

func TestSizeAndAllocate(t *testing.T) {
	s := tree(t)
	fd := mustOpen(t, s, "file", 0, abi.RightsAll)
	size := func() uint64 {
		want(t, "fd_filestat_get", s.FdFilestatGet(fd, outAt), abi.ErrnoSuccess)
		return peek64(outAt + abi.FilestatFileSize)
	}
	for _, test := range []struct {
		name string
		got  func() abi.Errno
		want abi.Errno
		size uint64
	}{
		{"grow", func() abi.Errno { return s.FdFilestatSetSize(fd, 9) }, 0, 9},
		{"shrink", func() abi.Errno { return s.FdFilestatSetSize(fd, 3) }, 0, 3},
		{"negative", func() abi.Errno { return s.FdFilestatSetSize(fd, 1<<63) }, abi.ErrnoInval, 3},
		{"allocate", func() abi.Errno { return s.FdAllocate(fd, 2, 10) }, 0, 12},
		{"allocate inside", func() abi.Errno { return s.FdAllocate(fd, 2, 3) }, 0, 12},
		{"allocate nothing", func() abi.Errno { return s.FdAllocate(fd, 2, 0) }, abi.ErrnoInval, 12},
		{"allocate negative", func() abi.Errno { return s.FdAllocate(fd, 1<<63, 1) }, abi.ErrnoInval, 12},
		{"allocate overflow", func() abi.Errno { return s.FdAllocate(fd, math.MaxInt64, 1) }, abi.ErrnoFbig, 12},
		{"advise", func() abi.Errno { return s.FdAdvise(fd, 0, 0, 5) }, 0, 12},
		{"advise unknown", func() abi.Errno { return s.FdAdvise(fd, 0, 0, 6) }, abi.ErrnoInval, 12},
		{"advise negative", func() abi.Errno { return s.FdAdvise(fd, 1<<63, 0, 0) }, abi.ErrnoInval, 12},
	} {
		want(t, test.name, test.got(), test.want)
		if got := size(); got != test.size {
			t.Errorf("%s: size %d, want %d", test.name, got, test.size)
		}
	}
	if got := content(t, s, "file"); got != "hel"+strings.Repeat("\x00", 9) {
		t.Errorf("content %q", got)
	}
}
