package wasm

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const neg1 = ^uint64(0)

// samples are immediates of each kind and what Instr makes of them.
var samples = map[Imm]struct {
	bytes   []byte
	x, y, z uint64
}{
	ImmNone:           {},
	ImmLabel:          {[]byte{3}, 3, 0, 0},
	ImmFunc:           {[]byte{0x80, 1}, 128, 0, 0},
	ImmType:           {[]byte{4}, 4, 0, 0},
	ImmTable:          {[]byte{5}, 5, 0, 0},
	ImmLocal:          {[]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, 0xffffffff, 0, 0},
	ImmGlobal:         {[]byte{6}, 6, 0, 0},
	ImmTag:            {[]byte{7}, 7, 0, 0},
	ImmMemory:         {[]byte{8}, 8, 0, 0},
	ImmData:           {[]byte{9}, 9, 0, 0},
	ImmElem:           {[]byte{0x80, 0x80, 0}, 0, 0, 0},
	ImmTypeTable:      {[]byte{1, 2}, 1, 2, 0},
	ImmTableTable:     {[]byte{1, 2}, 1, 2, 0},
	ImmMemoryMemory:   {[]byte{1, 2}, 1, 2, 0},
	ImmDataMemory:     {[]byte{1, 2}, 1, 2, 0},
	ImmElemTable:      {[]byte{1, 2}, 1, 2, 0},
	ImmTypeField:      {[]byte{1, 2}, 1, 2, 0},
	ImmTypeN:          {[]byte{1, 2}, 1, 2, 0},
	ImmTypeData:       {[]byte{1, 2}, 1, 2, 0},
	ImmTypeElem:       {[]byte{1, 2}, 1, 2, 0},
	ImmTypeType:       {[]byte{1, 2}, 1, 2, 0},
	ImmTypeTag:        {[]byte{1, 2}, 1, 2, 0},
	ImmOrderingGlobal: {[]byte{0, 2}, 0, 2, 0},
	ImmOrderingTable:  {[]byte{1, 2}, 1, 2, 0},
	ImmOrderingType:   {[]byte{1, 2}, 1, 2, 0},
	ImmOrderingField:  {[]byte{1, 2, 3}, 1, 2, 3},
	ImmMemarg:         {[]byte{0x42, 1, 0x80, 2}, 2, 256, 1},
	ImmMemargLane:     {[]byte{0, 16, 3}, 0, 16, 0},
	ImmLane:           {[]byte{15}, 15, 0, 0},
	ImmI32:            {[]byte{0x80, 0x80, 0x80, 0x80, 0x78}, neg1 - 1<<31 + 1, 0, 0},
	ImmI64:            {[]byte{0xc0, 0}, 64, 0, 0},
	ImmF32:            {[]byte{0, 0, 0xc0, 0x3f}, 0x3fc00000, 0, 0},
	ImmF64:            {[]byte{1, 2, 3, 4, 5, 6, 7, 0x40}, 0x4007060504030201, 0, 0},
	ImmV128:           {[]byte{1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x80}, 1, 2 | 1<<63, 0},
	ImmShuffle:        {[]byte{0, 1, 2, 3, 4, 5, 6, 7, 31, 30, 29, 28, 27, 26, 25, 24}, 0x0706050403020100, 0x18191a1b1c1d1e1f, 0},
	ImmBlockType:      {[]byte{0x63, 0x80, 1}, neg1 - 28, 128, 0},
	ImmHeapType:       {[]byte{0x70}, neg1 - 15, 0, 0},
	ImmBrTable:        {[]byte{2, 0, 0x80, 1, 7}, 2, 0, 0},
	ImmValTypes:       {[]byte{2, 0x7f, 0x64, 1}, 2, 0, 0},
	ImmTryTable:       {[]byte{0x7f, 4, 0, 1, 2, 1, 3, 4, 2, 5, 3, 6}, 4, neg1, 0},
	ImmBrOnCast:       {[]byte{1, 2, 0x6e, 0x80, 1}, 1, 2, neg1 - 17},
	ImmFence:          {[]byte{0}, 0, 0, 0},
	ImmResume:         {[]byte{1, 2, 0, 2, 3, 1, 4}, 1, 2, 0},
	ImmResumeThrow:    {[]byte{1, 9, 1, 0, 2, 3}, 1, 9, 1},
}

