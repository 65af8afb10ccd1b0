package main

import (
	"fmt"

	"github.com/icsplice/icsplice/canister"
)

// store is stable memory as the file system wants it: failures of the file
// beneath are panics, which guarded makes errors again.
type store struct{ *canister.StableFile }

func (s store) Grow(n uint64) uint64 {
	old, ok := s.StableFile.Grow(n)
	if !ok {
		return ^uint64(0)
	}
	return old
}

// storeError is a failure of the image file.
type storeError struct{ err error }

func (s store) Read(p []byte, off uint64) {
	if err := s.StableFile.Read(p, off); err != nil {
		panic(storeError{err})
	}
}

func (s store) Write(p []byte, off uint64) {
	if err := s.StableFile.Write(p, off); err != nil {
		panic(storeError{err})
	}
}

// guarded runs work on the file system and returns failures of the image file.
func guarded(work func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case storeError:
			err = fmt.Errorf("stable memory: %w", p.err)
		default:
			panic(p)
		}
	}()
	return work()
}
