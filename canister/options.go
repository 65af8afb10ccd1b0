package canister

import (
	"io"
	"time"
)

// Options configure a canister and the IC around it. The zero value is a
// canister with an empty stable memory in this process, no limits and no
// controllers.
type Options struct {
	// Stable is the stable memory; nil is a new one in this process. Close of
	// the canister does not close it.
	Stable StableMemory
	// Upgrade makes Install run canister_post_upgrade in place of
	// canister_init: the heap is new, stable memory is one of an earlier life.
	Upgrade bool
	// OneShot promises that at most one message follows the installation. No
	// copy of the heap is then taken after it, and whatever comes later fails
	// with ErrSpent. Stable memory still rolls back on a trap.
	OneShot bool

	// ID is the canister's principal; nil is one made up.
	ID Principal
	// Subnet is the subnet's principal; nil is one made up.
	Subnet Principal
	// RootKey is what ic0.root_key_copy gives, a public key in DER form.
	RootKey []byte
	// Controllers may manage the canister; see ic0.is_controller.
	Controllers []Principal
	// Caller is the caller where a method is given none, and the one who
	// installs; nil is Anonymous.
	Caller Principal
	// EnvVars are the canister's environment variables, in order.
	EnvVars []EnvVar
	// Balance is the canister's cycles at installation.
	Balance Cycles

	// Time returns nanoseconds since 1970. It is asked once for each
	// execution; nil is the clock of this machine.
	Time func() uint64
	// Random is where raw_rand takes its bytes; nil is the system's source.
	Random io.Reader

	// Limits bound the instructions of an execution.
	Limits InstructionLimits
	// MaxCalls is the most calls to canisters that may follow from one message,
	// so that a canister which calls itself for ever comes to an end: further
	// ones are not sent. 0 is 10,000.
	MaxCalls int
	// ReplyLimit is the most bytes of a reply; 0 is the IC's, 2 MiB for an
	// update and 3 MiB for a query.
	ReplyLimit int
	// HeapPage says how changed heap pages are charged.
	HeapPage HeapPage
	// CountOperators also counts executed operators, for Result.Operators.
	CountOperators bool

	// Cache is a folder for compiled code, made if it does not exist; "" is
	// none. Several processes may share it.
	Cache string
	// Debug receives what the canister gives to ic0.debug_print, a line each.
	Debug io.Writer
	// Trace is told of each call of an ic0 function after it returned.
	Trace func(Event)
}

// EnvVar is one environment variable of a canister.
type EnvVar struct{ Name, Value string }

// InstructionLimits are the most instructions of one execution by its kind; 0
// is none.
type InstructionLimits struct {
	Update  uint64 // update, replicated query, callback, heartbeat and timer
	Query   uint64 // query and composite query
	Install uint64 // install and upgrade, all their parts together
	Inspect uint64 // inspect_message
}

// ICLimits are the limits of an application subnet as of October 2025.
var ICLimits = InstructionLimits{
	Update:  40_000_000_000,
	Query:   5_000_000_000,
	Install: 300_000_000_000,
	Inspect: 200_000_000,
}

// HeapPage is the rule for heap pages that an execution changed. The zero
// value is the rule of October 2025: pages of 4 KiB, 1,000 instructions each.
type HeapPage struct {
	// Size is the unit in which changes are seen, a multiple of 4096 bytes; 0
	// is 4096. One of 65,536 counts sixteen pages where one byte changed.
	Size int
	// Cost is in instructions for each 4 KiB page; 0 is 1,000.
	Cost uint64
	// Free takes no charge. Pages are counted all the same.
	Free bool
}

func (h HeapPage) span() int { return max(h.Size/osPage, 1) }

func (h HeapPage) cost() uint64 {
	switch {
	case h.Free:
		return 0
	case h.Cost == 0:
		return dirtyPageCost
	}
	return h.Cost
}

// Event is one call of an ic0 function. The slices belong to the receiver;
// numbers of type i32 are zero-extended.
type Event struct {
	Name    string
	Params  []uint64
	Results []uint64
}

func wallClock() uint64 { return uint64(time.Now().UnixNano()) }
