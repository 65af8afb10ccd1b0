package link

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// ref is what a function body refers to: a kind in the upper four bits and an
// index of the module in the others. No index space reaches 2^28 entries.
type ref uint32

type refKind uint32

const (
	refFuncCall refKind = iota // a direct call
	refFuncTail                // a direct tail call
	refFuncTake                // ref.func
	refTypeCall                // the type of a call through a table
	refTypeRef                 // the type of a call through a reference
	refType
	refTable
	refMemory
	refGlobal
	refTag
	refElem
	refData
	refOp // an instruction that may need a helper: an index of refs.ops
)

func newRef(k refKind, i uint64) ref   { return ref(uint64(k)<<28 | i) }
func (r ref) split() (refKind, uint32) { return refKind(r >> 28), uint32(r) & (1<<28 - 1) }

// rareOp is an instruction on memories, tables and segments with its indices.
type rareOp struct {
	op   wasm.Op
	x, y uint32
}

// refs are the references of all bodies of a module, each once or a few times.
// They lie in one list per run of bodies, as a slice per body would cost a
// module of tiny functions a multiple of its size.
type refs struct {
	runs  [][]ref
	start []uint32 // of each body: where its references begin in its run
	ops   []rareOp
}

// body gives the references of body i.
func (r *refs) body(i int) []ref { return ofBody(r.runs, r.start, i) }

// ofBody is what body i has of lists that hold a run of bodies each, by where
// each body's part begins.
func ofBody[L ~[]E, E any](runs []L, start []uint32, i int) L {
	run := runs[i/runLength]
	if next := i + 1; next%runLength != 0 && next < len(start) {
		return run[start[i]:start[next]]
	}
	return run[start[i]:]
}

// sites are those of all bodies, in lists as the references are.
type sites struct {
	runs  []relocate.Sites
	start []uint32
}

func (s *sites) body(i int) relocate.Sites { return ofBody(s.runs, s.start, i) }

// runLength is the number of bodies that a worker takes at a time: bodies are
// small.
const runLength = 64

// parallel calls work with ranges of [0, n) of runLength, begun in order, on as
// many cores as there are and gives the first error by position.
func parallel(n int, work func(from, to int) error) error {
	runs := (n + runLength - 1) / runLength
	errs := make([]error, runs)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), runs) {
		wg.Go(func() {
			for r := int(next.Add(1)) - 1; r < runs; r = int(next.Add(1)) - 1 {
				errs[r] = work(r*runLength, min(n, (r+1)*runLength))
			}
		})
	}
	wg.Wait()
	return firstError(errs)
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// scan reads all bodies and checks every index in them, so that no invalid
// module becomes valid by moving or by losing a function.
func (in *input) scan() error {
	n := len(in.mod.Code)
	runs := (n + runLength - 1) / runLength
	in.refs = refs{runs: make([][]ref, runs), start: make([]uint32, n)}
	in.sites = sites{runs: make([]relocate.Sites, runs), start: make([]uint32, n)}
	shared := &opTable{index: map[rareOp]uint32{}}
	err := parallel(n, func(from, to int) error {
		s := scanner{in: in, ops: shared}
		for i := from; i < to; i++ {
			in.refs.start[i], in.sites.start[i] = uint32(len(s.list)), uint32(len(s.sites))
			s.stamp++
			if err := s.body(in.mod.Code[i]); err != nil {
				return in.fault(Func, uint32(len(in.imports[Func])+i), err)
			}
		}
		in.refs.runs[from/runLength], in.sites.runs[from/runLength] = slices.Clip(s.list), slices.Clip(s.sites)
		return nil
	})
	in.refs.ops = shared.ops
	return err
}

// opTable numbers the rare instructions of a module.
type opTable struct {
	mu    sync.Mutex
	index map[rareOp]uint32
	ops   []rareOp
}

func (t *opTable) add(op rareOp) uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.index[op]
	if !ok {
		i = uint32(len(t.ops))
		t.index[op] = i
		t.ops = append(t.ops, op)
	}
	return i
}

// scanner reads one body after the other.
type scanner struct {
	in      *input
	ops     *opTable
	list    []ref
	sites   relocate.Sites
	stamp   uint32
	touched bool // the only memory is noted
	// seen holds what was added last, with the stamp of its body; a collision
	// only makes for an entry twice.
	seen   [512]uint64
	last   rareOp
	lastAt uint32 // of last in ops
	err    error
}

