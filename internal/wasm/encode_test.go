package wasm

import (
	"bytes"
	"strconv"
	"testing"
)

// aroundModules are modules with and without what EncodeAround writes before and
// behind bodies, with code sections of sizes where one takes a byte more.
func aroundModules() map[string]*Module {
	count := uint32(1)
	data := []Data{{Flags: 2, Offset: Expr{byte(OpI32Const), 0, byte(OpEnd)}, Init: []byte("data")}}
	customs := []Custom{{Name: "first", Bytes: []byte("1")}, {Name: "hints", Bytes: make([]byte, 130), After: SectionDataCount},
		{Name: "name", Bytes: []byte("n"), After: SectionCode}, {Name: "last", After: SectionData}}
	modules := map[string]*Module{
		"empty":          {},
		"data alone":     {Memories: []Limits{{Min: 1, PageSizeLog2: 16}}, Data: data},
		"customs alone":  {Customs: customs},
		"data and count": {DataCount: &count, Data: data, Customs: customs},
	}
	for _, size := range []int{2, 124, 125, 126, 127, 128, 129, 16379, 16380, 16381, 16382, 16383, 16384} {
		modules["a body of "+strconv.Itoa(size)] = &Module{Types: []SubType{{Kind: KindFunc}}, RecGroups: []RecGroup{{Count: 1}},
			Funcs: []TypeIndex{0, 0}, Code: []Body{{Bytes: bytes.Repeat([]byte{1}, size)}, {Bytes: []byte{0, byte(OpEnd)}}},
			Memories: []Limits{{Min: 1, PageSizeLog2: 16}}, DataCount: &count, Data: data, Customs: customs}
	}
	return modules
}

// around encodes a module around bodies that lie behind a room, with a capacity
// for so many bytes more. It wants the bodies to stay readable where they were.
func around(t *testing.T, m *Module, room, more int) []byte {
	t.Helper()
	b := bytes.Repeat([]byte{0xee}, room)
	for i := range m.Code {
		b = AppendBytes(b, m.Code[i].Bytes)
	}
	b = append(make([]byte, 0, len(b)+more), b...)
	cut, at := *m, room
	cut.Code = make([]Body, len(m.Code))
	for i := range m.Code {
		size := len(m.Code[i].Bytes)
		at += UlebSize(uint64(size))
		cut.Code[i].Bytes = b[at:][:size]
		at += size
	}
	out := cut.EncodeAround(b, room)
	for i := range m.Code {
		if !bytes.Equal(cut.Code[i].Bytes, m.Code[i].Bytes) {
			t.Errorf("room %d, %d more: body %d became % x", room, more, i, cut.Code[i].Bytes)
		}
	}
	return out
}

// TestEncodeAround: the module is the same whether there is room in front and
// behind, too little or too much.
func TestEncodeAround(t *testing.T) {
	for name, m := range aroundModules() {
		t.Run(name, func(t *testing.T) {
			want, bodies := m.Encode(), 0
			for i := range m.Code {
				bodies += len(AppendBytes(nil, m.Code[i].Bytes))
			}
			head := m.HeadSize()
			for _, room := range []int{0, 1, 8, head - 10, head - 9, head - 5, head - 1, head, head + 1, head + 100} {
				for _, more := range []int{0, 1, m.TailHint(), 1000} {
					if got := around(t, m, max(room, 0), more); !bytes.Equal(got, want) {
						t.Fatalf("room %d, %d more: % x, want % x", room, more, got, want)
					}
				}
			}
			e := encoder{m: m}
			tail := len(e.tail(nil))
			if before := len(want) - bodies - tail; head < before || head > before+10 {
				t.Errorf("%d bytes before the bodies are hinted at, there are %d", head, before)
			}
			if m.TailHint() < tail {
				t.Errorf("%d bytes behind the bodies are hinted at, there are %d", m.TailHint(), tail)
			}
		})
	}
}
