package validate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// env is what the checks of expressions and bodies need to know of a module.
// It does not change once the declarations have been checked, so that workers
// share it.
type env struct {
	m        *wasm.Module
	input    []byte // the module as it was read, may be nil
	types    types
	funcs    []wasm.TypeIndex
	tables   []table
	memories []memory
	globals  []global
	tags     []*funcType
	elems    []valType
	declared bitset // functions that ref.func may name
	offset64 bool   // a memory has 64-bit addresses

	importedFuncs, importedGlobals int
}

type table struct {
	elem valType
	is64 bool
}

type memory struct{ is64 bool }

type global struct {
	typ     valType
	mutable bool
}

// addressType is that of a memory or table.
func addressType(is64 bool) valType {
	if is64 {
		return i64
	}
	return i32
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset       { return make(bitset, (n+63)/64) }
func (b bitset) has(i uint64) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) add(i uint64)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) remove(i uint64)   { b[i/64] &^= 1 << (i % 64) }

// place is where in a module something stands.
type place struct {
	section wasm.SectionID
	index   int // of the item, -1 for none
}

// fail makes the error of a fault that has no better offset than its section's.
func (c *env) fail(at place, cause error) error {
	return &wasm.Error{Section: at.section, Index: at.index, Offset: c.sectionOffset(at.section), Err: cause}
}

func (c *env) failf(at place, format string, args ...any) error {
	return c.fail(at, fmt.Errorf(format, args...))
}

// sectionOffset finds the id of a section in the input, -1 if it is not known.
func (c *env) sectionOffset(id wasm.SectionID) int {
	for p := 8; p < len(c.input); {
		size, n := wasm.ReadUleb32(c.input[p+1:])
		if wasm.SectionID(c.input[p]) == id || n == 0 {
			return p
		}
		p += 1 + n + int(size)
	}
	return -1
}

// offsetOf finds an expression in the input, which it aliases; -1 if it does not.
// It looks at addresses and not at content, and only when something is wrong.
func (c *env) offsetOf(x wasm.Expr) int {
	for i := range c.input {
		if len(x) > 0 && &c.input[i] == &x[0] {
			return i
		}
	}
	return -1
}
