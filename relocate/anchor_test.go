package relocate_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/relocate"
)

// TestAnchors: A is an access that anchors local 0, S one at a sum with it that
// may be folded, and F is S folded.
func TestAnchors(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"in a row":                {"A S S", "A F F"},
		"nothing before":          {"S A S", "S A F"},
		"an assignment":           {"A i32.const 1 local.set 0 S", "A i32.const 1 local.set 0 S"},
		"another assignment":      {"A i32.const 1 local.tee 0 drop S", "A i32.const 1 local.tee 0 drop S"},
		"of another local":        {"A i32.const 1 local.set 1 S", "A i32.const 1 local.set 1 F"},
		"into a block":            {"A block void S end", "A block void F end"},
		"past a block":            {"A block void nop end S", "A block void nop end F"},
		"out of a block":          {"block void A end S", "block void A end S"},
		"out of a nested block":   {"block void block void A end S end S", "block void block void A end S end S"},
		"past a deeper one":       {"block void A block void end S end S", "block void A block void end F end S"},
		"assigned in a block":     {"A block void i32.const 1 local.set 0 end S", "A block void i32.const 1 local.set 0 end S"},
		"into an if":              {"A local.get 1 if void S else S end S", "A local.get 1 if void F else F end F"},
		"from one arm to another": {"local.get 1 if void A S else S end S", "local.get 1 if void A F else S end S"},
		"assigned in an arm":      {"A local.get 1 if void i32.const 1 local.set 0 else nop end S", "A local.get 1 if void i32.const 1 local.set 0 else nop end S"},
		"into a loop":             {"A loop void S end", "A loop void S end"},
		"in a loop":               {"loop void A S end S", "loop void A F end S"},
		"a try":                   {"try void A S catch 0 S end S", "try void A F catch 0 S end S"},
		"a try with catch_all":    {"try void A catch_all S end S", "try void A catch_all S end S"},
		"a delegate":              {"try void A delegate 0 S", "try void A delegate 0 S"},
		"past a call":             {"A call 3 S", "A call 3 F"},
		"an older value": {
			"A local.get 0 i32.const 1 local.set 0 A i32.const 16 i32.add i32.load 2 4 drop",
			"A local.get 0 i32.const 1 local.set 0 A i32.const 16 i32.add i32.load 2 65540 drop"},
		"a store with a value":  {"A local.get 0 i32.const 16 i32.add local.get 1 i32.store 2 4", "A local.get 0 local.get 1 i32.store 2 65556"},
		"a store of a constant": {"A local.get 0 i32.const 16 i32.add f64.const 0 f64.store 2 4", "A local.get 0 i32.const 16 i32.add f64.const 0 f64.store 2 65540"},
		"a store of a sum": {
			"A local.get 1 local.get 0 i32.const 16 i32.add i32.store 2 4",
			"A local.get 1 local.get 0 i32.const 16 i32.add i32.store 2 65540"},
		"anchored by a store": {"local.get 0 i32.const 5 i32.store 2 0 S", "local.get 0 i32.const 5 i32.store 2 65536 F"},
		"anchored by a tee":   {"local.get 1 local.tee 0 i32.load 2 0 drop S", "local.get 1 local.tee 0 i32.load 2 65536 drop F"},
		"a sum of sums":       {"A local.get 0 i32.const 1 i32.add i32.const 16 i32.add i32.load 2 4 drop", "A local.get 0 i32.const 1 i32.add i32.const 16 i32.add i32.load 2 65540 drop"},
		"another local":       {"A local.get 1 i32.const 16 i32.add i32.load 2 4 drop", "A local.get 1 i32.const 16 i32.add i32.load 2 65540 drop"},
		"what may wrap":       {"A local.get 0 i32.const -1 i32.add i32.load 2 4 drop", "A local.get 0 i32.const -1 i32.add i32.load 2 65540 drop"},
		"the largest":         {"A local.get 0 i32.const 131071 i32.add i32.load 2 4 drop", "A local.get 0 i32.load 2 196611 drop"},
		"one more":            {"A local.get 0 i32.const 131072 i32.add i32.load 2 4 drop", "A local.get 0 i32.const 131072 i32.add i32.load 2 65540 drop"},
		"a clamped offset":    {"A local.get 0 i32.const 16 i32.add i32.load 2 0xffff0000 drop", "A local.get 0 i32.load 2 0xffffffff drop"},
		"in 64 bits":          {"A local.get 0 i64.extend_i32_u i64.const 16 i64.add i32.wrap_i64 i32.load 2 4 drop", "A F"},
		"in 64 bits, wrapped": {
			"A local.get 0 i64.extend_i32_u i64.const -16 i64.add i32.wrap_i64 i32.load 2 4 drop",
			"A local.get 0 i32.const -16 i32.add i32.load 2 65540 drop"},
		"in 64 bits, a store":    {"A local.get 0 i64.extend_i32_u i64.const 16 i64.add i32.wrap_i64 i64.const 70000 i64.store 3 4", "A local.get 0 i64.const 70000 i64.store 3 65556"},
		"in 64 bits, not so":     {"A local.get 1 i64.extend_i32_u i64.const 16 i64.add i32.wrap_i64 i32.load 2 4 drop", "A local.get 1 i32.const 16 i32.add i32.load 2 65540 drop"},
		"in 64 bits, a product":  {"A local.get 0 i64.extend_i32_u i64.const 16 i64.mul i32.wrap_i64 i32.load 2 4 drop", "A local.get 0 i32.const 16 i32.mul i32.load 2 65540 drop"},
		"more than are followed": {anchorMany(12) + " S", anchorMany(12) + " S"},
	}
	replace := func(access string, folded bool) func(string) string {
		a, s, f := "local.get 0 i32.load 2 "+access+" drop", "local.get 0 i32.const 16 i32.add i32.load 2 4 drop", ""
		if folded {
			s, f = "local.get 0 i32.const 16 i32.add i32.load 2 65540 drop", "local.get 0 i32.load 2 65556 drop"
		}
		return strings.NewReplacer("A", a, "S", s, "F", f).Replace
	}
	before, after := replace("0", false), replace("65536", true)
	m := unwindMap()
	m.Memory = []relocate.Memory{{Shift: 1 << 16}}
	m.Tags = relocate.Identity(1)
	for name, test := range tests {
		in := wasmtest.Body("", before(test.in))
		want := wasmtest.Body("", after(strings.ReplaceAll(test.want, "nop ", ""))).Bytes
		if name == "more than are followed" {
			want = wasmtest.Body("", strings.ReplaceAll(anchorMany(12), " 2 0 ", " 2 65536 ")+after(" S")).Bytes
		}
		var r relocate.Report
		got, err := m.Func(nil, in, &wasm.SubType{Params: []wasm.ValType{wasm.I32}}, &r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: became\n% x, want\n% x, error %v", name, got, want, err)
		}
		if r.Growth.Total() != len(want)-len(in.Bytes) {
			t.Errorf("%s: growth %+v, want %d in all", name, r.Growth, len(want)-len(in.Bytes))
		}
	}
}

