package wasm

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// NameMap gives the names in one index space.
type NameMap map[uint32]string

// IndirectNameMap gives the names in a space that each item of another has, such
// as the locals of each function. Items without names are left out.
type IndirectNameMap map[uint32]EncodedNames

// EncodedNames is a map of names as it is written: their number, and an index and
// a name for each. There may be many of these, and few want to know them singly.
type EncodedNames []byte

// Names is the content of the custom section "name". Indexes are as written and
// may be out of range.
// https://webassembly.github.io/spec/core/appendix/custom.html#name-section
type Names struct {
	Module   string
	Funcs    NameMap
	Locals   IndirectNameMap // by function
	Labels   IndirectNameMap // by function, in the order of the blocks
	Types    NameMap
	Tables   NameMap
	Memories NameMap
	Globals  NameMap
	Elems    NameMap
	Datas    NameMap
	Fields   IndirectNameMap // by type
	Tags     NameMap
}

// subsectionNames holds the names of the subsections by id.
var subsectionNames = [...]string{"module", "function", "local", "label", "type", "table",
	"memory", "global", "element", "data", "field", "tag"}

// flat gives the map of a subsection that is one.
func (n *Names) flat(id int) *NameMap {
	return [len(subsectionNames)]*NameMap{1: &n.Funcs, 4: &n.Types, 5: &n.Tables,
		6: &n.Memories, 7: &n.Globals, 8: &n.Elems, 9: &n.Datas, 11: &n.Tags}[id]
}

// indirect gives the map of a subsection that is an indirect one.
func (n *Names) indirect(id int) *IndirectNameMap {
	return [len(subsectionNames)]*IndirectNameMap{2: &n.Locals, 3: &n.Labels, 10: &n.Fields}[id]
}

// Names reads the module's name section. It is nil where there is none; a malformed
// one says nothing, as the specification has it.
func (m *Module) Names() *Names {
	for i := range m.Customs {
		if c := &m.Customs[i]; c.Name == nameSection {
			if names, err := ReadNames(c.Bytes); err == nil {
				return names
			}
		}
	}
	return nil
}

const nameSection = "name"

// ReadNames reads the content of a name section, which is the Bytes of the
// Custom of this name. Subsections of unknown ids are left out. EncodedNames
// alias b. A fault, and a map of more entries than MaxRecordBytes lets a section of
// this size have, is an *Error with an offset into b; the section should then be
// ignored, as the specification wants it.
func ReadNames(b []byte) (*Names, error) {
	r := nameReader{b: b, text: string(b), room: MaxRecordBytes + len(b)}
	n := &Names{}
	for last := -1; r.p < len(b) && r.err == nil; {
		id := int(b[r.p])
		if id <= last {
			r.fail(r.p, "subsection %d after %d", id, last)
		}
		last = id
		r.p++
		r.subsection(n, id)
	}
	if r.err != nil {
		return nil, r.err
	}
	return n, nil
}

// nameReader reads a name section; after the first fault err is set.
type nameReader struct {
	b    []byte
	text string // of b, which the names are parts of
	p    int
	room int // the bytes that maps may still take
	err  error
}

func (r *nameReader) fail(at int, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Section: SectionNone, Index: -1, Offset: at,
			Msg: "name section: " + fmt.Sprintf(format, args...)}
	}
}

func (r *nameReader) u32() uint32 {
	if r.err != nil {
		return 0
	}
	v, p := uleb32(r.b, r.p)
	if p < 0 {
		r.fail(r.p, "%s", faultTexts[p])
		return 0
	}
	r.p = p
	return uint32(v)
}

func (r *nameReader) name() string {
	n, start := r.u32(), r.p
	if uint64(n) > uint64(len(r.b)-start) {
		r.fail(start, "a name of %d bytes, %d left", n, len(r.b)-start)
		return ""
	}
	name := r.text[start:][:n]
	if !utf8.ValidString(name) {
		r.fail(start, "a name is not UTF-8")
	}
	r.p += int(n)
	return name
}

// subsection reads what stands behind an id. Its size bounds what is read.
func (r *nameReader) subsection(n *Names, id int) {
	size := r.u32()
	if uint64(size) > uint64(len(r.b)-r.p) {
		r.fail(r.p, "%d bytes claimed, %d left", size, len(r.b)-r.p)
		return
	}
	whole := r.b
	r.b = r.b[:r.p+int(size)]
	switch {
	case id == 0:
		n.Module = r.name()
	case id >= len(subsectionNames):
		r.p = len(r.b)
	case n.flat(id) != nil:
		*n.flat(id) = r.names()
	default:
		*n.indirect(id) = r.indirect()
	}
	if r.p != len(r.b) {
		r.fail(r.p, "%d bytes after the %s names", len(r.b)-r.p, subsectionNames[id])
	}
	r.b = whole
}

// mapEntry is what an entry takes in memory in a map that is half empty.
const mapEntry = 56

// entries reads a vector of an index and what value reads. Indexes must rise. Size
// is what an entry takes in memory.
func (r *nameReader) entries(size int, value func(i uint32)) {
	n := r.u32()
	last := int64(-1)
	for ; n > 0 && r.err == nil; n-- {
		at := r.p
		i := r.u32()
		if int64(i) <= last {
			r.fail(at, "index %d after %d", i, last)
		}
		last = int64(i)
		if r.room -= size; r.room < 0 {
			r.fail(at, "more names than are kept of a section of this size")
		}
		value(i)
	}
}

func (r *nameReader) names() NameMap {
	out := NameMap{}
	r.entries(mapEntry, func(i uint32) { out[i] = r.name() })
	return out
}

func (r *nameReader) indirect() IndirectNameMap {
	out := IndirectNameMap{}
	r.entries(mapEntry, func(i uint32) {
		start, n := r.p, 0
		r.entries(0, func(uint32) {
			r.name()
			n++
		})
		if n > 0 && r.err == nil {
			out[i] = EncodedNames(r.b[start:r.p:r.p])
		}
	})
	return out
}

// Append writes the content of a name section, indexes in rising order.
// Subsections without names are left out.
func (n *Names) Append(b []byte) []byte {
	for id := range subsectionNames {
		var content []byte
		switch {
		case id == 0 && n.Module != "":
			content = AppendName(nil, n.Module)
		case id == 0:
		case n.flat(id) != nil:
			content = appendNames(*n.flat(id))
		default:
			content = appendIndirectNames(*n.indirect(id))
		}
		if content != nil {
			b = AppendBytes(append(b, byte(id)), content)
		}
	}
	return b
}

// appendNames writes a map; nil for an empty one.
func appendNames(names NameMap) []byte {
	if len(names) == 0 {
		return nil
	}
	b := AppendUleb(nil, uint64(len(names)))
	for _, i := range slices.Sorted(maps.Keys(names)) {
		b = AppendName(AppendUleb(b, uint64(i)), names[i])
	}
	return b
}

// appendIndirectNames writes a map; nil for an empty one.
func appendIndirectNames(names IndirectNameMap) []byte {
	if len(names) == 0 {
		return nil
	}
	b := AppendUleb(nil, uint64(len(names)))
	for _, i := range slices.Sorted(maps.Keys(names)) {
		b = append(AppendUleb(b, uint64(i)), names[i]...)
	}
	return b
}
