package wasm

import "iter"

// skip passes n bytes.
func skip(b []byte, p, n int) int {
	if p < 0 {
		return p
	}
	if len(b)-p < n {
		return lebTruncated
	}
	return p + n
}

// count reads the length of a vector whose items take a byte or more each.
func count(b []byte, p int) (uint64, int) {
	n, p := uleb32(b, p)
	if p >= 0 && n > uint64(len(b)-p) {
		return 0, faultCount
	}
	return n, p
}

func skipUlebs(b []byte, p int, n uint64) int {
	for ; n > 0 && p >= 0; n-- {
		_, p = uleb32(b, p)
	}
	return p
}

// heapType reads an abstract heap type's code or a type index, as an s33.
func heapType(b []byte, p int) (uint64, int) {
	v, p := sleb(b, p, 33)
	switch {
	case p < 0 || HeapType(v).valid():
		return uint64(v), p
	case v == formExact-0x80:
		return 0, faultExact
	case v == formShared-0x80:
		return 0, faultShared
	}
	return 0, faultHeapType
}

// valid tells whether h is an index or one of the abstract heap types.
func (h HeapType) valid() bool {
	return h >= 0 || h.name() != ""
}

// valType reads a value type.
func valType(b []byte, p int) (ValType, int) {
	if p = skip(b, p, 1); p < 0 {
		return ValType{}, p
	}
	t := ValType{Code: b[p-1]}
	switch {
	case t.hasHeap():
		var h uint64
		h, p = heapType(b, p)
		t.Heap = HeapType(h)
	case !t.valid():
		return ValType{}, faultValType
	}
	return t, p
}

// blockType reads a block type: 0x40, a value type or a type index. y is the
// heap type of a reference type in its long form.
func blockType(b []byte, p int) (x, y uint64, next int) {
	if uint(p) < uint(len(b)) && b[p]&0xc0 == 0x40 { // one byte, negative as an s33
		if b[p] == emptyBlock {
			return emptyBits, 0, p + 1
		}
		t, next := valType(b, p)
		return uint64(int64(t.Code) - 0x80), uint64(t.Heap), next
	}
	v, p := sleb(b, p, 33)
	if v < 0 {
		return 0, 0, faultBlockType
	}
	return uint64(v), 0, p
}

const (
	emptyBlock = 0x40
	emptyBits  = ^uint64(0x3f) // emptyBlock as an s33
	formExact  = 0x62
	refNull    = 0x63
	refNonNull = 0x64
)

// ordering reads the byte of a memory ordering: 0 seqcst, 1 acqrel.
func ordering(b []byte, p int) (uint64, int) {
	if p = skip(b, p, 1); p < 0 {
		return 0, p
	}
	if b[p-1] > 1 {
		return 0, faultOrdering
	}
	return uint64(b[p-1]), p
}

func brOnCast(b []byte, in *Instr, p int) int {
	if p = skip(b, p, 1); p < 0 {
		return p
	}
	if in.X = uint64(b[p-1]); in.X > 3 {
		return faultCast
	}
	in.Y, p = uleb32(b, p)
	in.Z, p = heapType(b, p)
	_, p = heapType(b, p)
	return p
}

// The kinds of catch clauses.
const (
	CatchTag    = 0
	CatchTagRef = 1
	CatchAll    = 2
	CatchAllRef = 3
)

// Catch is a clause of a try_table. Label counts from outside the try_table.
type Catch struct {
	Kind  byte
	Tag   TagIndex // CatchTag and CatchTagRef
	Label uint32
}

func readCatch(b []byte, p int) (Catch, int) {
	if p = skip(b, p, 1); p < 0 {
		return Catch{}, p
	}
	var tag, label uint64
	c := Catch{Kind: b[p-1]}
	if c.Kind > CatchAllRef {
		return c, faultCatch
	}
	if c.Kind <= CatchTagRef {
		tag, p = uleb32(b, p)
	}
	label, p = uleb32(b, p)
	c.Tag, c.Label = TagIndex(tag), uint32(label)
	return c, p
}

