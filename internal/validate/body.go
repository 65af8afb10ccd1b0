package validate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// checker checks bodies and constant expressions, one after the other. What it
// allocates it keeps for the next one.
type checker struct {
	*env
	in     wasm.Instr // the current instruction
	code   []byte     // of which the body consists
	stack  []valType
	base   int // what lies below it belongs to blocks around the current one
	frames []frame
	locals locals
	values map[valType]*funcType // types of blocks with one result, see valueBlock
	caught []valType             // scratch of checkCatch

	constant bool     // the code is a constant expression
	visible  int      // of that, how many globals it may read
	result   funcType // of that
	err      error
}

// frame is an open block.
type frame struct {
	sig         *funcType
	op          wasm.Op // that opened it: block, loop, if, else, try, catch, catch_all, try_table
	height      int     // of the stack below it
	inits       int     // of locals.inits
	unreachable bool    // the rest of the block is never executed
}

// labelTypes are the types of the values that a branch to the block takes along.
func (f *frame) labelTypes() []valType {
	if f.op == wasm.OpLoop {
		return f.sig.params
	}
	return f.sig.results
}

func newChecker(c *env) *checker {
	return &checker{env: c, values: map[valType]*funcType{}}
}

// body checks the body of a defined function.
func (v *checker) body(i int) error {
	f := v.importedFuncs + i
	sig := v.types[v.funcs[f]].sig
	code, offset, err := v.declare(sig, v.m.Code[i])
	if err == nil {
		v.constant = false
		err = v.run(code, offset, sig)
	}
	if err == nil {
		return nil
	}
	e := located(err, place{wasm.SectionCode, i})
	e.Err = fmt.Errorf("function %d: %w", f, fault(e))
	e.Msg = ""
	return e
}

// located says where the code stands in which err was found.
func located(err error, at place) *wasm.Error {
	e := *err.(*wasm.Error)
	e.Section, e.Index = at.section, at.index
	return &e
}

// fault is the error without its place.
func fault(e *wasm.Error) error {
	switch {
	case e.Err == nil:
		return errors.New(e.Msg)
	case e.Msg == "":
		return e.Err
	}
	return fmt.Errorf("%s: %w", e.Msg, e.Err)
}

// run checks code that leaves the results of sig on the stack.
func (v *checker) run(code []byte, offset int, sig *funcType) error {
	v.code, v.err = code, nil
	v.stack, v.frames, v.base = v.stack[:0], v.frames[:0], 0
	v.open(wasm.OpBlock, sig)
	r := wasm.NewCodeReader(code, offset)
	if v.offset64 {
		r.AllowOffset64()
	}
	for {
		more, err := r.Next(&v.in)
		if !more {
			return err
		}
		v.step()
		if v.err != nil {
			return &wasm.Error{Section: wasm.SectionNone, Index: -1, Offset: offset + v.in.Start, Err: v.err}
		}
	}
}

// fail notes the first fault of the current instruction.
func (v *checker) fail(format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf(format, args...)
	}
}

// mismatch notes that the stack does not hold what the instruction wants.
func (v *checker) mismatch(wants, has string) {
	v.fail("type mismatch: %s wants %s, the stack %s", v.in.Op, wants, has)
}

func (v *checker) push(t valType) {
	if len(v.stack) >= maxOperands {
		v.fail("more than %d operands on the stack", maxOperands)
		return
	}
	v.stack = append(v.stack, t)
}

func (v *checker) pushAll(list []valType) {
	if len(list) > maxOperands-len(v.stack) {
		v.fail("more than %d operands on the stack", maxOperands)
		return
	}
	v.stack = append(v.stack, list...)
}

