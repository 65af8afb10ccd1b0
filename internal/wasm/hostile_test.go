package wasm

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files and the seeds")

// module puts sections behind a header.
func module(sections ...[]byte) []byte {
	return append(bytes.Clone(header), bytes.Join(sections, nil)...)
}

func section(id SectionID, content ...byte) []byte {
	return AppendSection(nil, id, content)
}

var (
	oneType   = section(SectionType, 1, 0x60, 0, 0)
	oneFunc   = section(SectionFunction, 1, 0)
	oneTable  = section(SectionTable, 1, 0x70, 0, 1)
	oneMemory = section(SectionMemory, 1, 0, 1)
	oneBody   = section(SectionCode, 1, 2, 0, 0x0b)
)

// The longest count that fits 32 bits.
var lie = []byte{0xff, 0xff, 0xff, 0xff, 0x0f}

// hostile are inputs that must be refused, with the text of the error.
var hostile = []struct {
	name  string
	input []byte
	want  string
}{
	{"empty", nil, "at byte 0x0: not a WebAssembly module"},
	{"text", []byte("(module)"), "at byte 0x0: not a WebAssembly module"},
	{"header-cut", header[:6], "at byte 0x6: the header is cut off: not a WebAssembly module"},
	{"version-2", []byte("\x00asm\x02\x00\x00\x00"), "at byte 0x4: version 02 00 00 00: not a WebAssembly module"},
	{"component", []byte("\x00asm\x0d\x00\x01\x00"), "at byte 0x4: a component, not a core module"},
	{"gzip", []byte("\x1f\x8b\x08\x00"), "at byte 0x0: gzip data; decompress it first"},

	{"section-id", module(section(14)), "unknown (id 14) section, at byte 0x8: no such section"},
	{"section-cut", module([]byte{1}), "type section, at byte 0x8: size: cut off"},
	{"section-size", module([]byte{1, 9, 0}), "type section, at byte 0x8: 9 bytes claimed, 1 left in the input"},
	{"section-size-lie", module([]byte{1}, lie), "type section, at byte 0x8: 4294967295 bytes claimed, 0 left in the input"},
	{"section-size-wide", module([]byte{1, 0x80, 0x80, 0x80, 0x80, 0x10}), "type section, at byte 0x8: size: integer beyond its width"},
	{"section-twice", module(oneType, oneType), "type section, at byte 0xe: declared twice"},
	{"section-order", module(oneMemory, oneTable), "table section, at byte 0xd: must stand before the memory section"},
	{"tag-after-global", module(oneType, section(SectionGlobal, 0), section(SectionTag, 1, 0, 0)), "tag section, at byte 0x11: must stand before the global section"},
	{"tag-before-memory", module(oneType, section(SectionTag, 1, 0, 0), oneMemory), "memory section, at byte 0x13: must stand before the tag section"},
	{"datacount-after-code", module(section(SectionCode, 0), section(SectionDataCount, 0)), "data count section, at byte 0xb: must stand before the code section"},
	{"section-rest", module(section(SectionType, 0, 0)), "type section, at byte 0xb: 1 bytes after the content"},
	{"custom-empty", module(section(SectionCustom)), "custom section, at byte 0xa: the section ends within an item"},
	{"custom-name", module(section(SectionCustom, 5, 'a')), "custom section, at byte 0xb: 5 bytes claimed, 1 left in the section"},
	{"custom-utf8", module(section(SectionCustom, 1, 0xff)), "custom section, at byte 0xa: a name is not UTF-8"},

	{"bomb-types", module([]byte{1, 4, 0xff, 0xff, 0xff, 0x7f}), "type section, at byte 0xa: 268435455 items, at most 100000"},
	{"bomb-imports", module(section(SectionImport, 0xc0, 0x84, 0x3d)), "import section, at byte 0xa: 1000000 items claimed, 0 bytes left in the section"},
	{"bomb-functions", module(section(SectionFunction, 0xc0, 0x84, 0x3d)), "function section, at byte 0xa: 1000000 items claimed, 0 bytes left in the section"},
	{"bomb-params", module(section(SectionType, 1, 0x60, 0xe8, 7)), "type section, type 0, at byte 0xc: 1000 items claimed, 0 bytes left in the section"},
	{"bomb-group", module(section(SectionType, 1, 0x4e, 0xa0, 0x8d, 6)), "type section, type 0, at byte 0xc: 100000 items claimed, 0 bytes left in the section"},
	{"bomb-elems", module(oneTable, section(SectionElement, 1, 0, 0x41, 0, 0x0b, 0x80, 0xad, 0xe2, 4)), "element section, segment 0, at byte 0x15: 10000000 items claimed, 0 bytes left in the section"},
	{"bomb-data", module(section(SectionData, append([]byte{1, 1}, lie...)...)), "data section, segment 0, at byte 0x11: 4294967295 bytes claimed, 0 left in the section"},
	{"bomb-body", module(oneType, oneFunc, section(SectionCode, append([]byte{1}, lie...)...)), "code section, body 0, at byte 0x1a: 4294967295 bytes claimed, 0 left in the section"},
	{"bomb-name", module(section(SectionImport, append([]byte{1}, lie...)...)), "import section, import 0, at byte 0xb: a name of 4294967295 bytes, at most 100000"},

	{"type-form", module(section(SectionType, 1, 0x61)), "type section, type 0, at byte 0xb: 0x61 is no form of a type"},
	{"type-shared", module(section(SectionType, 1, 0x65, 0x60, 0, 0)), "type section, type 0, at byte 0xb: a shared type (shared-everything-threads proposal): not supported"},
	{"type-describes", module(section(SectionType, 1, 0x4c, 0)), "type section, type 0, at byte 0xb: a type with a descriptor (custom-descriptors proposal): not supported"},
	{"type-descriptor", module(section(SectionType, 1, 0x4d, 0)), "type section, type 0, at byte 0xb: a type with a descriptor (custom-descriptors proposal): not supported"},
	{"type-value", module(section(SectionType, 1, 0x60, 1, 0x7a, 0)), "type section, type 0, at byte 0xd: invalid value type"},
	{"type-exact", module(section(SectionType, 1, 0x60, 1, 0x63, 0x62, 0, 0)), "type section, type 0, at byte 0xd: an exact heap type (custom-descriptors proposal) is not supported"},
	{"type-forward", module(section(SectionType, 1, 0x60, 1, 0x63, 1, 0)), "type section, type 0, at byte 0xd: type 1 of 1"},
	{"type-super", module(section(SectionType, 1, 0x50, 1, 0, 0x60, 0, 0)), "type section, type 0, at byte 0xd: supertype 0 of 0"},
	{"type-supers", module(section(SectionType, 1, 0x50, 2, 0, 0, 0x60, 0, 0)), "type section, type 0, at byte 0xc: 2 items, at most 1"},
	{"type-field", module(section(SectionType, 1, 0x5e, 0x78, 2)), "type section, type 0, at byte 0xd: mutability: 0x02 is neither 0 nor 1"},
	{"type-cont", module(section(SectionType, 1, 0x5d, 0x70)), "type section, type 0, at byte 0xc: a continuation of heap type func, of 1 types"},

	{"import-kind", module(section(SectionImport, 1, 0, 1, 'a', 9)), "import section, import 0, at byte 0xe: 0x09 is no kind of an import"},
	{"import-compact", module(section(SectionImport, 1, 1, 'a', 0, 0x7f, 1, 1, 'b', 0, 0)), "import section, import 0, at byte 0xe: a group of imports (compact-import-section proposal): not supported"},
	{"import-exact", module(oneType, section(SectionImport, 1, 0, 0, 0x20, 0)), "import section, import 0, at byte 0x13: an import of an exact function (custom-descriptors proposal): not supported"},
	{"import-type", module(section(SectionImport, 1, 0, 0, 0, 0)), "import section, import 0, at byte 0xe: type 0 of 0"},
	{"import-name-utf8", module(section(SectionImport, 1, 1, 0xc0, 0, 0, 0)), "import section, import 0, at byte 0xb: a name is not UTF-8"},
	{"function-struct", module(section(SectionType, 1, 0x5f, 0), oneFunc, oneBody), "function section, function 0, at byte 0x10: type 0 is not a function type"},

	{"table-type", module(section(SectionTable, 1, 0x7f, 0, 1)), "table section, table 0, at byte 0xb: i32 is not a reference type"},
	{"table-size", module(section(SectionTable, 1, 0x70, 0, 0x81, 0xad, 0xe2, 4)), "table section, table 0, at byte 0xc: a table of 10000001 elements, at most 10000000"},
	{"table-form", module(section(SectionTable, 1, 0x40, 1, 0x70, 0, 1)), "table section, table 0, at byte 0xb: a table of form 0x40 0x01"},
	{"memory-flags", module(section(SectionMemory, 1, 0x10, 1)), "memory section, memory 0, at byte 0xb: limits with flags 0x10"},
	{"memory-size", module(section(SectionMemory, 1, 0, 0x81, 0x80, 4)), "memory section, memory 0, at byte 0xb: 65537 pages, at most 65536"},
	{"memory-max", module(section(SectionMemory, 1, 1, 2, 1)), "memory section, memory 0, at byte 0xb: a minimum of 2 above the maximum of 1"},
	{"memory-shared", module(section(SectionMemory, 1, 2, 1)), "memory section, memory 0, at byte 0xb: shared without a maximum"},
	{"memory-page", module(section(SectionMemory, 1, 8, 1, 12)), "memory section, memory 0, at byte 0xb: pages of 2^12 bytes; the custom-page-sizes proposal has 2^0 and 2^16"},
	{"tag-attribute", module(oneType, section(SectionTag, 1, 1, 0)), "tag section, tag 0, at byte 0x11: a tag with attribute 0x01"},

	{"global-flags", module(section(SectionGlobal, 1, 0x7f, 4, 0x41, 0, 0x0b)), "global section, global 0, at byte 0xc: a global with flags 0x04"},
	{"global-self", module(section(SectionGlobal, 1, 0x7f, 0, 0x23, 0, 0x0b)), "global section, global 0, at byte 0xd: global 0 of 0"},
	{"global-call", module(section(SectionGlobal, 1, 0x7f, 0, 0x10, 0, 0x0b)), "global section, global 0, at byte 0xd: call in a constant expression"},
	{"global-block", module(section(SectionGlobal, 1, 0x7f, 0, 0x02, 0x40, 0x0b, 0x0b)), "global section, global 0, at byte 0xd: block in a constant expression"},
	{"global-open", module(section(SectionGlobal, 1, 0x7f, 0, 0x41, 0)), "global section, global 0, at byte 0xf: the code stops with 1 blocks open"},
	{"global-func", module(section(SectionGlobal, 1, 0x70, 0, 0xd2, 0, 0x0b)), "global section, global 0, at byte 0xd: function 0 of 0"},
	{"global-wide", module(section(SectionGlobal, 1, 0x7f, 0, 0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b)), "global section, global 0, at byte 0xd: i32.const: integer beyond its width"},

	{"export-twice", module(oneMemory, section(SectionExport, 2, 1, 'a', 2, 0, 1, 'a', 2, 0)), `export section, export 1, at byte 0x14: "a" is exported twice`},
	{"export-index", module(oneMemory, section(SectionExport, 1, 1, 'a', 2, 1)), "export section, export 0, at byte 0x13: memory 1 of 1"},
	{"export-kind", module(section(SectionExport, 1, 0, 5, 0)), "export section, export 0, at byte 0xc: 0x05 is no kind of an export"},
	{"start-index", module(section(SectionStart, 0)), "start section, at byte 0xa: function 0 of 0"},

	{"elem-flags", module(section(SectionElement, 1, 8)), "element section, segment 0, at byte 0xb: an element segment with flags 0x8"},
	{"elem-no-table", module(section(SectionElement, 1, 0, 0x41, 0, 0x0b, 0)), "element section, segment 0, at byte 0xc: an active segment without a table"},
	{"elem-kind", module(section(SectionElement, 1, 1, 1, 0)), "element section, segment 0, at byte 0xc: element kind 0x01"},
	{"elem-func", module(section(SectionElement, 1, 1, 0, 1, 7)), "element section, segment 0, at byte 0xe: function 7 of 0"},
	{"data-flags", module(section(SectionData, 1, 3)), "data section, segment 0, at byte 0xb: a data segment with flags 0x3"},
	{"data-no-memory", module(section(SectionData, 1, 0, 0x41, 0, 0x0b, 0)), "data section, segment 0, at byte 0xb: an active segment without a memory"},
	{"data-memory", module(oneMemory, section(SectionData, 1, 2, 1, 0x41, 0, 0x0b, 0)), "data section, segment 0, at byte 0x11: memory 1 of 1"},
	{"datacount", module(section(SectionDataCount, 1)), "data section, at byte 0xb: 0 segments, 1 were announced"},

	{"body-missing", module(oneType, oneFunc), "code section, at byte 0x12: 0 bodies for 1 functions"},
	{"body-extra", module(oneBody), "code section, at byte 0xe: 1 bodies for 0 functions"},
	{"body-empty", module(oneType, oneFunc, section(SectionCode, 1, 0)), "code section, body 0, at byte 0x16: a body that does not end in an end"},
	{"body-no-end", module(oneType, oneFunc, section(SectionCode, 1, 2, 0, 0)), "code section, body 0, at byte 0x16: a body that does not end in an end"},
}