func (s *scanner) body(body wasm.Body) error {
	var buf [16]wasm.LocalRun
	s.touched = false
	locals, code, offset, err := body.LocalsInto(buf[:0])
	if err != nil {
		return err
	}
	for _, run := range locals {
		s.valType(run.Type)
	}
	return s.code(code, offset)
}

// code reads a body's instructions or a constant expression.
func (s *scanner) code(code []byte, offset int) error {
	reader := wasm.NewCodeReader(code, offset)
	if s.in.has64 {
		reader.AllowOffset64()
	}
	set := relocate.SiteOps(true)
	var in wasm.Instr
	for at := 0; ; {
		more, err := reader.Seek(set, &in)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		if relocate.IsSite(&in) {
			s.sites, at = wasm.AppendUleb(s.sites, uint64(in.Start-at)), in.Start
		}
		if s.instr(&in, code); s.err != nil {
			return &wasm.Error{Section: wasm.SectionNone, Index: -1, Offset: offset + in.Start,
				Msg: in.Op.String(), Err: s.err}
		}
		if s.touched {
			set = relocate.SiteOps(false)
		}
	}
}

// instr notes what an instruction refers to.
func (s *scanner) instr(in *wasm.Instr, code []byte) {
	info, _ := in.Op.Info()
	switch info.Imm {
	case wasm.ImmFunc:
		s.add(funcRefKind(in.Op), Func, in.X)
	case wasm.ImmTypeTable:
		s.addType(refTypeCall, in.X)
		s.add(refTable, Table, in.Y)
		if s.err == nil {
			s.addOp(rareOp{op: wasm.OpCallIndirect, x: uint32(in.Y)})
		}
	case wasm.ImmGlobal:
		s.add(refGlobal, Global, in.X)
	case wasm.ImmOrderingGlobal:
		s.add(refGlobal, Global, in.Y)
	case wasm.ImmMemarg, wasm.ImmMemargLane:
		s.touched = s.in.count[Memory] == 1 // there is no other to be found
		s.add(refMemory, Memory, in.Z)
	case wasm.ImmTable, wasm.ImmTableTable, wasm.ImmElem, wasm.ImmElemTable, wasm.ImmMemory, wasm.ImmMemoryMemory,
		wasm.ImmData, wasm.ImmDataMemory, wasm.ImmOrderingTable:
		s.bulk(in, info.Imm)
	case wasm.ImmTag:
		s.add(refTag, Tag, in.X)
	case wasm.ImmBlockType:
		s.blockType(in.X, in.Y)
	case wasm.ImmHeapType:
		s.heapType(int64(in.X))
	default:
		s.rare(in, info.Imm, code)
	}
}

func funcRefKind(op wasm.Op) refKind {
	switch op {
	case wasm.OpCall:
		return refFuncCall
	case wasm.OpReturnCall:
		return refFuncTail
	}
	return refFuncTake
}

// bulk notes the instructions on whole memories, tables and segments.
func (s *scanner) bulk(in *wasm.Instr, imm wasm.Imm) {
	switch imm {
	case wasm.ImmTable:
		s.add(refTable, Table, in.X)
	case wasm.ImmOrderingTable:
		s.add(refTable, Table, in.Y)
	case wasm.ImmTableTable:
		s.add(refTable, Table, in.X)
		s.add(refTable, Table, in.Y)
	case wasm.ImmElem:
		s.add(refElem, elemKind, in.X)
	case wasm.ImmElemTable:
		s.add(refElem, elemKind, in.X)
		s.add(refTable, Table, in.Y)
	case wasm.ImmMemory:
		s.add(refMemory, Memory, in.X)
	case wasm.ImmMemoryMemory:
		s.add(refMemory, Memory, in.X)
		s.add(refMemory, Memory, in.Y)
	case wasm.ImmData:
		s.add(refData, dataKind, in.X)
	case wasm.ImmDataMemory:
		s.add(refData, dataKind, in.X)
		s.add(refMemory, Memory, in.Y)
	}
	if mayNeedHelper[in.Op] && s.err == nil {
		s.addOp(rareOp{in.Op, uint32(in.X), uint32(in.Y)})
	}
}

