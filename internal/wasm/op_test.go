package wasm

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	other "github.com/tetratelabs/wabin/wasm"
)

// otherNames are the instructions that wabin names, by opcode.
func otherNames() map[Op]string {
	names := map[Op]string{}
	add := func(op Op, name string) {
		if name != "" {
			names[op] = name
		}
	}
	for i := range Op(0x100) {
		if i != 0xfc && i != 0xfd {
			add(i, other.InstructionName(byte(i)))
		}
		add(0xfc0000|i, other.MiscInstructionName(byte(i)))
		add(0xfd0000|i, other.VectorInstructionName(byte(i)))
	}
	return names
}

// otherFaults are names that wabin has wrong or spells in its own way.
var otherFaults = map[Op]string{
	OpSelectT:        "typed_select",
	OpF32ConvertI64U: "f32.convert_i64u",
	OpI8x16Shuffle:   "v128.shuffle",
	OpI8x16SubSatS:   "i8x16.sub_s",
	OpI8x16SubSatU:   "i8x16.sub_u",
	OpI64x2LtS:       "i64x2.lt",
	OpI64x2GtS:       "i64x2.gt",
	OpI64x2LeS:       "i64x2.le",
	OpI64x2GeS:       "i64x2.ge",
}

// TestOpNames compares the table with a listing of another origin, both ways for
// the features that both have.
func TestOpNames(t *testing.T) {
	names := otherNames()
	if len(names) < 400 {
		t.Fatalf("only %d names to compare with", len(names))
	}
	for op, name := range names {
		if otherFaults[op] == name {
			continue
		}
		if op.String() != name {
			t.Errorf("%#x: %q, want %q", uint32(op), op, name)
		}
	}
	both := FeatureSignExt | FeatureSatFloat | FeatureBulkMemory | FeatureReferenceTypes | FeatureSimd
	for _, op := range allOps() {
		info, _ := op.Info()
		if info.Feature&^both == 0 && names[op] == "" {
			t.Errorf("%#x %s is not in the other listing", uint32(op), op)
		}
	}
}

// allOps are the assigned opcodes.
func allOps() []Op {
	var ops []Op
	for _, prefix := range []Op{0, 0xfb, 0xfc, 0xfd, 0xfe} {
		for sub := range Op(0x200) {
			if _, ok := (prefix<<16 | sub).Info(); ok && (prefix != 0 || sub < 0x100) {
				ops = append(ops, prefix<<16|sub)
			}
		}
	}
	return ops
}

