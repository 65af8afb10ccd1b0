package wasm

import (
	"encoding/binary"
	"fmt"
)

// Instr is one instruction. Start, Imm and End are offsets in bytes into the
// slice given to the CodeReader: of the opcode, of its first immediate and past
// the last one. X, Y and Z hold the decoded immediates as the kinds of Imm say.
type Instr struct {
	Op              Op
	Start, Imm, End int
	X, Y, Z         uint64
	MemIdx          bool // the memarg had bit 6 set: a memory index was written
}

// CodeReader walks the instructions of a body or of a constant expression. It
// checks their form and the balance of blocks, not their validity.
type CodeReader struct {
	code     []byte
	base     int
	pos      int
	depth    int
	offset64 bool
	floor    int // the depth at which Seek passes nothing
}

// NewCodeReader starts at code[0]. base is the offset of code[0] in the input,
// for errors. Code is read in place and not written to. Declare the reader before
// the loop over it: a for clause would copy it in each round.
func NewCodeReader(code []byte, base int) CodeReader {
	return CodeReader{code: code, base: base, depth: 1}
}

// AllowOffset64 admits memarg offsets of 64 bits, which need a 64-bit memory.
func (r *CodeReader) AllowOffset64() { r.offset64 = true }

// Depth is the number of open blocks, the body itself included: 1 at the
// start, 0 after the final end.
func (r *CodeReader) Depth() int { return r.depth }

// Pos is the offset of the next instruction in the code.
func (r *CodeReader) Pos() int { return r.pos }

// At moves the reader to an instruction that has been read before, by its offset
// in the code. Depth, and Floor, have no meaning from then on.
func (r *CodeReader) At(pos int) { r.pos, r.depth = pos, 2 }

// opHead says at the first byte of an instruction what follows. The kinds that
// are one u32 are all immIndex here. The flags are 1 or 0, to compute with.
type opHead struct {
	kind  Imm
	index uint8 // the kind is immIndex
	ends  uint8 // the opcode is end
}

var opHeads = makeOpHeads()

func makeOpHeads() (heads [256]opHead) {
	for i := range heads {
		info, ok := Op(i).Info()
		switch {
		case i >= 0xfb && i <= 0xfe:
			heads[i].kind = immPrefix
		case !ok:
			heads[i].kind = immUnknown
		case ImmLabel <= info.Imm && info.Imm <= ImmElem && Op(i) != OpDelegate:
			heads[i] = opHead{kind: immIndex, index: 1}
		default:
			heads[i].kind = info.Imm
		}
	}
	heads[OpEnd].ends = 1
	return heads
}

// Next reads one instruction into in. The final end is delivered as an
// instruction; the call after it gives false. Errors are of type *Error with
// SectionNone: an unknown opcode, a truncated or overlong integer, a wrong flag,
// blocks beyond MaxDepth, code that goes on after the final end or that stops
// before it.
func (r *CodeReader) Next(in *Instr) (bool, error) {
	code, p := r.code, r.pos
	if uint(p) >= uint(len(code)) || r.depth == 0 {
		return false, r.finish()
	}
	op := code[p]
	head := &opHeads[op]
	in.Op, in.Start = Op(op), p
	p++
	in.Imm = p
	in.X, in.Y, in.Z, in.MemIdx = 0, 0, 0, false

	// Nearly all of a program is in these few cases, with one byte of
	// immediates: they are decoded here without a call. No immediate and an
	// index of one byte share their code, as a branch between them, which
	// follows no pattern, costs more than the rest.
	mask := -head.index // no bits or all
	if head.kind <= immIndex && p < len(code) && code[p]&mask < 0x80 {
		in.X = uint64(code[p] & mask)
		p += int(head.index)
		in.End, r.pos = p, p
		r.depth -= int(head.ends)
		return true, nil
	}
	switch head.kind {
	case ImmNone: // the last byte of the code
		r.depth -= int(head.ends)
	case immIndex:
		in.X, p = uleb32(code, p)
	case ImmI32, ImmI64:
		if p < len(code) && code[p] < 0x80 {
			in.X = uint64(int64(int8(code[p]<<1)) >> 1)
			p++
		} else {
			in.X, p = constant(head.kind, code, p)
		}
	case ImmBlockType:
		if p < len(code) && code[p] == emptyBlock && r.depth < MaxDepth {
			in.X = emptyBits
			r.depth++
			p++
		} else {
			in.X, in.Y, p = blockType(code, p)
			p = r.open(p)
		}
	case ImmMemarg:
		if p+1 < len(code) && code[p] < 0x20 && code[p+1] < 0x80 {
			in.X, in.Y = uint64(code[p]), uint64(code[p+1])
			p += 2
		} else {
			p = r.memarg(in, p)
		}
	default:
		p = r.rare(head.kind, in, p)
	}
	if p < 0 {
		return false, r.fault(in.Start, p)
	}
	in.End = p
	r.pos = p
	return true, nil
}

// finish tells whether the code may stop where the reader stands.
func (r *CodeReader) finish() error {
	if r.depth != 0 {
		return r.fail(r.pos, fmt.Sprintf("the code stops with %d blocks open", r.depth))
	}
	if r.pos < len(r.code) {
		return r.fail(r.pos, fmt.Sprintf("%d bytes after the final end", len(r.code)-r.pos))
	}
	return nil
}

