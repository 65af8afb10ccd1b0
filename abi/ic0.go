package abi

// Mode is a set of the entry points from which an ic0 function may be called.
type Mode uint32
