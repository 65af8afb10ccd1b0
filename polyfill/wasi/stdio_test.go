package wasi

import (
	"math"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

func trapped(f func()) (text string) {
	defer func() {
		if trap, ok := recover().(Trap); ok {
			text = string(trap)
		}
	}()
	f()
	return ""
}

func TestLibraryExitTraps(t *testing.T) {
	for code, want := range map[uint32]string{
		0: "wasi: proc_exit with code 0", 70: "wasi: proc_exit with code 70",
		math.MaxUint32: "wasi: proc_exit with code 4294967295",
	} {
		s := start(t)
		write(t, s, 1, "last words")
		if got := trapped(func() { s.LibraryProcExit(code) }); got != want {
			t.Errorf("trap %q, want %q", got, want)
		}
		if got := strings.Join(Platform.Printed, "|"); got != "last words" {
			t.Errorf("printed %q", got)
		}
	}
}

func TestRaise(t *testing.T) {
	names := strings.Fields("NONE HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM " +
		"CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS")
	harmless := " NONE CHLD CONT URG WINCH "
	for sig, name := range names {
		s := start(t)
		trap := trapped(func() { want(t, name, s.ProcRaise(uint32(sig)), abi.ErrnoSuccess) })
		if strings.Contains(harmless, " "+name+" ") {
			name = ""
		} else {
			name = "wasi: proc_raise of SIG" + name
		}
		if trap != name {
			t.Errorf("signal %d: trap %q, want %q", sig, trap, name)
		}
	}
	want(t, "no such signal", start(t).ProcRaise(31), abi.ErrnoInval)
	want(t, "sched_yield", start(t).SchedYield(), abi.ErrnoSuccess)
}

func TestLibraryPrintsLines(t *testing.T) {
	s := start(t)
	long := strings.Repeat("x", 1024)
	for _, text := range []string{"a", "b\nc\n", "", "\n", "d", long, "\n"} {
		want(t, "fd_write", write(t, s, 1, text), abi.ErrnoSuccess)
		if n := peek32(outAt); n != uint32(len(text)) {
			t.Errorf("wrote %d of %d", n, len(text))
		}
		write(t, s, 2, "e")
	}
	write(t, s, 2, "\n")
	got := strings.Join(Platform.Printed, "|")
	if want := "ab|c||d" + long[1:] + "|x|eeeeeee"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if text, errno := read(t, s, 0, 10); text != "" || errno != abi.ErrnoSuccess {
		t.Errorf("standard input %q, %v", text, errno)
	}
}

func TestVectors(t *testing.T) {
	s := start(t)
	run(t, s, unhex(t, golden), func() {
		n := iovec(dataAt, 1, 0, 0, dataAt+1, 1, dataAt+2, 100)
		want(t, "fd_read", s.FdRead(0, iovsAt, n, outAt), abi.ErrnoSuccess)
		if got := string(Platform.Memory[dataAt : dataAt+4]); got != "hi\n\x00" || peek32(outAt) != 3 {
			t.Errorf("read %q, %d bytes", got, peek32(outAt))
		}
		want(t, "fd_write", s.FdWrite(1, iovsAt, n, outAt), abi.ErrnoSuccess)
		if peek32(outAt) != 102 {
			t.Errorf("wrote %d", peek32(outAt))
		}
		want(t, "no vectors", s.FdWrite(1, memorySize, 0, outAt), abi.ErrnoSuccess)
		want(t, "nothing", s.FdRead(0, iovsAt, 0, outAt), abi.ErrnoSuccess)
	})
	if _, out, _ := result(t); out != "hi\n"+strings.Repeat("\x00", 99) {
		t.Errorf("output %q", out)
	}
}

// A bad vector anywhere in the list fails the call before anything is moved.
func TestVectorsFault(t *testing.T) {
	s := start(t)
	run(t, s, unhex(t, golden), func() {
		for _, test := range []struct {
			name     string
			iovs, n  uint32
			out      uint32
			pointers []uint32
		}{
			{"list", beyond, 1, outAt, nil},
			{"a list above 2^32", iovsAt, 1 << 29, outAt, nil},
			{"count", iovsAt, 1, beyond, []uint32{dataAt, 1}},
			{"first", iovsAt, 2, outAt, []uint32{beyond, 2, dataAt, 1}},
			{"second", iovsAt, 2, outAt, []uint32{dataAt, 1, 0xffffffff, 2}},
			{"length", iovsAt, 2, outAt, []uint32{dataAt, 1, dataAt, 0xffffffff}},
		} {
			iovec(test.pointers...)
			want(t, test.name, s.FdWrite(1, test.iovs, test.n, test.out), abi.ErrnoFault)
			want(t, test.name, s.FdRead(0, test.iovs, test.n, test.out), abi.ErrnoFault)
		}
		if text, _ := read(t, s, 0, 10); text != "hi\n" {
			t.Errorf("standard input %q", text)
		}
	})
	if _, out, _ := result(t); out != "" {
		t.Errorf("output %q", out)
	}
}

func TestStreams(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		name      string
		got, want abi.Errno
	}{
		{"write to input", write(t, s, 0, "x"), abi.ErrnoBadf},
		{"read output", second(read(t, s, 1, 1)), abi.ErrnoBadf},
		{"seek", s.FdSeek(1, 0, 0, outAt), abi.ErrnoSpipe},
		{"tell", s.FdTell(0, outAt), abi.ErrnoSpipe},
		{"preview0 seek", s.FdSeek0(1, 0, 2, outAt), abi.ErrnoSpipe},
		{"sync", s.FdSync(1), abi.ErrnoSuccess},
		{"datasync", s.FdDatasync(1), abi.ErrnoSuccess},
		{"prestat", s.FdPrestatGet(0, outAt), abi.ErrnoBadf},
		{"dir name", s.FdPrestatDirName(0, outAt, 10), abi.ErrnoBadf},
		{"accept", s.SockAccept(0, 0, outAt), abi.ErrnoNotsock},
		{"recv", s.SockRecv(0, iovsAt, 0, 0, outAt, outAt), abi.ErrnoNotsock},
		{"send", s.SockSend(0, iovsAt, 0, 0, outAt), abi.ErrnoNotsock},
		{"shutdown", s.SockShutdown(0, 1), abi.ErrnoNotsock},
		{"flags", s.FdFdstatSetFlags(1, uint32(abi.FdflagNonblock|abi.FdflagAppend)), abi.ErrnoSuccess},
		{"unknown flags", s.FdFdstatSetFlags(1, 32), abi.ErrnoInval},
		{"wide flags", s.FdFdstatSetFlags(1, 1<<16), abi.ErrnoInval},
		{"fdstat address", s.FdFdstatGet(1, beyond), abi.ErrnoFault},
		{"filestat address", s.FdFilestatGet(1, beyond), abi.ErrnoFault},
	} {
		want(t, test.name, test.got, test.want)
	}
}

