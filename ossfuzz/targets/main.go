// Command targets makes the fuzz targets of a copy of this module importable, so
// that go-118-fuzz-build can build them.
//
// Targets stand in test files, which no package can import. In the copy, the test
// files of a package with targets become ordinary files: those of package p in
// their folder, those of package p_test in a folder of their own beneath it. Only
// one package at a time may be opened like that: where two were linked together,
// the flags of their tests would collide.
//
//	targets list            prints the packages that have targets, as folders
//	targets open DIR        opens one, writes a harness for each of its targets,
//	                        and prints each as "folder function binary"
//	targets close DIR       undoes open
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "targets:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: targets list | open DIR | close DIR")

// run works on the module in the current folder.
func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "list":
		return list(".", os.Stdout)
	case len(args) == 2 && args[0] == "open":
		return open(args[1], os.Stdout)
	case len(args) == 2 && args[0] == "close":
		return shut(args[1])
	}
	return errUsage
}
