// Package validate checks that a module is valid: what the validation chapter of
// the core specification and of the proposals asks beyond the form that
// wasm.Read holds a module to.
//
// A body is checked in one pass over its instructions with a stack of operand
// types and a stack of open blocks. The type of an instruction is a row of the
// table internal/wasm/ops.txt where the opcode alone decides it; the others have
// code here. A worker keeps its stacks from body to body, so that nothing is
// allocated for an instruction or for a body.
//
// Covered are release 3.0 of the specification (garbage collection, typed
// function references, exceptions, tail calls, 64-bit and several memories,
// relaxed SIMD) and legacy exceptions, threads, wide arithmetic and custom page
// sizes. Stack switching, shared-everything-threads, custom descriptors and
// memory control are refused, with an error that wraps wasm.ErrUnsupported.
//
// Trust: modules are hostile, and may have been made by hand rather than read.
// Memory grows with the size of the module. Time is that of the size times the
// operands that one instruction can have (wasm.MaxParams and wasm.MaxResults).
//
// Specification: https://webassembly.github.io/spec/core/valid/
package validate
