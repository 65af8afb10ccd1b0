package link_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

func (m *named) custom(name string, b ...byte) {
	m.Customs = append(m.Customs, wasm.Custom{Name: name, Bytes: b, After: wasm.SectionData})
}

// texts writes names with their lengths, and numbers, as one byte each.
func texts(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case string:
			b = wasm.AppendName(b, p)
		}
	}
	return b
}

// TestNames: the names of all modules move with what they name.
func TestNames(t *testing.T) {
	module := func(name string) *named {
		m := &named{name: name}
		m.Import("host", "h", "i64 ->")
		m.Memory(1, 1)
		m.Global("i32", true, "i32.const 0")
		m.Global("i32", true, "i32.const 1")
		m.Tags = []wasm.TypeIndex{0}
		m.Data = []wasm.Data{{Offset: wasmtest.Code("i32.const 0"), Init: []byte("x")}}
		m.Func("", "", "", "nop")
		m.Func(name, "-> i32", "i64", "block void end global.get 1 i32.load 0 0 drop global.get 1")
		m.Table(2)
		m.Func("use "+name, "", "", "i64.const 1 call 0 i32.const 0 call_indirect 2 0 drop i64.const 5 throw 0")
		n := wasm.Names{
			Module: "module " + name,
			Funcs:  wasm.NameMap{0: "host " + name, 1: "dead " + name, 2: "f " + name, 77: "none"},
			Locals: wasm.IndirectNameMap{1: texts(1, 0, "dead"), 2: texts(1, 0, "local "+name)},
			Labels: wasm.IndirectNameMap{2: texts(1, 0, "label "+name)},
			Types:  wasm.NameMap{0: "t0 " + name, 1: "t1 " + name}, Tables: wasm.NameMap{0: "table " + name},
			Memories: wasm.NameMap{0: "memory " + name}, Globals: wasm.NameMap{0: "dead", 1: "g1 " + name},
			Elems: wasm.NameMap{0: "elem " + name}, Datas: wasm.NameMap{0: "data " + name}, Tags: wasm.NameMap{0: "tag " + name},
		}
		m.custom("name", n.Append(nil)...)
		return m
	}
	r := linkAll(t, link.Options{Memories: link.Apart, Tables: link.Apart}, module("a"), module("b"))
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	got, err := wasm.ReadNames(out.Customs[0].Bytes)
	if err != nil {
		t.Fatal(err)
	}
	want := wasm.Names{
		Funcs:  wasm.NameMap{0: "host.h", 1: "f a", 3: "f b"},
		Locals: wasm.IndirectNameMap{1: texts(1, 0, "local a"), 3: texts(1, 0, "local b")},
		Labels: wasm.IndirectNameMap{1: texts(1, 0, "label a"), 3: texts(1, 0, "label b")},
		Types:  wasm.NameMap{0: "t0 a", 1: "t1 a"}, Tables: wasm.NameMap{0: "table a", 1: "table b"},
		Memories: wasm.NameMap{0: "memory a", 1: "memory b"}, Globals: wasm.NameMap{0: "g1 a", 1: "g1 b"},
		Elems: wasm.NameMap{0: "elem a", 1: "elem b"}, Datas: wasm.NameMap{0: "data a", 1: "data b"}, Tags: wasm.NameMap{0: "tag a", 1: "tag b"},
	}
	if g, w := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("names %s\nwant  %s", g, w)
	}
}

// TestMergedSections: producers and features of all modules are told of, each
// once, and malformed sections say nothing.
func TestMergedSections(t *testing.T) {
	a, b := &named{name: "a"}, &named{name: "b"}
	a.custom("producers", texts(2, "language", 1, "C", "11", "sdk", 1, "wasi", "20")...)
	b.custom("producers", texts(2, "processed-by", 1, "clang", "19", "language", 2, "C", "99", "Rust", "1")...)
	a.custom("target_features", append([]byte{2, '+'}, append(texts("simd128"), append([]byte{'-'}, texts("atomics")...)...)...)...)
	b.custom("target_features", append([]byte{1, '+'}, texts("atomics")...)...)
	b.custom("go:buildid", 1, 2)
	b.custom(".debug_info", 1)
	b.custom("mine", 9)
	a.custom("gone", 8)
	a.custom("icp:public note", 1)
	b.custom("icp:public note", 2)
	c := &named{name: "c"}
	c.custom("producers", 200)
	c.custom("name", 1, 200)
	r := linkAll(t, link.Options{KeepCustoms: []string{"mine"}, DropCustoms: []string{"gone"},
		Customs: []link.Section{{Name: "own", Bytes: []byte{7}}}}, a, b, c)
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range out.Customs {
		if _, twice := got[c.Name]; twice {
			t.Errorf("%s is there twice", c.Name)
		}
		got[c.Name] = string(c.Bytes)
	}
	want := map[string]string{
		"producers":       string(texts(3, "language", 2, "C", "11", "Rust", "1", "sdk", 1, "wasi", "20", "processed-by", 1, "clang", "19")),
		"target_features": "\x02+\x07simd128+\x07atomics", "go:buildid": "\x01\x02", "mine": "\x09", "icp:public note": "\x01", "own": "\x07",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("custom sections %q\nwant %q", got, want)
	}
	var fates []string
	for _, f := range r.Report.Customs {
		fates = append(fates, fmt.Sprintf("%s %s %s", f.Input, f.Name, f.Fate))
	}
	if got, want := strings.Join(fates, ", "), "a producers merged, a target_features merged, a gone dropped, a icp:public note carried, "+
		"b producers merged, b target_features merged, b go:buildid carried, b .debug_info dropped, b mine carried, b icp:public note dropped, "+
		"c producers ignored, c name ignored"; got != want {
		t.Errorf("fates: %s\nwant   %s", got, want)
	}
}