// TestEveryInstruction reads each instruction of the table with sample
// immediates, wants each shorter form refused, and compares the text with a file.
func TestEveryInstruction(t *testing.T) {
	var text []byte
	for _, op := range allOps() {
		info, _ := op.Info()
		sample, ok := samples[info.Imm]
		if !ok {
			t.Fatalf("%s: no sample of its immediates", op)
		}
		before := []byte{byte(OpBlock), 0x40} // for delegate
		head := op.Append(bytes.Clone(before))
		code := append(bytes.Clone(head), sample.bytes...)
		in := second(t, code)
		want := Instr{Op: op, Start: 2, Imm: len(head), End: len(code), X: sample.x, Y: sample.y, Z: sample.z,
			MemIdx: info.Imm == ImmMemarg}
		if in != want {
			t.Errorf("%s: %+v, want %+v", op, in, want)
		}
		for n := 3; n < len(code); n++ {
			if _, err := readSecond(code[:n]); err == nil {
				t.Errorf("%s: % x is accepted", op, code[2:n])
			}
		}
		text = fmt.Appendf(text, "%-40x ", code[2:])
		text = append(AppendInstr(text, code, &in), '\n')
	}
	golden(t, "testdata/instructions.golden", text)
}

// readSecond reads two instructions and gives the second.
func readSecond(code []byte) (Instr, error) {
	var in Instr
	r := NewCodeReader(code, 0)
	if _, err := r.Next(&in); err != nil {
		return in, err
	}
	_, err := r.Next(&in)
	return in, err
}

func second(t *testing.T, code []byte) Instr {
	t.Helper()
	in, err := readSecond(code)
	if err != nil {
		t.Errorf("% x: %v", code, err)
	}
	return in
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference", path)
	}
}

// TestVectors decodes the vectors of the samples.
func TestVectors(t *testing.T) {
	check := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("br_table", slices.Collect(BrTableTargets(samples[ImmBrTable].bytes)), []uint32{0, 128, 7})
	check("select", slices.Collect(ValTypeVec(samples[ImmValTypes].bytes)), []ValType{I32, {0x64, 1}})
	catches := slices.Collect(TryTableCatches(samples[ImmTryTable].bytes))
	check("try_table", catches, []Catch{{CatchTag, 1, 2}, {CatchTagRef, 3, 4}, {Kind: CatchAll, Label: 5}, {Kind: CatchAllRef, Label: 6}})
	handlers := slices.Collect(ResumeHandlers(samples[ImmResume].bytes, ImmResume))
	check("resume", handlers, []Handler{{Tag: 2, Label: 3}, {Switch: true, Tag: 4}})
	check("resume_throw", slices.Collect(ResumeHandlers(samples[ImmResumeThrow].bytes, ImmResumeThrow)), handlers[:1])
	from, to := CastTypes(samples[ImmBrOnCast].bytes)
	check("br_on_cast", []HeapType{from, to}, []HeapType{-18, 128})

	encoded := []byte{0x7f, 4}
	for _, c := range catches {
		encoded = c.Append(encoded)
	}
	check("catches", encoded, samples[ImmTryTable].bytes)
	encoded = []byte{1, 2}
	for _, h := range handlers {
		encoded = h.Append(encoded)
	}
	check("handlers", encoded, samples[ImmResume].bytes)
	for _, bt := range [][]byte{{0x40}, {0x7f}, {0x63, 0x70}, {0x64, 0x80, 1}, {0}, {0xc0, 0}} {
		x, y, _ := blockType(bt, 0)
		check("block type", AppendBlockType(nil, x, y), bt)
	}
	for range BrTableTargets(lie) {
		t.Error("a target from nothing")
	}
}

