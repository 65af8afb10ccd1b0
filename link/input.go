package link

import (
	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
)

const pageSize = 1 << 16

// maxPages bounds a memory in which something was moved, so that an access at
// the clamped offset 2^32-1 always traps.
const maxPages = 65535

// input is one module to be linked.
type input struct {
	name string
	at   int // its place among the inputs
	mod  *wasm.Module
	size int // of the module in bytes

	spaces  wasm.Spaces
	count   [numKinds]int // sizes of the index spaces
	first   [numKinds]id
	imports [numExterns][]*wasm.Import // each kind's, which begin its space
	types   []uint32                   // of each type the index in the type space
	names   *wasm.Names                // nil where there are none, or malformed ones
	refs    refs
	sites   sites
	has64   bool // there is a memory of 64 bits
}

// load reads a module, and validates it unless it is trusted.
func load(name string, b []byte, trusted bool) (*input, error) {
	mod, err := wasm.Read(b)
	if err != nil {
		return nil, &Error{Input: name, Index: -1, Offset: -1, Err: err}
	}
	if !trusted {
		if err := validate.Module(mod, validate.Input(b)); err != nil {
			return nil, &Error{Input: name, Index: -1, Offset: -1, Err: err}
		}
	}
	in := &input{name: name, mod: mod, size: len(b), spaces: mod.Spaces()}
	for i := range mod.Imports {
		k := mod.Imports[i].Kind
		in.imports[k] = append(in.imports[k], &mod.Imports[i])
	}
	s := &in.spaces
	in.count = [numKinds]int{len(s.Funcs), len(s.Tables), len(s.Memories), len(s.Globals), len(s.Tags), len(mod.Elems), len(mod.Data)}
	for _, m := range s.Memories {
		in.has64 = in.has64 || m.Is64
	}
	in.names = mod.Names()
	if err := in.checkKind(); err != nil {
		return nil, err
	}
	return in, in.scan()
}

// imported reports whether index i of a space is an import.
func (in *input) imported(k Kind, i uint32) bool {
	return k < numExterns && int(i) < len(in.imports[k])
}

// code is the position of a function's body in the code section; it is negative
// for imports.
func (in *input) code(f uint32) int { return int(f) - len(in.imports[Func]) }

// valType is a value type of the input with its index in the type space.
func (in *input) valType(v wasm.ValType) wasm.ValType {
	return renumberVal(v, func(i uint32) uint32 { return in.types[i] })
}

// global and table are what the module defines at an index past its imports.
func (in *input) global(i uint32) *wasm.Global {
	return &in.mod.Globals[int(i)-len(in.imports[Global])]
}

func (in *input) table(i uint32) *wasm.Table {
	return &in.mod.Tables[int(i)-len(in.imports[Table])]
}
