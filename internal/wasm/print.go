package wasm

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// AppendInstr writes an instruction in the text format's order, flat and with
// plain indexes: "i32.load offset=16 align=2". A memarg's align is in bytes and
// is left out where it is the natural one; a memory or table 0 is left out where
// the text format allows it. code is what the instruction was read from.
func AppendInstr(b []byte, code []byte, in *Instr) []byte {
	info, ok := in.Op.Info()
	if !ok {
		return append(b, in.Op.String()...)
	}
	b = append(b, info.Name...)
	imm := code[in.Imm:in.End]
	switch info.Imm {
	case ImmNone, ImmFence:
	case ImmLabel, ImmFunc, ImmType, ImmLocal, ImmGlobal, ImmTag, ImmLane, ImmData, ImmElem:
		b = appendIndexes(b, in.X)
	case ImmTable, ImmMemory:
		b = appendNonZero(b, in.X)
	case ImmTypeTable:
		b = appendNonZero(b, in.Y)
		b = fmt.Appendf(b, " (type %d)", in.X)
	case ImmTableTable, ImmMemoryMemory:
		if in.X != 0 || in.Y != 0 {
			b = appendIndexes(b, in.X, in.Y)
		}
	case ImmDataMemory, ImmElemTable: // the text has them the other way round
		b = appendIndexes(appendNonZero(b, in.Y), in.X)
	case ImmTypeField, ImmTypeN, ImmTypeData, ImmTypeElem, ImmTypeType, ImmTypeTag:
		b = appendIndexes(b, in.X, in.Y)
	case ImmOrderingGlobal, ImmOrderingTable, ImmOrderingType:
		b = appendIndexes(appendOrdering(b, in.X), in.Y)
	case ImmOrderingField:
		b = appendIndexes(appendOrdering(b, in.X), in.Y, in.Z)
	case ImmMemarg:
		b = appendMemarg(b, info.Name, in)
	case ImmMemargLane:
		b = appendIndexes(appendMemarg(b, info.Name, in), uint64(imm[len(imm)-1]))
	case ImmI32, ImmI64:
		b = strconv.AppendInt(append(b, ' '), int64(in.X), 10)
	case ImmF32:
		b = appendFloat(b, in.X, 32)
	case ImmF64:
		b = appendFloat(b, in.X, 64)
	case ImmV128:
		b = fmt.Appendf(b, " i64x2 %#016x %#016x", in.X, in.Y)
	default:
		b = appendTyped(b, info, in, imm)
	}
	return b
}

// appendTyped writes types and vectors.
func appendTyped(b []byte, info OpInfo, in *Instr, imm []byte) []byte {
	switch info.Imm {
	case ImmShuffle:
		for _, lane := range imm {
			b = appendIndexes(b, uint64(lane))
		}
	case ImmBlockType:
		b = appendBlock(b, in.X, in.Y)
	case ImmHeapType:
		b = appendHeapOperand(b, in)
	case ImmBrTable:
		for label := range BrTableTargets(imm) {
			b = appendIndexes(b, uint64(label))
		}
	case ImmValTypes:
		b = append(b, " (result"...)
		for t := range ValTypeVec(imm) {
			b = fmt.Appendf(b, " %s", t)
		}
		b = append(b, ')')
	case ImmTryTable:
		b = appendBlock(b, in.Y, in.Z)
		for c := range TryTableCatches(imm) {
			b = appendCatch(b, c)
		}
	case ImmBrOnCast:
		from, to := CastTypes(imm)
		b = appendIndexes(b, in.Y)
		b = fmt.Appendf(b, " %s %s", refTo(from, in.X&1 != 0), refTo(to, in.X&2 != 0))
	case ImmResume:
		b = appendHandlers(appendIndexes(b, in.X), imm, info.Imm)
	case ImmResumeThrow:
		b = appendHandlers(appendIndexes(b, in.X, in.Y), imm, info.Imm)
	}
	return b
}

func appendIndexes(b []byte, indexes ...uint64) []byte {
	for _, i := range indexes {
		b = strconv.AppendUint(append(b, ' '), i, 10)
	}
	return b
}

func appendNonZero(b []byte, index uint64) []byte {
	if index == 0 {
		return b
	}
	return appendIndexes(b, index)
}

func appendOrdering(b []byte, ordering uint64) []byte {
	return append(b, [...]string{" seq_cst", " acq_rel"}[ordering&1]...)
}

func appendMemarg(b []byte, name string, in *Instr) []byte {
	b = appendNonZero(b, in.Z)
	if in.Y != 0 {
		b = fmt.Appendf(b, " offset=%d", in.Y)
	}
	if align := uint64(1) << in.X; align != naturalAlign(name) {
		b = fmt.Appendf(b, " align=%d", align)
	}
	return b
}

