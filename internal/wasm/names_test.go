package wasm

import (
	"bytes"
	"reflect"
	"testing"
)

// TestNames reads and writes every subsection.
func TestNames(t *testing.T) {
	b := []byte{
		0, 2, 1, 'm',
		1, 8, 2, 0, 1, 'f', 0x80, 1, 1, 'g',
		2, 8, 1, 3, 2, 0, 1, 'x', 1, 0,
		3, 6, 1, 3, 1, 0, 1, 'l',
		4, 4, 1, 0, 1, 't', 5, 4, 1, 0, 1, 'u', 6, 4, 1, 0, 1, 'v', 7, 4, 1, 0, 1, 'w',
		8, 4, 1, 0, 1, 'y', 9, 4, 1, 0, 1, 'z',
		10, 6, 1, 2, 1, 1, 1, 'q',
		11, 4, 1, 0, 1, 'e',
	}
	names, err := ReadNames(b)
	if err != nil {
		t.Fatal(err)
	}
	want := &Names{
		Module: "m", Funcs: NameMap{0: "f", 128: "g"},
		Locals: IndirectNameMap{3: {2, 0, 1, 'x', 1, 0}}, Labels: IndirectNameMap{3: {1, 0, 1, 'l'}},
		Types: NameMap{0: "t"}, Tables: NameMap{0: "u"}, Memories: NameMap{0: "v"}, Globals: NameMap{0: "w"},
		Elems: NameMap{0: "y"}, Datas: NameMap{0: "z"}, Fields: IndirectNameMap{2: {1, 1, 1, 'q'}}, Tags: NameMap{0: "e"},
	}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("%+v\nwant %+v", names, want)
	}
	if out := names.Append(nil); !bytes.Equal(out, b) {
		t.Errorf("% x\nwas % x", out, b)
	}
	unknown, err := ReadNames(append(bytes.Clone(b), 77, 1, 0))
	if err != nil || !reflect.DeepEqual(unknown, want) {
		t.Errorf("with an unknown subsection: %v, %v", unknown, err)
	}
	for _, b := range [][]byte{nil, {1, 1, 0}, {2, 1, 0}, {2, 3, 1, 7, 0}} {
		none, err := ReadNames(b)
		if err != nil || none.Append(nil) != nil {
			t.Errorf("% x: %v, written as % x", b, err, none.Append(nil))
		}
	}
}

// TestNamesErrors refuses malformed sections in little memory.
func TestNamesErrors(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{[]byte{1}, "at byte 0x1: name section: cut off"},
		{[]byte{1, 5, 0}, "at byte 0x2: name section: 5 bytes claimed, 1 left"},
		{[]byte{1, 1, 0, 1, 1, 0}, "at byte 0x3: name section: subsection 1 after 1"},
		{[]byte{0, 2, 5, 'a'}, "at byte 0x3: name section: a name of 5 bytes, 1 left"},
		{[]byte{0, 2, 1, 0xff}, "at byte 0x3: name section: a name is not UTF-8"},
		{[]byte{0, 3, 1, 'a', 0}, "at byte 0x4: name section: 1 bytes after the module names"},
		{[]byte{1, 7, 2, 1, 1, 'a', 1, 1, 'b'}, "at byte 0x6: name section: index 1 after 1"},
		{append([]byte{1, 5}, lie...), "at byte 0x7: name section: cut off"},
		{append([]byte{2, 7, 1, 0}, lie...), "at byte 0x9: name section: cut off"},
	} {
		var err error
		used := allocated(func() { _, err = ReadNames(c.b) })
		if err == nil || err.Error() != c.want || used > 16<<10 {
			t.Errorf("% x: %v with %d bytes, want %s", c.b, err, used, c.want)
		}
	}
}

// TestManyNames reads as many short names as fit, in bounded memory.
func TestManyNames(t *testing.T) {
	entries := func(n int, entry ...byte) []byte {
		b := AppendUleb(nil, uint64(n))
		for i := range n {
			b = append(AppendUleb(b, uint64(i)), entry...)
		}
		return b
	}
	section := func(id byte, n int, entry ...byte) []byte { return AppendBytes([]byte{id}, entries(n, entry...)) }
	for _, c := range []struct {
		name string
		b    []byte
		ok   bool
	}{
		{"functions", section(1, 35_000, 1, 'f'), true},
		{"too many functions", section(1, 1_000_000, 0), false},
		{"long names", section(1, 300_000, append([]byte{60}, make([]byte, 60)...)...), true},
		{"locals of many functions", section(2, 35_000, 1, 0, 0), true},
		{"locals of too many functions", section(2, 500_000, 1, 0, 0), false},
		{"functions without locals", section(2, 500_000, 0), false},
		{"many locals", section(2, 1, entries(1_000_000, 0)...), true},
	} {
		var err error
		used := allocated(func() { _, err = ReadNames(c.b) })
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if most := uint64(16<<20 + 3*len(c.b)); used > most {
			t.Errorf("%s: %d bytes allocated for %d, at most %d", c.name, used, len(c.b), most)
		}
	}
}