// TestHostile refuses each input with the error that it deserves and allocates
// in proportion to the input.
func TestHostile(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			var m *Module
			var err error
			used := allocated(func() { m, err = Read(c.input) })
			if err == nil || m != nil {
				t.Fatalf("accepted: %+v", m)
			}
			if err.Error() != c.want {
				t.Errorf("error  %s\n want  %s", err, c.want)
			}
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(c.input) {
				t.Errorf("%#v is no Error with an offset in the input", err)
			}
			if most := allocationBound(len(c.input)); used > most {
				t.Errorf("%d bytes allocated for %d, at most %d", used, len(c.input), most)
			}
		})
	}
}

// allocated is the number of bytes that f takes from the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// allocationBound is what Read may take for an input of n bytes. An import takes
// four bytes in the input and about 150 in memory, and a slice that grows is
// copied two or three times.
func allocationBound(n int) uint64 { return uint64(64<<10 + 512*n) }

// TestHostileKinds finds the cause in the errors that stand for kinds of input.
func TestHostileKinds(t *testing.T) {
	want := map[string]error{
		"empty": ErrNotWasm, "version-2": ErrNotWasm, "component": ErrComponent, "gzip": ErrCompressed,
		"type-shared": ErrUnsupported, "import-compact": ErrUnsupported, "import-exact": ErrUnsupported,
	}
	for _, c := range hostile {
		_, err := Read(c.input)
		for _, kind := range []error{ErrNotWasm, ErrComponent, ErrCompressed, ErrUnsupported} {
			if w := want[c.name]; w != nil && errors.Is(err, kind) != (kind == w) {
				t.Errorf("%s: %v is %v: %v", c.name, err, kind, errors.Is(err, kind))
			}
		}
	}
}

