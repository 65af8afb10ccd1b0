//go:build !cgo

// Command native runs WASI commands on wasmtime or wasmer. Built without cgo it
// has neither.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "native: built without cgo, so there is neither wasmtime nor wasmer")
	os.Exit(1)
}
