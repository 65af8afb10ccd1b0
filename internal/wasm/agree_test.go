package wasm

import (
	"fmt"
	"testing"

	"github.com/tetratelabs/wabin/binary"
	other "github.com/tetratelabs/wabin/wasm"
)

// otherHas are the features that the other reader has.
const otherHas = FeatureSignExt | FeatureSatFloat | FeatureMultiValue | FeatureBulkMemory |
	FeatureReferenceTypes | FeatureSimd

// decodeOther reads a module with the other reader, which panics on some.
func decodeOther(b []byte) (m *other.Module, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return binary.DecodeModule(b, other.CoreFeaturesV2)
}

// FuzzAgreement compares what two readers see in modules that this one takes. The
// other gets them as they are written here, so that no count in them lies: it
// allocates what a count claims. It gets no custom sections, as it refuses modules
// for those that are malformed.
func FuzzAgreement(f *testing.F) {
	for _, path := range findFiles(f, "../../corpus/bin", ".wasm") {
		if b := readFile(f, path); len(b) < 64<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b)
		if err != nil || m.Features()&^otherHas != 0 {
			return
		}
		if _, err := walkBodies(m); err != nil {
			return
		}
		m.Customs = nil
		written := m.Encode()
		o, err := decodeOther(written)
		if err != nil {
			t.Fatalf("the other reader: %v, for %x", err, written)
		}
		compareModules(t, "module", m, o)
	})
}
