package link_test

import (
	"math/rand"
	"testing"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/link"
)

// TestInvalidStaysInvalid: of modules with a few bytes of code changed those
// that are invalid are refused, and those that are still valid give a valid
// output. Nothing panics, not even where invalid ones are trusted.
func TestInvalidStaysInvalid(t *testing.T) {
	rng := rand.New(rand.NewSource(*drawnSeed))
	drawn := wasmgen.Options{Features: featuresWazero | wasm.FeatureGc | wasm.FeatureMultiMemory | wasm.FeatureMemory64,
		Modules: 3, Cycles: true}
	invalid, valid := 0, 0
	for range 5 * *drawnSets {
		b := drawBytes(rng)
		set := wasmgen.Draw(b, drawn)
		list := inputs(set)
		i := rng.Intn(len(list))
		list[i].Wasm = mutant(rng, list[i].Wasm)
		if validates(list[i].Wasm) != nil {
			invalid++
			linkInvalid(t, list)
			if t.Failed() {
				t.Log(validates(list[i].Wasm))
			}
		} else {
			valid++
			linkValid(t, list)
		}
		if t.Failed() {
			t.Fatalf("drawn from %x, module %d is %x", b, i, list[i].Wasm)
		}
	}
	t.Logf("%d invalid, %d valid", invalid, valid)
	if min(invalid, valid) < *drawnSets/5 {
		t.Error("too few of one kind")
	}
}

// mutant changes up to three bytes of bodies.
func mutant(rng *rand.Rand, b []byte) []byte {
	m, err := wasm.Read(b)
	if err != nil {
		panic(err)
	}
	for range 1 + rng.Intn(3) {
		body := m.Code[rng.Intn(len(m.Code))]
		at := body.Offset + rng.Intn(len(body.Bytes))
		if rng.Intn(2) == 0 {
			b[at] = byte(rng.Intn(8)) // an index, often
		} else {
			b[at] ^= 1 << rng.Intn(8)
		}
	}
	return b
}

func validates(b []byte) error {
	m, err := wasm.Read(b)
	if err != nil {
		return err
	}
	return validate.Module(m, validate.Input(b))
}

// everything keeps all functions, so that none with a fault is left out.
var everything = link.Options{Conflicts: link.Rename, Memories: link.Apart, Tables: link.Apart, KeepAll: true, NoFold: true}

func linkInvalid(t *testing.T, list []link.Module) {
	if _, err := link.Link(list, everything); err == nil || !typed(err) {
		t.Errorf("an invalid module is linked with %v", err)
	}
	o := everything
	o.Trusted = true
	if _, err := link.Link(list, o); err != nil && !typed(err) {
		t.Errorf("untyped error %T: %v", err, err)
	}
}

func linkValid(t *testing.T, list []link.Module) {
	r, err := link.Link(list, everything)
	if err != nil {
		if !outside.MatchString(err.Error()) {
			t.Errorf("refused: %v", err)
		}
		return
	}
	if err := validates(r.Wasm); err != nil {
		t.Errorf("the output is not valid: %v", err)
	}
}