// pop takes the value on top of the stack, which must be of type want, and gives
// its own type: bottom if the code is unreachable and the stack empty.
func (v *checker) pop(want valType) valType {
	if n := len(v.stack) - 1; n >= v.base && v.stack[n] == want {
		v.stack = v.stack[:n]
		return want
	}
	got, ok := v.take()
	if !ok {
		v.mismatch(want.String(), "is empty")
	} else if !v.below(got, want) {
		v.mismatch(want.String(), "has "+got.String())
	}
	return got
}

// take takes whatever is on top of the stack: bottom if the code is unreachable
// and the stack empty. It is false if there is nothing to take.
func (v *checker) take() (valType, bool) {
	n := len(v.stack) - 1
	if n < v.base {
		return bottom, v.top().unreachable
	}
	got := v.stack[n]
	v.stack = v.stack[:n]
	return got, true
}

// popAny is pop for what need not have a certain type; wants is for the error.
func (v *checker) popAny(wants string) valType {
	got, ok := v.take()
	if !ok {
		v.mismatch(wants, "is empty")
	}
	return got
}

// popRef takes a reference; it is a bottom one in unreachable code.
func (v *checker) popRef() valType {
	t := v.popAny("a reference")
	if t == bottom {
		return ref(heapBottom, false)
	}
	if !t.isRef() {
		v.mismatch("a reference", "has "+t.String())
	}
	return t
}

func (v *checker) popAll(list []valType) {
	for _, t := range slices.Backward(list) {
		v.pop(t)
	}
}

// peekAll is popAll that leaves the stack as it is.
func (v *checker) peekAll(list []valType) {
	n := len(v.stack)
	for _, want := range slices.Backward(list) {
		if n--; n < v.base {
			if !v.top().unreachable {
				v.mismatch(want.String(), "is empty")
			}
			return
		}
		if got := v.stack[n]; got != want && !v.below(got, want) {
			v.mismatch(want.String(), "has "+got.String())
			return
		}
	}
}

func (v *checker) below(a, b valType) bool { return v.types.below(a, b) }

// fixed applies a type that the opcode decides.
func (v *checker) fixed(t *opType) {
	n := len(v.stack) - int(t.nparams)
	if n >= v.base && t.takes(v.stack[n:]) {
		v.stack = v.stack[:n]
	} else {
		v.popAll(t.params[:t.nparams])
	}
	switch t.nresults {
	case 0:
	case 1:
		v.push(t.results[0])
	default:
		v.pushAll(t.results[:t.nresults])
	}
}

// takes tells whether the operands have just the types of the parameters.
func (t *opType) takes(operands []valType) bool {
	switch len(operands) {
	case 0:
		return true
	case 1:
		return operands[0] == t.params[0]
	case 2:
		return operands[0] == t.params[0] && operands[1] == t.params[1]
	}
	return slices.Equal(operands, t.params[:len(operands)])
}

func (v *checker) top() *frame { return &v.frames[len(v.frames)-1] }

// open enters a block whose parameters have been taken from the stack.
func (v *checker) open(op wasm.Op, sig *funcType) {
	v.base = len(v.stack)
	v.frames = append(v.frames, frame{sig: sig, op: op, height: v.base, inits: len(v.locals.inits)})
}

// finish checks that the block ends with its results and nothing else, and
// forgets which locals it has set.
func (v *checker) finish() *frame {
	f := v.top()
	v.popAll(f.sig.results)
	if rest := len(v.stack) - v.base; rest > 0 {
		v.fail("type mismatch: %d values more than the results at %s", rest, v.in.Op)
		v.stack = v.stack[:v.base]
	}
	v.locals.reset(f.inits)
	return f
}

// close leaves the innermost block with its results.
func (v *checker) close() {
	sig := v.top().sig
	v.frames = v.frames[:len(v.frames)-1]
	v.base = 0
	if len(v.frames) > 0 {
		v.base = v.top().height
	}
	v.pushAll(sig.results)
}

// never makes the rest of the block unreachable.
func (v *checker) never() {
	v.stack = v.stack[:v.base]
	v.top().unreachable = true
}
