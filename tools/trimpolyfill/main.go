// Command trimpolyfill finishes the module that TinyGo made of the polyfill. It
// stands in for wasm-opt, which TinyGo calls after the linker:
//
//	trimpolyfill [options] in.wasm --output out.wasm
//
// It drops what TinyGo adds unasked: a table that nothing uses, exports without
// a dot in their name, and the producers section; and it shortens the names of
// functions to package and name.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trimpolyfill:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	var in, out string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--version":
			fmt.Println("wasm-opt version 120") // TinyGo asks for a recent one
			return nil
		case args[i] == "--output" && i+1 < len(args):
			i++
			out = args[i]
		case !strings.HasPrefix(args[i], "-"):
			in = args[i]
		}
	}
	input, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	m, err := wasm.Read(input)
	if err == nil {
		err = trim(m)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, m.Encode(), 0o644)
}

// errTable says that the source has grown an indirect call: the linker wants a
// polyfill without a table.
var errTable = errors.New("the table is in use: some function is called through a pointer")

func trim(m *wasm.Module) error {
	if len(m.Elems) > 0 {
		return errTable
	}
	m.Tables = nil
	m.Exports = slices.DeleteFunc(m.Exports, func(e wasm.Export) bool {
		return e.Kind != wasm.ExternMemory && !strings.Contains(e.Name, ".")
	})
	m.Customs = slices.DeleteFunc(m.Customs, func(c wasm.Custom) bool { return c.Name == "producers" })
	for i := range m.Customs {
		if c := &m.Customs[i]; c.Name == "name" {
			names, err := wasm.ReadNames(c.Bytes)
			if err != nil {
				return err
			}
			shorten(names)
			c.Bytes = names.Append(nil)
		}
	}
	return nil
}

// shorten leaves the path of this repository out of the functions' names.
func shorten(names *wasm.Names) {
	for i, name := range names.Funcs {
		names.Funcs[i] = strings.ReplaceAll(name, "github.com/icsplice/icsplice/polyfill/", "")
	}
}
