// Package relocate rewrites WebAssembly bytecode: function bodies and constant
// expressions, under a map of the index spaces and a shift of the memory.
//
// Its input is not trusted. Every index is checked against the spaces of the
// module that it comes from before it is rewritten, so that an invalid module
// does not become a valid one by moving.
package relocate

import "math"

// Removed is the new index of an entity that is not in the output. A body that
// refers to one is in error.
const Removed = math.MaxUint32

// Space maps the indices of one index space of the input to those of the
// output. The zero value is an empty space.
type Space struct {
	to       []uint32
	n        uint64
	identity bool
}

// Identity is a space of n indices that stay as they are.
func Identity(n int) Space { return Space{n: uint64(n), identity: true} }

// NewSpace is a space in which index i becomes to[i]. It keeps to.
func NewSpace(to []uint32) Space {
	identity := true
	for i, t := range to {
		identity = identity && t == uint32(i)
	}
	if identity {
		return Identity(len(to))
	}
	return Space{to: to, n: uint64(len(to))}
}

// Get is the new index of i. It is false when i is outside the space.
func (s *Space) Get(i uint64) (uint32, bool) {
	if i >= s.n {
		return 0, false
	}
	if s.identity {
		return uint32(i), true
	}
	return s.to[i], true
}

// Call says what becomes of the direct calls of one function.
type Call struct {
	// Inline replaces the call instruction, where it is not nil. It takes the
	// same operands from the stack and leaves the same results.
	Inline []byte
	// MayUnwind is set when the flag of Unwind may be raised after the call.
	MayUnwind bool
}

// Memory says what becomes of the instructions that touch memory. The zero
// value leaves them as they are.
type Memory struct {
	// Shift is added to every static offset, in bytes. The sum is clamped at
	// 2^32-1, where an access always traps as long as the memory is shorter
	// than 65,536 pages.
	Shift uint32
	// Size and Grow replace memory.size and memory.grow; Copy and Fill replace
	// memory.copy and memory.fill. They stay as they are where nil.
	Size, Grow, Copy, Fill []byte
	// Init and Drop replace memory.init and data.drop, by data index of the
	// input. They are renumbered where nil.
	Init, Drop [][]byte
}

// Map is all that a rewrite needs to know. It is not changed by a rewrite, and
// one Map serves many of them at once.
type Map struct {
	Types, Funcs, Tables, Memories Space
	Globals, Tags, Elems, Datas    Space

	// Calls is indexed by function; it may be nil.
	Calls  []Call
	Memory Memory
	Unwind *Unwind // nil when no function can unwind
}
