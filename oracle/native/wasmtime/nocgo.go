//go:build !cgo

// Command wasmtime runs WASI commands on wasmtime. Built without cgo it does not have it.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "wasmtime: built without cgo")
	os.Exit(1)
}
