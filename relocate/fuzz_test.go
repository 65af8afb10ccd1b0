package relocate_test

import (
	"bytes"
	"context"
	"math/rand/v2"
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
	for range 400 {
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
	for _, arg := range []uint64{0, 1, 65535, 0x7fffffff, 0xfffffffc} {
		got, want := outcome(moved, "f", []uint64{arg, arg * 3}), outcome(alone, "f", []uint64{arg, arg * 3})
		if got != want {
			t.Fatalf("f(%#x) gives %s, want %s", arg, got, want)
		}
		a, _ := alone.Memory().Read(0, page)
		b, _ := moved.Memory().Read(0, 2*page)
		if !bytes.Equal(a, b[page:]) || bytes.ContainsFunc(b[:page], notZero) {
			t.Fatalf("f(%#x) leaves other memory", arg)
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
	"local.get 0 local.get 1 i32.add i32.const # i32.xor local.set 0", "i32.const # v128.load 4 # i64x2.extract_lane 1 local.set 3",
}

// addresses are near what matters: sizes of integers and the memory's ends.
var addresses = []string{"0", "1", "63", "64", "8191", "8192", "65528", "65531", "65535", "65536", "-1", "-4", "-65536", "-65537", "1048576", "2147483647", "-2147483648"}

var offsets = []string{"0", "4", "127", "128", "16384", "65528", "65535", "65536", "2097151", "4294901759", "4294901760", "4294967295"}

// drawProgram makes a function of type (i32, i32) -> i64 out of bytes.
func drawProgram(b []byte) *wasm.Module {
	next := func(list []string) string {
		if len(b) == 0 {
			return list[0]
		}
		c := b[0]
		b = b[1:]
		return list[int(c)%len(list)]
	}
	text := ""
	for n := 0; len(b) > 0 && n < 200; n++ {
		words := bytes.Fields([]byte(next(pieces)))
		for i, w := range words {
			switch {
			case string(w) != "#":
				text += string(w) + " "
			case i > 1 && len(words[i-1]) == 1 && bytes.Contains(words[i-2], []byte(".")): // behind an alignment
				text += next(offsets) + " "
			default:
				text += next(addresses) + " "
			}
		}
	}
	m := &wasmtest.Module{}
	m.Memory(1, 1)
	m.Func("f", "i32 i32 -> i64", "i32 i64", text+"local.get 0 i64.extend_i32_u local.get 1 i64.extend_i32_u i64.add local.get 3 i64.add")
	m.Exports = append(m.Exports, wasm.Export{Name: "memory", Kind: wasm.ExternMemory})
	return &m.Module
}
