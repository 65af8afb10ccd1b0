package treetest

import (
	"fmt"
	"maps"
	"testing"
)

func TestReadGivesWhatWasMade(t *testing.T) {
	tree := Tree{"a": "1", "d/": "", "d/e/f": "deep", "link": "-> d/e/f", "empty": ""}
	dir := Dir(t, tree)
	Make(t, dir, Tree{"a": "2"})
	want := Tree{"a": "2", "d/": "", "d/e/": "", "d/e/f": "deep", "link": "-> d/e/f", "empty": ""}
	if got := Read(t, dir, nil); !maps.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	size := func(data []byte) string { return fmt.Sprint(len(data)) }
	want["a"], want["d/e/f"], want["empty"] = "1", "4", "0"
	if got := Read(t, dir, size); !maps.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}