func second(_ string, errno abi.Errno) abi.Errno { return errno }

// Each function answers badf for a descriptor that is not open, however large
// its number.
func TestNotOpen(t *testing.T) {
	for _, fd := range []uint32{77, MaxDescriptors, math.MaxUint32} {
		s := start(t)
		for name, got := range map[string]abi.Errno{
			"fd_advise":               s.FdAdvise(fd, 0, 1, 0),
			"fd_allocate":             s.FdAllocate(fd, 0, 1),
			"fd_close":                s.FdClose(fd),
			"fd_datasync":             s.FdDatasync(fd),
			"fd_fdstat_get":           s.FdFdstatGet(fd, outAt),
			"fd_fdstat_set_flags":     s.FdFdstatSetFlags(fd, 0),
			"fd_fdstat_set_rights":    s.FdFdstatSetRights(fd, 0, 0),
			"fd_filestat_get":         s.FdFilestatGet(fd, outAt),
			"fd_filestat_set_size":    s.FdFilestatSetSize(fd, 0),
			"fd_filestat_set_times":   s.FdFilestatSetTimes(fd, 0, 0, 0),
			"fd_pread":                s.FdPread(fd, iovsAt, 0, 0, outAt),
			"fd_prestat_get":          s.FdPrestatGet(fd, outAt),
			"fd_prestat_dir_name":     s.FdPrestatDirName(fd, outAt, 9),
			"fd_pwrite":               s.FdPwrite(fd, iovsAt, 0, 0, outAt),
			"fd_read":                 s.FdRead(fd, iovsAt, 0, outAt),
			"fd_readdir":              s.FdReaddir(fd, dataAt, 9, 0, outAt),
			"fd_renumber from":        s.FdRenumber(fd, 0),
			"fd_renumber to":          s.FdRenumber(0, fd),
			"fd_seek":                 s.FdSeek(fd, 0, 0, outAt),
			"fd_sync":                 s.FdSync(fd),
			"fd_tell":                 s.FdTell(fd, outAt),
			"fd_write":                s.FdWrite(fd, iovsAt, 0, outAt),
			"path_create_directory":   s.PathCreateDirectory(fd, pathAt, 1),
			"path_filestat_get":       s.PathFilestatGet(fd, 0, pathAt, 1, outAt),
			"path_filestat_set_times": s.PathFilestatSetTimes(fd, 0, pathAt, 1, 0, 0, 0),
			"path_link from":          s.PathLink(fd, 0, pathAt, 1, 3, pathAt, 1),
			"path_link to":            s.PathLink(3, 0, pathAt, 1, fd, pathAt, 1),
			"path_open":               s.PathOpen(fd, 0, pathAt, 1, 0, 0, 0, 0, outAt),
			"path_readlink":           s.PathReadlink(fd, pathAt, 1, dataAt, 9, outAt),
			"path_remove_directory":   s.PathRemoveDirectory(fd, pathAt, 1),
			"path_rename from":        s.PathRename(fd, pathAt, 1, 3, pathAt, 1),
			"path_rename to":          s.PathRename(3, pathAt, 1, fd, pathAt, 1),
			"path_symlink":            s.PathSymlink(pathAt, 1, fd, pathAt, 1),
			"path_unlink_file":        s.PathUnlinkFile(fd, pathAt, 1),
			"sock_accept":             s.SockAccept(fd, 0, outAt),
			"sock_recv":               s.SockRecv(fd, iovsAt, 0, 0, outAt, outAt),
			"sock_send":               s.SockSend(fd, iovsAt, 0, 0, outAt),
			"sock_shutdown":           s.SockShutdown(fd, 1),
		} {
			want(t, name, got, abi.ErrnoBadf)
		}
	}
}

