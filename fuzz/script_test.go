package fuzz

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadBack: what is written is read back as it was, for each function.
func TestReadBack(t *testing.T) {
	s, err := Parse(everything)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimPrefix(everything, "\n")
	if got := s.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	used := map[Op]bool{}
	for _, m := range s {
		for _, c := range m.Calls {
			used[c.Op] = true
		}
	}
	for o, f := range functions {
		if !used[Op(o)] {
			t.Errorf("no line has %s", f.name)
		}
	}
}

const everything = `
args_get . .
args_sizes_get . .
environ_get . @16380
environ_sizes_get . .
clock_res_get realtime .
clock_time_get 77 1 .
fd_advise r4 0 100 dontneed
fd_allocate r4 0 100
fd_close r4
fd_datasync r4
fd_fdstat_get r4 .
fd_fdstat_set_flags r4 append|sync
fd_fdstat_set_rights r4 fd_read|fd_seek all
fd_filestat_get r4 .
fd_filestat_set_size r4 18446744073709551615
fd_filestat_set_times r4 1 2 atim|mtim_now
fd_pread r4 {[10], @16000[1000]} 5 .
fd_prestat_get r3 .
fd_prestat_dir_name r3 [10]
fd_pwrite r4 {"a\x00\xff\"", "x"*100} 5 .
fd_read r4 @8001[2] .
fd_readdir r5 !4294967295[100] cookie:3 .
fd_renumber r4 r5
fd_seek r4 -5 cur .
fd_sync 1000
fd_tell r4 .
fd_write r4 {} .
message upgrade limit 100000
path_create_directory r3 "d"
path_filestat_get r3 follow @1[2] .
path_filestat_set_times r3 5000 "a" 1 2 0
path_link r3 0 "a" r3 "b"
r4 = path_open r3 follow "a" creat|excl most folder 99 .
path_readlink r3 "l" [0] .
path_remove_directory r3 ""
path_rename r3 "a" r3 "n"*300
path_symlink "a" r3 "l"
path_unlink_file r3 "a"
poll_oneoff {0 7 1 1000 1, 1 8 r4, 99 9 4294967295} . .
message
proc_raise 2
sched_yield
random_get [20]
r5 = sock_accept r0 nonblock .
sock_recv r0 {[1]} 0 . .
sock_send r1 {"x"} 0 .
sock_shutdown r0 3
list r3 4096 unlink
trap
spin
proc_exit 42
`

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"fd_frob r3":                               `line 1: there is no function "fd_frob"`,
		"# comment\n\nfd_close r16":                `line 3: fd of fd_close: "r16" is no register`,
		"fd_close":                                 "line 1: fd of fd_close: the line ends early",
		"fd_close r4 r5":                           "line 1: fd_close takes no more than 1 arguments",
		"fd_close 5":                               "line 1: a number of a descriptor is at least 1000: smaller ones are in registers",
		"fd_close r2":                              "line 1: descriptor r2 carries the transcript and must stay as it is",
		"fd_tell r4 !100":                          "line 1: an absolute address is at least 131072, since the driver lives below",
		"fd_write r4 {!100[1]} .":                  "line 1: an absolute address is at least 131072, since the driver lives below",
		"r3 = path_open r3 0 \"a\" 0 0 0 0 .":      "line 1: a new descriptor goes into r4 to r15",
		"path_unlink_file r3 \"a":                  "line 1: path of path_unlink_file: invalid syntax",
		"path_unlink_file r3 \"a\"*99999999":       "line 1: path of path_unlink_file: more than the driver has room for",
		"fd_read r4 {[20000]} .":                   "line 1: more than the driver has room for",
		"fd_fdstat_set_flags r4 creat":             `line 1: fdflags of fd_fdstat_set_flags: "creat" has no meaning here`,
		"fd_renumber r4 1001":                      "line 1: no descriptor above 1000 for fd_renumber: wazero makes room for all up to it",
		"message soon":                             `line 1: message has no "soon"`,
		"poll_oneoff {1 2} . .":                    "line 1: in of poll_oneoff: a subscription is TAG USERDATA FD, or 0 USERDATA CLOCK TIMEOUT FLAGS",
		"poll_oneoff {0 0 1 1 0 . .":               "line 1: in of poll_oneoff: the line ends early",
		"fd_write r4 {\"a\" \"b\"} .":              "line 1: iovs of fd_write: a list wants a comma or its end",
		"random_get 20":                            "line 1: buf of random_get: wants [LENGTH]",
		"random_get [99999999999]":                 "line 1: buf of random_get: wants [LENGTH]",
		"fd_read r4 @99999999999[1] .":             "line 1: iovs of fd_read: value out of range",
		"fd_filestat_get r4 @18446744073709551616": "line 1: buf of fd_filestat_get: value out of range",
	} {
		_, err := Parse(text)
		var at *ParseError
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestSeedsAreWrittenAsRead: lines of testdata are in the one form that there is.
func TestSeedsAreWrittenAsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		for l := range strings.Lines(string(text)) {
			if !strings.HasPrefix(l, "#") {
				want.WriteString(l)
			}
		}
		if got := parseFile(t, file).String(); got != want.String() {
			t.Errorf("%s is written\n%s", file, got)
		}
	}
}
