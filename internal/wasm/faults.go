package wasm

import "fmt"

// Faults beside those of leb.go. A decoder returns one in place of the next
// position, which is never negative.
const (
	faultOpcode    = -3
	faultAlign     = -4
	faultDepth     = -5
	faultZero      = -6
	faultDelegate  = -7
	faultCatch     = -8
	faultHandler   = -9
	faultValType   = -10
	faultBlockType = -11
	faultHeapType  = -12
	faultCount     = -13
	faultCast      = -14
	faultOrdering  = -15
	faultExact     = -16
	faultShared    = -17
)

var faultTexts = map[int]string{
	lebTruncated:   "cut off",
	lebOverlong:    "integer beyond its width",
	faultAlign:     "invalid memarg flags",
	faultDepth:     fmt.Sprintf("blocks nested deeper than %d", MaxDepth),
	faultZero:      "a byte that must be zero is not",
	faultDelegate:  "delegate outside a block",
	faultCatch:     "unknown kind of catch clause",
	faultHandler:   "unknown kind of handler",
	faultValType:   "invalid value type",
	faultBlockType: "invalid block type",
	faultHeapType:  "invalid heap type",
	faultCount:     "more items claimed than bytes left",
	faultCast:      "invalid cast flags",
	faultOrdering:  "invalid memory ordering",
	faultExact:     "an exact heap type (custom-descriptors proposal) is not supported",
	faultShared:    "a shared heap type (shared-everything-threads proposal) is not supported",
}

// fault makes the error of a fault in the instruction at start.
func (r *CodeReader) fault(start, fault int) error {
	op := Op(r.code[start])
	if opHeads[op].kind == immPrefix {
		sub, p := uleb32(r.code, start+1)
		if fault == faultOpcode {
			return r.fail(start, fmt.Sprintf("unknown opcode %#02x %#02x", byte(op), sub))
		}
		if p < 0 || sub > 0xffff {
			return r.fail(start, fmt.Sprintf("opcode %#02x: %s", byte(op), faultTexts[fault]))
		}
		op = op<<16 | Op(sub)
	}
	if fault == faultOpcode {
		return r.fail(start, fmt.Sprintf("unknown opcode %#02x", byte(op)))
	}
	return r.fail(start, fmt.Sprintf("%s: %s", op, faultTexts[fault]))
}

func (r *CodeReader) fail(at int, msg string) error {
	return &Error{Section: SectionNone, Index: -1, Offset: r.base + at, Msg: msg}
}
