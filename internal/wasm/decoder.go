package wasm

import (
	"fmt"
	"unicode/utf8"
	"unsafe"
)

// decoder reads the content of one section. After the first fault err is set,
// reads give zero values, and loops stop.
type decoder struct {
	b       []byte // the input up to the section's end
	p       int    // offset of the next byte in the input
	section SectionID
	index   int // of the item being read, -1 outside one
	types   int // type indexes below it may be used now
	m       *Module
	s       *Spaces // what has been declared before this section
	room    *int    // the bytes that records may still take
	err     error
}

// charge takes the memory of n records of a size in bytes from what is left.
func (d *decoder) charge(n int, size uintptr) {
	if d.err != nil {
		return
	}
	if need := int64(n) * int64(size); need <= int64(*d.room) {
		*d.room -= int(need)
		return
	}
	d.fail(d.p, "%d records of %d bytes each are more than is kept of a module of this size", n, size)
}

// fail notes a fault at an offset in the input.
func (d *decoder) fail(at int, format string, args ...any) {
	if d.err == nil {
		d.err = &Error{Section: d.section, Index: d.index, Offset: at, Msg: fmt.Sprintf(format, args...)}
	}
}

// next takes over the position that a reader of leb.go or codevec.go gave.
func (d *decoder) next(p int) {
	switch {
	case d.err != nil:
	case p == lebTruncated:
		d.fail(d.p, "the section ends within an item")
	case p < 0:
		d.fail(d.p, "%s", faultTexts[p])
	default:
		d.p = p
	}
}

func (d *decoder) u32() uint32 {
	v, p := uleb32(d.b, d.p)
	d.next(p)
	return uint32(v)
}

func (d *decoder) u64() uint64 {
	v, p := uleb64(d.b, d.p)
	d.next(p)
	return v
}

func (d *decoder) byte() byte {
	if s := d.bytes(1); s != nil {
		return s[0]
	}
	return 0
}

// peek gives the next byte, 0 at the end.
func (d *decoder) peek() byte {
	if d.p < len(d.b) {
		return d.b[d.p]
	}
	return 0
}

// bytes gives the next n bytes, which alias the input.
func (d *decoder) bytes(n uint32) []byte {
	if d.err != nil {
		return nil
	}
	if uint64(n) > uint64(len(d.b)-d.p) {
		d.fail(d.p, "%d bytes claimed, %d left in the section", n, len(d.b)-d.p)
		return nil
	}
	start := d.p
	d.p += int(n)
	return d.b[start:d.p:d.p]
}

// flag reads a byte that must be 0 or 1.
func (d *decoder) flag(what string) bool {
	at := d.p
	v := d.byte()
	if v > 1 {
		d.fail(at, "%s: %#02x is neither 0 nor 1", what, v)
	}
	return v == 1
}

func (d *decoder) name() string {
	at := d.p
	n := d.u32()
	if n > MaxNameBytes {
		d.fail(at, "a name of %d bytes, at most %d", n, MaxNameBytes)
	}
	s := d.bytes(n)
	if !utf8.Valid(s) {
		d.fail(at, "a name is not UTF-8")
	}
	d.charge(1, uintptr(len(s)))
	return string(s)
}