// opRanges is a second listing: the immediates of each run of opcodes, as the
// specification and the proposals give them.
var opRanges = []struct {
	prefix, from, to Op
	imm              Imm
}{
	{0, 0x00, 0x01, ImmNone}, {0, 0x02, 0x04, ImmBlockType}, {0, 0x05, 0x05, ImmNone},
	{0, 0x06, 0x06, ImmBlockType}, {0, 0x07, 0x08, ImmTag}, {0, 0x09, 0x09, ImmLabel},
	{0, 0x0a, 0x0b, ImmNone}, {0, 0x0c, 0x0d, ImmLabel}, {0, 0x0e, 0x0e, ImmBrTable},
	{0, 0x0f, 0x0f, ImmNone}, {0, 0x10, 0x10, ImmFunc}, {0, 0x11, 0x11, ImmTypeTable},
	{0, 0x12, 0x12, ImmFunc}, {0, 0x13, 0x13, ImmTypeTable}, {0, 0x14, 0x15, ImmType},
	{0, 0x18, 0x18, ImmLabel}, {0, 0x19, 0x1b, ImmNone}, {0, 0x1c, 0x1c, ImmValTypes},
	{0, 0x1f, 0x1f, ImmTryTable}, {0, 0x20, 0x22, ImmLocal}, {0, 0x23, 0x24, ImmGlobal},
	{0, 0x25, 0x26, ImmTable}, {0, 0x28, 0x3e, ImmMemarg}, {0, 0x3f, 0x40, ImmMemory},
	{0, 0x41, 0x41, ImmI32}, {0, 0x42, 0x42, ImmI64}, {0, 0x43, 0x43, ImmF32},
	{0, 0x44, 0x44, ImmF64}, {0, 0x45, 0xc4, ImmNone}, {0, 0xd0, 0xd0, ImmHeapType},
	{0, 0xd1, 0xd1, ImmNone}, {0, 0xd2, 0xd2, ImmFunc}, {0, 0xd3, 0xd4, ImmNone},
	{0, 0xd5, 0xd6, ImmLabel}, {0, 0xe0, 0xe0, ImmType}, {0, 0xe1, 0xe1, ImmTypeType},
	{0, 0xe2, 0xe2, ImmTag}, {0, 0xe3, 0xe3, ImmResume}, {0, 0xe4, 0xe4, ImmResumeThrow},
	{0, 0xe5, 0xe5, ImmResume}, {0, 0xe6, 0xe6, ImmTypeTag},

	{0xfb, 0x00, 0x01, ImmType}, {0xfb, 0x02, 0x05, ImmTypeField}, {0xfb, 0x06, 0x07, ImmType},
	{0xfb, 0x08, 0x08, ImmTypeN}, {0xfb, 0x09, 0x09, ImmTypeData}, {0xfb, 0x0a, 0x0a, ImmTypeElem},
	{0xfb, 0x0b, 0x0e, ImmType}, {0xfb, 0x0f, 0x0f, ImmNone}, {0xfb, 0x10, 0x10, ImmType},
	{0xfb, 0x11, 0x11, ImmTypeType}, {0xfb, 0x12, 0x12, ImmTypeData}, {0xfb, 0x13, 0x13, ImmTypeElem},
	{0xfb, 0x14, 0x17, ImmHeapType}, {0xfb, 0x18, 0x19, ImmBrOnCast}, {0xfb, 0x1a, 0x1e, ImmNone},
	{0xfb, 0x20, 0x22, ImmType}, {0xfb, 0x23, 0x24, ImmHeapType}, {0xfb, 0x25, 0x26, ImmBrOnCast},

	{0xfc, 0x00, 0x07, ImmNone}, {0xfc, 0x08, 0x08, ImmDataMemory}, {0xfc, 0x09, 0x09, ImmData},
	{0xfc, 0x0a, 0x0a, ImmMemoryMemory}, {0xfc, 0x0b, 0x0b, ImmMemory}, {0xfc, 0x0c, 0x0c, ImmElemTable},
	{0xfc, 0x0d, 0x0d, ImmElem}, {0xfc, 0x0e, 0x0e, ImmTableTable}, {0xfc, 0x0f, 0x11, ImmTable},
	{0xfc, 0x12, 0x12, ImmMemory}, {0xfc, 0x13, 0x16, ImmNone},

	{0xfd, 0x00, 0x0b, ImmMemarg}, {0xfd, 0x0c, 0x0c, ImmV128}, {0xfd, 0x0d, 0x0d, ImmShuffle},
	{0xfd, 0x0e, 0x14, ImmNone}, {0xfd, 0x15, 0x22, ImmLane}, {0xfd, 0x23, 0x53, ImmNone},
	{0xfd, 0x54, 0x5b, ImmMemargLane}, {0xfd, 0x5c, 0x5d, ImmMemarg}, {0xfd, 0x5e, 0x99, ImmNone},
	{0xfd, 0x9b, 0xa1, ImmNone}, {0xfd, 0xa3, 0xa4, ImmNone}, {0xfd, 0xa7, 0xae, ImmNone},
	{0xfd, 0xb1, 0xb1, ImmNone}, {0xfd, 0xb5, 0xba, ImmNone}, {0xfd, 0xbc, 0xc1, ImmNone},
	{0xfd, 0xc3, 0xc4, ImmNone}, {0xfd, 0xc7, 0xce, ImmNone}, {0xfd, 0xd1, 0xd1, ImmNone},
	{0xfd, 0xd5, 0xe1, ImmNone}, {0xfd, 0xe3, 0xed, ImmNone}, {0xfd, 0xef, 0x113, ImmNone},

	{0xfe, 0x00, 0x02, ImmMemarg}, {0xfe, 0x03, 0x03, ImmFence}, {0xfe, 0x10, 0x4e, ImmMemarg},
	{0xfe, 0x4f, 0x57, ImmOrderingGlobal}, {0xfe, 0x58, 0x5b, ImmOrderingTable},
	{0xfe, 0x5c, 0x66, ImmOrderingField}, {0xfe, 0x67, 0x71, ImmOrderingType}, {0xfe, 0x72, 0x72, ImmNone},
}

// TestOpTable checks that exactly the listed opcodes are assigned, with their
// immediates.
func TestOpTable(t *testing.T) {
	want := map[Op]Imm{}
	for _, r := range opRanges {
		for sub := r.from; sub <= r.to; sub++ {
			want[r.prefix<<16|sub] = r.imm
		}
	}
	for _, op := range allOps() {
		info, _ := op.Info()
		if imm, ok := want[op]; !ok || imm != info.Imm {
			t.Errorf("%#x %s: immediates %d, want %d (%v)", uint32(op), info.Name, info.Imm, imm, ok)
		}
		delete(want, op)
	}
	for op := range want {
		t.Errorf("%#x is not in the table", uint32(op))
	}
}

// TestOpOutside looks opcodes up that no table reaches.
func TestOpOutside(t *testing.T) {
	for _, op := range []Op{0xfa0000, 0xfb0027, 0xff0000, 0x010000, 0xfe0073, 0xffffffff, 0xfb, 0xfe} {
		if info, ok := op.Info(); ok {
			t.Errorf("%#x is %+v", uint32(op), info)
		}
	}
}

// TestOpsGenerated runs the generator again and wants the same file.
func TestOpsGenerated(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile("ops.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ops.txt"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(dir, "genops")
	if out, err := exec.Command("go", "build", "-o", tool, "./genops").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(tool)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, _ := os.ReadFile(filepath.Join(dir, "ops_gen.go"))
	want, _ := os.ReadFile("ops_gen.go")
	if string(got) != string(want) || len(want) == 0 {
		t.Error("ops_gen.go is not what ops.txt gives: run go generate ./internal/wasm")
	}
}

func TestFeatureString(t *testing.T) {
	for f, want := range map[Feature]string{
		FeatureMVP:                       "mvp",
		FeatureSignExt:                   "sign-ext",
		FeatureSimd | FeatureTailCall:    "simd,tail-call",
		FeatureMemoryControl | FeatureGc: "gc,memory-control",
		1<<len(featureNames) | FeatureGc: "gc,0x400000",
		FeatureSharedEverything:          "shared-everything",
		FeatureCustomDescriptors:         "custom-descriptors",
	} {
		if f.String() != want {
			t.Errorf("%#x: %q, want %q", uint32(f), f, want)
		}
	}
}
