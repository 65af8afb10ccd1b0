package link

import (
	"runtime"
	"sync"

	"github.com/icsplice/icsplice/internal/wasm"
)

// refs is what one function body refers to, in its own module's indices, each
// once. All may be out of range: relocate checks them.
type refs struct {
	calls    []uint32 // called directly
	funcs    []uint32 // taken by ref.func or called by return_call
	indirect []uint32 // types called through a table
	uses     uses
}

// uses is the set of things in a body that the output must provide for.
type uses uint16

const (
	usesGrow uses = 1 << iota
	usesCopy
	usesFill
	usesData    // memory.init, data.drop
	usesCallRef // call_ref, return_call_ref
	writesTable // table.set, table.grow, table.fill, table.copy, table.init
)

var opUses = map[wasm.Op]uses{
	wasm.OpMemoryGrow: usesGrow, wasm.OpMemoryCopy: usesCopy, wasm.OpMemoryFill: usesFill,
	wasm.OpMemoryInit: usesData, wasm.OpDataDrop: usesData,
	wasm.OpCallRef: usesCallRef, wasm.OpReturnCallRef: usesCallRef,
	wasm.OpTableSet: writesTable, wasm.OpTableGrow: writesTable, wasm.OpTableFill: writesTable,
	wasm.OpTableCopy: writesTable, wasm.OpTableInit: writesTable,
}

// parallel calls work with ranges of [0, n) on as many cores as there are and
// gives the first error by position. A range holds some work: bodies are small.
func parallel(n int, work func(from, to int) error) error {
	const step = 512
	chunks := (n + step - 1) / step
	errs := make([]error, chunks)
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), chunks) {
		wg.Go(func() {
			for c := range next {
				errs[c] = work(c*step, min(n, (c+1)*step))
			}
		})
	}
	for c := range chunks {
		next <- c
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// scan reads all bodies.
func scan(in *input) ([]refs, error) {
	all := make([]refs, len(in.mod.Code))
	err := parallel(len(all), func(from, to int) error {
		s := newScanner()
		for i := from; i < to; i++ {
			if err := s.body(&all[i], in.mod.Code[i]); err != nil {
				f := uint32(len(in.imports) + i)
				return &Error{Input: in.name, What: in.funcName(f), Err: err}
			}
		}
		return nil
	})
	return all, err
}

// scanner holds what successive bodies share: an arena for the lists, and when
// an index was last seen.
type scanner struct {
	arena             []uint32
	calls, funcs, ind []uint32
	seen              map[uint64]struct{}
}

func newScanner() *scanner { return &scanner{seen: map[uint64]struct{}{}} }

func (s *scanner) body(r *refs, body wasm.Body) error {
	var buf [16]wasm.LocalRun
	_, code, offset, err := body.LocalsInto(buf[:0])
	if err != nil {
		return err
	}
	s.calls, s.funcs, s.ind = s.calls[:0], s.funcs[:0], s.ind[:0]
	clear(s.seen)
	reader := wasm.NewCodeReader(code, offset)
	var in wasm.Instr
	for {
		more, err := reader.Next(&in)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if in.Op >= 256 || noted[in.Op] {
			s.instr(r, &in)
		}
	}
	r.calls, r.funcs, r.indirect = s.keep(s.calls), s.keep(s.funcs), s.keep(s.ind)
	return nil
}

// noted are the instructions of one byte that instr looks at.
var noted = [256]bool{
	wasm.OpCall: true, wasm.OpReturnCall: true, wasm.OpRefFunc: true,
	wasm.OpCallIndirect: true, wasm.OpReturnCallIndirect: true,
	wasm.OpMemoryGrow: true, wasm.OpTableSet: true, wasm.OpCallRef: true, wasm.OpReturnCallRef: true,
}

func (s *scanner) instr(r *refs, in *wasm.Instr) {
	switch in.Op {
	case wasm.OpCall:
		s.add(&s.calls, in)
	case wasm.OpReturnCall, wasm.OpRefFunc:
		s.add(&s.funcs, in)
	case wasm.OpCallIndirect, wasm.OpReturnCallIndirect:
		s.add(&s.ind, in)
	case wasm.OpMemoryGrow, wasm.OpTableSet, wasm.OpCallRef, wasm.OpReturnCallRef:
		r.uses |= opUses[in.Op]
	default:
		if in.Op >= wasm.OpMemoryInit && in.Op <= wasm.OpTableFill {
			r.uses |= opUses[in.Op]
		}
	}
}

// add notes an index once in a body.
func (s *scanner) add(list *[]uint32, in *wasm.Instr) {
	key := uint64(in.Op)<<32 | in.X
	if _, ok := s.seen[key]; !ok {
		s.seen[key] = struct{}{}
		*list = append(*list, uint32(in.X))
	}
}

// keep copies a list to the arena.
func (s *scanner) keep(list []uint32) []uint32 {
	if len(list) == 0 {
		return nil
	}
	if cap(s.arena)-len(s.arena) < len(list) {
		s.arena = make([]uint32, 0, max(4096, len(list)))
	}
	n := len(s.arena)
	s.arena = append(s.arena, list...)
	return s.arena[n:len(s.arena):len(s.arena)]
}