func TestFdstatOfStreams(t *testing.T) {
	s := start(t)
	check := func(filetype abi.Filetype) {
		for fd, base := range []abi.Rights{rightsStdin, rightsStdout, rightsStdout} {
			for i := range Platform.Memory[outAt : outAt+64] {
				Platform.Memory[outAt+i] = 0xff
			}
			want(t, "fd_fdstat_get", s.FdFdstatGet(uint32(fd), outAt), abi.ErrnoSuccess)
			if got := abi.Rights(peek64(outAt + 8)); got != base || got&(abi.RightFdSeek|abi.RightFdTell) != 0 {
				t.Errorf("descriptor %d has rights %#x", fd, got)
			}
			if peek64(outAt) != uint64(filetype) || peek64(outAt+16) != 0 {
				t.Errorf("descriptor %d is % x", fd, Platform.Memory[outAt:outAt+24])
			}
			want(t, "fd_filestat_get", s.FdFilestatGet(uint32(fd), outAt), abi.ErrnoSuccess)
			if peek64(outAt+abi.FilestatFiletype) != uint64(filetype) || peek64(outAt+abi.FilestatNlink) != 1 {
				t.Errorf("descriptor %d is % x", fd, Platform.Memory[outAt:outAt+64])
			}
			want(t, "preview0", s.FdFilestatGet0(uint32(fd), outAt), abi.ErrnoSuccess)
			if peek32(outAt+abi.Filestat0Nlink) != 1 || peek64(outAt+abi.Filestat0FileSize) != 0 {
				t.Errorf("descriptor %d is % x", fd, Platform.Memory[outAt:outAt+56])
			}
		}
	}
	check(abi.FiletypeCharacterDevice)
	run(t, s, unhex(t, golden), func() { check(abi.FiletypeUnknown) })
	ran(t)
}