// TestHostileLocals refuses bodies whose locals would not fit a machine.
func TestHostileLocals(t *testing.T) {
	for _, c := range []struct {
		name string
		body []byte
		want string
	}{
		{"four billion", append(append([]byte{1}, lie...), 0x7f, 0x0b), "at byte 0x101: 4294967295 locals, at most 50000"},
		{"two runs", []byte{2, 0xa8, 0xc3, 1, 0x7f, 0xa9, 0xc3, 1, 0x7f, 0x0b}, "at byte 0x105: 50001 locals, at most 50000"},
		{"runs beyond 2^32", append(append([]byte{2}, bytes.Repeat(append(bytes.Clone(lie), 0x7f), 2)...), 0x0b), "at byte 0x101: 4294967295 locals, at most 50000"},
		{"runs claimed", append(bytes.Clone(lie), 0x0b), "at byte 0x100: locals: more items claimed than bytes left"},
		{"type", []byte{1, 1, 0x40, 0x0b}, "at byte 0x100: locals: invalid value type"},
		{"cut", []byte{1, 0x0b}, "at byte 0x100: locals: cut off"},
	} {
		var err error
		used := allocated(func() { _, _, _, err = Body{Bytes: c.body, Offset: 0x100}.Locals() })
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if used > 4096 {
			t.Errorf("%s: %d bytes allocated", c.name, used)
		}
	}
}

