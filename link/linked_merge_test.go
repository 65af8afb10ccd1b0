package link_test

import (
	"errors"
	"flag"
	"math/rand"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/link"
)

// drawBytes draws a string for wasmgen.
func drawBytes(rng *rand.Rand) []byte {
	b := make([]byte, rng.Intn(2500))
	rng.Read(b)
	return b
}

// seedOf makes the draws of a script depend on all of the bytes.
func seedOf(b []byte) *rand.Rand {
	var seed int64
	for _, c := range b {
		seed = seed*1099511628211 + int64(c)
	}
	return rand.New(rand.NewSource(seed))
}

// tally counts what a property was tested on.
type tally struct{ sets, refused, failed, steps, traps int }

// mergeProperty merges a drawn module with a bystander and compares it with
// itself.
func mergeProperty(t testing.TB, e engine, b []byte, sum *tally) {
	o := e.options
	o.Features &^= wasm.FeatureMultiMemory | wasm.FeatureMemory64
	set := wasmgen.Draw(b, o)
	alone := set.Modules[0].Module.Encode()
	r, err := link.Merge(alone, polyfillModule(1), link.Host(wasmgen.HostModule))
	if err != nil {
		if !mergeMayRefuse(err) {
			t.Errorf("refused: %v", err)
		}
		sum.refused++
		return
	}
	separate := &side{e.start(t), func(_, name string) (string, string) { return "m0", name }}
	linked := &side{e.start(t), separate.where}
	defer separate.close()
	defer linked.close()
	want, got := separate.instantiate("m0", alone), linked.instantiate("m0", r.Wasm)
	sum.sets++
	if want != got {
		t.Errorf("instantiating gives %q, alone %q", got, want)
	}
	if want != "" || got != "" {
		sum.failed++
		return
	}
	script := scriptOf(seedOf(b), set, func(string, string) bool { return true })
	steps, traps := compareSides(t, script, separate, linked)
	sum.steps += steps
	sum.traps += traps
}

// mergeMayRefuse lists what Merge may refuse in a valid program.
func mergeMayRefuse(err error) bool {
	var e *link.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, reason := range []string{"past the memory's initial", "shared"} {
		if strings.Contains(err.Error(), reason) {
			return true
		}
	}
	return false
}

var (
	drawnSets = flag.Int("sets", 300, "how many sets the tests of linked programs draw; an engine that compiles gets a fifth")
	drawnSeed = flag.Int64("seed", 1, "where the tests of linked programs start to draw")
)

// setsFor is how many sets an engine gets.
func setsFor(e engine) int {
	if e.compiles {
		return *drawnSets / 5
	}
	return *drawnSets
}

// TestMergedBehaves: a program does the same when it is merged with a bystander.
func TestMergedBehaves(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(*drawnSeed))
			var sum tally
			n := setsFor(e)
			for range n {
				b := drawBytes(rng)
				mergeProperty(t, e, b, &sum)
				if t.Failed() {
					t.Fatalf("drawn from %x", b)
				}
			}
			t.Logf("%+v", sum)
			if sum.sets-sum.failed < n/2 || sum.traps < sum.steps/50 || sum.steps < 40*n {
				t.Errorf("too little was compared: %+v", sum)
			}
		})
	}
}