// TestCodeErrors refuses code with the error that it deserves.
func TestCodeErrors(t *testing.T) {
	for _, c := range []struct {
		code []byte
		want string
	}{
		{nil, "at byte 0x100: the code stops with 1 blocks open"},
		{[]byte{0x01}, "at byte 0x101: the code stops with 1 blocks open"},
		{[]byte{0x02, 0x40, 0x0b}, "at byte 0x103: the code stops with 1 blocks open"},
		{[]byte{0x0b, 0x0b}, "at byte 0x101: 1 bytes after the final end"},
		{[]byte{0x16}, "at byte 0x100: unknown opcode 0x16"},
		{[]byte{0xff}, "at byte 0x100: unknown opcode 0xff"},
		{[]byte{0xfe, 0x99, 1}, "at byte 0x100: unknown opcode 0xfe 0x99"},
		{[]byte{0xfd, 0xb2, 1}, "at byte 0x100: unknown opcode 0xfd 0xb2"},
		{[]byte{0xfc, 0x80, 0x80, 4}, "at byte 0x100: unknown opcode 0xfc 0x10000"},
		{[]byte{0xfc}, "at byte 0x100: opcode 0xfc: cut off"},
		{[]byte{0xfc, 0xff, 0xff, 0xff, 0xff, 0x1f}, "at byte 0x100: opcode 0xfc: integer beyond its width"},
		{[]byte{0x20}, "at byte 0x100: local.get: cut off"},
		{[]byte{0x20, 0x80}, "at byte 0x100: local.get: cut off"},
		{[]byte{0x20, 0xff, 0xff, 0xff, 0xff, 0x10}, "at byte 0x100: local.get: integer beyond its width"},
		{[]byte{0x41, 0xff, 0xff, 0xff, 0xff, 0x0f}, "at byte 0x100: i32.const: integer beyond its width"},
		{[]byte{0x28, 0x20, 0}, "at byte 0x100: i32.load: invalid memarg flags"},
		{[]byte{0x28, 0x60, 0, 0}, "at byte 0x100: i32.load: invalid memarg flags"},
		{[]byte{0x28, 0x82, 1, 0}, "at byte 0x100: i32.load: invalid memarg flags"},
		{[]byte{0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10}, "at byte 0x100: i32.load: integer beyond its width"},
		{[]byte{0x02, 0x41}, "at byte 0x100: block: invalid value type"},
		{[]byte{0x02, 0x80, 0x7f}, "at byte 0x100: block: invalid block type"},
		{[]byte{0x02, 0x63, 0x62, 0}, "at byte 0x100: block: an exact heap type (custom-descriptors proposal) is not supported"},
		{[]byte{0xd0, 0x65}, "at byte 0x100: ref.null: a shared heap type (shared-everything-threads proposal) is not supported"},
		{[]byte{0xd0, 0x7f}, "at byte 0x100: ref.null: invalid heap type"},
		{append([]byte{0x0e}, lie...), "at byte 0x100: br_table: more items claimed than bytes left"},
		{append([]byte{0x1c}, lie...), "at byte 0x100: select: more items claimed than bytes left"},
		{append([]byte{0x1f, 0x40}, lie...), "at byte 0x100: try_table: more items claimed than bytes left"},
		{[]byte{0x1f, 0x40, 1, 4, 0}, "at byte 0x100: try_table: unknown kind of catch clause"},
		{[]byte{0xe3, 0, 1, 2, 0}, "at byte 0x100: resume: unknown kind of handler"},
		{[]byte{0x18, 0}, "at byte 0x100: delegate: delegate outside a block"},
		{[]byte{0xfe, 3, 1}, "at byte 0x100: atomic.fence: a byte that must be zero is not"},
		{[]byte{0xfe, 0x4f, 2, 0}, "at byte 0x100: global.atomic.get: invalid memory ordering"},
		{[]byte{0xfb, 0x18, 4, 0, 0, 0}, "at byte 0x100: br_on_cast: invalid cast flags"},
	} {
		_, err := AppendCode(nil, c.code, 0x100)
		if err == nil || err.Error() != c.want {
			// AppendCode admits offsets of 64 bits; the plain reader does not.
			err = drain(NewCodeReader(c.code, 0x100))
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("% x: %v, want %s", c.code, err, c.want)
		}
	}
}

func drain(r CodeReader) error {
	var in Instr
	for {
		if more, err := r.Next(&in); err != nil || !more {
			return err
		}
	}
}

