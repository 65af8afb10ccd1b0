package corpus

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestModules(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	names := Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names are not sorted and distinct: %q", names)
	}
	for _, name := range names {
		module, err := Module(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
			t.Errorf("%s: not a module", name)
		}
		for _, folder := range []string{here, "/tmp/", "/root/", "/home/"} {
			if bytes.Contains(module, []byte(folder)) {
				t.Errorf("%s: holds the path %s, so it is not rebuilt elsewhere as it is", name, folder)
			}
		}
	}
}

func TestModuleUnknown(t *testing.T) {
	for _, name := range []string{"", "nosuch", "../corpus", "notes.wasm"} {
		if _, err := Module(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Module(%q): error %v", name, err)
		}
	}
}

func TestUnpack(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole := packed.Bytes()
	for _, tt := range []struct {
		name   string
		packed []byte
		limit  int64
		ok     bool
	}{
		{"as large as allowed", whole, 1000, true},
		{"a byte too large", whole, 999, false},
		{"cut", whole[:len(whole)-4], 1000, false},
		{"no gzip", []byte("\x00asm"), 1000, false},
	} {
		data, err := unpack(tt.packed, tt.limit)
		if (err == nil) != tt.ok || tt.ok && len(data) != 1000 {
			t.Errorf("%s: %d bytes, error %v", tt.name, len(data), err)
		}
	}
}

func TestContent(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"", ""},
		{"ä\x00\n", "ä\x00\n"},
		{"\xff", "1 bytes, sha256 a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"},
		{strings.Repeat("x", digestAbove), strings.Repeat("x", digestAbove)},
	} {
		if got := Content([]byte(tt.data)); got != tt.want {
			t.Errorf("Content(%.20q) = %q, want %q", tt.data, got, tt.want)
		}
	}
	if got := Content([]byte(strings.Repeat("x", digestAbove+1))); !strings.HasPrefix(got, "513 bytes, sha256 ") {
		t.Errorf("long content: %q", got)
	}
}

func TestCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases() {
		id := c.Program + "/" + c.Name
		if c.Name == "" || seen[id] {
			t.Errorf("%s: name is empty or taken", id)
		}
		seen[id] = true
		module, err := Module(c.Program)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if library := bytes.Contains(module, []byte("\x0b_initialize")); library != (len(c.Calls) > 0) {
			t.Errorf("%s: %d calls, has _initialize: %v", id, len(c.Calls), library)
		}
	}
}

// TestBuildScript compares what build.sh builds with what is there.
func TestBuildScript(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to ask build.sh for its list")
	}
	out, err := exec.Command(bash, "build.sh", "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Fields(string(out))
	slices.Sort(listed)
	if !slices.Equal(listed, Names()) {
		t.Errorf("build.sh builds %q, bin holds %q", listed, Names())
	}
}