// TestLocals reads runs up to the cap.
func TestLocals(t *testing.T) {
	body := Body{Bytes: []byte{3, 0xa8, 0xc3, 1, 0x7f, 0, 0x7e, 0xa8, 0xc3, 1, 0x63, 0x70, 0x01, 0x0b}, Offset: 10}
	runs, code, offset, err := body.Locals()
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint([]LocalRun{{25000, I32}, {0, I64}, {25000, ValType{0x63, -16}}})
	if fmt.Sprint(runs) != want || !bytes.Equal(code, []byte{0x01, 0x0b}) || offset != 22 {
		t.Errorf("%v, code % x at %d", runs, code, offset)
	}
	if again := AppendLocals(nil, runs); !bytes.Equal(again, body.Bytes[:12]) {
		t.Errorf("encoded as % x", again)
	}
}

// TestSeeds keeps the seeds of the fuzz targets equal to the table above and to a
// few good modules.
func TestSeeds(t *testing.T) {
	for _, c := range hostile {
		checkSeed(t, "FuzzRead", c.name, c.input)
	}
	for name, b := range goodModules() {
		checkSeed(t, "FuzzRead", "good-"+name, b)
		checkSeed(t, "FuzzAgreement", "good-"+name, b)
	}
}

// checkSeed compares a seed's file with what it should be, or writes it.
func checkSeed(t *testing.T, target, name string, b []byte) {
	path := filepath.Join("testdata/fuzz", target, name)
	want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", b)
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(want), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is missing or stale (%v): go test ./internal/wasm -run Seeds -update", path, err)
	}
}

