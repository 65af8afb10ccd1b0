package link_test

import (
	"bytes"
	"math/rand"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/link"
)

// outcome is what became of a drawn set.
type outcome struct {
	kind         string // "equal", or why nothing could be compared
	steps, traps int
}

// drawOptions draws how a set is linked. Where the start is deferred it is the
// export "begin".
func drawOptions(rng *rand.Rand) link.Options {
	o := link.Options{
		Memories: link.Layout(rng.Intn(4) / 3), Tables: link.Layout(rng.Intn(4) / 3), // mostly stacked
		Verbatim: rng.Intn(3) == 0, KeepAll: rng.Intn(4) == 0, NoFold: rng.Intn(2) == 0, Trusted: rng.Intn(2) == 0, StripNames: rng.Intn(2) == 0,
	}
	if rng.Intn(3) == 0 {
		o.DeferStart = "begin"
	}
	return o
}

func inputs(set wasmgen.Set) []link.Module {
	var list []link.Module
	for _, m := range set.Modules {
		list = append(list, link.Module{Name: m.Name, Wasm: m.Module.Encode()})
	}
	return list
}

// stacks are the refusals to stack; apart, everything can be linked.
var stacks = regexp.MustCompile(`(may grow, and so may|cannot be stacked).*; with the layout apart`)

// outside are the refusals of segments that trap when they are instantiated.
var outside = regexp.MustCompile(`past the (memory|table)'s initial`)

// setProperty links a drawn set and compares what its modules do with what they
// do as instances of their own.
func setProperty(t testing.TB, e engine, b []byte) outcome {
	rng := seedOf(b)
	drawn := e.options
	drawn.Modules, drawn.Cycles = 4, true
	if rng.Intn(2) == 0 {
		drawn.Features &^= wasm.FeatureMemory64 | wasm.FeatureThreads // whose memories cannot be stacked
	}
	set := wasmgen.Draw(b, drawn)
	rng.Shuffle(len(set.Modules), reflect.Swapper(set.Modules))
	o := drawOptions(rng)
	names := drawExports(rng, set, &o)
	separate := &side{e.start(t), func(module, name string) (string, string) { return module, name }}
	defer separate.close()
	want := instantiateAll(separate, inOrder(set))
	r, err := link.Link(inputs(set), o)
	if err != nil && stacks.MatchString(err.Error()) {
		o.Memories, o.Tables = link.Apart, link.Apart // as the error says
		r, err = link.Link(inputs(set), o)
	}
	if err != nil {
		return refusal(t, err, want)
	}
	checkOutput(t, r.Wasm)
	checkExports(t, r.Wasm, names, o)
	if !e.runs(r.Wasm) {
		return outcome{kind: "not for this engine"}
	}
	linked := &side{e.start(t), func(module, name string) (string, string) { return "all", names[link.Name{Module: module, Name: name}] }}
	defer linked.close()
	got := linked.instantiate("all", r.Wasm)
	if got == "" && o.DeferStart != "" {
		got = strings.TrimPrefix(linked.call("all", o.DeferStart, nil), "[]")
	}
	if set.Cyclic && want != "" && got == "" {
		return outcome{kind: "starts only as one"} // a start function calls what comes later
	}
	if (want == "") != (got == "") { // of two faults either may be seen first
		t.Errorf("instantiating gives %q, separate %q", got, want)
	}
	if want != "" || got != "" {
		return outcome{kind: "fails when instantiated"}
	}
	script := scriptOf(rng, set, func(module, name string) bool { return names[link.Name{Module: module, Name: name}] != "" })
	steps, traps := compareSides(t, script, separate, linked)
	compareMemories(t, set, r.Map(), names, separate, linked)
	if stacked(set, r.Wasm) {
		return outcome{"equal and stacked", steps, traps}
	}
	return outcome{"equal", steps, traps}
}

// compareMemories wants each memory that a module defines and exports to hold the
// same bytes where the link map says that it lies.
func compareMemories(t testing.TB, set wasmgen.Set, places *link.Map, names exportNames, separate, linked *side) {
	for _, m := range set.Modules {
		for _, e := range m.Module.Exports {
			if e.Kind != wasm.ExternMemory || names[link.Name{Module: m.Name, Name: e.Name}] == "" || int(e.Index) < m.Module.NumImportedMemories() {
				continue
			}
			at := slices.IndexFunc(places.Memories, func(p link.PlacedMemory) bool {
				return p.Module == m.Name && p.From == e.Index
			})
			want, got := separate.memory(separate.where(m.Name, e.Name)), linked.memory(linked.where(m.Name, e.Name))
			if at < 0 || uint64(len(got)) < places.Memories[at].Base<<16+uint64(len(want)) {
				t.Errorf("the map places %s.%s at %d of %v, outside of %d bytes", m.Name, e.Name, at, places.Memories, len(got))
			} else if !bytes.Equal(got[places.Memories[at].Base<<16:][:len(want)], want) {
				t.Errorf("memory %s.%s differs", m.Name, e.Name)
			}
		}
	}
}

// stacked tells whether an output has fewer memories than its inputs.
func stacked(set wasmgen.Set, b []byte) bool {
	n := 0
	for _, m := range set.Modules {
		n += len(m.Module.Memories)
	}
	m, err := wasm.Read(b)
	return err == nil && len(m.Memories) < n
}

// instantiateAll makes instances of a set's modules, until one fails.
func instantiateAll(s *side, set wasmgen.Set) string {
	for _, m := range set.Unknot() {
		if fault := s.instantiate(m.Name, m.Module.Encode()); fault != "" {
			return fault
		}
	}
	return ""
}

// refusal judges an error: it must have a reason that is allowed.
func refusal(t testing.TB, err error, separate string) outcome {
	if !typed(err) {
		t.Errorf("untyped error %T: %v", err, err)
	}
	if outside.MatchString(err.Error()) {
		if separate == "" {
			t.Errorf("the modules can be instantiated, but linking them fails: %v", err)
		}
		return outcome{kind: "a segment lies outside"}
	}
	t.Errorf("refused: %v", err)
	return outcome{kind: "refused"}
}

// checkOutput wants an output to be canonical and valid.
func checkOutput(t testing.TB, b []byte) {
	m, err := wasm.Read(b)
	if err == nil {
		err = validate.Module(m, validate.Input(b))
	}
	if err != nil {
		t.Errorf("the output is not valid: %v", err)
	}
}

// runs tells whether the engine has what a module needs.
func (e engine) runs(b []byte) bool {
	m, err := wasm.Read(b)
	return err == nil && m.Features()&^e.options.Features == 0
}

// TestLinkedBehave: modules do the same when they are linked.
func TestLinkedBehave(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(*drawnSeed))
			kinds := map[string]int{}
			steps, traps, n := 0, 0, setsFor(e)
			for range n {
				b := drawBytes(rng)
				got := setProperty(t, e, b)
				if t.Failed() {
					t.Fatalf("drawn from %x", b)
				}
				kinds[got.kind]++
				steps += got.steps
				traps += got.traps
			}
			t.Logf("%v, %d steps, %d of them traps", kinds, steps, traps)
			if kinds["equal"] < n/3 || kinds["equal and stacked"] < n/20 || steps < 60*n || traps < steps/50 {
				t.Errorf("too little was compared")
			}
		})
	}
}
