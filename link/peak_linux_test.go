//go:build !race

package link_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// TestMain is, where a test asks for it, a program that links the files of a
// folder, and prints the most memory that it had beyond what any link needs and
// the size of the output, both in bytes.
func TestMain(m *testing.M) {
	dir, ok := os.LookupEnv("PEAK_OF")
	if !ok {
		os.Exit(m.Run())
	}
	if err := linkFiles(dir, os.Getenv("PEAK_HOW")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func linkFiles(dir, how string) error {
	var modules []link.Module
	small := &named{name: "small"}
	if _, err := link.Link([]link.Module{{Name: "small", Wasm: small.Encode()}}, ways[how]); err != nil {
		return err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	before, err := wasmtest.HighWater()
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		modules = append(modules, link.Module{Name: f.Name(), Wasm: b})
	}
	r, err := link.Link(modules, ways[how])
	if err != nil {
		return err
	}
	after, err := wasmtest.HighWater()
	fmt.Println(after-before, len(r.Wasm))
	return err
}

// peak links modules in a process of their own. It gives the most memory and the
// size of the output.
func peak(t *testing.T, modules [][]byte, how string) (most, size int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, b := range modules {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "PEAK_HOW="+how, "PEAK_OF="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := fmt.Sscan(string(out), &most, &size); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return most, size
}

// emptyFunction is a function of type 0.
var emptyFunction = [][]byte{section(wasm.SectionFunction, []byte{1, 0}), section(wasm.SectionCode, []byte{1, 2, 0, 0x0b})}

// importers are n modules of so many imports each, from one another.
func importers(n, each int) [][]byte {
	var list [][]byte
	for i := range n {
		imports := vector(each, func(b []byte, _ int) []byte {
			return append(wasm.AppendName(wasm.AppendName(b, itoa(uint32((i+1)%n))), "f"), byte(link.Func), 0)
		})
		list = append(list, sections(voidType, section(wasm.SectionImport, imports), emptyFunction[0],
			export(link.Func, uint32(each)), emptyFunction[1]))
	}
	return list
}

// functions is a module of n functions with one body.
func functions(n int, body ...byte) []byte {
	return sections(voidType, section(wasm.SectionFunction, vector(n, same(0))),
		section(wasm.SectionCode, vector(n, func(b []byte, _ int) []byte { return wasm.AppendBytes(b, body) })))
}

// inits is a module of one-page memories, of which each is filled from each of
// its data segments by an instruction of its own.
func inits(memories, segments int) []byte {
	code := []byte{0}
	for i := range memories * segments {
		code = append(code, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 8)
		code = wasm.AppendUleb(wasm.AppendUleb(code, uint64(i/memories)), uint64(i%memories))
	}
	return sections(voidType, emptyFunction[0], section(wasm.SectionMemory, vector(memories, same(1, 1, 1))), export(link.Func, 0),
		section(wasm.SectionDataCount, wasm.AppendUleb(nil, uint64(segments))),
		section(wasm.SectionCode, wasm.AppendBytes([]byte{1}, append(code, 0x0b))),
		section(wasm.SectionData, vector(segments, same(1, 0))))
}

// bounded are two modules whose memories are stacked. The code of the lower one is
// n accesses, each of which becomes several times as long.
func bounded(n int) [][]byte {
	code := append([]byte{0, 0x41, 0}, bytes.Repeat([]byte{0x28, 2, 0}, n)...)
	code = append(code, 0x1a, 0x0b)
	grows := []byte{0, 0x41, 0, 0x40, 0, 0x1a, 0x0b}
	module := func(max byte, body []byte) []byte {
		return sections(voidType, emptyFunction[0], section(wasm.SectionMemory, []byte{1, max, 1, 1}[:3+max]), export(link.Func, 0),
			section(wasm.SectionCode, wasm.AppendBytes([]byte{1}, body)))
	}
	return [][]byte{module(1, code), module(0, grows)}
}

// TestPeakOfLink links modules that are made to take much memory. It takes at
// most 16 MiB, four times the inputs, or six times the output where that is larger
// than they are, and 1 KiB for each module, import, function, global and segment,
// of which each module may have about 2 MiB in memory.
func TestPeakOfLink(t *testing.T) {
	nops := append(bytes.Repeat([]byte{0x01}, 34), 0x0b)
	data := sections(section(wasm.SectionMemory, []byte{1, 1, 1, 1}), export(link.Memory, 0),
		section(wasm.SectionData, vector(8000, same(0, 0x41, 0, 0x0b, 1, 'x'))))
	elements := sections(section(wasm.SectionTable, []byte{1, 0x70, 1, 1, 1}), export(link.Table, 0),
		section(wasm.SectionElement, vector(8000, same(0, 0x41, 0, 0x0b, 0))))
	globals := sections(section(wasm.SectionGlobal, vector(20_000, same(0x7f, 1, 0x41, 0, 0x0b))))
	for _, c := range []struct {
		name    string
		modules [][]byte
		how     string
		records int // in all
	}{
		{"empty modules", slices.Repeat([][]byte{sections()}, 2000), "stacked", 2000},
		{"importers", importers(50, 2000), "stacked", 50 * 2000},
		{"functions", slices.Repeat([][]byte{functions(20_000, append([]byte{0}, nops...)...)}, 10), "keep all", 0},
		{"tiny functions", slices.Repeat([][]byte{functions(20_000, 0, 0x0b)}, 20), "keep all", 20 * 20_000},
		{"data segments", slices.Repeat([][]byte{data}, 20), "apart", 20 * 8000},
		{"element segments", slices.Repeat([][]byte{elements}, 20), "stacked", 20 * 8000},
		{"globals", slices.Repeat([][]byte{globals}, 10), "keep all", 10 * 20_000},
		{"fillings of memories", slices.Repeat([][]byte{inits(10, 1000)}, 10), "stacked", 10 * 11_000},
		{"bounded accesses", bounded(1_000_000), "stacked", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			size := 0
			for _, b := range c.modules {
				size += len(b)
			}
			got, out := peak(t, c.modules, c.how)
			most := 16<<20 + 4*size + c.records<<10
			if out > size {
				most += 6*out - 4*size
			}
			t.Logf("%d KiB of %d for %d", got>>10, most>>10, size>>10)
			if got > most {
				t.Errorf("%d bytes for %d, which become %d; at most %d", got, size, out, most)
			}
		})
	}
}
