package fuzz

import (
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// TestAccessTimes: reads may move access times, but not out of the run, nor back.
func TestAccessTimes(t *testing.T) {
	const began = 1_700_000_000_000_000_000
	script, err := Parse("fd_filestat_set_times r4 7 0 atim\npoll_oneoff {1 9 r4} . .\nfd_read r4 {[1]} .\n")
	if err != nil {
		t.Fatal(err)
	}
	set, poll, read := &script[0].Calls[0], &script[0].Calls[1], &script[0].Calls[2]
	for _, test := range []struct {
		name  string
		calls []*Call
		times []uint64
		want  string // behind the last
	}{
		{"in the run", nil, []uint64{began}, ""},
		{"set and known", []*Call{set}, []uint64{7}, " atim=7"},
		{"set and not read", []*Call{set}, []uint64{began}, " atim=now"},
		{"set and read", []*Call{set, read}, []uint64{began}, ""},
		{"set and waited for", []*Call{set, poll}, []uint64{began}, ""},
		{"before the run", []*Call{set, read}, []uint64{began - 3e9}, " atim is not now"},
		{"moved on", []*Call{read}, []uint64{began, began + 1}, ""},
		{"moved back", []*Call{read}, []uint64{began + 1, began}, " atim went back"},
		{"moved back as it was set", []*Call{read}, []uint64{began + 1, 7}, " atim went back"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDescriber(script)
			d.start, d.end = began, began+1e9
			for _, c := range test.calls {
				if err := c.lower(&d.layout); err != nil {
					t.Fatal(err)
				}
				d.a = answer{}
				d.call(c)
			}
			f := d.inode(1)
			for _, v := range test.times {
				d.b = d.b[:0]
				d.access(f, v)
			}
			if string(d.b) != test.want {
				t.Errorf("%q, want %q", d.b, test.want)
			}
		})
	}
}

// TestSetTimesGoBack: what was set may be earlier than what was seen.
func TestSetTimesGoBack(t *testing.T) {
	script, err := Parse("fd_read r4 {[1]} .\nfd_filestat_set_times r4 7 0 atim\n")
	if err != nil {
		t.Fatal(err)
	}
	d := newDescriber(script)
	d.end = 1e9
	f := d.inode(1)
	for i, v := range []uint64{8, 7} {
		if err := script[0].Calls[i].lower(&d.layout); err != nil {
			t.Fatal(err)
		}
		d.a = answer{}
		d.call(&script[0].Calls[i])
		d.b = d.b[:0]
		d.access(f, v)
	}
	if len(d.b) > 0 {
		t.Errorf("%q", d.b)
	}
}

// TestKinds: what was done to names shows in the descriptors of folders.
func TestKinds(t *testing.T) {
	for last, want := range map[string]string{
		"r5 = path_open r3 0 \"a\" 0 0 0 0 .": "",
		"path_rename r3 \"a\" r3 \"b\"":       "+moved",
		"path_unlink_file r3 \"a\"":           "+moved",
		"path_remove_directory r3 \"a\"":      "+moved",
		"list r3 64 read":                     "",
		"list r3 64 unlink":                   "+moved",
	} {
		s, err := Parse("r4 = path_open r3 0 \"d\" directory 0 0 0 .\n" + last + "\nfd_sync r4\n")
		if err != nil {
			t.Fatal(err)
		}
		var k kinds
		k.begin()
		calls := s[0].Calls
		k.follow(&calls[0], "success directory")
		k.follow(&calls[1], abi.ErrnoNoent.String())
		if got := k.annotate(&calls[2]); got != "fd_sync r4:directory" {
			t.Errorf("after a refusal of %s: %s", last, got)
		}
		k.follow(&calls[1], "success file")
		if got := k.annotate(&calls[2]); got != "fd_sync r4:directory"+want {
			t.Errorf("after %s: %s", last, got)
		}
	}
}
