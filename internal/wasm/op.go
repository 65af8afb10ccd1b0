package wasm

import (
	"fmt"
	"strings"
)

//go:generate go run ./genops

// Op is an instruction: the byte of a plain one, prefix<<16 | sub-opcode of a
// prefixed one (i32.add is 0x6a, memory.copy 0xfc000a).
type Op uint32

// OpInfo says of an instruction its name in the text format, what immediates
// follow the opcode and which feature it belongs to.
type OpInfo struct {
	Name    string
	Imm     Imm
	Feature Feature
}

// Info looks the instruction up. It is false for opcodes that are not assigned.
func (op Op) Info() (OpInfo, bool) {
	page, sub := op>>16, op&0xffff
	if page > 0xfa {
		page -= 0xfa
	} else if page != 0 {
		return OpInfo{}, false
	}
	if page >= Op(len(tables)) || sub >= Op(len(tables[page])) {
		return OpInfo{}, false
	}
	info := tables[page][sub]
	return info, info.Name != ""
}

// String is the name in the text format, or the opcode's bytes if it has none.
func (op Op) String() string {
	if info, ok := op.Info(); ok {
		return info.Name
	}
	return fmt.Sprintf("opcode % #x", op.Append(nil))
}

// Append writes the opcode: one byte, or the prefix and the sub-opcode's LEB128.
func (op Op) Append(b []byte) []byte {
	if op < 0x100 {
		return append(b, byte(op))
	}
	return AppendUleb(append(b, byte(op>>16)), uint64(op&0xffff))
}

// Imm is the kind of an instruction's immediates. The comments say how Instr
// holds them.
type Imm byte

// The kinds of immediates.
const (
	ImmNone Imm = iota
	// immIndex stands for every kind of one u32 in X.
	immIndex

	// One u32 in X.
	ImmLabel
	ImmFunc
	ImmType
	ImmTable
	ImmLocal
	ImmGlobal
	ImmTag
	ImmMemory
	ImmData
	ImmElem

	// Two u32, in X and Y.
	ImmTypeTable    // call_indirect: type, table
	ImmTableTable   // table.copy: destination, source
	ImmMemoryMemory // memory.copy: destination, source
	ImmDataMemory   // memory.init: data, memory
	ImmElemTable    // table.init: elem, table
	ImmTypeField
	ImmTypeN // array.new_fixed: type, number of operands
	ImmTypeData
	ImmTypeElem
	ImmTypeType
	ImmTypeTag
	ImmOrderingGlobal
	ImmOrderingTable
	ImmOrderingType

	ImmOrderingField // ordering, type, field in X, Y, Z
	ImmMemarg        // X align exponent, Y offset, Z memory
	ImmMemargLane    // as memarg, and a lane in the last byte before End
	ImmLane          // X
	ImmI32           // X, sign-extended
	ImmI64           // X
	ImmF32           // X, the bits
	ImmF64           // X, the bits
	ImmV128          // X the low, Y the high 8 bytes
	ImmShuffle       // as V128; the 16 lanes stand in [Imm:End]
	ImmBlockType     // X: s33 (-64 empty, -1 i32, an index if >= 0); Y: heap type if X is -29 or -28
	ImmHeapType      // X: s33
	ImmBrTable       // X: number of targets without the default; see BrTableTargets
	ImmValTypes      // X: number of types; see ValTypeVec
	ImmTryTable      // X: number of catches, Y, Z: block type as X, Y there; see TryTableCatches
	ImmBrOnCast      // X flags, Y label, Z the first heap type (s33); the second ends at End
	ImmFence         // a zero byte
	ImmResume        // X type, Y number of handlers; see ResumeHandlers
	ImmResumeThrow   // X type, Y tag, Z number of handlers; see ResumeHandlers

	// immPrefix marks the bytes that start a prefixed opcode.
	immPrefix
	// immUnknown marks the bytes that are no opcode.
	immUnknown
)

// Feature is a set of features beyond the first version of Wasm; zero is that
// version (the MVP).
type Feature uint32

// FeatureMVP is the empty set.
const FeatureMVP Feature = 0

// The features.
const (
	FeatureSignExt Feature = 1 << iota
	FeatureSatFloat
	FeatureBulkMemory
	FeatureReferenceTypes
	FeatureMultiValue
	FeatureSimd
	FeatureRelaxedSimd
	FeatureTailCall
	FeatureExtendedConst
	FeatureExceptions
	FeatureLegacyExceptions
	FeatureFunctionReferences
	FeatureGc
	FeatureThreads
	FeatureMultiMemory
	FeatureMemory64
	FeatureCustomPageSizes
	FeatureWideArithmetic
	FeatureStackSwitching
	FeatureSharedEverything
	FeatureCustomDescriptors
	FeatureMemoryControl
)

// featureNames are in the order of the bits.
var featureNames = [...]string{
	"sign-ext", "sat-float", "bulk-memory", "reference-types", "multi-value",
	"simd", "relaxed-simd", "tail-call", "extended-const", "exceptions",
	"legacy-exceptions", "function-references", "gc", "threads", "multi-memory",
	"memory64", "custom-page-sizes", "wide-arithmetic", "stack-switching",
	"shared-everything", "custom-descriptors", "memory-control",
}

// String lists the names of the features, comma-separated; "mvp" if there is none.
func (f Feature) String() string {
	if f == FeatureMVP {
		return "mvp"
	}
	var names []string
	for i, name := range featureNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if rest := f >> len(featureNames); rest != 0 {
		names = append(names, fmt.Sprintf("%#x", uint32(rest)<<len(featureNames)))
	}
	return strings.Join(names, ",")
}
