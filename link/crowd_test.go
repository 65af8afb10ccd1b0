package link_test

import (
	"fmt"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// crowds are ways in which many modules import from one another; each tells from
// which others module i of n does.
var crowds = []struct {
	name string
	from func(i, n int) []int
}{
	{"apart", func(i, n int) []int { return nil }},
	{"chain", func(i, n int) []int { return less(i-1, n) }},
	{"reversed chain", func(i, n int) []int { return less(i+1, n) }},
	{"ring", func(i, n int) []int { return less((i+1)%n, n) }},
	{"clique", func(i, n int) []int {
		var all []int
		for j := range n {
			if j != i {
				all = append(all, j)
			}
		}
		return all
	}},
}

// less is a list of the number, or an empty one if it is not below n.
func less(i, n int) []int {
	if i < 0 || i >= n {
		return nil
	}
	return []int{i}
}

// crowd are n modules, each with a function that calls those of the modules that
// it imports from.
func crowd(n int, from func(i, n int) []int) []link.Module {
	var list []link.Module
	for i := range n {
		m := &named{name: fmt.Sprint("m", i)}
		body := ""
		for _, j := range from(i, n) {
			body += fmt.Sprintf("call %d ", m.Import(fmt.Sprint("m", j), fmt.Sprint("f", j), ""))
		}
		m.Func(fmt.Sprint("f", i), "", "", body+"i32.const "+fmt.Sprint(i)+" drop")
		list = append(list, link.Module{Name: m.name, Wasm: m.Encode()})
	}
	return list
}

func BenchmarkCrowd(b *testing.B) {
	for _, c := range crowds {
		for _, n := range []int{100, 300, 1000} {
			b.Run(fmt.Sprint(c.name, "/", n), func(b *testing.B) {
				modules := crowd(n, c.from)
				for b.Loop() {
					if _, err := link.Link(modules, link.Options{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestLongDetour: an export that is handed on from module to module, here to and
// fro between two of them, is found without walking the whole way for each.
func TestLongDetour(t *testing.T) {
	const n = 60_000
	there, back := &named{name: "there"}, &named{name: "back"}
	ballast := []wasm.Data{{Flags: 1, Init: make([]byte, n*256)}} // small modules may not have so many imports
	there.Data, back.Data = ballast, ballast
	var use []byte
	for i := range uint32(n) {
		name, next := itoa(i), itoa(i+1)
		there.Import("back", name, "")
		there.export(name, link.Func, i)
		back.Import("there", next, "")
		back.export(name, link.Func, i)
		use = wasm.AppendUleb(append(use, byte(wasm.OpCall)), uint64(i))
	}
	there.Func(itoa(n), "", "", "")
	there.Func("use", "", "", "")
	there.Code[1].Bytes = append(append([]byte{0}, use...), byte(wasm.OpEnd))
	out, err := wasm.Read(linkAll(t, link.Options{Exports: []link.Export{{Module: "there", Name: "use"}}}, there, back).Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Imports) > 0 || len(out.Funcs) != 2 {
		t.Errorf("%d imports and %d functions, want 0 and 2", len(out.Imports), len(out.Funcs))
	}
}
