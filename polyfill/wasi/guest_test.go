package wasi

import (
	"testing"
	"unicode/utf8"

	"github.com/icsplice/icsplice/abi"
)

func wellFormed(b []byte) bool {
	var u utf8State
	for _, c := range b {
		if !u.step(c) {
			return false
		}
	}
	return u.need == 0
}

// Every sequence of three bytes, and of four where that can be a character, is
// judged as the Go library judges it.
func TestUTF8(t *testing.T) {
	for n := range 1 << 24 {
		b := []byte{byte(n >> 16), byte(n >> 8), byte(n)}
		if wellFormed(b) != utf8.Valid(b) {
			t.Fatalf("% x", b)
		}
	}
	for first := 0xee; first <= 0xff; first++ {
		for n := range 1 << 16 {
			b := []byte{byte(first), byte(n >> 8), byte(n), 0x80}
			if wellFormed(b) != utf8.Valid(b) {
				t.Fatalf("% x", b)
			}
		}
	}
}

func FuzzUTF8(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if wellFormed(b) != utf8.Valid(b) {
			t.Errorf("% x", b)
		}
	})
}

func TestSeekOfPreview0(t *testing.T) {
	s := tree(t)
	fd := mustOpen(t, s, "file", 0, abi.RightsAll)
	for _, test := range []struct {
		offset int64
		whence uint32
		want   uint64
	}{
		{4, abi.Whence0Set, 4}, {-1, abi.Whence0Cur, 3}, {-5, abi.Whence0End, 0}, {2, abi.Whence0End, 7},
	} {
		want(t, "fd_seek", s.FdSeek0(fd, uint64(test.offset), test.whence, outAt), abi.ErrnoSuccess)
		if got := peek64(outAt); got != test.want {
			t.Errorf("%+v: offset %d", test, got)
		}
	}
	want(t, "whence", s.FdSeek0(fd, 0, 3, outAt), abi.ErrnoInval)
}
