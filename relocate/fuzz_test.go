package relocate_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// everywhere are the features of which validation knows the rules.
const everywhere = 1<<22 - 1

// FuzzBodies draws whole modules: the identity keeps their code, but for
// integers that get shorter, and code stays valid when memories and types move.
func FuzzBodies(f *testing.F) {
	f.Add([]byte("a body"))
	f.Add(bytes.Repeat([]byte{7, 201, 33, 90, 154, 2, 250}, 60))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := wasmgen.Draw(b, wasmgen.Options{Features: everywhere}).Modules[0].Module
		same := mapOf(m)
		same.Verbatim = true
		for i, body := range m.Code {
			got, err := same.Func(nil, body, &m.Types[m.Funcs[i]], nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slicesEqual(instructions(t, body.Bytes), instructions(t, got)) {
				t.Fatalf("% x became % x", body.Bytes, got)
			}
		}
		out := stacked(t, m)
		encoded := out.Encode()
		again, err := wasm.Read(encoded)
		if err == nil {
			err = validate.Module(again, validate.Input(encoded))
		}
		if err != nil && validate.Module(m) == nil {
			t.Fatal(err)
		}
	})
}

// mapOf is the identity on a module.
func mapOf(m *wasm.Module) *relocate.Map {
	s := m.Spaces()
	r := &relocate.Map{
		Types: relocate.Identity(len(m.Types)), Funcs: relocate.Identity(len(s.Funcs)),
		Tables: relocate.Identity(len(s.Tables)), Memories: relocate.Identity(len(s.Memories)),
		Globals: relocate.Identity(len(s.Globals)), Tags: relocate.Identity(len(s.Tags)),
		Elems: relocate.Identity(len(m.Elems)), Datas: relocate.Identity(len(m.Data)),
	}
	for _, l := range s.Memories {
		r.Memory = append(r.Memory, relocate.Memory{Is64: l.Is64})
	}
	return r
}

// stacked moves every memory by a page and bounds every other one. It is not
// meant to run.
func stacked(t *testing.T, m *wasm.Module) *wasm.Module {
	r := mapOf(m)
	for i := range r.Memory {
		r.Memory[i].Shift, r.Memory[i].Bounded, r.Memory[i].Bytes = page, i&1 == 0, 3*page
	}
	out := *m
	out.Code = nil
	for i, body := range m.Code {
		var report relocate.Report
		b, err := r.Func(nil, body, &m.Types[m.Funcs[i]], &report)
		if err != nil {
			t.Fatal(err)
		}
		if report.Growth.Total() != len(b)-len(body.Bytes) {
			t.Fatalf("growth %+v, but % x became % x", report.Growth, body.Bytes, b)
		}
		out.Code = append(out.Code, wasm.Body{Bytes: b})
	}
	return &out
}