// checkNames reads a section as names; what is read must survive Append.
func checkNames(t *testing.T, b []byte) {
	names, err := ReadNames(b)
	if err != nil {
		return
	}
	out := names.Append(nil)
	again, err := ReadNames(out)
	if err != nil || !bytes.Equal(again.Append(nil), out) {
		t.Errorf("names % x become % x: %v", b, out, err)
	}
}

// FuzzRead feeds Read with anything. It must not panic nor take more memory than
// the input justifies, and what it reads must survive Encode.
func FuzzRead(f *testing.F) {
	for _, path := range findFiles(f, "../../corpus/bin", ".wasm") {
		if b := readFile(f, path); len(b) < 64<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m *Module
		var err error
		used := allocated(func() { m, err = Read(b) })
		if most := allocationBound(len(b)); used > most {
			t.Errorf("%d bytes allocated for %d, at most %d", used, len(b), most)
		}
		if err != nil {
			if strings.Contains(err.Error(), "%!") || m != nil {
				t.Errorf("module %v, error %v", m, err)
			}
			return
		}
		_, walkErr := walkBodies(m)
		out := m.Encode()
		again, err := Read(out)
		if err != nil {
			t.Fatalf("encoded: %v", err)
		}
		if !bytes.Equal(again.Encode(), out) {
			t.Error("a second Encode differs")
		}
		if !reflect.DeepEqual(withoutOffsets(again), withoutOffsets(m)) {
			t.Errorf("another module after Encode: %+v, was %+v", again, m)
		}
		if _, err := walkBodies(again); (err == nil) != (walkErr == nil) {
			t.Errorf("bodies: %v, before %v", err, walkErr)
		}
		m.Features()
		for _, c := range m.Customs {
			checkNames(t, c.Bytes)
		}
	})
}
