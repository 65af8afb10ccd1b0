package image

import (
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Store gives a stable memory as the file system takes it. As that knows no
// failures of its store, they are panics with a *StoreError; one of memory in
// this process never fails where the file system reads and writes.
func Store(stable canister.StableMemory) stablefs.Store { return store{stable} }

// StoreError is a failure of the stable memory beneath a file system.
type StoreError struct{ Err error }

func (e *StoreError) Error() string { return "stable memory: " + e.Err.Error() }
func (e *StoreError) Unwrap() error { return e.Err }

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
		panic(&StoreError{err})
	}
}

func (s store) Write(p []byte, off uint64) {
	if err := s.StableMemory.Write(p, off); err != nil {
		panic(&StoreError{err})
	}
}

// recoverStore, deferred, makes an error again of a failure of the store.
func recoverStore(err *error) {
	switch p := recover().(type) {
	case nil:
	case *StoreError:
		*err = p
	default:
		panic(p)
	}
}