func slicesEqual(a, b []wasm.Instr) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		a[i].MemIdx, b[i].MemIdx = false, false // memory 0 may be spelled out
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// FuzzRewritten runs code that is full of what peepholes look for, alone and
// rewritten between two other memories.
func FuzzRewritten(f *testing.F) {
	for _, seed := range []string{"", "constant addresses", "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(behavesRewritten)
}

// TestRewritten is FuzzRewritten on as many programs, always the same.
func TestRewritten(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 700 {
		b := make([]byte, random.IntN(60))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		behavesRewritten(t, b)
	}
}

func behavesRewritten(t *testing.T, b []byte) {
	m := drawProgram(b)
	r := mapOf(m)
	r.Memory = []relocate.Memory{{Shift: page}}
	out := *m
	out.Memories = []wasm.Limits{{Min: 2, Max: 2, HasMax: true}}
	body, err := r.Func(nil, m.Code[0], &m.Types[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	out.Code = []wasm.Body{{Bytes: body}}
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer rt.Close(ctx)
	alone, err := rt.InstantiateWithConfig(ctx, m.Encode(), wazero.NewModuleConfig().WithName("alone"))
	if err != nil {
		t.Fatalf("the program is invalid: %v", err)
	}
	moved, err := rt.InstantiateWithConfig(ctx, out.Encode(), wazero.NewModuleConfig().WithName("moved"))
	if err != nil {
		t.Fatalf("% x became % x: %v", m.Code[0].Bytes, body, err)
	}
	compareRuns(t, alone, moved)
}

func compareRuns(t *testing.T, alone, moved api.Module) {
	for _, args := range [][]uint64{{0, 0}, {16, 1}, {0xfffffff0, 0}, {0xfffffff0, 1}, {65535, 3}, {0x7fffffff, 8}} {
		got, want := outcome(moved, "f", args), outcome(alone, "f", args)
		if got != want {
			t.Fatalf("f(%#x) gives %s, want %s", args, got, want)
		}
		a, _ := alone.Memory().Read(0, page)
		b, _ := moved.Memory().Read(0, 2*page)
		if !bytes.Equal(a, b[page:]) || bytes.ContainsFunc(b[:page], notZero) {
			t.Fatalf("f(%#x) leaves other memory", args)
		}
	}
}

// pieces are code that leaves the stack as it is. A sharp stands for a constant
// that the bytes choose; locals 0 to 2 are i32, 3 is i64.
var pieces = []string{
	"local.get 0 i64.extend_i32_u i64.const # i64.add i32.wrap_i64 local.set 1",
	"local.get 1 i64.extend_i32_u i64.const # i64.sub i32.wrap_i64 local.set 0",
	"local.get 0 i64.extend_i32_u i64.const # i64.mul i32.wrap_i64 local.set 2",
	"local.get 0 i64.extend_i32_u i64.const # i64.xor i32.wrap_i64 local.set 1",
	"local.get 0 i64.extend_i32_u i64.const # i64.shr_u i32.wrap_i64 local.set 1",
	"local.get 2 i64.extend_i32_u i64.eqz local.set 1", "local.get 1 i64.extend_i32_u i32.wrap_i64 local.set 0",
	"nop", "block void nop local.get 0 br_if 0 nop local.get 1 local.set 2 end",
	"i32.const # i32.load 2 # local.set 0", "i32.const # i64.load 3 # local.set 3",
	"i32.const # local.get 1 i32.store 2 #", "i32.const # i32.const # i32.store16 1 #", "i32.const # i64.const # i64.store 3 #",
	"i32.const # local.get 3 i64.store8 0 #", "local.get 0 i32.const # i32.store 2 #", "local.get 1 i32.load8_s 0 # local.set 2",
	"i32.const # i32.const # i32.load 2 # i32.store 2 #", "i32.const # f64.load 3 # i64.reinterpret_f64 local.set 3",
	"local.get 0 local.get 1 i32.add i32.const # i32.xor local.set 0", "i32.const # local.set 0", "local.get 1 local.set 0",
	"local.get 0 i32.load 2 # local.set 1", "local.get 0 i64.load 3 # local.set 3", "local.get 1 local.tee 0 i32.load8_u 0 # local.set 2",
	"local.get 0 local.get 1 i32.store 2 #", "local.get 2 i32.const # i32.store8 0 #",
	"local.get 0 i32.const # i32.add i32.load 2 # local.set 2", "local.get 0 i32.const # i32.add local.get 2 i32.store 2 #",
	"local.get 0 i32.const # i32.add i64.const # i64.store 3 #", "local.get 2 i32.const # i32.add i64.load8_u 0 # local.set 3",
	"local.get 0 i32.const # local.set 0 i32.const # i32.add i32.load 2 # local.set 2",
	"local.get 0 i64.extend_i32_u i64.const # i64.add i32.wrap_i64 i32.load 2 # local.set 2",
	"local.get 0 i64.extend_i32_u i64.const # i64.add i32.wrap_i64 local.get 1 i32.store 2 #",
	"local.get 0 i64.extend_i32_u i64.const # i64.add i32.wrap_i64 i64.const # i64.store 3 #",
	"open", "open", "open", "close", "close", "branch", "branch", "i32.const # v128.load 4 # i64x2.extract_lane 1 local.set 3",
}

// anchoring is code that anchors locals, changes them and adds to them. 32 more
// than -16 is inside of memory.
var anchoring = []string{
	"local.get 0 i32.load 2 4 local.set 2", "local.get 2 i32.load 2 0 drop", "local.get 0 local.get 1 i32.store 2 0",
	"local.get 0 i32.const 32 i32.add i32.load 2 0 local.set 1", "local.get 0 i32.const 32 i32.add local.get 2 i32.store 2 0",
	"local.get 2 i32.const 32 i32.add i32.load8_u 0 0 drop", "local.get 0 i64.extend_i32_u i64.const 32 i64.add i32.wrap_i64 i64.load 3 0 local.set 3",
	"local.get 0 i32.const -16 local.set 0 i32.const 32 i32.add i32.load 2 0 local.set 1",
	"local.get 0 i32.const 16 local.set 0 i32.load 2 0 drop i32.const -16 local.set 0", "local.get 0 i32.const -16 local.set 0 i32.load 2 0 drop",
	"i32.const -16 local.set 0", "i32.const -16 local.tee 0 local.set 2", "i32.const 16 local.set 0", "i32.const 16 local.tee 2 local.set 0",
	"local.get 1 i32.eqz local.set 1", "local.get 2 local.set 0", "open", "open", "open", "close", "close", "close", "branch", "branch",
}

// addresses are near what matters: sizes of integers and the memory's ends.
var addresses = []string{"0", "1", "63", "64", "8191", "8192", "65528", "65531", "65535", "65536", "-1", "-4", "-65536", "-65537", "1048576", "2147483647", "-2147483648"}

var offsets = []string{"0", "4", "127", "128", "16384", "65528", "65535", "65536", "2097151", "4294901759", "4294901760", "4294967295"}

// opened are blocks of which each kind ends in its own way. Loops have a counter
// for all of them together, so that the program ends.
var opened = map[string]string{
	"block void": "end", "local.get 0 if void": "end", "local.get 1 i32.const 7 i32.and if void": "else local.get 1 local.set 2 end",
	"loop void": "local.get 4 i32.const 1 i32.add local.tee 4 i32.const 20 i32.lt_u br_if 0 end",
}

var openings = []string{"block void", "local.get 0 if void", "local.get 1 i32.const 7 i32.and if void", "loop void"}

// program is code under construction.
type program struct {
	bytes []byte
	text  strings.Builder
	open  []string // the blocks that are open

	pieces []string
}

func (p *program) choose(list []string) string {
	if len(p.bytes) == 0 {
		return list[0]
	}
	c := p.bytes[0]
	p.bytes = p.bytes[1:]
	return list[int(c)%len(list)]
}

func (p *program) write(words ...string) {
	for _, w := range words {
		p.text.WriteString(w + " ")
	}
}

func (p *program) close() {
	if n := len(p.open); n > 0 {
		p.write(opened[p.open[n-1]])
		p.open = p.open[:n-1]
	}
}

// branch leaves a block that is no loop, on a condition.
func (p *program) branch() {
	for i := range p.open {
		if p.open[len(p.open)-1-i] != "loop void" && p.choose([]string{"here", "further out"}) == "here" {
			p.write(p.choose([]string{"local.get 1", "local.get 1 i32.eqz"}), "br_if", strconv.Itoa(i))
			return
		}
	}
}

func (p *program) piece() {
	switch piece := p.choose(p.pieces); piece {
	case "open":
		p.open = append(p.open, p.choose(openings))
		p.write(p.open[len(p.open)-1])
	case "close":
		p.close()
	case "branch":
		p.branch()
	default:
		p.plain(strings.Fields(piece))
	}
}

func (p *program) plain(words []string) {
	for i, w := range words {
		switch {
		case w != "#":
			p.write(w)
		case i > 1 && len(words[i-1]) == 1 && strings.Contains(words[i-2], "."): // behind an alignment
			p.write(p.choose(offsets))
		default:
			p.write(p.choose(addresses))
		}
	}
}

// drawProgram makes a function of type (i32, i32) -> i64 out of bytes.
func drawProgram(b []byte) *wasm.Module {
	p := &program{bytes: b, pieces: pieces}
	if p.choose([]string{"", "anchors"}) != "" {
		p.pieces = anchoring
	}
	for n := 0; len(p.bytes) > 0 && n < 200; n++ {
		p.piece()
	}
	for len(p.open) > 0 {
		p.close()
	}
	m := &wasmtest.Module{}
	m.Memory(1, 1)
	p.write("local.get 0 i64.extend_i32_u local.get 1 i64.extend_i32_u i64.add local.get 3 i64.add")
	m.Func("f", "i32 i32 -> i64", "i32 i64 i32", p.text.String())
	m.Exports = append(m.Exports, wasm.Export{Name: "memory", Kind: wasm.ExternMemory})
	return &m.Module
}