// Append writes the clause.
func (c Catch) Append(b []byte) []byte {
	b = append(b, c.Kind)
	if c.Kind <= CatchTagRef {
		b = AppendUleb(b, uint64(c.Tag))
	}
	return AppendUleb(b, uint64(c.Label))
}

func skipCatches(b []byte, p int, n uint64) int {
	for ; n > 0 && p >= 0; n-- {
		_, p = readCatch(b, p)
	}
	return p
}

// Handler is a clause of a resume instruction.
type Handler struct {
	Switch bool // "on tag switch", which has no label
	Tag    TagIndex
	Label  uint32
}

func readHandler(b []byte, p int) (Handler, int) {
	if p = skip(b, p, 1); p < 0 {
		return Handler{}, p
	}
	kind := b[p-1]
	if kind > 1 {
		return Handler{}, faultHandler
	}
	var label uint64
	tag, p := uleb32(b, p)
	if kind == 0 {
		label, p = uleb32(b, p)
	}
	return Handler{Switch: kind == 1, Tag: TagIndex(tag), Label: uint32(label)}, p
}

// Append writes the clause.
func (h Handler) Append(b []byte) []byte {
	if h.Switch {
		return AppendUleb(append(b, 1), uint64(h.Tag))
	}
	return AppendUleb(AppendUleb(append(b, 0), uint64(h.Tag)), uint64(h.Label))
}

func skipHandlers(b []byte, p int, n uint64) int {
	for ; n > 0 && p >= 0; n-- {
		_, p = readHandler(b, p)
	}
	return p
}

// The functions below decode the vectors of an instruction that a CodeReader
// delivered; imm is code[in.Imm:in.End]. Of other bytes they yield a part.

// BrTableTargets yields the labels of a br_table, the default last.
func BrTableTargets(imm []byte) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		n, p := uleb32(imm, 0)
		for i := uint64(0); i <= n; i++ {
			var label uint64
			if label, p = uleb32(imm, p); p < 0 || !yield(uint32(label)) {
				return
			}
		}
	}
}

// TryTableCatches yields the clauses of a try_table.
func TryTableCatches(imm []byte) iter.Seq[Catch] {
	return func(yield func(Catch) bool) {
		_, _, p := blockType(imm, 0)
		n, p := uleb32(imm, p)
		for ; n > 0; n-- {
			var c Catch
			if c, p = readCatch(imm, p); p < 0 || !yield(c) {
				return
			}
		}
	}
}

// ResumeHandlers yields the clauses of an instruction with ImmResume or
// ImmResumeThrow.
func ResumeHandlers(imm []byte, kind Imm) iter.Seq[Handler] {
	return func(yield func(Handler) bool) {
		_, p := uleb32(imm, 0)
		if kind == ImmResumeThrow {
			_, p = uleb32(imm, p)
		}
		n, p := uleb32(imm, p)
		for ; n > 0; n-- {
			var h Handler
			if h, p = readHandler(imm, p); p < 0 || !yield(h) {
				return
			}
		}
	}
}

// ValTypeVec yields the types of a select with types.
func ValTypeVec(imm []byte) iter.Seq[ValType] {
	return func(yield func(ValType) bool) {
		n, p := uleb32(imm, 0)
		for ; n > 0; n-- {
			var t ValType
			if t, p = valType(imm, p); p < 0 || !yield(t) {
				return
			}
		}
	}
}

// CastTypes decodes the two heap types of an instruction with ImmBrOnCast.
func CastTypes(imm []byte) (from, to HeapType) {
	_, p := uleb32(imm, min(1, len(imm)))
	f, p := heapType(imm, p)
	t, _ := heapType(imm, p)
	return HeapType(f), HeapType(t)
}
