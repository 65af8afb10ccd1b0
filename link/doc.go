// Package link joins finished WebAssembly modules into one, without their
// sources and without relocation data.
//
// [Link] takes any number of modules that import from one another by name:
// functions, memories, tables, globals and tags, in circles too. [Merge] takes a
// program and a polyfill that stands behind its imports. Both make one module
// that behaves as its inputs did, each instantiated on its own, one after the
// other.
//
// # Memories and tables
//
// The memories of the modules become one, in which they lie above each other
// ([Stack]), so that the output runs where a module may have a single memory.
// What each module sees of its memory is unchanged: addresses, size, growth and
// traps. One of them may grow, the others must not. Tables are stacked likewise.
// [Apart] keeps memories, or tables, as they are. An export of a stacked memory
// is that of the whole; [Result.Map] tells where each module's part begins.
//
// # What is left out
//
// What no export, start function or segment that takes effect reaches is not in
// the output, and of functions with the same type and body one is. Integers are
// written in their fewest bytes, and some instructions in shorter forms that come
// to the same. [Options] switches each of these off.
//
// # Custom sections
//
// Names and branch hints are renumbered, producers and target features merged,
// sections that begin with "icp:" carried. Others are left out, as they may hold
// offsets that are no longer true, unless Options.KeepCustoms names them.
// [Report] tells the fate of each.
//
// # Trust
//
// Inputs are hostile, and never modified. Link validates them unless they are
// Trusted; each index in them is checked in any case. What cannot be linked
// correctly is refused with an error that can be matched by errors.As: [*Error]
// with the module, section, index, offset and symbol, [*UnresolvedError] with
// every import that nothing satisfies, [*ConflictError] with every export name
// that is claimed twice, [*OptionError]. An Error wraps a [*FormatError] where
// the module is malformed or invalid, and a *relocate.Error where an instruction
// cannot be rewritten. Memory grows with the size of the inputs, and time in
// proportion to it.
//
// There is no global state, and all functions are safe for concurrent use. The
// package needs nothing but the standard library.
package link
