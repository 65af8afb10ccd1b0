// Package oracle runs WASI commands on engines behind one interface, so that
// what they answer can be compared: the spliced canister on the embedded IC,
// wazero, and engines in a process of their own.
//
// Trust: a module is validated when it is loaded, so any bytes may be given;
// what a program does is bounded by Run.Timeout and, on the canister, by
// Run.Instructions. A program reaches no file of the host outside of the folder
// that its session made, as far as the engine keeps its promise.
package oracle

import (
	"errors"
	"fmt"
	"time"

	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
)

// ErrTimeout says that a run took longer than Run.Timeout. The session must not
// be used afterwards, except for Close.
var ErrTimeout = errors.New("the run took too long")

// Oracle is an engine. Its methods may be called from several goroutines.
type Oracle interface {
	// Name is a short name without blanks, such as "wazero".
	Name() string
	// Version is what exactly runs, such as "1.12.0".
	Version() string
	// Load compiles a module. The error says why the engine takes none of it;
	// it is the engine's own where the module is valid.
	Load(module []byte) (Program, error)
	// Close ends the engine and all that it has loaded.
	Close() error
}

// Program is a compiled module that exports _start. Its methods may be called
// from several goroutines.
type Program interface {
	// Start makes a file system that holds a copy of the host folder root, or
	// nothing where root is "". The folder itself is never written to.
	Start(root string) (Session, error)
	Close() error
}

// Session is a file system, preopened as "/", and the runs on it one after the
// other: each run is a new process that finds the files which the last one left.
// It is for one goroutine at a time.
type Session interface {
	// Run runs _start from fresh memory. The error is that of the engine and
	// the machine, among them ErrTimeout; what the program does wrong is an
	// Outcome.
	Run(Run) (Outcome, error)
	// Tree reads the files as they are now.
	Tree() (Tree, error)
	Close() error
}

// Run is one run of a command.
type Run struct {
	Args  []string // the program's name first
	Env   []string // "NAME=value"
	Stdin []byte
	// Timeout bounds the run; 0 is DefaultTimeout.
	Timeout time.Duration
	// Instructions bounds a run on the canister, which Timeout does not; 0 is the
	// IC's own bound. Other engines take no notice.
	Instructions uint64
	// Trace asks for Outcome.Calls, which engines without such a means leave
	// empty.
	Trace bool
}

// DefaultTimeout bounds a run that names no bound.
const DefaultTimeout = 10 * time.Second

func (r *Run) timeout() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return DefaultTimeout
}

// Outcome is what a run came to.
type Outcome struct {
	Stdout, Stderr []byte
	Exit           uint32 // 0 where _start returned
	// Trap says why the program was stopped, in the engine's words; "" where it
	// was not. A canister that traps has no output, and its files are as before.
	Trap string
	// Instructions is what the IC charges for the run, 0 on other engines.
	Instructions uint64
	// Calls are the WASI calls of the run in order, where Run.Trace asked.
	Calls []string
}

// check validates a module before an engine sees it.
func check(module []byte) error {
	m, err := wasm.Read(module)
	if err != nil {
		return fmt.Errorf("not a module: %w", err)
	}
	if err := validate.Module(m, validate.Input(module)); err != nil {
		return fmt.Errorf("not valid: %w", err)
	}
	return nil
}
