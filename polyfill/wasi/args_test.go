package wasi

import (
	"bytes"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// list calls a pair of functions such as args_sizes_get and args_get as C's
// library does, and gives the strings joined by bars.
func list(t *testing.T, sizes, get func(a, b uint32) abi.Errno) string {
	t.Helper()
	want(t, "sizes", sizes(outAt, outAt+4), abi.ErrnoSuccess)
	count, size := peek32(outAt), peek32(outAt+4)
	text := dataAt + 4*count
	if text+size+8 > memorySize {
		Platform.Memory = append(Platform.Memory, make([]byte, size+4*count+8)...)
	}
	poke(text+size, "\xaa\xbb")
	want(t, "get", get(dataAt, text), abi.ErrnoSuccess)
	var all []string
	next := text
	for i := range count {
		p := peek32(dataAt + 4*i)
		if p != next {
			t.Fatalf("string %d is at %#x, want %#x", i, p, next)
		}
		n := bytes.IndexByte(Platform.Memory[p:text+size], 0)
		if n < 0 {
			t.Fatalf("string %d does not end", i)
		}
		all = append(all, string(Platform.Memory[p:p+uint32(n)]))
		next += uint32(n) + 1
	}
	if next != text+size || !bytes.HasPrefix(Platform.Memory[next:], []byte("\xaa\xbb")) {
		t.Fatalf("the strings end at %#x, want %#x", next, text+size)
	}
	return strings.Join(all, "|")
}

func argv(t *testing.T, s *System) string {
	t.Helper()
	return list(t, s.ArgsSizesGet, s.ArgsGet)
}

func environ(t *testing.T, s *System) string {
	t.Helper()
	return list(t, s.EnvironSizesGet, s.EnvironGet)
}

func TestArgumentsAndEnvironment(t *testing.T) {
	long := strings.Repeat("l", 1000)
	for _, test := range []struct {
		name      string
		args, env string // of the build
		variables [][2]string
		message   string // command mode, if any
		argv, all string
	}{
		{name: "nothing"},
		{name: "library", args: "p\x00-v\x00", env: "A=2\x00B=\x00", argv: "p|-v", all: "A=2|B="},
		{name: "no NUL at the end", args: "p\x00-v", env: "A=2", argv: "p|-v", all: "A=2"},
		{name: "an empty argument", args: "p\x00\x00", argv: "p|"},
		{name: "long", args: long + "\x00" + long, env: "L=" + long, argv: long + "|" + long, all: "L=" + long},
		{name: "set on the IC", env: "A=2\x00", variables: [][2]string{{"A", "3"}, {"PUBLIC", ""}}, all: "A=3|PUBLIC=|A=2"},
		{name: "command", args: "p\x00", env: "A=2\x00", variables: [][2]string{{"A", "3"}}, message: golden,
			argv: "prog|-x", all: "A=1|A=3|A=2"},
		{name: "command without arguments", args: "p\x00-v\x00", message: "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 00 00 00",
			argv: "p|-v"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t)
			Platform.Args, Platform.Env, Platform.Variables = test.args, test.env, test.variables
			check := func() {
				for range 2 {
					if got := argv(t, s); got != test.argv {
						t.Errorf("arguments %q, want %q", got, test.argv)
					}
					if got := environ(t, s); got != test.all {
						t.Errorf("environment %q, want %q", got, test.all)
					}
				}
			}
			if test.message == "" {
				check()
				return
			}
			run(t, s, unhex(t, test.message), check)
			ran(t)
		})
	}
}

// An address outside gives fault and leaves everything else alone.
func TestArgumentsFault(t *testing.T) {
	s := start(t)
	Platform.Args, Platform.Env = "prog\x00-x\x00", "A=1\x00"
	for _, test := range []struct {
		name string
		call func(a, b uint32) abi.Errno
		a, b uint32
	}{
		{"args_sizes_get count", s.ArgsSizesGet, beyond, outAt},
		{"args_sizes_get size", s.ArgsSizesGet, outAt, beyond},
		{"args_get list", s.ArgsGet, beyond, dataAt},
		{"args_get strings", s.ArgsGet, dataAt, beyond},
		{"environ_sizes_get count", s.EnvironSizesGet, 0xffffffff, outAt},
		{"environ_sizes_get size", s.EnvironSizesGet, outAt, 0xfffffffc},
		{"environ_get list", s.EnvironGet, beyond, dataAt},
		{"environ_get strings", s.EnvironGet, dataAt, beyond},
	} {
		want(t, test.name, test.call(test.a, test.b), abi.ErrnoFault)
		if !bytes.Equal(Platform.Memory, make([]byte, memorySize)) {
			t.Fatalf("%s: memory was written", test.name)
		}
	}
}
