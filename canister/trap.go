package canister

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// ErrOutOfInstructions is the cause of a trap at the instruction limit.
var ErrOutOfInstructions = errors.New("instruction limit exceeded")

// TrapError says that an execution trapped. All that it had changed was taken
// back.
type TrapError struct {
	Entry string  // the entry point, such as "canister_update greet"
	Stack []Frame // the calls at the trap, innermost first
	Cause error   // *CallError, *CalledTrap, ErrOutOfInstructions or the Wasm trap
}

// Frame is one Wasm function on the stack of a trap.
type Frame struct {
	Function string // from the name section, or the export's name, or $ and the function's index
}

// Error gives the cause, the entry point and the place.
func (e *TrapError) Error() string {
	place := ""
	if len(e.Stack) > 0 {
		place = " at " + e.Stack[0].Function
	}
	return fmt.Sprintf("%s trapped%s: %v", e.Entry, place, e.Cause)
}

// Unwrap is the cause.
func (e *TrapError) Unwrap() error { return e.Cause }

// Backtrace is the stack with one function a line, innermost first.
func (e *TrapError) Backtrace() string {
	var b strings.Builder
	for _, f := range e.Stack {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// String is the function's name.
func (f Frame) String() string { return f.Function }

// CallError says that a call of an ic0 function broke a rule of the System
// API. Mode is the entry point's.
type CallError struct {
	Function string
	Mode     abi.Mode
	Problem  error
}

func (e *CallError) Error() string {
	return fmt.Sprintf("ic0.%s in %s: %v", e.Function, ModeName(e.Mode), e.Problem)
}

// Unwrap is the broken rule.
func (e *CallError) Unwrap() error { return e.Problem }

// ErrMode is the problem of a CallError for a function that may not be called
// from this kind of entry point.
var ErrMode = errors.New("may not be called here")

// CalledTrap is the cause of a trap by ic0.trap. Message is the canister's.
type CalledTrap struct{ Message string }

func (e *CalledTrap) Error() string { return "canister called trap: " + e.Message }

var modeNames = []string{
	"init", "pre_upgrade", "update", "replicated query", "query", "transform",
	"composite query", "reply callback", "reject callback",
	"composite reply callback", "composite reject callback", "cleanup callback",
	"composite cleanup callback", "start", "inspect_message", "system task",
}

// ModeName is the name of a single mode, for people.
func ModeName(m abi.Mode) string {
	for i, name := range modeNames {
		if m == 1<<i {
			return name
		}
	}
	return fmt.Sprintf("mode %#x", uint32(m))
}

// newTrap makes a TrapError of the error that wazero returns. A Go run-time
// error in a host function is a bug of this package.
func newTrap(entry string, err error) *TrapError {
	if bug := runtime.Error(nil); errors.As(err, &bug) {
		panic("BUG: " + err.Error())
	}
	text, trace, _ := strings.Cut(err.Error(), "\nwasm stack trace:\n")
	t := &TrapError{Entry: entry, Stack: parseStack(trace)}
	t.Cause = hostCause(err)
	if t.Cause == nil {
		t.Cause = &WasmTrap{Message: strings.TrimPrefix(text, "wasm error: "), Err: err}
	}
	return t
}

// WasmTrap is the cause of a trap by a Wasm instruction. Message is wazero's
// name of it, such as "unreachable"; Err is wazero's error.
type WasmTrap struct {
	Message string
	Err     error
}

func (e *WasmTrap) Error() string { return e.Message }

// Unwrap is wazero's error.
func (e *WasmTrap) Unwrap() error { return e.Err }

// hostCause finds the error that a host function raised, nil for none.
func hostCause(err error) error {
	var call *CallError
	var called *CalledTrap
	switch {
	case errors.As(err, &call):
		return call
	case errors.As(err, &called):
		return called
	case errors.Is(err, ErrOutOfInstructions):
		return ErrOutOfInstructions
	}
	return nil
}

// parseStack reads wazero's trace, a function a line after a tab.
func parseStack(trace string) []Frame {
	var frames []Frame
	for line := range strings.Lines(trace) {
		if line = strings.TrimSpace(line); line != "" {
			frames = append(frames, Frame{Function: frameName(line)})
		}
	}
	return frames
}

// nameFrames gives functions without a name that of their export, and leaves
// out those that the instrumentation added.
func (p *program) nameFrames(frames []Frame) []Frame {
	var out []Frame
	for _, f := range frames {
		var index uint32
		if n, err := fmt.Sscanf(f.Function, "$%d", &index); n == 1 && err == nil {
			if index >= p.added {
				continue
			}
			f.Function = p.exportName(index, f.Function)
		}
		out = append(out, f)
	}
	return out
}

func (p *program) exportName(index uint32, otherwise string) string {
	for _, e := range p.module.Exports {
		if e.Kind == wasm.ExternFunc && e.Index == index {
			return e.Name
		}
	}
	return otherwise
}

// frameLine is a function's name and its signature, which may follow brackets
// that belong to the name.
var frameLine = regexp.MustCompile(`^\.?(.*?)\([a-z0-9,]*\)(?: (?:[a-z0-9]+|\([a-z0-9,]+\)))?$`)

func frameName(line string) string {
	if m := frameLine.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return line
}