// addOp notes a rare instruction; most are as the one before.
func (s *scanner) addOp(op rareOp) {
	if op != s.last {
		s.last, s.lastAt = op, s.ops.add(op)
	}
	// Who comes first numbers it; what is noted must not depend on that.
	s.noteAt(newRef(refOp, uint64(s.lastAt)), uint32(op.op)^op.x^op.y<<4)
}

// mayNeedHelper are the instructions for which a helper may stand.
var mayNeedHelper = map[wasm.Op]bool{
	wasm.OpMemoryGrow: true, wasm.OpMemoryCopy: true, wasm.OpMemoryFill: true, wasm.OpMemoryInit: true,
	wasm.OpTableGet: true, wasm.OpTableSet: true, wasm.OpTableGrow: true, wasm.OpTableFill: true,
	wasm.OpTableCopy: true, wasm.OpTableInit: true,
}

// rare notes instructions with several immediates.
func (s *scanner) rare(in *wasm.Instr, imm wasm.Imm, code []byte) {
	switch imm {
	case wasm.ImmType:
		if in.Op == wasm.OpCallRef || in.Op == wasm.OpReturnCallRef {
			s.addType(refTypeRef, in.X)
			return
		}
		s.addType(refType, in.X)
	case wasm.ImmTypeField, wasm.ImmTypeN:
		s.addType(refType, in.X)
	case wasm.ImmTypeData:
		s.addType(refType, in.X)
		s.add(refData, dataKind, in.Y)
	case wasm.ImmTypeElem:
		s.addType(refType, in.X)
		s.add(refElem, elemKind, in.Y)
	case wasm.ImmTypeType:
		s.addType(refType, in.X)
		s.addType(refType, in.Y)
	case wasm.ImmValTypes:
		for t := range wasm.ValTypeVec(code[in.Imm:in.End]) {
			s.valType(t)
		}
	case wasm.ImmTryTable:
		s.blockType(in.Y, in.Z)
		for c := range wasm.TryTableCatches(code[in.Imm:in.End]) {
			if c.Kind <= wasm.CatchTagRef {
				s.add(refTag, Tag, uint64(c.Tag))
			}
		}
	case wasm.ImmBrOnCast:
		from, to := wasm.CastTypes(code[in.Imm:in.End])
		s.heapType(int64(from))
		s.heapType(int64(to))
	case wasm.ImmNone, wasm.ImmLocal, wasm.ImmLabel, wasm.ImmBrTable, wasm.ImmI32, wasm.ImmI64, wasm.ImmF32, wasm.ImmF64,
		wasm.ImmLane, wasm.ImmV128, wasm.ImmShuffle, wasm.ImmFence:
	default:
		s.err = errUnsupported
	}
}

var errUnsupported = fmt.Errorf("this proposal cannot be linked: %w", wasm.ErrUnsupported)

func (s *scanner) blockType(x, y uint64) {
	if int64(x) >= 0 {
		s.addType(refType, x)
	} else if code := byte(x + 0x80); code == refNull || code == refNonNull {
		s.heapType(int64(y))
	}
}

func (s *scanner) heapType(h int64) {
	if h >= 0 {
		s.addType(refType, uint64(h))
	}
}

func (s *scanner) valType(v wasm.ValType) {
	if i, ok := concrete(v); ok {
		s.addType(refType, uint64(i))
	}
}

func (s *scanner) addType(k refKind, i uint64) {
	if i >= uint64(len(s.in.mod.Types)) {
		s.outside("type", i)
		return
	}
	s.note(newRef(k, i))
}

func (s *scanner) add(k refKind, space Kind, i uint64) {
	if i >= uint64(s.in.count[space]) {
		s.outside(kindNames[space], i)
		return
	}
	s.note(newRef(k, i))
}

func (s *scanner) outside(what string, i uint64) {
	s.err = cmp.Or(s.err, fmt.Errorf("%s %d does not exist in its module", what, i))
}

// note adds a reference, once in a body.
func (s *scanner) note(r ref) { s.noteAt(r, uint32(r^r>>19)) }

// noteAt is note for a reference that is remembered by that hash.
func (s *scanner) noteAt(r ref, hash uint32) {
	slot := &s.seen[hash%uint32(len(s.seen))]
	if key := uint64(s.stamp)<<32 | uint64(r); *slot != key {
		*slot = key
		s.list = append(s.list, r)
	}
}
