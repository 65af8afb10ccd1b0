package relocate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// check adds the test of the unwinding flag behind a call of a function with
// these results, unless what follows makes it needless.
func (w *rewriter) check(in *wasm.Instr, r *wasm.CodeReader, callee []wasm.ValType) error {
	if w.leaves(*r, callee) {
		return nil
	}
	w.copyTo(in.End)
	start := len(w.dst)
	w.dst = wasm.AppendUleb(append(w.dst, byte(wasm.OpGlobalGet)), uint64(w.m.Unwind.Flag))
	if len(w.results) == 0 || slices.Equal(callee, w.results) {
		// What the callee leaves while unwinding is what this function leaves.
		w.dst = wasm.AppendUleb(append(w.dst, byte(wasm.OpBrIf)), uint64(r.Depth()-1))
	} else if err := w.returnUnwound(in); err != nil {
		return err
	}
	w.grown.Unwinding += len(w.dst) - start
	return nil
}

// returnUnwound appends code that takes a condition and returns if it holds.
func (w *rewriter) returnUnwound(in *wasm.Instr) error {
	if w.checked == nil {
		var err error
		if w.checked, err = unwound(w.results, w.m); err != nil {
			return w.fail(in, err.Error())
		}
	}
	if w.dst = append(w.dst, w.checked...); len(w.dst) > wasm.MaxModuleBytes {
		return w.fail(in, fmt.Sprintf("with all %d results to return while unwinding the code takes more than %d bytes", len(w.results), wasm.MaxModuleBytes))
	}
	return nil
}

// lookahead bounds the instructions that are looked at behind a call.
const lookahead = 16

// leaves tells whether a function that goes on behind a call while unwinding
// comes to its end at once, without any effect that could be seen, and with the
// results that it has to leave: those of the callee, if it has any itself. Or
// it leaves to the exit block, if it has one.
func (w *rewriter) leaves(r wasm.CodeReader, callee []wasm.ValType) bool {
	passes := slices.Equal(callee, w.results) // its results are the callee's, so far
	above := 0                                // values on the stack above the callee's results
	var in wasm.Instr
	for range lookahead {
		depth := r.Depth()
		if more, err := r.Next(&in); err != nil || !more {
			return false
		}
		done := passes || len(w.results) == 0
		switch in.Op {
		case wasm.OpEnd:
			if r.Depth() == 0 {
				return done
			}
			if above != 0 {
				above = taken
			}
			continue
		case wasm.OpReturn:
			return done
		case wasm.OpBr:
			return done && in.X == uint64(depth-1)
		case wasm.OpBrIf:
			return above == 0 && w.exit.takes(&in, depth)
		}
		if in.Op > 0xff || !quiet[in.Op] {
			return false
		}
		e := &effects[in.Op]
		if above < int(e.pops) {
			above = taken
		}
		above += int(e.pushes) - int(e.pops)
		passes = false
	}
	return false
}

// taken is far below any number of values: the callee's results may be gone.
const taken = -1 << 20

// quiet are the instructions that may run while unwinding: they do not trap,
// call, branch or touch memory. The program's locals and globals are out of use
// then.
var quiet = func() (quiet [256]bool) {
	for i := range quiet {
		switch op := wasm.Op(i); effects[i].what {
		case controls:
			quiet[i] = op == wasm.OpNop
		case accesses:
		default:
			quiet[i] = !mayTrap(op)
		}
	}
	return quiet
}()

// mayTrap tells of an instruction whether it can, or grows memory.
func mayTrap(op wasm.Op) bool {
	_, what, _ := strings.Cut(op.String(), ".")
	for _, trapping := range []string{"div_", "rem_", "trunc_"} {
		if strings.HasPrefix(what, trapping) {
			return true
		}
	}
	return plainKinds[op] == wasm.ImmMemory
}
