package oracle

import (
	"github.com/icsplice/icsplice/canister"
)

// store is stable memory as the file system wants it. Stable memory in this
// process fails only where it is asked for what is not there, which the file
// system never does: such a failure is a fault of ours.
type store struct{ canister.StableMemory }

func (s store) Grow(n uint64) uint64 {
	old, ok := s.StableMemory.Grow(n)
	if !ok {
		return ^uint64(0)
	}
	return old
}

func (s store) Read(p []byte, off uint64) {
	if err := s.StableMemory.Read(p, off); err != nil {
		panic("BUG: " + err.Error())
	}
}

func (s store) Write(p []byte, off uint64) {
	if err := s.StableMemory.Write(p, off); err != nil {
		panic("BUG: " + err.Error())
	}
}

// swap is a stable memory that can be changed for another between two messages.
// Commit and Discard are left to the session: a message that is taken back so
// that the heap is as before leaves its files here.
type swap struct{ canister.StableMemory }

func (*swap) Commit() error  { return nil }
func (*swap) Discard() error { return nil }
