//go:build !race

package wasm_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestMain is a program that links each of the files which a test names, and
// prints the most memory that it had beyond what any link needs, in bytes, and
// how many of the files were refused.
func TestMain(m *testing.M) {
	paths, ok := os.LookupEnv("PEAK_OF")
	if !ok {
		os.Exit(m.Run())
	}
	if err := linkFiles(filepath.SplitList(paths)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func linkFiles(paths []string) error {
	m := &wasmtest.Module{}
	m.Memory(1, 1)
	m.Func("run", "", "", "")
	polyfill := m.Encode()
	merge := func(b []byte) error {
		_, err := link.Merge(b, polyfill, link.ExportAs("run", "run"), link.Validate())
		return err
	}
	if err := merge(module()); err != nil {
		return err
	}
	before, err := wasmtest.HighWater()
	if err != nil {
		return err
	}
	refused := 0
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if merge(b) != nil {
			refused++
		}
	}
	after, err := wasmtest.HighWater()
	fmt.Println(after-before, refused)
	return err
}

// peak links files in a process of their own.
func peak(t *testing.T, paths []string) (bytes uint64, refused int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "PEAK_OF="+strings.Join(paths, string(filepath.ListSeparator)))
	out, err := cmd.CombinedOutput()
	if err == nil {
		_, err = fmt.Sscan(string(out), &bytes, &refused)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bytes, refused
}

func module(sections ...[]byte) []byte {
	return append([]byte("\x00asm\x01\x00\x00\x00"), bytes.Join(sections, nil)...)
}

// vector writes n items; each gets its number.
func vector(n int, item func(b []byte, i int) []byte) []byte {
	b := AppendUleb(nil, uint64(n))
	for i := range n {
		b = item(b, i)
	}
	return b
}

func same(item ...byte) func([]byte, int) []byte {
	return func(b []byte, _ int) []byte { return append(b, item...) }
}

// functions are n of them with the same body, which a table keeps alive.
func functions(n int, body ...byte) []byte {
	elements := append([]byte{1, 0, 0x41, 0, 0x0b}, vector(n, func(b []byte, i int) []byte { return AppendUleb(b, uint64(i)) })...)
	return module(
		AppendSection(nil, SectionType, []byte{1, 0x60, 0, 0}),
		AppendSection(nil, SectionFunction, vector(n, same(0))),
		AppendSection(nil, SectionTable, AppendUleb([]byte{1, 0x70, 0}, uint64(n))),
		AppendSection(nil, SectionExport, []byte{1, 1, 't', 1, 0}),
		AppendSection(nil, SectionElement, elements),
		AppendSection(nil, SectionCode, vector(n, func(b []byte, _ int) []byte { return AppendBytes(b, body) })))
}

// names is a module with a name section of one subsection.
func names(id byte, content []byte) []byte {
	return module(AppendSection(nil, SectionCustom, append(AppendName(nil, "name"), AppendBytes([]byte{id}, content)...)))
}

func numbered(item ...byte) func([]byte, int) []byte {
	return func(b []byte, i int) []byte { return append(AppendUleb(b, uint64(i)), item...) }
}

// TestPeakOfLinking links modules that are made to take much memory, with all
// checks. It takes at most 16 MiB and four times the input.
func TestPeakOfLinking(t *testing.T) {
	long := append(bytes.Repeat([]byte{0x01}, 34), 0x0b)
	deep := append(bytes.Repeat([]byte{0x02, 0x40}, MaxDepth-1), bytes.Repeat([]byte{0x0b}, MaxDepth)...)
	for _, c := range []struct {
		name    string
		input   []byte
		refused bool
	}{
		{"types", module(AppendSection(nil, SectionType, vector(15_000, same(0x60, 0, 0)))), false},
		{"too many types", module(AppendSection(nil, SectionType, vector(100_000, same(0x60, 0, 0)))), true},
		{"empty functions", functions(50_000, 0, 0x0b), false},
		{"too many empty functions", functions(900_000, 0, 0x0b), true},
		{"functions", functions(100_000, append([]byte{0}, long...)...), false},
		{"nesting", functions(1, append([]byte{0}, deep...)...), false},
		{"calls", functions(1, append(append([]byte{0}, bytes.Repeat([]byte{0x10, 0}, 2_000_000)...), 0x0b)...), false},
		{"calls of one another", functions(1000, append(append([]byte{0}, bytes.Repeat([]byte{0x10, 5, 0x10, 7}, 2_000)...), 0x0b)...), false},
		{"globals", module(AppendSection(nil, SectionGlobal, vector(25_000, same(0x7f, 0, 0x41, 0, 0x0b)))), false},
		{"custom sections", module(bytes.Repeat([]byte{0, 1, 0}, 500_000)), true},
		{"names", names(1, vector(1_000_000, numbered(0))), false},
		{"names of locals", names(2, vector(500_000, numbered(1, 0, 0))), false},
		{"locals", names(2, append([]byte{1, 0}, vector(1_000_000, numbered(0))...)), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "module.wasm")
			if err := os.WriteFile(path, c.input, 0o644); err != nil {
				t.Fatal(err)
			}
			got, refused := peak(t, []string{path})
			most := uint64(16<<20 + 4*len(c.input))
			t.Logf("%d KiB of %d for %d", got>>10, most>>10, len(c.input)>>10)
			if got > most || (refused == 1) != c.refused {
				t.Errorf("%d bytes for %d, at most %d; refused: %v", got, len(c.input), most, refused == 1)
			}
		})
	}
}

// TestPeakOfHostile links all that the reader refuses, the small bombs among them.
func TestPeakOfHostile(t *testing.T) {
	seeds, err := filepath.Glob("testdata/fuzz/FuzzRead/*")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	dir := t.TempDir()
	for i, seed := range seeds {
		text, err := os.ReadFile(seed)
		if err != nil {
			t.Fatal(err)
		}
		literal := strings.TrimSuffix(strings.TrimPrefix(string(text), "go test fuzz v1\n[]byte("), ")\n")
		input, err := strconv.Unquote(literal)
		if err != nil {
			t.Fatal(seed, err)
		}
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(path, []byte(input), 0o644); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(filepath.Base(seed), "good-") {
			paths = append(paths, path)
		}
	}
	got, refused := peak(t, paths)
	t.Logf("%d KiB for %d modules", got>>10, len(paths))
	if refused != len(paths) || len(paths) < 70 || got > 16<<20 {
		t.Errorf("%d of %d refused, with %d bytes", refused, len(paths), got)
	}
}
