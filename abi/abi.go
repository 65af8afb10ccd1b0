// Package abi holds facts and no behaviour: the functions, constants and
// layouts of WASI preview1 and of the Internet Computer's System API (ic0).
//
// It is compiled by TinyGo too, so it has no maps and nothing that runs at
// start-up.
package abi

// ValType is a Wasm number type, in the binary format's encoding.
type ValType byte

// The number types that occur in WASI and ic0 signatures.
const (
	I32 ValType = 0x7f
	I64 ValType = 0x7e
)

// ParamKind says what a parameter's number stands for.
type ParamKind byte

const (
	Value ParamKind = iota // a plain number
	In                     // the address of memory that the host reads
	Out                    // the address of memory that the host writes
)

// Param is one parameter. An address counts from the start of the caller's
// memory, in bytes.
type Param struct {
	Name string
	Type ValType
	Kind ParamKind
}

// Function is a function that a host offers. Modes says in which entry points
// an ic0 function may be called; it is 0 for WASI.
type Function struct {
	Name    string
	Params  []Param
	Results []ValType
	Modes   Mode
}
