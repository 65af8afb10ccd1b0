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

// trial is a drawn set and how it is linked.
type trial struct {
	engine
	rng   *rand.Rand
	set   wasmgen.Set
	hosts wasmgen.Set // modules that are not linked, in order; others import from them
	rest  wasmgen.Set // those that are
	o     link.Options
	names exportNames
}

func newTrial(e engine, b []byte) *trial {
	tr := &trial{engine: e, rng: seedOf(b)}
	drawn := e.options
	drawn.Modules, drawn.Cycles = 4, true
	if tr.rng.Intn(2) == 0 {
		drawn.Features &^= wasm.FeatureMemory64 | wasm.FeatureThreads // whose memories cannot be stacked
	}
	tr.set = wasmgen.Draw(b, drawn)
	tr.rng.Shuffle(len(tr.set.Modules), reflect.Swapper(tr.set.Modules))
	tr.hosts, tr.rest = wasmgen.Set{Cyclic: tr.set.Cyclic}, tr.set
	if tr.rng.Intn(4) == 0 {
		tr.hosts, tr.rest = split(tr.set, tr.rng.Intn(len(tr.set.Modules)))
	}
	tr.o = drawOptions(tr.rng)
	tr.names = drawExports(tr.rng, tr.rest, &tr.o)
	return tr
}

// link links the modules; apart, where they cannot be stacked.
func (tr *trial) link() (*link.Result, error) {
	r, err := link.Link(inputs(tr.rest), tr.o)
	if err != nil && stacks.MatchString(err.Error()) {
		tr.o.Memories, tr.o.Tables = link.Apart, link.Apart // as the error says
		return link.Link(inputs(tr.rest), tr.o)
	}
	return r, err
}

// separate makes an instance of each module.
func (tr *trial) separate(w world) (s *side, fault string) {
	s = &side{w, func(module, name string) (string, string) { return module, name }}
	all := wasmgen.Set{Cyclic: tr.set.Cyclic, Modules: slices.Concat(tr.hosts.Modules, inOrder(tr.rest).Modules)}
	return s, instantiateAll(s, all)
}

// linked makes one instance of what is linked.
func (tr *trial) linked(w world, output []byte) (s *side, fault string) {
	s = &side{w, func(module, name string) (string, string) {
		if as, ok := tr.names[link.Name{Module: module, Name: name}]; ok {
			return "all", as
		}
		return module, name
	}}
	if fault = instantiateAll(s, tr.hosts); fault == "" {
		fault = s.instantiate("all", output)
	}
	if fault == "" && tr.o.DeferStart != "" {
		fault = strings.TrimPrefix(s.call("all", tr.o.DeferStart, nil), "[]")
	}
	return s, fault
}

// shows tells whether an export can be seen on both sides.
func (tr *trial) shows(module, name string) bool {
	inHosts := slices.ContainsFunc(tr.hosts.Modules, func(m wasmgen.Named) bool { return m.Name == module })
	return inHosts || tr.names[link.Name{Module: module, Name: name}] != ""
}

// setProperty links a drawn set and compares what its modules do with what they
// do as instances of their own.
func setProperty(t testing.TB, e engine, b []byte) outcome {
	tr := newTrial(e, b)
	one, other := e.start(t), e.start(t)
	defer one.close()
	defer other.close()
	separate, want := tr.separate(one)
	r, err := tr.link()
	if err != nil {
		return refusal(t, err, want)
	}
	checkOutput(t, r.Wasm)
	checkExports(t, r.Wasm, tr.names, tr.o)
	if !e.runs(r.Wasm) {
		return outcome{kind: "not for this engine"}
	}
	linked, got := tr.linked(other, r.Wasm)
	if tr.set.Cyclic && want != "" && got == "" {
		return outcome{kind: "starts only as one"} // a start function calls what comes later
	}
	if (want == "") != (got == "") { // of two faults either may be seen first
		t.Errorf("instantiating gives %q, separate %q", got, want)
	}
	if want != "" || got != "" {
		return outcome{kind: "fails when instantiated"}
	}
	steps, traps := compareSides(t, scriptOf(tr.rng, tr.set, tr.shows), separate, linked)
	tr.compareMemories(t, r.Map(), separate, linked)
	return outcome{tr.kind(r.Wasm), steps, traps}
}

// kind says what has been compared: whether something was stacked, and whether
// something was left out.
func (tr *trial) kind(output []byte) string {
	switch {
	case len(tr.hosts.Modules) > 0:
		return "equal in part"
	case stacked(tr.set, output):
		return "equal and stacked"
	}
	return "equal"
}

// split takes up to n modules out of a set, from which the others may import.
func split(set wasmgen.Set, n int) (hosts, rest wasmgen.Set) {
	first := inOrder(set)
	hosts, rest = wasmgen.Set{Cyclic: set.Cyclic}, wasmgen.Set{Cyclic: set.Cyclic}
	for n > 0 && !closed(first.Modules[:n]) {
		n--
	}
	hosts.Modules = first.Modules[:n]
	for _, m := range set.Modules {
		if !slices.ContainsFunc(hosts.Modules, func(h wasmgen.Named) bool { return h.Name == m.Name }) {
			rest.Modules = append(rest.Modules, m)
		}
	}
	return hosts, rest
}

// closed tells whether modules import from one another and the host alone.
func closed(list []wasmgen.Named) bool {
	for _, m := range list {
		for _, imp := range m.Module.Imports {
			known := slices.ContainsFunc(list, func(m wasmgen.Named) bool { return m.Name == imp.Module })
			if !known && imp.Module != wasmgen.HostModule {
				return false
			}
		}
	}
	return true
}

// compareMemories wants each memory that a module defines and exports to hold the
// same bytes where the link map says that it lies.
func (tr *trial) compareMemories(t testing.TB, places *link.Map, separate, linked *side) {
	for _, m := range tr.rest.Modules {
		for _, e := range m.Module.Exports {
			if e.Kind != wasm.ExternMemory || !tr.shows(m.Name, e.Name) || int(e.Index) < m.Module.NumImportedMemories() {
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