func TestRightsOnlyShrink(t *testing.T) {
	s := start(t)
	want(t, "more", s.FdFdstatSetRights(1, uint64(rightsStdout|abi.RightFdSeek), 0), abi.ErrnoNotcapable)
	want(t, "inheriting", s.FdFdstatSetRights(1, 0, 1), abi.ErrnoNotcapable)
	want(t, "above 32 bits", s.FdFdstatSetRights(1, 1<<40, 0), abi.ErrnoNotcapable)
	want(t, "fewer", s.FdFdstatSetRights(1, uint64(abi.RightFdFilestatGet), 0), abi.ErrnoSuccess)
	want(t, "write", write(t, s, 1, "x"), abi.ErrnoBadf)
	want(t, "sync", s.FdSync(1), abi.ErrnoNotcapable)
	want(t, "flags", s.FdFdstatSetFlags(1, 0), abi.ErrnoNotcapable)
	want(t, "back", s.FdFdstatSetRights(1, uint64(rightsStdout), 0), abi.ErrnoNotcapable)
}

func TestRenumberStreams(t *testing.T) {
	s := start(t)
	want(t, "to itself", s.FdRenumber(1, 1), abi.ErrnoSuccess)
	want(t, "2 to 1", s.FdRenumber(2, 1), abi.ErrnoSuccess)
	want(t, "gone", write(t, s, 2, "x"), abi.ErrnoBadf)
	want(t, "print", write(t, s, 1, "to standard error"), abi.ErrnoSuccess)
	if s.lines[1].n != 17 || s.lines[0].n != 0 {
		t.Error("descriptor 1 is not standard error")
	}
	want(t, "close", s.FdClose(1), abi.ErrnoSuccess)
	want(t, "close again", s.FdClose(1), abi.ErrnoBadf)
}

// Standard output and error share the blocks; what is printed comes back whole.
func TestOutputFillsBlocks(t *testing.T) {
	s := start(t)
	Platform.NoFiles = true
	var out, errs strings.Builder
	run(t, s, unhex(t, golden), func() {
		for i := 0; ; i++ {
			text := strings.Repeat(string(rune('a'+i%26)), 1+i*i%9000)
			fd, to := uint32(1), &out
			if i%3 == 0 {
				fd, to = 2, &errs
			}
			errno := write(t, s, fd, text)
			if errno == abi.ErrnoNospc {
				break
			}
			want(t, "fd_write", errno, abi.ErrnoSuccess)
			to.WriteString(text[:peek32(outAt)])
		}
	})
	_, gotOut, gotErr := result(t)
	if gotOut != out.String() || gotErr != errs.String() {
		t.Errorf("output of %d and %d bytes, want %d and %d", len(gotOut), len(gotErr), out.Len(), errs.Len())
	}
	if n := out.Len() + errs.Len(); n < blockSize*(blockCount-1) || n > blockSize*blockCount {
		t.Errorf("%d bytes fitted", n)
	}
}

func TestReplyLimit(t *testing.T) {
	for _, limit := range []uint32{0, 10, replyOverhead, replyOverhead + 1, 10000, 1 << 20} {
		s := start(t)
		Platform.ReplyLimit = limit
		printed := uint32(0)
		run(t, s, unhex(t, golden), func() {
			for fd := uint32(1); ; fd = 3 - fd {
				if write(t, s, fd, strings.Repeat("x", 700)) != abi.ErrnoSuccess {
					break
				}
				printed += peek32(outAt)
			}
		})
		ran(t)
		if want := max(limit, replyOverhead) - replyOverhead; printed != want {
			t.Errorf("limit %d: printed %d, want %d", limit, printed, want)
		}
		if n := uint32(len(Platform.Reply)); n > max(limit, replyOverhead) {
			t.Errorf("limit %d: a reply of %d bytes", limit, n)
		}
	}
}
