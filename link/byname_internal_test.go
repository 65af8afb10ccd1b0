package link

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// drawInputs are n modules that import from one another at random, functions or
// memories.
func drawInputs(rng *rand.Rand, n int) ([]*input, map[string]int) {
	var inputs []*input
	byName := map[string]int{}
	for i := range n {
		in := &input{name: fmt.Sprint("m", i), at: i, mod: &wasm.Module{}}
		for range rng.Intn(4) {
			kind := []Kind{Func, Func, Memory}[rng.Intn(3)]
			from := fmt.Sprint("m", rng.Intn(n+1)) // the last is a host
			in.mod.Imports = append(in.mod.Imports, wasm.Import{Module: from, Kind: kind})
		}
		byName[in.name] = i
		inputs = append(inputs, in)
	}
	return inputs, byName
}

// relation says of each two modules whether the first needs the second.
type relation [][]bool

func relate(inputs []*input, byName map[string]int, counts func(Kind) bool) relation {
	r := make(relation, len(inputs))
	for i, in := range inputs {
		r[i] = make([]bool, len(inputs))
		for _, imp := range in.mod.Imports {
			if j, ok := byName[imp.Module]; ok && j != i && counts(imp.Kind) {
				r[i][j] = true
			}
		}
	}
	return r
}

// closed adds what is needed through others.
func (r relation) closed() relation {
	for k := range r {
		for i := range r {
			for j := range r {
				r[i][j] = r[i][j] || r[i][k] && r[k][j]
			}
		}
	}
	return r
}

// plainOrder is the order by the definition: each time the first module that
// needs nobody outside of its circle any more, and no memory within it, if there
// is one.
func plainOrder(inputs []*input, byName map[string]int) []*input {
	all := relate(inputs, byName, func(Kind) bool { return true }).closed()
	hard := relate(inputs, byName, func(k Kind) bool { return k != Func })
	placed := make([]bool, len(inputs))
	free := func(i int, blocks func(j int) bool) bool {
		for j := range placed {
			if j != i && !placed[j] && blocks(j) {
				return false
			}
		}
		return !placed[i]
	}
	inTurn := func(i int) bool { return free(i, func(j int) bool { return all[i][j] && !all[j][i] }) }
	var order []*input
	for range inputs {
		next := slices.IndexFunc(inputs, func(in *input) bool {
			return inTurn(in.at) && free(in.at, func(j int) bool { return hard[in.at][j] })
		})
		if next < 0 {
			next = slices.IndexFunc(inputs, func(in *input) bool { return inTurn(in.at) })
		}
		placed[next] = true
		order = append(order, inputs[next])
	}
	return order
}

// TestOrderIsThatByDefinition compares the two.
func TestOrderIsThatByDefinition(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	tangled := 0
	for range 3000 {
		inputs, byName := drawInputs(rng, 1+rng.Intn(9))
		got, want := dependencyOrder(inputs, byName), plainOrder(inputs, byName)
		if !slices.Equal(got, want) {
			for _, in := range inputs {
				for _, imp := range in.mod.Imports {
					t.Logf("%s imports a %s of %s", in.name, kindNames[imp.Kind], imp.Module)
				}
			}
			t.Fatalf("order %v, want %v", namesOf(got), namesOf(want))
		}
		if !slices.IsSortedFunc(got, func(a, b *input) int { return a.at - b.at }) {
			tangled++
		}
	}
	if tangled < 1000 {
		t.Errorf("in %d cases the order is not that of the inputs", tangled)
	}
}

func namesOf(inputs []*input) []string {
	var list []string
	for _, in := range inputs {
		list = append(list, in.name)
	}
	return list
}

// TestOrderOfMany: what takes the square of the modules does not end
// here. Each imports the memory of the next one, and the one in the middle a
// function of the first.
func TestOrderOfMany(t *testing.T) {
	const n = 100_000
	inputs, byName := make([]*input, n), map[string]int{}
	for i := range inputs {
		imports := []wasm.Import{{Module: fmt.Sprint("m", i+1), Kind: Memory}}
		if i == n/2 {
			imports = append(imports, wasm.Import{Module: "m0"})
		}
		inputs[i] = &input{name: fmt.Sprint("m", i), at: i, mod: &wasm.Module{Imports: imports}}
		byName[inputs[i].name] = i
	}
	order := dependencyOrder(inputs, byName)
	if len(order) != n {
		t.Fatalf("%d of %d modules have a place", len(order), n)
	}
	for place, in := range order {
		if in.at != n-1-place {
			t.Fatalf("%s has place %d", in.name, place)
		}
	}
}
