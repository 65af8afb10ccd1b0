package link

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// borders are sizes of bodies around those where the size takes a byte more.
var borders = []int{0, 1, 2, 125, 126, 127, 128, 129, 130, 16382, 16383, 16384, 16385, 1<<21 - 1, 1 << 21}

// TestResize: a body whose size is written in more or fewer bytes than expected
// lies right behind it.
func TestResize(t *testing.T) {
	front := []byte("front")
	for _, expected := range borders {
		for _, size := range borders {
			body := bytes.Repeat([]byte{1, 2, 3}, size/3+1)[:size]
			b := wasm.AppendUleb(bytes.Clone(front), uint64(expected))
			head := len(b)
			got := resize(append(b, body...), len(front), head)
			if want := wasm.AppendBytes(bytes.Clone(front), body); !bytes.Equal(got, want) {
				t.Errorf("%d bytes, where %d were expected, become %d, want %d", size, expected, len(got), len(want))
			}
		}
	}
}

// TestCutBodies: bodies are found behind sizes of any length; a check of the
// unwinding flag may make thousands of bytes of a call, and so a huge body of a
// small one.
func TestCutBodies(t *testing.T) {
	for _, size := range append([]int{1<<28 - 1, 1 << 28}, borders...) {
		n := wasm.UlebSize(uint64(size))
		b := make([]byte, n+size, n+size+3) // mostly pages that are never touched
		wasm.AppendUleb(b[:0], uint64(size))
		b = append(b, 2, 0, byte(wasm.OpEnd))
		code := make([]wasm.Body, 2)
		cutBodies(b, code)
		if len(code[0].Bytes) != size || !bytes.Equal(code[1].Bytes, b[n+size+1:]) || cap(code[0].Bytes) != size {
			t.Errorf("a body of %d bytes is found to have %d, the next one % x", size, len(code[0].Bytes), code[1].Bytes)
		}
	}
}

// TestBodiesTooLarge: more code than an engine takes is an error, before it is put
// together.
func TestBodiesTooLarge(t *testing.T) {
	w := &bodyWriter{plan: &plan{}, waiting: map[int][]byte{}, size: wasm.MaxModuleBytes - 10}
	if err := w.put(0, make([]byte, 10), &relocate.Growth{}); err != nil {
		t.Fatal(err)
	}
	err := w.put(1, make([]byte, 1), &relocate.Growth{})
	var typed *Error
	if !errors.As(err, &typed) || !strings.Contains(err.Error(), "take more than 1073741824 bytes") {
		t.Error(err)
	}
}
