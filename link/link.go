// Package link joins two WebAssembly modules into one: a program and a
// polyfill that stands behind the program's imports.
//
// The result has one memory, in which the program's lies above the polyfill's,
// and the program's table. What the program sees of its memory is unchanged:
// addresses, size, growth and traps. Functions that nothing reaches are left
// out.
//
// Inputs are not trusted and never modified. What cannot be linked correctly is
// refused with an error that can be matched: *Error, *UnresolvedError,
// *relocate.Error and *FormatError. All functions are safe for concurrent use.
package link

import (
	"github.com/icsplice/icsplice/internal/wasm"
)

// Result is a linked module.
type Result struct {
	Wasm   []byte
	Report Report
}

// Merge links a program with a polyfill. Each function import of user becomes
// the polyfill's export "module.name" (see Resolve), and each import of the
// polyfill becomes an intrinsic of the linker, an export of user, or what Bind
// says. The polyfill's memory must be of fixed size, and it must not have a
// table.
func Merge(user, polyfill []byte, opts ...Option) (*Result, error) {
	o := newOptions(opts)
	u, err := load("user", user)
	if err != nil {
		return nil, err
	}
	f, err := load("polyfill", polyfill)
	if err != nil {
		return nil, err
	}

	// Every import gets a target, or all that lack one are reported.
	symbols, err := resolve(u, f, o)
	if err != nil {
		return nil, err
	}
	roots, err := exported(symbols, o)
	if err != nil {
		return nil, err
	}

	// From here on it is known what is in the output and at which index.
	p, err := layout(symbols, roots)
	if err != nil {
		return nil, err
	}
	out, err := emit(p, roots, o)
	if err != nil {
		return nil, err
	}
	p.emitCustoms(out)
	b := out.Encode()
	return &Result{Wasm: b, Report: report(p, out, len(b))}, nil
}

// exported lists the functions that the output exports.
func exported(r *resolver, o *options) ([]root, error) {
	var roots []root
	for _, e := range r.user.mod.Exports {
		if e.Kind != wasm.ExternFunc {
			continue
		}
		if as, ok := o.keep(e.Name, e.Kind); ok {
			roots = append(roots, root{as, funcID(e.Index)})
		}
	}
	for _, e := range o.exports {
		id, ok := r.exports[e.name]
		if !ok {
			return nil, r.polyfill.fail("export "+e.name, "there is no such function")
		}
		roots = append(roots, root{e.as, id})
	}
	return roots, nil
}