// TestDepth follows the blocks and stops at the cap.
func TestDepth(t *testing.T) {
	code := []byte{0x02, 0x40, 0x06, 0x40, 0x18, 0, 0x1f, 0x40, 0, 0x0b, 0x0b, 0x0b}
	r := NewCodeReader(code, 0)
	depths := []int{r.Depth()}
	var in Instr
	for more, err := r.Next(&in); more || err != nil; more, err = r.Next(&in) {
		if err != nil {
			t.Fatal(err)
		}
		depths = append(depths, r.Depth())
	}
	if want := []int{1, 2, 3, 2, 3, 2, 1, 0}; !slices.Equal(depths, want) {
		t.Errorf("%v, want %v", depths, want)
	}
	if r.Pos() != len(code) {
		t.Errorf("at %d", r.Pos())
	}

	deep := bytes.Repeat([]byte{0x02, 0x40}, MaxDepth)
	want := fmt.Sprintf("at byte %#x: block: blocks nested deeper than %d", 2*(MaxDepth-1), MaxDepth)
	var err error
	used := allocated(func() { err = drain(NewCodeReader(deep, 0)) })
	if err == nil || err.Error() != want || used > 4096 {
		t.Errorf("%v with %d bytes, want %s", err, used, want)
	}
}

// TestOffset64 reads an offset that only a 64-bit memory has.
func TestOffset64(t *testing.T) {
	code := []byte{0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x0b}
	r := NewCodeReader(code, 0)
	r.AllowOffset64()
	var in Instr
	if _, err := r.Next(&in); err != nil || in.Y != 1<<32 {
		t.Errorf("offset %#x, %v", in.Y, err)
	}
}

// TestInSection adds a place to an error that has none, and keeps one that it has.
func TestInSection(t *testing.T) {
	err := InSection(drain(NewCodeReader([]byte{0xfe, 0x99, 1}, 0x1a2b)), SectionCode, 12)
	const want = "code section, body 12, at byte 0x1a2b: unknown opcode 0xfe 0x99"
	if err.Error() != want {
		t.Errorf("%s, want %s", err, want)
	}
	if again := InSection(err, SectionGlobal, 1); again != err {
		t.Errorf("moved to %s", again)
	}
	if plain := fmt.Errorf("plain"); InSection(plain, SectionCode, 1) != plain {
		t.Error("a plain error changes")
	}
}

// TestBodyText prints a body with blocks of every kind.
func TestBodyText(t *testing.T) {
	body := Body{Bytes: []byte{
		2, 2, 0x7f, 1, 0x7b,
		0x02, 0x40, 0x20, 0, 0x0d, 0, 0x03, 0x7f, 0x41, 0x7e, 0x0b, 0x1a, 0x0b,
		0x20, 0, 0x04, 2, 0x41, 1, 0x05, 0x41, 2, 0x0b,
		0x06, 0x40, 0x01, 0x07, 3, 0x01, 0x19, 0x01, 0x0b,
		0x06, 0x40, 0x01, 0x18, 0,
		0x1f, 0x40, 1, 2, 0, 0x0a, 0x0b,
		0x28, 2, 0, 0x28, 0, 4, 0xfd, 2, 0, 0, 0xfd, 2, 3, 0, 0xfd, 0x5d, 3, 8, 0xfd, 0, 4, 0,
		0xfe, 0, 2, 0, 0xfe, 2, 3, 0, 0xfe, 0x20, 0, 0, 0xfe, 0x1f, 3, 1,
		0x43, 0, 0, 0x80, 0x7f, 0x43, 0, 0, 0xc0, 0xff, 0x43, 1, 0, 0xc0, 0x7f,
		0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f,
		0xfc, 0x0a, 0, 0, 0x3f, 0, 0x40, 0, 0x11, 3, 0,
		0x0b}}
	text, err := AppendBody(nil, body)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/body.golden", text)
	broken, err := AppendBody(nil, Body{Bytes: []byte{0, 0x01, 0x16}})
	if err == nil || string(broken) != "  nop\n" {
		t.Errorf("%q, %v", broken, err)
	}
	if s := Op(0xfe0099).String(); !strings.Contains(s, "0xfe 0x99") {
		t.Error(s)
	}
}
