//go:build ignore

// args_get, environ_get: os.Args and os.Getenv.
package main

import "os"

func main() {
	truth("three arguments", len(os.Args) == 4)
	expect("argument 1", os.Args[1], "one")
	expect("argument 2", os.Args[2], "")
	expect("argument 3", os.Args[3], "grün")
	expect("LEVEL", os.Getenv("LEVEL"), "7")
	_, set := os.LookupEnv("UNSET")
	truth("UNSET is not set", !set)
}
