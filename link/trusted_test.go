package link_test

import (
	"testing"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// TestTrustedTypes: of a trusted module nobody looks at the types. An ill-typed
// function goes unnoticed where nothing reaches it, and makes the output invalid
// where it stays; a bad index is refused in any case.
func TestTrustedTypes(t *testing.T) {
	const illTyped, badIndex = "i64.const 1", "call 9"
	for _, c := range []struct {
		name, export, body string
		trusted            bool
		refused, valid     bool
	}{
		{"dead and ill-typed", "", illTyped, true, false, true},
		{"live and ill-typed", "f", illTyped, true, false, false},
		{"dead and ill-typed, not trusted", "", illTyped, false, true, false},
		{"dead with a bad index", "", badIndex, true, true, false},
	} {
		m := &named{name: "m"}
		m.Func("good", "", "", "nop")
		m.Func(c.export, "-> i32", "", c.body)
		r, err := link.Link(inputsOf([]*named{m}), link.Options{Trusted: c.trusted})
		if (err != nil) != c.refused {
			t.Errorf("%s: error %v", c.name, err)
		}
		if err != nil {
			continue
		}
		out, err := wasm.Read(r.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Module(out); (err == nil) != c.valid {
			t.Errorf("%s: the output: %v", c.name, err)
		}
	}
}
