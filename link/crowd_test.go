package link_test

import (
	"fmt"
	"testing"

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
