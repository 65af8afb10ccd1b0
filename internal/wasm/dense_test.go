package wasm

import (
	"bytes"
	"strings"
	"testing"
)

// repeated is a section of n equal items.
func repeated(id SectionID, n int, item ...byte) []byte {
	return AppendSection(nil, id, append(AppendUleb(nil, uint64(n)), bytes.Repeat(item, n)...))
}

// functions are n of them with the same body.
func functions(n int, body ...byte) []byte {
	return module(oneType, repeated(SectionFunction, n, 0), repeated(SectionCode, n, append([]byte{byte(len(body))}, body...)...))
}

// exports gives the memory n names of three bytes or so.
func exports(n int) []byte {
	content := AppendUleb(nil, uint64(n))
	for i := range n {
		content = append(AppendName(content, string(AppendUleb(nil, uint64(i)&0x7f|uint64(i)>>7<<8))), byte(ExternMemory), 0)
	}
	return module(oneMemory, AppendSection(nil, SectionExport, content))
}

// dense are modules whose records take many times their bytes. What is kept of a
// module is bounded, so that refused is the section where it is too much; where it
// is empty the module can be read.
type denseModule struct {
	name    string
	input   []byte
	refused string
}

func dense() []denseModule {
	return []denseModule{
		{"types", module(repeated(SectionType, 100_000, 0x60, 0, 0)), "type"},
		{"types of many parameters", module(repeated(SectionType, 1000, append([]byte{0x60, 0xe8, 7}, append(bytes.Repeat([]byte{0x7f}, 1000), 0)...)...)), "type"},
		{"groups of no types", module(repeated(SectionType, 15_000, 0x4e, 0)), ""},
		{"groups of one type", module(repeated(SectionType, 100_000, 0x4e, 1, 0x60, 0, 0)), "type"},
		{"imports", module(oneType, repeated(SectionImport, 1_000_000, 0, 0, 0, 0)), "import"},
		{"functions", functions(900_000, 0, 0x0b), "function"},
		{"functions as many as fit", functions(50_000, 0, 0x0b), ""},
		{"functions of forty bytes", functions(1_000_000, append(bytes.Repeat([]byte{0x01}, 38), 0x0b)...), ""},
		{"tables", module(repeated(SectionTable, 100_000, 0x70, 0, 0)), "table"},
		{"memories", module(repeated(SectionMemory, 100, 0, 1)), ""},
		{"tags", module(oneType, repeated(SectionTag, 100_000, 0, 0)), ""},
		{"globals", module(repeated(SectionGlobal, 1_000_000, 0x7f, 0, 0x41, 0, 0x0b)), "global"},
		{"exports", exports(500_000), "export"},
		{"element segments", module(oneTable, repeated(SectionElement, 100_000, 1, 0, 0)), "element"},
		{"elements", module(oneType, oneFunc, AppendSection(nil, SectionElement, append(append([]byte{1, 1, 0}, AppendUleb(nil, 4_000_000)...),
			make([]byte, 4_000_000)...)), oneBody), "element"},
		{"elements by expression", module(AppendSection(nil, SectionElement, append(append([]byte{1, 5, 0x70}, AppendUleb(nil, 1_000_000)...),
			bytes.Repeat([]byte{0xd0, 0x70, 0x0b}, 1_000_000)...))), "element"},
		{"data segments", module(repeated(SectionData, 100_000, 1, 0)), "data"},
		{"custom sections", module(bytes.Repeat([]byte{0, 1, 0}, 500_000)), "custom"},
	}
}

// TestDense takes no more memory, all together and with what is freed again, than
// four times the input, itself included, and 16 MiB.
func TestDense(t *testing.T) {
	for _, c := range dense() {
		t.Run(c.name, func(t *testing.T) {
			var m *Module
			var err error
			used := allocated(func() { m, err = Read(c.input) })
			t.Logf("%d KiB for %d", used>>10, len(c.input)>>10)
			if most := uint64(16<<20 + 3*len(c.input)); used > most {
				t.Errorf("%d bytes allocated for %d, at most %d", used, len(c.input), most)
			}
			switch {
			case c.refused == "" && err != nil:
				t.Error(err)
			case c.refused != "" && (m != nil || err == nil || !strings.HasPrefix(err.Error(), c.refused+" section, ") ||
				!strings.Contains(err.Error(), "more than is kept of a module of this size")):
				t.Errorf("error %v", err)
			}
		})
	}
}