// count reads the length of a vector whose items take a byte or more each.
func (d *decoder) count(limit int) int {
	at := d.p
	n := uint64(d.u32())
	if d.err == nil && n > uint64(limit) {
		d.fail(at, "%d items, at most %d", n, limit)
	}
	if d.err == nil && n > uint64(len(d.b)-d.p) {
		d.fail(at, "%d items claimed, %d bytes left in the section", n, len(d.b)-d.p)
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

// vec reads a vector.
func vec[T any](d *decoder, limit int, item func(*decoder) T) []T {
	return vecWith(d, limit, 0, item)
}

// vecWith reads a vector whose items need extra bytes each elsewhere.
func vecWith[T any](d *decoder, limit int, extra uintptr, item func(*decoder) T) []T {
	n := d.count(limit)
	d.charge(n, unsafe.Sizeof(*new(T))+extra)
	if n == 0 || d.err != nil {
		return nil
	}
	out := make([]T, 0, n)
	for range n {
		v := item(d)
		if d.err != nil {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// items reads the vector that is a section's content, counting the items. Extra
// is what each takes in Spaces or while it is read.
func items[T any](d *decoder, limit int, extra uintptr, item func(*decoder) T) []T {
	out := vecWith(d, limit, extra, func(d *decoder) T {
		d.index++
		return item(d)
	})
	if d.err == nil {
		d.index = -1
	}
	return out
}

// index32 reads an index that must be below n.
func (d *decoder) index32(what string, n int) uint32 {
	at := d.p
	i := d.u32()
	if d.err == nil && uint64(i) >= uint64(n) {
		d.fail(at, "%s %d of %d", what, i, n)
	}
	return i
}

// typeOf reads the index of a type that must be a function type.
func (d *decoder) typeOf() TypeIndex {
	at := d.p
	i := d.index32("type", d.types)
	if d.err == nil && d.m.Types[i].Kind != KindFunc {
		d.fail(at, "type %d is not a function type", i)
	}
	return TypeIndex(i)
}

func (d *decoder) valType() ValType {
	at := d.p
	t, p := valType(d.b, d.p)
	d.next(p)
	if d.err == nil && t.hasHeap() && t.Heap >= HeapType(d.types) {
		d.fail(at, "type %d of %d", int64(t.Heap), d.types)
	}
	return t
}

func (d *decoder) refType() ValType {
	at := d.p
	t := d.valType()
	if d.err == nil && !t.IsRef() {
		d.fail(at, "%s is not a reference type", t)
	}
	return t
}

// expr reads a constant expression.
func (d *decoder) expr() Expr {
	if d.err != nil {
		return nil
	}
	if n := constSize(d.b[d.p:]); n > 0 {
		return Expr(d.bytes(uint32(n)))
	}
	r := NewCodeReader(d.b[d.p:], d.p)
	var in Instr
	for r.Depth() > 0 {
		if _, err := r.Next(&in); err != nil {
			d.err = InSection(err, d.section, d.index)
			return nil
		}
		d.constant(&in)
	}
	return Expr(d.bytes(uint32(r.Pos())))
}

// constSize is the length of an expression that is an i32.const and nothing else,
// as nearly all are that place a segment, and 0 of any other.
func constSize(b []byte) int {
	if len(b) == 0 || Op(b[0]) != OpI32Const {
		return 0
	}
	_, p := sleb(b, 1, 32)
	if p < 0 || p >= len(b) || Op(b[p]) != OpEnd {
		return 0
	}
	return p + 1
}

// constant checks that an instruction may stand in a constant expression and
// refers to what exists.
func (d *decoder) constant(in *Instr) {
	at := d.p + in.Start
	switch in.Op {
	case OpI32Const, OpI64Const, OpF32Const, OpF64Const, OpV128Const, OpEnd,
		OpI32Add, OpI32Sub, OpI32Mul, OpI64Add, OpI64Sub, OpI64Mul,
		OpRefI31, OpAnyConvertExtern, OpExternConvertAny:
	case OpGlobalGet:
		if n := d.visibleGlobals(); in.X >= uint64(n) {
			d.fail(at, "global %d of %d", in.X, n)
		}
	case OpRefFunc:
		if n := len(d.s.Funcs); in.X >= uint64(n) {
			d.fail(at, "function %d of %d", in.X, n)
		}
	case OpRefNull:
		if int64(in.X) >= int64(d.types) {
			d.fail(at, "type %d of %d", in.X, d.types)
		}
	case OpStructNew, OpStructNewDefault, OpArrayNew, OpArrayNewDefault, OpArrayNewFixed:
		if in.X >= uint64(d.types) {
			d.fail(at, "type %d of %d", in.X, d.types)
		}
	default:
		d.fail(at, "%s in a constant expression", in.Op)
	}
}

// visibleGlobals is the number of globals that an expression may read here: a
// global's own may read those before it.
func (d *decoder) visibleGlobals() int {
	if d.section == SectionGlobal {
		return len(d.s.Globals) + d.index
	}
	return len(d.s.Globals)
}

// done gives the section's fault; content that goes on is one.
func (d *decoder) done() error {
	if d.err == nil && d.p != len(d.b) {
		d.fail(d.p, "%d bytes after the content", len(d.b)-d.p)
	}
	return d.err
}

// unsupported notes something that is known by name but not read.
func (d *decoder) unsupported(at int, what string) {
	if d.err == nil {
		d.err = &Error{Section: d.section, Index: d.index, Offset: at, Msg: what, Err: ErrUnsupported}
	}
}