// TestBranchHints: a hint names the same branch in the output, though code
// before it has grown and functions have moved.
func TestBranchHints(t *testing.T) {
	hinted := func(name string) *named {
		m := &named{name: name}
		m.Memory(1, 1)
		m.Func("", "", "", "nop")
		m.Func(name, "i32 ->", "", "i32.const 0 i32.load 0 100 drop block void local.get 0 br_if 0 local.get 0 if void nop end end")
		body := m.Code[1].Bytes
		branch := strings.Index(string(body), "\x20\x00\x0d\x00") + 2
		choice := strings.Index(string(body), "\x20\x00\x04\x40") + 2
		m.Customs = []wasm.Custom{{Name: "metadata.code.branch_hint", After: wasm.SectionDataCount,
			Bytes: texts(1, 1, 2, branch, 1, 1, choice, 1, 0)}}
		return m
	}
	bad := hinted("c")
	bad.Customs[0].Bytes = texts(1, 1, 1, 120, 1, 1)
	r := linkAll(t, link.Options{}, hinted("a"), hinted("b"), bad)
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Customs) == 0 || out.Customs[0].Name != "metadata.code.branch_hint" {
		t.Fatalf("custom sections %v", out.Customs)
	}
	b := out.Customs[0].Bytes
	if b[0] != 2 || len(b) != 1+2*(2+6) {
		t.Fatalf("hints % x", b)
	}
	for f, h := range [][]byte{b[1:9], b[9:17]} {
		code := out.Code[f].Bytes
		if int(h[0]) != f || h[1] != 2 || code[h[2]] != byte(wasm.OpBrIf) || h[4] != 1 || code[h[5]] != byte(wasm.OpIf) || h[7] != 0 {
			t.Errorf("hints of function %d: % x, its body % x", f, h, code)
		}
	}
}

// TestBranchHintsGrow: hints that take more room than was left for them, as code
// before each has grown, and the functions behind them, are where the map says.
func TestBranchHintsGrow(t *testing.T) {
	const funcs, branches = 40, 20
	low := &named{name: "low"}
	low.Memory(1, 1)
	hints := []any{funcs}
	for f := range funcs {
		name := "f" + itoa(uint32(f))
		low.Func(name, "i32 ->", "", "i32.const 0 "+strings.Repeat("i32.load 2 0 ", 8)+"drop block void "+strings.Repeat("local.get 0 br_if 0 ", branches)+"end")
		first := bytes.IndexByte(low.Code[f].Bytes, byte(wasm.OpBrIf))
		hints = append(hints, f, branches)
		for i := range branches {
			hints = append(hints, first+4*i, 1, 1)
		}
	}
	low.Customs = []wasm.Custom{{Name: "metadata.code.branch_hint", After: wasm.SectionDataCount, Bytes: texts(hints...)}}
	top := &named{name: "top"}
	top.Memory(1, -1)
	top.Func("grow", "-> i32", "", "i32.const 1 memory.grow 0")
	r := linkAll(t, link.Options{NoFold: true}, low, top)
	out, err := wasm.Read(r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	b := out.Customs[0].Bytes
	if len(b) < len(low.Customs[0].Bytes)*9/8+200 {
		t.Fatalf("%d bytes of hints become %d", len(low.Customs[0].Bytes), len(b))
	}
	for _, f := range r.Map().Functions {
		code := out.Code[f.Index].Bytes
		if !bytes.Equal(r.Wasm[f.Offset:][:f.Size], code) {
			t.Fatalf("function %d is not at %#x", f.Index, f.Offset)
		}
	}
	for b = b[1:]; len(b) > 0; {
		code := out.Code[b[0]].Bytes
		if b = b[2:]; len(b) < branches*4 {
			t.Fatalf("hints % x", b)
		}
		for range branches {
			at, n := wasm.ReadUleb32(b)
			if n != 2 || code[at] != byte(wasm.OpBrIf) {
				t.Fatalf("a hint is about offset %d of % x", at, code)
			}
			b = b[n+2:]
		}
	}
}
