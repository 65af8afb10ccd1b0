package fuzz

import (
	"slices"
	"strings"
	"testing"
)

// TestFaults: what the arguments show, with r4 a file, r5 a folder and r9 closed.
func TestFaults(t *testing.T) {
	for call, want := range map[string]string{
		`path_rename r3 "a" r5 "a/b"`:                            "",
		`path_rename r3 "a" r3 "../a"`:                           "notcapable perm",
		`path_unlink_file r3 "/"`:                                "notcapable perm",
		`path_unlink_file r3 "a/../.."`:                          "", // a may lead down
		`path_unlink_file r3 "./..x"`:                            "",
		`path_link r3 0 "a" r9 "a\x00b"`:                         "badf inval",
		`path_create_directory r3 "\xff"`:                        "ilseq inval",
		`path_create_directory r3 ""`:                            "noent inval",
		`path_create_directory r3 "n"*256`:                       "nametoolong",
		`path_create_directory r3 "x/"*2048`:                     "nametoolong",
		`path_create_directory r3 "x/"*2047`:                     "",
		`path_create_directory r3 @16380[10]`:                    "",
		`path_symlink "../a" r3 "b"`:                             "",
		`path_symlink "/a" r3 "b"`:                               "notcapable perm",
		`path_readlink r4 "a" [1] .`:                             "notdir badf notcapable acces",
		`fd_readdir r1 [1] 0 .`:                                  "notdir badf notcapable acces",
		`fd_read r5 {[1]} .`:                                     "isdir badf notcapable acces",
		`fd_read r1 {[1]} .`:                                     "",
		`fd_tell r1 .`:                                           "spipe inval badf notcapable acces",
		`sock_shutdown r4 0`:                                     "notsock badf notcapable",
		`fd_sync 1000`:                                           "badf",
		`fd_filestat_set_size r4 9223372036854775808`:            "inval fbig",
		`fd_filestat_set_size r4 9223372036854775807`:            "",
		`fd_seek r4 -1 9 .`:                                      "inval",
		`fd_advise r4 0 0 6`:                                     "inval",
		`fd_fdstat_set_flags r4 32`:                              "inval notcapable",
		`path_filestat_set_times r3 0 "a" 1 1 atim|atim_now`:     "inval",
		`path_filestat_set_times r3 0 "a" 1 1 atim|mtim_now`:     "",
		`r6 = path_open r3 2 "a" 0 all 18446744073709551615 0 .`: "inval notcapable inval notcapable",
	} {
		s, err := Parse(call + "\n")
		if err != nil {
			t.Errorf("%s: %v", call, err)
			continue
		}
		var k kinds
		k.begin()
		k.of[4], k.of[5] = "file+append", "directory+moved"
		if got := k.faults(&s[0].Calls[0]); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %q, want %q", call, got, want)
		}
	}
}

// TestEitherFault: one of two answers must be for what the arguments show, and the
// other for that or for what files can be.
func TestEitherFault(t *testing.T) {
	shown := []string{"inval", "perm"}
	for _, test := range []struct {
		ours, theirs string
		want         bool
	}{
		{"noent", "inval", true},
		{"perm", "noent", true},
		{"perm", "inval", true},
		{"noent", "notdir", false},
		{"success", "inval", false},
		{"inval", "success directory", false},
		{"inval", "not reached: trap", false},
		{"io", "inval", false},
	} {
		if got := eitherFault(shown, test.ours, test.theirs); got != test.want {
			t.Errorf("%s and %s: %v", test.ours, test.theirs, got)
		}
	}
}
