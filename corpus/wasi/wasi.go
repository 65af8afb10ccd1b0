// Package wasi holds programs that call every function of WASI preview1 with
// everything that it may be given, and print a line for each call; README.md
// says how their transcripts are compared.
package wasi

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed bin/*.wasm unstable/*.wasm
var stored embed.FS

// Program is one program and what it is run with, beside two empty folders
// that are preopened as /a and /b.
type Program struct {
	Name  string
	Args  []string // with the program's name
	Env   []string // NAME=value
	Stdin string
	// Cases says that each run does one case, whose number is the last
	// argument; the first number that is not one ends with NoCase.
	Cases bool
	// Pages bounds the stable memory of the canister; 0 is none.
	Pages uint64
	// Alone says that it meets limits of a canister, so that no other runtime
	// can run it.
	Alone bool
}

// NoCase is the exit code of a program that has no case of the number.
const NoCase = 99

// Programs gives all programs, sorted by name.
func Programs() []Program {
	entries, err := stored.ReadDir("bin")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	list := make([]Program, len(entries))
	for i, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".wasm")
		p := Program{Name: name, Args: []string{name}}
		switch name {
		case "system":
			p.Args = append(p.Args, "one", "")
			p.Env = []string{"K=V", "EMPTY="}
		case "stdio":
			p.Stdin = "line\n"
		case "alone", "faults":
			p.Cases, p.Env = true, []string{"K=V"}
		case "descriptors":
			p.Alone = true
		case "space":
			p.Alone, p.Pages = true, 40
		}
		list[i] = p
	}
	return list
}

// Module gives the bytes of a program's module; they are the caller's.
// An unknown name gives an error that wraps fs.ErrNotExist.
func Module(name string) ([]byte, error) { return read("bin", name) }

// Unstable is Module for the same program compiled for wasi_unstable, which has
// no sock_accept.
func Unstable(name string) ([]byte, error) { return read("unstable", name) }

func read(folder, name string) ([]byte, error) {
	data, err := stored.ReadFile(folder + "/" + name + ".wasm")
	if err != nil {
		return nil, fmt.Errorf("wasi: program %q: %w", name, fs.ErrNotExist)
	}
	return data, nil
}
