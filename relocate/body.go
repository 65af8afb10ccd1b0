package relocate

import (
	"errors"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Body appends the rewritten body to dst, without its size. results are those
// of the function's type in the input. An error leaves dst's content undefined.
func (m *Map) Body(dst []byte, body wasm.Body, results []wasm.ValType) ([]byte, error) {
	var buf [16]wasm.LocalRun
	locals, code, offset, err := body.LocalsInto(buf[:0])
	if err != nil {
		return dst, err
	}
	start := len(dst)
	if dst, err = m.appendLocals(dst, locals); err != nil {
		return dst, &Error{Offset: body.Offset, Op: "locals", Msg: err.Error()}
	}
	head := len(dst)
	w := rewriter{m: m, code: code, base: offset, dst: dst, results: results, exit: newExitBlock(code, results)}
	err = w.run()
	if errors.Is(err, errExitBlock) {
		w = rewriter{m: m, code: code, base: offset, dst: dst[:head], results: results}
		err = w.run()
	}
	if err != nil {
		return dst[:start], err
	}
	return w.dst, nil
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

// ValType is the type with its heap type renumbered.
func (m *Map) ValType(t wasm.ValType) (wasm.ValType, bool) {
	if t.Heap < 0 || (t.Code != 0x63 && t.Code != 0x64) {
		return t, true
	}
	to, ok := m.Types.Get(uint64(t.Heap))
	t.Heap = wasm.HeapType(to)
	return t, ok
}

func (m *Map) appendLocals(dst []byte, runs []wasm.LocalRun) ([]byte, error) {
	dst = wasm.AppendUleb(dst, uint64(len(runs)))
	for _, run := range runs {
		t, ok := m.ValType(run.Type)
		if !ok {
			return dst, errors.New("type index out of range")
		}
		dst = wasm.AppendUleb(dst, uint64(run.Count))
		dst = wasm.AppendValType(dst, t)
	}
	return dst, nil
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
	exit    exitBlock
}

func (w *rewriter) run() error {
	r := wasm.NewCodeReader(w.code, w.base)
	var in wasm.Instr
	for {
		depth := r.Depth()
		more, err := r.Next(&in)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if r.Depth() > depth {
			w.exit.enter(depth, &in)
		} else if r.Depth() < depth && !w.exit.leave(r.Depth(), in.End, len(w.code)) {
			return errExitBlock
		}
		if in.Op < 256 && plainKinds[in.Op] == wasm.ImmNone {
			continue
		}
		if err := w.instr(&in, &r); err != nil {
			return err
		}
	}
	w.dst = append(w.dst, w.code[w.copied:]...)
	return nil
}

// flush copies everything up to the instruction, which the caller replaces.
func (w *rewriter) flush(in *wasm.Instr) {
	w.dst = append(w.dst, w.code[w.copied:in.Start]...)
	w.copied = in.End
}

// replace puts code in the instruction's place.
func (w *rewriter) replace(in *wasm.Instr, code []byte) {
	w.flush(in)
	w.dst = append(w.dst, code...)
}

func (w *rewriter) fail(in *wasm.Instr, msg string) error {
	info, _ := in.Op.Info()
	return &Error{Offset: w.base + in.Start, Op: info.Name, Msg: msg}
}
