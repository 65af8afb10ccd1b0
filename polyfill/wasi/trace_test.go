package wasi

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

var update = flag.Bool("update", false, "rewrite the golden traces")

// Each file of testdata/trace is a session: lines of calls, each with what it
// answered behind "=". The calls are those of WASI, with paths from descriptor 3
// and texts in place of addresses.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/trace/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			session, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := trace(t, string(session))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for i, line := range strings.Split(got, "\n") {
				if want := strings.Split(string(session), "\n"); line != want[i] && !*update {
					t.Errorf("line %d is %q, want %q", i+1, line, want[i])
				}
			}
		})
	}
}

// trace runs a session and gives it with its answers.
func trace(t *testing.T, session string) string {
	s := startFiles(t)
	var out strings.Builder
	for line := range strings.Lines(session) {
		line = strings.TrimSuffix(line, "\n")
		call, _, _ := strings.Cut(line, " = ")
		if call == "" || strings.HasPrefix(call, "#") {
			fmt.Fprintln(&out, line)
			continue
		}
		Platform.Time += 1000
		fmt.Fprintf(&out, "%s = %s\n", call, answer(t, s, strings.Fields(call)))
	}
	return out.String()
}

// answer makes a call and describes its result.
func answer(t *testing.T, s *System, words []string) string {
	arg := func(i int) string {
		if i < len(words) {
			return strings.Trim(words[i], `"`)
		}
		return ""
	}
	number := func(i int) uint64 {
		n, err := strconv.ParseInt(arg(i), 0, 64)
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return uint64(n)
	}
	fd := func() uint32 { return uint32(number(1)) }
	switch words[0] {
	case "path_open":
		opened, errno := openAt(s, root, uint32(number(2)), arg(1), uint32(number(3)), abi.Rights(number(4)))
		return said(errno, opened)
	case "path_create_directory":
		return mkdir(s, arg(1)).String()
	case "path_unlink_file":
		return unlink(s, arg(1)).String()
	case "path_remove_directory":
		return rmdir(s, arg(1)).String()
	case "path_rename":
		return rename(s, arg(1), arg(2)).String()
	case "path_link":
		return link(s, 0, arg(1), arg(2)).String()
	case "path_symlink":
		return symlink(s, arg(1), arg(2)).String()
	case "path_readlink":
		p, n := at(arg(1))
		errno := s.PathReadlink(root, p, n, dataAt, uint32(number(2)), outAt)
		return said(errno, string(Platform.Memory[dataAt:dataAt+peek32(outAt)]))
	case "path_filestat_get":
		p, n := at(arg(1))
		return said(s.PathFilestatGet(root, uint32(number(2)), p, n, outAt), filestatText())
	case "fd_filestat_get":
		return said(s.FdFilestatGet(fd(), outAt), filestatText())
	case "fd_filestat_set_size":
		return s.FdFilestatSetSize(fd(), number(2)).String()
	case "fd_write":
		return said(write(t, s, fd(), arg(2)), peek32(outAt))
	case "fd_read":
		text, errno := read(t, s, fd(), uint32(number(2)))
		return said(errno, strconv.Quote(text))
	case "fd_seek":
		return said(s.FdSeek(fd(), number(2), uint32(number(3)), outAt), peek64(outAt))
	case "fd_close":
		return s.FdClose(fd()).String()
	case "fd_renumber":
		return s.FdRenumber(fd(), uint32(number(2))).String()
	case "fd_fdstat_get":
		errno := s.FdFdstatGet(fd(), outAt)
		return said(errno, fmt.Sprintf("type %d flags %d rights %#x %#x", Platform.Memory[outAt],
			Platform.Memory[outAt+2], peek64(outAt+8), peek64(outAt+16)))
	case "fd_readdir":
		return strings.Join(listDirectory(t, s, fd(), 4096), " ")
	}
	t.Fatalf("unknown call %v", words)
	return ""
}

func said(errno abi.Errno, result any) string {
	if errno != abi.ErrnoSuccess {
		return errno.String()
	}
	return fmt.Sprint(result)
}

func filestatText() string {
	return fmt.Sprintf("type %d links %d size %d times +%d +%d +%d", Platform.Memory[outAt+abi.FilestatFiletype],
		peek64(outAt+abi.FilestatNlink), peek64(outAt+abi.FilestatFileSize), peek64(outAt+abi.FilestatAtim)-testTime,
		peek64(outAt+abi.FilestatMtim)-testTime, peek64(outAt+abi.FilestatCtim)-testTime)
}
