package link

import (
	"errors"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

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
