package wasm

import "encoding/binary"

// OpSet says at which instructions CodeReader.Seek stops. It is not changed by
// reading, so that many readers may share one.
type OpSet struct {
	heads  [256]seekHead
	wanted [256]bool // by opcode, or by prefix for all instructions behind it
	padded bool
}

// seekHead says at the first byte of an instruction whether it is passed in
// stride. It is if its first four bytes, as a little-endian number and with the
// bits of flip turned, have none of the bits of mask.
type seekHead struct {
	flip, mask   uint32
	size         uint16
	depth, falls int8 // what it adds to the nesting, and that if negative
	leb          bool // one integer is all that follows
}

// never makes a head that no bytes pass in stride.
func (h *seekHead) never(op Op) {
	h.flip, h.mask, h.leb = ^uint32(op)&0xff, 0xff, false
}

// NewOpSet makes a set of instructions. Those behind one prefix are all in it or
// none: Seek stops at more than were asked for. Blocks of no type, and i32.const of
// one byte, are passed even where they are in the set. With padded Seek stops also
// where the immediates may be longer than they need to be.
func NewOpSet(padded bool, ops ...Op) *OpSet {
	s := &OpSet{padded: padded}
	for _, op := range ops {
		if op >= 0x100 {
			op >>= 16
		}
		s.wanted[op] = true
	}
	for i := range s.heads {
		s.heads[i] = makeSeekHead(Op(i))
		switch {
		case Op(i) == OpI32Const && s.wanted[i]:
			s.heads[i].leb = false
		case s.heads[i].depth != 1 && s.wanted[i]:
			s.heads[i].never(Op(i))
		}
	}
	return s
}

func makeSeekHead(op Op) seekHead {
	var h seekHead
	switch info, ok := op.Info(); {
	case !ok || op == OpDelegate:
		h.never(op)
	case info.Imm == ImmNone:
		h.size = 1
	case ImmLabel <= info.Imm && info.Imm <= ImmElem, info.Imm == ImmI32, info.Imm == ImmI64:
		h = seekHead{mask: 0x8000, size: 2, leb: true}
	case info.Imm == ImmMemarg:
		h = seekHead{mask: 0x80e000, size: 3}
	case info.Imm == ImmBlockType:
		h = seekHead{flip: emptyBlock << 8, mask: 0xff00, size: 2, depth: 1}
	case info.Imm == ImmTypeTable:
		h = seekHead{mask: 0x808000, size: 3}
	default:
		h.never(op)
	}
	if op == OpEnd {
		h.depth, h.falls = -1, -1
	}
	return h
}

// Floor makes Seek stop also at every instruction that stands, or leads, to a
// nesting of at most this depth. 0, where a reader begins, is none but the final
// end.
func (r *CodeReader) Floor(depth int) { r.floor = depth }

// Seek passes instructions as Next does, as strictly, up to one of the set,
// which it reads into in. The final end counts as one of the set.
func (r *CodeReader) Seek(set *OpSet, in *Instr) (bool, error) {
	for {
		r.stride(set)
		depth := r.depth
		more, err := r.Next(in)
		if err != nil || !more {
			return more, err
		}
		if set.stops(r.code, in) || r.depth <= r.floor || depth <= r.floor {
			return true, nil
		}
	}
}

// stride passes instructions while they are simple, well-formed and not in the
// set.
func (r *CodeReader) stride(set *OpSet) {
	heads, code, p := &set.heads, r.code, uint(r.pos)
	depth, floor := r.depth, r.floor
	for p+4 <= uint(len(code)) {
		word := binary.LittleEndian.Uint32(code[p:])
		h := &heads[byte(word)]
		// One comparison holds depth+falls to more than floor and less than
		// MaxDepth.
		if (word^h.flip)&h.mask == 0 && uint(depth+int(h.falls)-floor-1) < uint(MaxDepth-floor-1) {
			p += uint(h.size)
			depth += int(h.depth)
			continue
		}
		if !h.leb || depth <= floor {
			break
		}
		next := shortLeb(word)
		if next == 0 {
			break
		}
		p += next
	}
	r.pos, r.depth = int(p), depth
}

// shortLeb is the length of an instruction of one integer of two or three bytes
// that is not padded, 0 for all others. The word is its first four bytes.
func shortLeb(word uint32) uint {
	if last := byte(word >> 16); last < 0x80 {
		if last == 0 || last == 0x7f {
			return 0
		}
		return 3
	}
	if last := byte(word >> 24); last < 0x80 && last != 0 && last != 0x7f {
		return 4
	}
	return 0
}

// stops tells whether an instruction that was read is one to stop at.
func (s *OpSet) stops(code []byte, in *Instr) bool {
	first := in.Op
	if first >= 0x100 {
		first >>= 16
	}
	n, last := in.End-in.Imm, code[in.End-1]
	if s.wanted[first] {
		return in.Op != OpI32Const || n > 1
	}
	if !s.padded || n < 2 {
		return false
	}
	return last == 0 || last == 0x7f || n > 3
}
