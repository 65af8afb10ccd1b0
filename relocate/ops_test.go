package relocate_test

import (
	"bytes"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// renumber gives the number to write for number i of an index space, which a
// letter names: t types, f functions, T tables, m memories, g globals, x tags,
// e element segments, d data segments; any other letter is no index.
type renumber func(space byte, i uint32) uint32

func unmoved(_ byte, i uint32) uint32 { return i }

// moved is what movedMap does. Several numbers need more bytes than before.
func moved(space byte, i uint32) uint32 {
	first, ok := map[byte]uint32{'t': 70, 'f': 130, 'T': 3, 'm': 1, 'g': 16400, 'x': 8, 'e': 200, 'd': 6}[space]
	if !ok {
		return i
	}
	return first + 2 - i // there are three of each, and their order turns round
}

func movedMap() *relocate.Map {
	space := func(b byte) relocate.Space {
		return relocate.NewSpace([]uint32{moved(b, 0), moved(b, 1), moved(b, 2)})
	}
	return &relocate.Map{
		Types: space('t'), Funcs: space('f'), Tables: space('T'), Memories: space('m'),
		Globals: space('g'), Tags: space('x'), Elems: space('e'), Datas: space('d'), Verbatim: true,
	}
}

// letters are the spaces of the kinds of immediates that are numbers only.
var letters = map[wasm.Imm]string{
	wasm.ImmNone: "", wasm.ImmFence: "0", wasm.ImmLane: "2",
	wasm.ImmLabel: "l", wasm.ImmFunc: "f", wasm.ImmType: "t", wasm.ImmTable: "T", wasm.ImmLocal: "l",
	wasm.ImmGlobal: "g", wasm.ImmTag: "x", wasm.ImmMemory: "m", wasm.ImmData: "d", wasm.ImmElem: "e",
	wasm.ImmTypeTable: "tT", wasm.ImmTableTable: "TT", wasm.ImmMemoryMemory: "mm", wasm.ImmDataMemory: "dm",
	wasm.ImmElemTable: "eT", wasm.ImmTypeField: "tl", wasm.ImmTypeN: "tl", wasm.ImmTypeData: "td",
	wasm.ImmTypeElem: "te", wasm.ImmTypeType: "tt", wasm.ImmTypeTag: "tx",
	wasm.ImmOrderingGlobal: "1g", wasm.ImmOrderingTable: "1T", wasm.ImmOrderingType: "1t", wasm.ImmOrderingField: "1tl",
	wasm.ImmI32: "5", wasm.ImmI64: "5", wasm.ImmF32: "0000", wasm.ImmF64: "00000000",
	wasm.ImmV128: "1111111111111111", wasm.ImmShuffle: "3333333333333333",
	wasm.ImmMemarg: "@m7", wasm.ImmMemargLane: "@m72",
}

// sample is an instruction with immediates that name entities 1 and 2 of their
// spaces, renumbered; nil for a kind of immediates that the test does not know.
func sample(op wasm.Op, to renumber) []byte {
	info, _ := op.Info()
	b := op.Append(nil)
	if spaces, ok := letters[info.Imm]; ok {
		next := uint32(0)
		for _, letter := range []byte(spaces) {
			switch {
			case letter == '@': // alignment 0, with a memory index
				b = append(b, 0x40)
			case letter <= '9':
				b = append(b, letter-'0')
			default:
				next++
				b = wasm.AppendUleb(b, uint64(to(letter, next)))
			}
		}
		return b
	}
	ref := func(null byte, i uint32) []byte { return wasm.AppendSleb([]byte{null}, int64(to('t', i))) }
	heap := func(i uint32) []byte { return wasm.AppendSleb(nil, int64(to('t', i))) }
	tag := func(i uint32) []byte { return wasm.AppendUleb(nil, uint64(to('x', i))) }
	join := func(parts ...[]byte) []byte { return append(b, bytes.Join(parts, nil)...) }
	switch info.Imm {
	case wasm.ImmBlockType:
		return join(ref(0x63, 1)) // as an index: TestBody
	case wasm.ImmHeapType:
		return join(heap(2))
	case wasm.ImmBrTable:
		return join([]byte{2, 0, 1, 0})
	case wasm.ImmValTypes:
		return join([]byte{2, 0x7f}, ref(0x64, 2))
	case wasm.ImmTryTable:
		return join(heap(1), []byte{4, 0}, tag(1), []byte{0, 1}, tag(2), []byte{0, 2, 0, 3, 0})
	case wasm.ImmBrOnCast:
		return join([]byte{3, 0}, heap(1), heap(2))
	case wasm.ImmResume:
		return join(wasm.AppendUleb(nil, uint64(to('t', 1))), []byte{2, 0}, tag(1), []byte{0, 1}, tag(2))
	case wasm.ImmResumeThrow:
		return join(wasm.AppendUleb(nil, uint64(to('t', 1))), tag(2), []byte{1, 0}, tag(1), []byte{0})
	}
	return nil
}

// sampleBody holds the sample inside of what it needs around it.
func sampleBody(op wasm.Op, to renumber) []byte {
	in := sample(op, to)
	switch op {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry, wasm.OpTryTable:
		in = append(in, byte(wasm.OpEnd))
	case wasm.OpDelegate:
		in = append(wasmtest.Code("try void end")[:2], in...)
	case wasm.OpEnd:
		in = nil
	}
	return append(append([]byte{0, byte(wasm.OpNop)}, in...), byte(wasm.OpNop), byte(wasm.OpEnd))
}

// TestEveryInstruction renumbers each instruction that there is.
func TestEveryInstruction(t *testing.T) {
	m := movedMap()
	n := 0
	for _, op := range allOps() {
		if sample(op, unmoved) == nil {
			t.Errorf("%s: no sample for its kind of immediates", op)
			continue
		}
		n++
		in, want := sampleBody(op, unmoved), sampleBody(op, moved)
		var r relocate.Report
		got, err := m.Func(nil, wasm.Body{Bytes: in}, &wasm.SubType{}, &r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: % x became\n% x, want\n% x, error %v", op, in, got, want, err)
		}
		if r.Growth.Total() != len(want)-len(in) {
			t.Errorf("%s: growth %+v, want %d in all", op, r.Growth, len(want)-len(in))
		}
		same := identityMap()
		if got, err := same.Func(nil, wasm.Body{Bytes: in}, &wasm.SubType{}, nil); err != nil || !bytes.Equal(got, in) {
			t.Errorf("%s: % x became % x under the identity, error %v", op, in, got, err)
		}
	}
	if n < 600 {
		t.Errorf("only %d instructions", n)
	}
}

// TestEveryInstructionRefuses: an index that the output lacks is an error in
// every place where one can stand.
func TestEveryInstructionRefuses(t *testing.T) {
	for _, op := range allOps() {
		if bytes.Equal(sampleBody(op, unmoved), sampleBody(op, moved)) {
			continue // no index in it
		}
		for _, space := range []byte("tfTmgxed") {
			only := func(s byte, i uint32) uint32 {
				if s == space {
					return moved(s, i)
				}
				return i
			}
			body := wasm.Body{Bytes: sampleBody(op, unmoved)}
			refers := !bytes.Equal(body.Bytes, sampleBody(op, only))
			_, err := lacking(space).Func(nil, body, &wasm.SubType{}, nil)
			if (err != nil) != refers {
				t.Errorf("%s without space %c: error %v, want one: %v", op, space, err, refers)
			}
		}
	}
}

func identityMap() *relocate.Map {
	three := relocate.Identity(3)
	return &relocate.Map{Types: three, Funcs: three, Tables: three, Memories: three,
		Globals: three, Tags: three, Elems: three, Datas: three, Verbatim: true}
}

// lacking is the identity with nothing left in one space.
func lacking(space byte) *relocate.Map {
	m := identityMap()
	gone := relocate.NewSpace([]uint32{relocate.Removed, relocate.Removed, relocate.Removed})
	*map[byte]*relocate.Space{'t': &m.Types, 'f': &m.Funcs, 'T': &m.Tables, 'm': &m.Memories,
		'g': &m.Globals, 'x': &m.Tags, 'e': &m.Elems, 'd': &m.Datas}[space] = gone
	return m
}

func allOps() []wasm.Op {
	var list []wasm.Op
	for _, page := range []wasm.Op{0, 0xfb, 0xfc, 0xfd, 0xfe} {
		for sub := wasm.Op(0); sub < 0x200; sub++ {
			if _, ok := (page<<16 | sub).Info(); ok {
				list = append(list, page<<16|sub)
			}
		}
	}
	return list
}

// TestConstantExpressions: those that hold more than one number.
func TestConstantExpressions(t *testing.T) {
	m := movedMap()
	m.Gets = relocate.Codes{1: {byte(wasm.OpI32Const), 9}}
	for _, op := range []wasm.Op{wasm.OpStructNew, wasm.OpArrayNewFixed, wasm.OpRefNull, wasm.OpRefFunc, wasm.OpRefI31} {
		got, err := m.Expr(nil, append(sample(op, unmoved), byte(wasm.OpEnd)), 0)
		if want := append(sample(op, moved), byte(wasm.OpEnd)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s became % x, %v; want % x", op, got, err, want)
		}
	}
	got, err := m.Expr(nil, wasmtest.Code("global.get 1 global.get 2 i32.add"), 0)
	if want := wasmtest.Code("i32.const 9 global.get 16400 i32.add"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("a global that is a constant became % x, %v; want % x", got, err, want)
	}
}
