// Package link joins WebAssembly modules into one, without their sources and
// without relocation data: Link joins any number of modules that import from
// one another, and Merge a program with a polyfill that stands behind its
// imports.
//
// The result has one memory, in which those of the modules lie above each other
// (or keeps them apart, see Layout). What each module sees of its memory is
// unchanged: addresses, size, growth and traps. What nothing reaches is left
// out.
//
// Inputs are not trusted and never modified. What cannot be linked correctly is
// refused with an error that can be matched: *Error, *UnresolvedError,
// *ConflictError, *OptionError, *relocate.Error and *FormatError. There is no
// global state, and all functions are safe for concurrent use.
package link
