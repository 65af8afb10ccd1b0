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
// as the locals of each function.
type IndirectNameMap map[uint32]NameMap

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

// ReadNames reads the content of a name section, which is the Bytes of the
// Custom of this name. Subsections of unknown ids are left out. Names are copied.
// A fault is an *Error with an offset into b; the section should then be ignored,
// as the specification wants it.
func ReadNames(b []byte) (*Names, error) {
	r := nameReader{b: b}
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
	b   []byte
	p   int
	err error
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
	if !utf8.Valid(r.b[start:][:n]) {
		r.fail(start, "a name is not UTF-8")
	}
	r.p += int(n)
	return string(r.b[start:r.p])
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
		*n.flat(id) = entries(r, r.name)
	default:
		*n.indirect(id) = entries(r, func() NameMap { return entries(r, r.name) })
	}
	if r.p != len(r.b) {
		r.fail(r.p, "%d bytes after the %s names", len(r.b)-r.p, subsectionNames[id])
	}
	r.b = whole
}

// entries reads a vector of an index and a value. Indexes must rise.
func entries[T any](r *nameReader, value func() T) map[uint32]T {
	n := r.u32()
	out := map[uint32]T{}
	last := int64(-1)
	for ; n > 0 && r.err == nil; n-- {
		at := r.p
		i := r.u32()
		if int64(i) <= last {
			r.fail(at, "index %d after %d", i, last)
		}
		last = int64(i)
		out[i] = value()
	}
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

// appendIndirectNames writes a map; nil for one without names.
func appendIndirectNames(names IndirectNameMap) []byte {
	var items []byte
	n := 0
	for _, i := range slices.Sorted(maps.Keys(names)) {
		if inner := appendNames(names[i]); inner != nil {
			items = append(AppendUleb(items, uint64(i)), inner...)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return append(AppendUleb(nil, uint64(n)), items...)
}
