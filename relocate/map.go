// Package relocate rewrites WebAssembly bytecode: function bodies and constant
// expressions, under a map of the index spaces and a shift of the memory.
//
// Its input is not trusted. Every index is checked against the spaces of the
// module that it comes from before it is rewritten, so that an invalid module
// does not become a valid one by moving.
package relocate

import (
	"math"

	"github.com/icsplice/icsplice/internal/wasm"
)

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
	// Results are those of the function's type in the input. Where they are not
	// given, tests of the flag take more bytes.
	Results []wasm.ValType
}

// Codes are what takes the place of instructions, by an index of the input that
// they name. There are few of them in large spaces.
type Codes map[uint64][]byte

// Memory says what becomes of the instructions on one memory of the input. The
// zero value leaves them as they are, but for the memory's index.
type Memory struct {
	// Is64 is set where the memory has 64-bit addresses. Its code then counts
	// to 2^64-1 where what is said below counts to 2^32-1.
	Is64 bool
	// Shift is added to every static offset, in bytes. The sum is clamped at
	// 2^32-1, where an access always traps as long as the output's memory is
	// shorter than 65,536 pages.
	Shift uint32
	// Whole is set where the output's memory may have all of 65,536 pages, so
	// that no address is outside of it. Shift is then 0, and sums of addresses
	// are computed as they were.
	Whole bool
	// Bounded is set where another memory lies above this one. An access that
	// passes Bytes, the memory's size, is then sent to 2^32-1, where it traps
	// as it did before; an atomic one to an address in the last page that is
	// aligned as its own was.
	Bounded bool
	Bytes   uint64
	// Size, Grow and Fill replace memory.size, memory.grow and memory.fill.
	// Copy, by the input's index of the memory copied from, replaces
	// memory.copy to this one; Init, by data index, replaces memory.init. Each
	// stays as it is where nil, but for indices.
	Size, Grow, Fill []byte
	Copy, Init       Codes
}

// Table says what becomes of the instructions on one table of the input. The
// zero value leaves them as they are, but for the table's index.
type Table struct {
	// Index, where not nil, follows an index on the stack and turns it into
	// that of the output's table, or into one where an access traps. It stands
	// before call_indirect, return_call_indirect and table.get.
	Index []byte
	// Set, Size, Grow and Fill replace the instructions of these names. Copy,
	// by the input's index of the table copied from, replaces table.copy to
	// this one; Init, by element segment, replaces table.init. Each stays as
	// it is where nil, but for indices.
	Set, Size, Grow, Fill []byte
	Copy, Init            Codes
}

// Map is all that a rewrite needs to know. It is not changed by a rewrite, and
// one Map serves many of them at once.
type Map struct {
	Types, Funcs, Tables, Memories Space
	Globals, Tags, Elems, Datas    Space

	// Each list is indexed by the input's space and may be shorter than it;
	// what lies past its end, or is not in Codes, is as the zero value.
	Calls  []Call
	Memory []Memory
	Table  []Table
	Gets   Codes   // in place of global.get: constants
	Drop   Codes   // in place of data.drop
	Unwind *Unwind // nil when no function can unwind

	// Verbatim keeps the instructions as they are but for what has to change.
	// Otherwise shorter ones of the same effect take their place.
	Verbatim bool
}

// memory is what becomes of memory i.
func (m *Map) memory(i uint64) Memory {
	if i < uint64(len(m.Memory)) {
		return m.Memory[i]
	}
	return Memory{}
}

// table is what becomes of table i.
func (m *Map) table(i uint64) Table {
	if i < uint64(len(m.Table)) {
		return m.Table[i]
	}
	return Table{}
}
