package validate

import (
	"errors"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// refused are the features whose instructions are not validated.
const refused = wasm.FeatureStackSwitching | wasm.FeatureSharedEverything | wasm.FeatureCustomDescriptors |
	wasm.FeatureMemoryControl

// TestEveryInstruction checks that there is a type or code for each instruction
// of the table, and that those of the other proposals are refused by name.
func TestEveryInstruction(t *testing.T) {
	for _, op := range allOps() {
		info, _ := op.Info()
		m := world(0, "")
		zeros := make([]byte, 20) // immediates, and then unreachable instructions
		body := append([]byte{0}, instructions("unreachable")...)
		m.Code[0].Bytes = append(append(op.Append(body), zeros...), 0x0b)
		err := Module(m)
		if errors.Is(err, wasm.ErrUnsupported) != (info.Feature&refused != 0) {
			t.Errorf("%s (%s): %v", op, info.Feature, err)
		}
		if sig := op.Signature(); (sig != nil) != (opTypes.of(op).how != ownCode) {
			t.Errorf("%s: the signature %v got lost", op, sig)
		}
	}
}

// TestRelaxedTypes is a second listing of what no other suite here covers.
func TestRelaxedTypes(t *testing.T) {
	for _, r := range []struct {
		from, to wasm.Op
		params   string
	}{
		{0xfd0100, 0xfd0100, "\x7b\x7b"},
		{0xfd0101, 0xfd0104, "\x7b"},
		{0xfd0105, 0xfd010c, "\x7b\x7b\x7b"},
		{0xfd010d, 0xfd0112, "\x7b\x7b"},
		{0xfd0113, 0xfd0113, "\x7b\x7b\x7b"},
		{0xfc0013, 0xfc0014, "\x7e\x7e\x7e\x7e"},
		{0xfc0015, 0xfc0016, "\x7e\x7e"},
	} {
		for op := r.from; op <= r.to; op++ {
			results := "\x7b"
			if op < 0xfd0000 {
				results = "\x7e\x7e"
			}
			if sig := op.Signature(); sig == nil || sig.Params != r.params || sig.Results != results || sig.Width != 0 {
				t.Errorf("%s: %+q", op, sig)
			}
		}
	}
}
