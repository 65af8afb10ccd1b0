// Package wasm is the binary format of WebAssembly modules: a strict reader, an
// encoder, a reader of code and the one table of instructions.
//
// Trust: every function that takes bytes takes hostile ones. Memory grows with
// the bytes read and not with the counts that they claim, integers beyond their
// width are refused (padding within it is legal), and the caps stand in
// limits.go. What the package checks is the form. It does not validate: indexes
// in bodies may be out of range and operands may have the wrong types.
//
// Read gives a Module, Encode writes it back; a module in canonical form (each
// integer in its fewest bytes, no empty section) comes out byte for byte.
// Function bodies stay slices of the input until a CodeReader walks them.
//
// Specification: https://webassembly.github.io/spec/core/binary/
package wasm
