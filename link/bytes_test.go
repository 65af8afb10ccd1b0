package link_test

import (
	"bytes"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// ways are options that what is drawn by hand is linked with.
var ways = map[string]link.Options{
	"stacked":  {Conflicts: link.Rename},
	"apart":    {Conflicts: link.Rename, Memories: link.Apart, Tables: link.Apart},
	"keep all": {Conflicts: link.Rename, KeepAll: true},
}

// sections is a module of them.
func sections(list ...[]byte) []byte {
	return append([]byte("\x00asm\x01\x00\x00\x00"), bytes.Join(list, nil)...)
}

// vector writes n items; each gets its number.
func vector(n int, item func(b []byte, i int) []byte) []byte {
	b := wasm.AppendUleb(nil, uint64(n))
	for i := range n {
		b = item(b, i)
	}
	return b
}

func same(item ...byte) func([]byte, int) []byte {
	return func(b []byte, _ int) []byte { return append(b, item...) }
}

func section(id wasm.SectionID, content []byte) []byte { return wasm.AppendSection(nil, id, content) }

func export(kind link.Kind, index uint32) []byte {
	return section(wasm.SectionExport, wasm.AppendUleb(append(wasm.AppendName([]byte{1}, "f"), byte(kind)), uint64(index)))
}

// voidType is a section of one type, of functions without parameters and results.
var voidType = section(wasm.SectionType, []byte{1, 0x60, 0, 0})
