package validate

import (
	"math/bits"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// opType is the type of an instruction of wasm.Op.Signature, unpacked.
type opType struct {
	how      how
	nparams  uint8
	nresults uint8
	lanes    uint8 // of the instruction's shape, or of its memory access
	align    uint8 // natural alignment, as an exponent
	params   [4]valType
	results  [2]valType
}

// how says what there is to check of an instruction.
type how uint8

const (
	ownCode        how = iota // the opcode does not decide the type
	typeOnly                  // the type
	withMemarg                // a memarg and the type
	withImmediates            // other immediates and the type
)

// opTypes are the types of the instructions without a prefix and of the prefixes
// from 0xfb on; opTypes64 are those with 64-bit addresses.
var opTypes, opTypes64 = makeOpTypes(i32), makeOpTypes(i64)

type opPages struct {
	plain    [256]opType
	prefixed [4][]opType
}

// prefixedOps is more than the largest sub-opcode.
const prefixedOps = 0x120

func makeOpTypes(address valType) *opPages {
	var pages opPages
	for i := range pages.plain {
		pages.plain[i] = makeOpType(wasm.Op(i), address)
	}
	for i := range pages.prefixed {
		pages.prefixed[i] = make([]opType, prefixedOps)
		for sub := range wasm.Op(prefixedOps) {
			pages.prefixed[i][sub] = makeOpType(wasm.Op(0xfb+i)<<16|sub, address)
		}
	}
	return &pages
}

func makeOpType(op wasm.Op, address valType) opType {
	sig := op.Signature()
	if sig == nil {
		return opType{}
	}
	t := opType{how: howOf(op), nparams: uint8(len(sig.Params)), nresults: uint8(len(sig.Results))}
	for i := range sig.Params {
		t.params[i] = tableType(sig.Params[i], address)
	}
	for i := range sig.Results {
		t.results[i] = tableType(sig.Results[i], address)
	}
	t.lanes = lanesOf(op)
	if sig.Width != 0 {
		t.lanes = 16 / sig.Width
		t.align = uint8(bits.TrailingZeros8(sig.Width))
	}
	return t
}

func howOf(op wasm.Op) how {
	switch info, _ := op.Info(); info.Imm {
	case wasm.ImmNone, wasm.ImmFence, wasm.ImmI32, wasm.ImmI64, wasm.ImmF32, wasm.ImmF64, wasm.ImmV128:
		return typeOnly
	case wasm.ImmMemarg:
		return withMemarg
	}
	return withImmediates
}

func tableType(code byte, address valType) valType {
	if code == wasm.AddressType {
		return address
	}
	return shortType(code)
}

// lanesOf is the number of lanes of the shape in front of an instruction's name,
// 0 if there is none.
func lanesOf(op wasm.Op) uint8 {
	shape, _, _ := strings.Cut(op.String(), ".")
	switch shape {
	case "i8x16":
		return 16
	case "i16x8":
		return 8
	case "i32x4", "f32x4":
		return 4
	case "i64x2", "f64x2":
		return 2
	}
	return 0
}

// of looks the type of an instruction up that a CodeReader delivered.
func (p *opPages) of(op wasm.Op) *opType {
	if op < 0x100 {
		return &p.plain[op]
	}
	return &p.prefixed[op>>16-0xfb][op&0xffff]
}