// anchorMany anchors so many other locals and then local 0.
func anchorMany(n int) string {
	s := ""
	for range n {
		n--
		s += "local.get " + string(rune('1'+n%9)) + " i32.load 2 0 drop "
	}
	return s + "local.get 0 i32.load 2 0 drop"
}

// TestWholeMemory: where no address is outside of the output's memory, sums that
// may wrap and constants that may be clamped stay as they are.
func TestWholeMemory(t *testing.T) {
	const last = "i32.const -2147483648 i32.load8_u 0 0x80000000 drop"
	anchored := "local.get 0 i32.load8_u 0 0 drop "
	sum := anchored + "local.get 0 i32.const 2 i32.add i32.load8_u 0 0 drop"
	tests := map[string]struct{ in, want string }{
		"a sum": {sum, sum},
		"in 64 bits": {
			anchored + "local.get 0 i64.extend_i32_u i64.const 2 i64.add i32.wrap_i64 i32.load8_u 0 0 drop", sum},
		"a constant past the last address": {last, last},
		"a constant":                       {"i32.const 0x100000 i32.load8_u 0 0 drop", "i32.const 0 i32.load8_u 0 0x100000 drop"},
	}
	for name, test := range tests {
		for _, memories := range [][]uint32{{0}, {0, 2}} { // with one that moves, accesses are looked at
			m := unwindMap()
			m.Memories, m.Memory = relocate.NewSpace(memories), []relocate.Memory{{Whole: true}}
			in, want := wasmtest.Body("", test.in), wasmtest.Body("", test.want).Bytes
			got, err := m.Func(nil, in, &wasm.SubType{Params: []wasm.ValType{wasm.I32}}, nil)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: became\n% x, want\n% x, error %v", name, got, want, err)
			}
		}
	}
}
