package relocate

import (
	"errors"
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Func appends the rewritten body of a function of type t, which is a type of
// the input, to dst, without its size. What there is to tell goes to r, which
// may be nil. An error leaves what is behind dst's length undefined.
func (m *Map) Func(dst []byte, body wasm.Body, t *wasm.SubType, r *Report) ([]byte, error) {
	var buf [16]wasm.LocalRun
	w, locals, err := m.rewriter(body, buf[:0])
	if err != nil {
		return dst, err
	}
	if r == nil {
		r = &Report{}
	}
	w.results, w.exit = t.Results, newExitBlock(w.code, t.Results)
	w.spills.first = uint64(len(t.Params)) + count(locals)
	out, err := w.body(dst, locals, r)
	if errors.Is(err, errExitBlock) {
		w.exit = exitBlock{}
		out, err = w.body(dst, locals, r)
	}
	return out, err
}

// rewriter prepares for a body and gives its locals, which are renumbered, behind
// buf.
func (m *Map) rewriter(body wasm.Body, buf []wasm.LocalRun) (rewriter, []wasm.LocalRun, error) {
	locals, code, offset, err := body.LocalsInto(buf)
	if err != nil {
		return rewriter{}, nil, err
	}
	if err := m.moveLocals(locals); err != nil {
		return rewriter{}, nil, &Error{Offset: body.Offset, Op: "locals", Msg: err.Error()}
	}
	w := rewriter{m: m, code: code, base: offset}
	w.marks.from = offset - body.Offset
	w.flat, w.shift = m.flat()
	return w, locals, nil
}

// Expr appends the rewritten constant expression to dst. offset is that of its
// first byte in the input, for errors.
func (m *Map) Expr(dst []byte, expr wasm.Expr, offset int) ([]byte, error) {
	w := rewriter{m: m, code: expr, base: offset, dst: dst}
	if err := w.run(); err != nil {
		return dst, err
	}
	return w.dst, nil
}

// moveLocals renumbers the types of locals.
func (m *Map) moveLocals(runs []wasm.LocalRun) error {
	for i := range runs {
		t, ok := m.ValType(runs[i].Type)
		if !ok {
			return fmt.Errorf("type %d does not exist in its module", runs[i].Type.Heap)
		}
		runs[i].Type = t
	}
	return nil
}

// count is the number of locals in runs.
func count(runs []wasm.LocalRun) uint64 {
	n := uint64(0)
	for _, run := range runs {
		n += uint64(run.Count)
	}
	return n
}

// errExitBlock says that a check was left out in vain; the body is then
// rewritten without leaving any out.
var errExitBlock = errors.New("not an exit block")

// rewriter copies instructions in long runs and replaces single ones between.
type rewriter struct {
	m       *Map
	code    []byte
	base    int // offset of code[0] in the input
	dst     []byte
	copied  int // code[:copied] is dealt with
	results []wasm.ValType
	checked []byte // the code of the unwinding check, once made
	flat    bool   // memory 0 has index 0 and 32-bit addresses, and no bounds
	shift   uint64 // of memory 0
	anchors anchors
	exit    exitBlock
	spills  spills
	scratch []byte
	grown   Growth
	marks   marks
	patch   bool // the sites are known
	sites   Sites
}

// body writes locals and code behind dst.
func (w *rewriter) body(dst []byte, locals []wasm.LocalRun, r *Report) ([]byte, error) {
	w.copied, w.grown = 0, Growth{}
	w.anchors = anchors{r: wasm.NewCodeReader(w.code, w.base)}
	w.dst = wasm.AppendLocals(dst, locals)
	head := len(w.dst) - len(dst)
	w.grown.Integers = head - w.marks.from
	w.marks.start(r, len(dst))
	if err := w.run(); err != nil {
		return dst, err
	}
	if len(w.spills.types) > 0 {
		if err := w.declareSpills(len(dst), head, locals); err != nil {
			return dst, err
		}
	}
	r.Growth.Add(&w.grown)
	r.Places = w.marks.end()
	return w.dst, nil
}

// run rewrites the code.
func (w *rewriter) run() error {
	if w.patch {
		return w.visit()
	}
	r := wasm.NewCodeReader(w.code, w.base)
	set := w.m.stops()
	if w.m.wide() {
		r.AllowOffset64()
	}
	if w.exit.candidate {
		r.Floor(1)
	}
	var in wasm.Instr
	for {
		more, err := r.Seek(set, &in)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if w.exit.candidate && !w.exit.block(&in, r.Depth(), len(w.code)) {
			return errExitBlock
		}
		if err := w.instr(&in, &r); err != nil {
			return err
		}
	}
	w.copyTo(len(w.code))
	return nil
}

// flat tells whether memory 0 keeps its index and has 32-bit addresses without
// bounds, and how far it moves.
func (m *Map) flat() (bool, uint64) {
	to, ok := m.Memories.Get(0)
	first := m.memory(0)
	return ok && to == 0 && !first.Bounded && !first.Is64, uint64(first.Shift)
}

// unmoved tells whether accesses to memory stay as they are.
func (m *Map) unmoved() bool {
	for i := range m.Memory {
		if m.Memory[i].Shift > 0 || m.Memory[i].Bounded {
			return false
		}
	}
	return m.Memories.identity
}

// wide tells whether code may hold offsets of 64 bits.
func (m *Map) wide() bool {
	for i := range m.Memory {
		if m.Memory[i].Is64 {
			return true
		}
	}
	return false
}

// declareSpills adds the locals that the code has got to the declaration.
func (w *rewriter) declareSpills(start, head int, locals []wasm.LocalRun) error {
	if n := count(locals) + uint64(len(w.spills.types)); n > wasm.MaxLocals {
		return &Error{Offset: w.base, Op: "locals", Msg: fmt.Sprintf("%d of them with those for bounded accesses, at most %d", n, wasm.MaxLocals)}
	}
	for _, t := range w.spills.types {
		locals = append(locals, wasm.LocalRun{Count: 1, Type: wasm.ValType{Code: t}})
	}
	w.scratch = wasm.AppendLocals(w.scratch[:0], locals)
	more := len(w.scratch) - head
	w.dst = append(w.dst, w.scratch[:more]...) // room; what is in it does not matter
	copy(w.dst[start+len(w.scratch):], w.dst[start+head:len(w.dst)-more])
	copy(w.dst[start:], w.scratch)
	w.grown.Bounds += more
	w.marks.shift(more)
	return nil
}

// copyTo copies what has not been dealt with, up to an offset in the code.
func (w *rewriter) copyTo(end int) {
	w.marks.copied(w.copied, end, len(w.dst))
	w.dst = append(w.dst, w.code[w.copied:end]...)
	w.copied = end
}

// before copies everything in front of the instruction.
func (w *rewriter) before(in *wasm.Instr) { w.copyTo(in.Start) }

// head copies everything up to the immediates of the instruction, which the
// caller writes.
func (w *rewriter) head(in *wasm.Instr) {
	w.copyTo(in.Imm)
	w.copied = in.End
}

// replace puts code in the instruction's place.
func (w *rewriter) replace(in *wasm.Instr, code []byte) {
	w.copyTo(in.Start)
	w.copied = in.End
	w.dst = append(w.dst, code...)
	w.grown.Replaced += len(code) - (in.End - in.Start)
}

func (w *rewriter) fail(in *wasm.Instr, msg string) error {
	info, _ := in.Op.Info()
	return &Error{Offset: w.base + in.Start, Op: info.Name, Msg: msg}
}
