package fuzz

import (
	"strings"
	"testing"
)

func TestShrink(t *testing.T) {
	for _, test := range []struct{ name, script, keep, want string }{
		{"calls", "fd_sync r4\nfd_close r4\nsched_yield\nfd_sync r5\n", "fd_close", "fd_close r4\n"},
		{"messages", "fd_sync r4\nmessage\nfd_close r4\nmessage upgrade limit 100000\nsched_yield\n", "fd_close", "fd_close r4\n"},
		{"numbers", "fd_filestat_set_size r4 1000000\n", "set_size", "fd_filestat_set_size r4 0\n"},
		{"bits", "r4 = path_open r3 follow \"a\" creat|excl all all append .\n", "excl", "r4 = path_open r3 0 \"a\" excl 0 0 0 .\n"},
		{"paths", "path_unlink_file r3 \"some/long/path/of/many/parts\"\n", "many", "path_unlink_file r3 \"many\"\n"},
		{"vectors", "fd_write r4 {\"aaaa\", \"b\", \"cccc\"} .\n", "\"b\"", "fd_write r4 {\"b\"} .\n"},
		{"addresses", "fd_tell r4 @16380\n", "fd_tell", "fd_tell r4 .\n"},
		{"subscriptions", "poll_oneoff {0 7 1 1000 1, 1 8 r4, 2 9 r5} . .\n", "1 8 r4", "poll_oneoff {1 8 r4} . .\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Parse(test.script)
			if err != nil {
				t.Fatal(err)
			}
			before := s.String()
			got := Shrink(s, func(s Script) bool { return strings.Contains(s.String(), test.keep) })
			if got.String() != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if s.String() != before {
				t.Errorf("the script itself became %q", s)
			}
		})
	}
}
