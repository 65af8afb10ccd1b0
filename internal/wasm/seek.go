package wasm

// OpSet says at which instructions CodeReader.Seek stops. It is not changed by
// reading, so that many readers may share one.
type OpSet struct {
	wanted [256]bool // by opcode, or by prefix for all instructions behind it
	padded bool
	// strides says, by the first two bytes of an instruction, how it is passed.
	strides [256][256]stride
	third   [256]stride // the bits that forbid a third byte
}

// stride is the length of an instruction in bytes, up to 3, and bits; 0 if it is
// not passed in stride.
type stride uint8

const (
	strideSize   stride = 3
	strideOpens  stride = 1 << 2 // it opens a block
	strideCloses stride = 1 << 3 // it closes one
	strideLast   stride = 1 << 6 // where its third byte is 0 or 0x7f, an integer may be padded
	strideMore   stride = 1 << 7 // where its third byte is one of an integer that goes on, it is longer
)

// NewOpSet makes a set of instructions. Those behind one prefix are all in it or
// none: Seek stops at more than were asked for. Blocks of no type, and i32.const of
// one byte, are passed even where they are in the set. With padded Seek stops also
// where the immediates may be longer than they need to be. A set takes 64 KiB.
func NewOpSet(padded bool, ops ...Op) *OpSet {
	s := &OpSet{padded: padded}
	for _, op := range ops {
		if op >= 0x100 {
			op >>= 16
		}
		s.wanted[op] = true
	}
	for op := range s.strides {
		for next := range s.strides[op] {
			s.strides[op][next] = s.stride(Op(op), byte(next))
		}
	}
	for b := range s.third {
		if b >= 0x80 {
			s.third[b] = strideMore
		} else if padded && (b == 0 || b == 0x7f) {
			s.third[b] = strideLast
		}
	}
	return s
}

// stride is that of an instruction by its first byte and the one behind.
func (s *OpSet) stride(op Op, next byte) stride {
	info, ok := op.Info()
	switch kind := info.Imm; {
	case !ok || op == OpDelegate:
	case kind == ImmBlockType && next == emptyBlock:
		return 2 | strideOpens
	case kind == ImmI32 && next < 0x80:
		return 2
	case s.wanted[op]:
	case op == OpEnd:
		return 1 | strideCloses
	case kind == ImmNone:
		return 1
	case ImmLabel <= kind && kind <= ImmElem, kind == ImmI32, kind == ImmI64:
		if next < 0x80 {
			return 2
		}
		return 3 | strideMore | strideLast
	case kind == ImmMemarg && next < 0x20, kind == ImmTypeTable && next < 0x80:
		return 3 | strideMore
	}
	return 0
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
// set. It has few branches: those that follow no pattern cost more than the rest.
func (r *CodeReader) stride(set *OpSet) {
	code, p, depth, floor := r.code, uint(r.pos), r.depth, r.floor
	for p+2 < uint(len(code)) {
		s := set.strides[code[p]][code[p+1]]
		opens, closes := int(s/strideOpens)&1, int(s/strideCloses)&1
		if s == 0 || s&set.third[code[p+2]] != 0 || depth-closes <= floor || depth >= MaxDepth {
			break
		}
		p += uint(s & strideSize)
		depth += opens - closes
	}
	r.pos, r.depth = int(p), depth
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
	return last == 0 || last == 0x7f || n > 3 || in.Op >= OpI32Load && in.Op <= OpI64Store32 && code[in.Imm] >= 0x20
}
