package link

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

const pageSize = 1 << 16

// maxBase is the largest number of pages that may lie below the user's memory:
// from 2 MiB on a shifted offset takes a byte more, and from 32 MiB on engines
// put bounds checks back.
const maxBase = 31

// maxPages bounds the whole memory, so that an access at the clamped offset
// 2^32-1 always traps.
const maxPages = 65535

// MaxUserPages is the most pages that a program's memory may begin with,
// whatever the polyfill takes.
const MaxUserPages = maxPages - maxBase

// input is one module to be linked.
type input struct {
	name string
	mod  *wasm.Module
	size int    // of the module in bytes
	id   funcID // of its first function

	imports []*wasm.Import   // the function imports
	types   []wasm.TypeIndex // for each type the first one that is equal to it
	names   *wasm.Names      // nil where there are none, or malformed ones
	refs    []refs           // what each defined function refers to
}

func load(name string, b []byte) (*input, error) {
	mod, err := wasm.Read(b)
	if err != nil {
		return nil, &Error{Input: name, Err: err}
	}
	in := &input{name: name, mod: mod, size: len(b)}
	if err := in.checkMemory(); err != nil {
		return nil, err
	}
	for i := range mod.Imports {
		if mod.Imports[i].Kind == wasm.ExternFunc {
			in.imports = append(in.imports, &mod.Imports[i])
		}
	}
	in.types = canonicalTypes(mod)
	in.names = readNames(mod)
	in.refs, err = scan(in)
	return in, err
}

// numFuncs is the size of the module's function space.
func (in *input) numFuncs() int { return len(in.imports) + len(in.mod.Funcs) }

// funcType is the type index of a function of the module. It is false when the
// function or its type does not exist or is no function type.
func (in *input) funcType(f uint32) (wasm.TypeIndex, bool) {
	var t wasm.TypeIndex
	switch n := uint32(len(in.imports)); {
	case f < n:
		t = in.imports[f].Type
	case int(f-n) < len(in.mod.Funcs):
		t = in.mod.Funcs[f-n]
	default:
		return 0, false
	}
	return t, int(t) < len(in.mod.Types) && in.mod.Types[t].Kind == wasm.KindFunc
}

// checkMemory refuses the memories that cannot be stacked.
func (in *input) checkMemory() error {
	if len(in.mod.Memories) > 1 {
		return in.fail("memory 1", "the module has %d memories, and only one can be stacked", len(in.mod.Memories))
	}
	for _, m := range in.mod.Memories {
		switch {
		case m.Shared:
			return in.fail("memory 0", "shared memory (threads) cannot be linked; build the program without threads")
		case m.Is64:
			return in.fail("memory 0", "memory64 cannot be linked; build the program for wasm32")
		case m.CustomPage && m.PageSizeLog2 != 16:
			return in.fail("memory 0", "custom page sizes cannot be linked")
		}
	}
	return nil
}

func (in *input) fail(what, format string, args ...any) error {
	return &Error{Input: in.name, What: what, Msg: fmt.Sprintf(format, args...)}
}

// memory is the module's own memory; without one it is of no pages.
func (in *input) memory() wasm.Limits {
	if len(in.mod.Memories) == 0 {
		return wasm.Limits{HasMax: true}
	}
	return in.mod.Memories[0]
}
