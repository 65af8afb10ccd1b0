package validate

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	wz "github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
)

var mutations = flag.Int("mutations", 10, "how many mutants TestAgreement makes of each module")

// other is the validator to compare with.
type other struct{ runtime wz.Runtime }

func newOther(t testing.TB) other {
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
		experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling |
		experimental.CoreFeaturesTypedFunctionReferences
	r := wz.NewRuntimeWithConfig(context.Background(), wz.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	t.Cleanup(func() { r.Close(context.Background()) })
	return other{r}
}

// check gives the other validator's verdict. It panics on some invalid modules.
func (o other) check(b []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	m, err := o.runtime.CompileModule(context.Background(), b)
	if err == nil {
		m.Close(context.Background())
	}
	return err
}

// covered are the features that the other validator has.
const covered = wasm.FeatureSignExt | wasm.FeatureSatFloat | wasm.FeatureBulkMemory | wasm.FeatureReferenceTypes |
	wasm.FeatureMultiValue | wasm.FeatureSimd | wasm.FeatureTailCall | wasm.FeatureExtendedConst |
	wasm.FeatureExceptions | wasm.FeatureFunctionReferences | wasm.FeatureThreads

// comparable tells whether a module is well formed, down to the instructions, and
// keeps to what both cover.
func comparable(m *wasm.Module) bool {
	for i := range m.Code {
		runs, _, _, err := m.Code[i].Locals()
		if err != nil || slices.ContainsFunc(runs, func(r wasm.LocalRun) bool { return !knownType(r.Type) }) {
			return false
		}
	}
	return m.Features()&^covered == 0 && walk(m, func(in *wasm.Instr, code []byte) bool {
		info, _ := in.Op.Info()
		return info.Feature&^covered == 0 && plainForm(in, code) && knownTypes(in, code)
	})
}

// plainForm tells whether an instruction is written as the other reader wants it:
// that takes a prefixed opcode and the index of a memory for single bytes, and
// does not know memory indexes in memargs.
func plainForm(in *wasm.Instr, code []byte) bool {
	if in.Op == wasm.OpMemorySize || in.Op == wasm.OpMemoryGrow {
		return in.End == in.Imm+1
	}
	return !in.MemIdx && bytes.Equal(in.Op.Append(nil), code[in.Start:in.Imm])
}

// agree compares the verdicts on a module that can be read.
func agree(t *testing.T, o other, b []byte) bool {
	m, err := wasm.Read(b)
	if err != nil || !comparable(m) {
		return false
	}
	ours := Module(m, Input(b))
	if errors.Is(ours, wasm.ErrUnsupported) {
		return false
	}
	bare := *m
	bare.Customs = nil // the other refuses those of no meaning
	theirs := o.check(bare.Encode())
	if (ours == nil) != (theirs == nil) && !excused(m, ours, theirs) {
		t.Errorf("here %v, there %v, for %x", ours, theirs, b)
	}
	return true
}

// knownType tells whether the other validator has a value type.
func knownType(t wasm.ValType) bool {
	switch {
	case t.Code == 0x63 || t.Code == 0x64:
		return knownHeap(t.Heap)
	case t.IsRef():
		return knownHeap(wasm.HeapType(t.Code) - 0x80)
	}
	return true
}

// knownHeap tells whether it has a heap type: func, extern, exn or an index.
func knownHeap(h wasm.HeapType) bool {
	return h >= 0 || h == 0x70-0x80 || h == 0x6f-0x80 || h == 0x69-0x80
}

// knownTypes tells whether it has the types that an instruction names.
func knownTypes(in *wasm.Instr, code []byte) bool {
	info, _ := in.Op.Info()
	switch info.Imm {
	case wasm.ImmHeapType:
		return knownHeap(wasm.HeapType(in.X))
	case wasm.ImmBlockType:
		return knownBlock(in.X, in.Y)
	case wasm.ImmTryTable:
		return knownBlock(in.Y, in.Z)
	case wasm.ImmValTypes:
		for t := range wasm.ValTypeVec(code[in.Imm:in.End]) {
			if !knownType(t) {
				return false
			}
		}
	}
	return true
}

func knownBlock(x, y uint64) bool {
	code := int64(x) + 0x80
	return code >= 0x80 || code == 0x40 || knownType(wasm.ValType{Code: byte(code), Heap: wasm.HeapType(y)})
}

// otherFaults are modules that the other validator judges wrongly: what is said
// here, and why it is right.
var otherFaults = []struct {
	ours string
	op   wasm.Op // that the module must have, 0 for none
	why  string
}{
	{`wants \(ref (null )?\d+\), the stack has \(ref (null )?\d+\)$`, 0,
		"the other takes a reference to one function type for one to any"},
	{`a catch gives .*\(ref (null )?\d+\)`, wasm.OpTryTable,
		"the same"},
	{`the stack has (.* and )?any reference$`, 0,
		"of ref.as_non_null and br_on_null in unreachable code a reference is left, not a value of any type"},
	{`br_on_non_null to a label whose last value is not a reference$`, wasm.OpBrOnNonNull,
		"the other does not look at the label in unreachable code"},
	{`: locals: type \d+ of \d+$`, 0,
		"the other does not look at the type indexes of locals that are not used"},
	{`atomic.*: alignment 2\^`, 0,
		"the other lets atomic instructions be less aligned than naturally"},
	{`^(element|data) section, .*: global\.get in a constant expression: global \d+ is mutable$`, 0,
		"the other does not ask whether the global in a segment's offset can change"},
	{`type mismatch: `, wasm.OpSelectT,
		"the other takes the result of a select with a type for any type in unreachable code"},
}

// excused tells whether a difference is a known fault of the other validator.
func excused(m *wasm.Module, ours, theirs error) bool {
	for _, f := range otherFaults {
		if ours != nil && theirs == nil && (f.op == 0 || hasOp(m, f.op)) &&
			regexp.MustCompile(f.ours).MatchString(ours.Error()) {
			return true
		}
	}
	return false
}

func hasOp(m *wasm.Module, op wasm.Op) bool {
	found := false
	walk(m, func(in *wasm.Instr, _ []byte) bool {
		found = found || in.Op == op
		return true
	})
	return found
}

// walk reads the instructions of all bodies while each gives true, and tells
// whether it came to the end.
func walk(m *wasm.Module, each func(*wasm.Instr, []byte) bool) bool {
	var in wasm.Instr
	for i := range m.Code {
		_, code, offset, err := m.Code[i].Locals()
		if err != nil {
			return false
		}
		r := wasm.NewCodeReader(code, offset)
		for more := true; ; {
			if more, err = r.Next(&in); !more {
				break
			}
			if !each(&in, code) {
				return false
			}
		}
		if err != nil {
			return false
		}
	}
	return true
}

// mutate changes a few bytes of bodies.
func mutate(rng *rand.Rand, b []byte, m *wasm.Module) []byte {
	out := append([]byte(nil), b...)
	for range 1 + rng.Intn(3) {
		body := m.Code[rng.Intn(len(m.Code))]
		at := body.Offset + rng.Intn(len(body.Bytes))
		switch rng.Intn(4) {
		case 0:
			out[at] = byte(rng.Intn(256))
		case 1:
			out[at] = byte(rng.Intn(8))
		case 2:
			out[at] = b[body.Offset+rng.Intn(len(body.Bytes))]
		default:
			out[at] ^= 1 << rng.Intn(8)
		}
	}
	return out
}

// TestAgreement compares the verdicts on mutants of the core suite's modules.
func TestAgreement(t *testing.T) {
	o := newOther(t)
	dir := filepath.Join(moduleDir(t, wazero), "internal/integration_test/spectest")
	rng := rand.New(rand.NewSource(1))
	compared, invalid, modules := 0, 0, 0
	for _, path := range findFiles(t, dir, ".wasm") {
		b := readFile(t, path)
		m, err := wasm.Read(b)
		if err != nil || len(m.Code) == 0 || len(b) > 20_000 {
			continue
		}
		modules++
		for range *mutations {
			mutant := mutate(rng, b, m)
			if agree(t, o, mutant) {
				compared++
				if check(mutant) != nil {
					invalid++
				}
			}
		}
	}
	t.Logf("%d compared, %d of them invalid", compared, invalid)
	if compared < modules**mutations/4 || invalid < compared/4 || invalid > compared*3/4 {
		t.Errorf("of the mutants of %d modules only %d are compared, %d invalid", modules, compared, invalid)
	}
}

// FuzzAgreement looks for modules that both validators know and judge differently.
func FuzzAgreement(f *testing.F) {
	o := newOther(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		agree(t, o, b)
	})
}