// naturalAlign is the number of bytes that an instruction of this name accesses.
// The name says it: by a width behind the verb ("load8_s", "load32x2_u", which is
// eight bytes, "rmw16"), or else by the type in front.
func naturalAlign(name string) uint64 {
	typ, op, _ := strings.Cut(name, ".")
	for _, verb := range []string{"load", "store", "rmw", "wait"} {
		_, rest, found := strings.Cut(op, verb)
		if !found {
			continue
		}
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		if bits, err := strconv.ParseUint(digits, 10, 16); err == nil {
			if lanes := rest[len(digits):]; strings.HasPrefix(lanes, "x") {
				return 8
			}
			return bits / 8
		}
	}
	switch typ {
	case "v128":
		return 16
	case "i64", "f64":
		return 8
	}
	return 4
}

// appendFloat writes the shortest decimal that gives the bits back; a NaN that
// is not the canonical one keeps its payload.
func appendFloat(b []byte, bits uint64, size int) []byte {
	v, mantissa := math.Float64frombits(bits), uint(52)
	if size == 32 {
		v, mantissa = float64(math.Float32frombits(uint32(bits))), 23
	}
	b = append(b, ' ')
	if bits>>(size-1) != 0 && (math.IsNaN(v) || math.IsInf(v, 0)) {
		b = append(b, '-')
	}
	payload := bits & (1<<mantissa - 1)
	switch {
	case math.IsInf(v, 0):
		return append(b, "inf"...)
	case math.IsNaN(v) && payload == 1<<(mantissa-1):
		return append(b, "nan"...)
	case math.IsNaN(v):
		return fmt.Appendf(b, "nan:%#x", payload)
	}
	return strconv.AppendFloat(b, v, 'g', -1, size)
}

// appendBlock writes a block type as Instr holds it.
func appendBlock(b []byte, x, y uint64) []byte {
	switch s := int64(x); {
	case s >= 0:
		return fmt.Appendf(b, " (type %d)", s)
	case s != emptyBlock-0x80:
		return fmt.Appendf(b, " (result %s)", ValType{byte(s + 0x80), HeapType(y)})
	}
	return b
}

func refTo(h HeapType, nullable bool) ValType {
	if nullable {
		return ValType{refNull, h}
	}
	return ValType{refNonNull, h}
}

// appendHeapOperand writes the heap type of ref.null, or the reference type that
// tests and casts have in the text.
func appendHeapOperand(b []byte, in *Instr) []byte {
	h := HeapType(in.X)
	if in.Op == OpRefNull {
		return fmt.Appendf(b, " %s", h)
	}
	nullable := in.Op == OpRefTestNull || in.Op == OpRefCastNull || in.Op == OpRefCastDescEqNull
	return fmt.Appendf(b, " %s", refTo(h, nullable))
}

func appendCatch(b []byte, c Catch) []byte {
	name := [...]string{"catch", "catch_ref", "catch_all", "catch_all_ref"}[c.Kind]
	if c.Kind <= CatchTagRef {
		return fmt.Appendf(b, " (%s %d %d)", name, c.Tag, c.Label)
	}
	return fmt.Appendf(b, " (%s %d)", name, c.Label)
}

func appendHandlers(b []byte, imm []byte, kind Imm) []byte {
	for h := range ResumeHandlers(imm, kind) {
		if h.Switch {
			b = fmt.Appendf(b, " (on %d switch)", h.Tag)
		} else {
			b = fmt.Appendf(b, " (on %d %d)", h.Tag, h.Label)
		}
	}
	return b
}

// AppendCode writes code line by line, indented by two spaces for each open
// block. base is the offset of code[0] in the input, for errors. What stands
// before a fault is written.
func AppendCode(b []byte, code []byte, base int) ([]byte, error) {
	r := NewCodeReader(code, base)
	r.AllowOffset64()
	var in Instr
	for {
		more, err := r.Next(&in)
		if err != nil || !more {
			return b, err
		}
		b = indent(b, r.Depth()-outdent(in.Op))
		b = append(AppendInstr(b, code, &in), '\n')
	}
}

// outdent is how far left of the depth behind it an instruction stands: what
// opens a block or divides it stands with the block's end.
func outdent(op Op) int {
	switch op {
	case OpBlock, OpLoop, OpIf, OpTry, OpTryTable, OpElse, OpCatch, OpCatchAll:
		return 1
	}
	return 0
}

func indent(b []byte, depth int) []byte {
	const most = 64 // deeper blocks are not told apart by eye
	return append(b, strings.Repeat("  ", min(depth, most))...)
}

// AppendBody writes a body: its locals, if any, and its code, like AppendCode.
func AppendBody(b []byte, body Body) ([]byte, error) {
	runs, code, offset, err := body.Locals()
	if err != nil {
		return b, err
	}
	for _, run := range runs {
		b = fmt.Appendf(b, "  (local %d of %s)\n", run.Count, run.Type)
	}
	return AppendCode(b, code, offset)
}
