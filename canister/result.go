package canister

import "github.com/icsplice/icsplice/abi"

// Result is what a message did. With an error it says what was done until then.
type Result struct {
	Reply  []byte  // of msg_reply; empty, not nil, for an empty reply
	Reject *Reject // set where there is no reply

	// Instructions is the sum of Cost, at most the limit for each execution.
	Instructions uint64
	Cost         Cost
	// Operators counts executed operators as wasmtime's fuel does: block, loop,
	// else, end, nop, drop, return and unreachable are free, entering a function
	// counts one, and memory.copy and memory.fill one for each byte. It is 0
	// without Options.CountOperators.
	Operators uint64
	// CompiledOperators is the size of the instrumented module, after an
	// installation or upgrade only.
	CompiledOperators uint64

	HeapPagesDirty      uint64 // pages of 4 KiB that changed
	StablePagesDirty    uint64 // pages of 4 KiB that were written
	StablePagesAccessed uint64 // pages of 4 KiB that were read or written
	StablePages         uint64 // size afterwards, in pages of 64 KiB
	StableReads         uint64 // calls
	StableReadBytes     uint64
	StableWrites        uint64 // calls
	StableWriteBytes    uint64

	// Calls counts the calls of ic0 functions by name.
	Calls map[string]uint64
	// CallbackTraps are the traps of callbacks and cleanups that ran for this
	// message; the reply may have been made without them.
	CallbackTraps []*TrapError

	calls [callTableSize]uint64
	sent  int // calls to canisters
}

// callTableSize is enough for the functions of abi.IC0.
const callTableSize = 128

// Cost splits instructions by what they were charged for.
type Cost struct {
	Code        uint64 // operators, with the sizes of bulk operations
	SystemCalls uint64 // calls of ic0 functions, stable bytes apart
	StableBytes uint64 // bytes read from and written to stable memory
	StablePages uint64 // stable pages written
	HeapPages   uint64 // heap pages changed
	Compilation uint64
}

// Reject is a refusal. Codes are those of the IC interface specification,
// "Reject codes".
type Reject struct {
	Code    uint32
	Message string
}

// The reject codes.
const (
	RejectSysFatal           = 1
	RejectSysTransient       = 2
	RejectDestinationInvalid = 3
	RejectCanisterReject     = 4
	RejectCanisterError      = 5
	RejectSysUnknown         = 6
)

// finish fills in what is known only at the end.
func (r *Result) finish(stable StableMemory) *Result {
	r.StablePages = stable.Size()
	r.Calls = map[string]uint64{}
	for i := range abi.IC0 {
		if n := r.calls[i]; n > 0 {
			r.Calls[abi.IC0[i].Name] = n
		}
	}
	return r
}