// prefixed reads the sub-opcode of a prefixed opcode.
func prefixed(code []byte, in *Instr, p int) (Imm, int) {
	sub, p := uleb32(code, p)
	if p < 0 {
		return 0, p
	}
	if sub > 0xffff {
		return 0, faultOpcode
	}
	in.Op, in.Imm = in.Op<<16|Op(sub), p
	info, ok := in.Op.Info()
	if !ok {
		return 0, faultOpcode
	}
	return info.Imm, p
}

// constant reads that of an i32.const or i64.const.
func constant(kind Imm, code []byte, p int) (uint64, int) {
	width := uint(64)
	if kind == ImmI32 {
		width = 32
	}
	v, p := slebSlow(code, p, width)
	return uint64(v), p
}

// open enters a block.
func (r *CodeReader) open(p int) int {
	if p >= 0 {
		r.depth++
	}
	if r.depth > MaxDepth {
		return faultDepth
	}
	return p
}

// delegate closes the try block that it ends; it cannot close the body.
func (r *CodeReader) delegate(p int) int {
	if p >= 0 && r.depth == 1 {
		return faultDelegate
	}
	r.depth--
	return p
}

// memarg reads flags, a memory index if bit 6 is set, and the offset.
func (r *CodeReader) memarg(in *Instr, p int) int {
	flags, p := uleb32(r.code, p)
	if flags >= 0x20 {
		if flags&^0x40 >= 0x20 {
			return faultAlign
		}
		in.MemIdx = true
		in.Z, p = uleb32(r.code, p)
	}
	in.X = flags &^ 0x40
	if r.offset64 {
		in.Y, p = uleb64(r.code, p)
	} else {
		in.Y, p = uleb32(r.code, p)
	}
	return p
}

// rare reads the immediates that are not on the hot path.
func (r *CodeReader) rare(kind Imm, in *Instr, p int) int {
	code := r.code
	switch kind {
	case immPrefix:
		if kind, p = prefixed(code, in, p); p < 0 {
			return p
		}
		return r.rare(kind, in, p)
	case ImmMemarg:
		p = r.memarg(in, p)
	case ImmNone:
	case ImmLabel, ImmFunc, ImmType, ImmTable, ImmLocal, ImmGlobal, ImmTag, ImmMemory, ImmData, ImmElem:
		in.X, p = uleb32(code, p)
		if in.Op == OpDelegate {
			p = r.delegate(p)
		}
	case ImmTypeTable, ImmTableTable, ImmMemoryMemory, ImmDataMemory, ImmElemTable,
		ImmTypeField, ImmTypeN, ImmTypeData, ImmTypeElem, ImmTypeType, ImmTypeTag:
		in.X, p = uleb32(code, p)
		in.Y, p = uleb32(code, p)
	case ImmOrderingGlobal, ImmOrderingTable, ImmOrderingType:
		in.X, p = ordering(code, p)
		in.Y, p = uleb32(code, p)
	case ImmOrderingField:
		in.X, p = ordering(code, p)
		in.Y, p = uleb32(code, p)
		in.Z, p = uleb32(code, p)
	case ImmMemargLane:
		if p = r.memarg(in, p); p >= 0 {
			p = skip(code, p, 1)
		}
	case ImmLane:
		if p = skip(code, p, 1); p >= 0 {
			in.X = uint64(code[p-1])
		}
	case ImmF32:
		if p = skip(code, p, 4); p >= 0 {
			in.X = uint64(binary.LittleEndian.Uint32(code[p-4:]))
		}
	case ImmF64:
		if p = skip(code, p, 8); p >= 0 {
			in.X = binary.LittleEndian.Uint64(code[p-8:])
		}
	case ImmV128, ImmShuffle:
		if p = skip(code, p, 16); p >= 0 {
			in.X = binary.LittleEndian.Uint64(code[p-16:])
			in.Y = binary.LittleEndian.Uint64(code[p-8:])
		}
	case ImmFence:
		if p = skip(code, p, 1); p >= 0 && code[p-1] != 0 {
			return faultZero
		}
	default:
		return r.structured(kind, in, p)
	}
	return p
}

// structured reads types and vectors.
func (r *CodeReader) structured(kind Imm, in *Instr, p int) int {
	code := r.code
	switch kind {
	case ImmHeapType:
		in.X, p = heapType(code, p)
	case ImmBrTable:
		in.X, p = count(code, p)
		p = skipUlebs(code, p, in.X)
		_, p = uleb32(code, p)
	case ImmValTypes:
		in.X, p = count(code, p)
		for i := uint64(0); i < in.X && p >= 0; i++ {
			_, p = valType(code, p)
		}
	case ImmTryTable:
		in.Y, in.Z, p = blockType(code, p)
		in.X, p = count(code, p)
		p = r.open(skipCatches(code, p, in.X))
	case ImmBrOnCast:
		p = brOnCast(code, in, p)
	case ImmResume:
		in.X, p = uleb32(code, p)
		in.Y, p = count(code, p)
		p = skipHandlers(code, p, in.Y)
	case ImmResumeThrow:
		in.X, p = uleb32(code, p)
		in.Y, p = uleb32(code, p)
		in.Z, p = count(code, p)
		p = skipHandlers(code, p, in.Z)
	default: // immUnknown
		return faultOpcode
	}
	return p
}
