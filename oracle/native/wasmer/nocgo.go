//go:build !cgo

// Command wasmer runs WASI commands on wasmer. Built without cgo it does not have it.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "wasmer: built without cgo")
	os.Exit(1)
}
