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
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
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
			fmt.Println("wasm-opt version 120")
			return nil
		case args[i] == "--output" && i+1 < len(args):
			i++
			out = args[i]
		case !strings.HasPrefix(args[i], "-"):
			in = args[i]
		}
	}
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	module, err = trim(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, module, 0o644)
}

var errShort = errors.New("the module ends early")

// The sections that are changed.
const (
	custom   = 0
	table    = 4
	exports  = 7
	elements = 9
)

// prefix begins the names of the polyfill's functions.
const prefix = "github.com/icsplice/icsplice/polyfill/"

func trim(module []byte) ([]byte, error) {
	if len(module) < 8 {
		return nil, errShort
	}
	out := bytes.Clone(module[:8])
	for rest := module[8:]; len(rest) > 0; {
		r := reader{b: rest[1:]}
		body := r.bytes()
		if r.failed {
			return nil, errShort
		}
		body, err := section(rest[0], body)
		if err != nil {
			return nil, err
		}
		if body != nil {
			out = append(out, rest[0])
			out = appendBytes(out, body)
		}
		rest = r.b
	}
	return out, nil
}

// section gives a section's new content, or nil where it is dropped.
func section(id byte, body []byte) ([]byte, error) {
	r := reader{b: body}
	switch id {
	case table:
		return nil, nil
	case elements:
		return nil, errors.New("the table is in use")
	case exports:
		body = trimExports(&r)
	case custom:
		switch name := string(r.bytes()); name {
		case "producers":
			return nil, nil
		case "name":
			body = appendBytes(nil, []byte(name))
			for len(r.b) > 0 && !r.failed {
				id := r.byte()
				part := r.bytes()
				if id == 1 {
					part = shorten(&reader{b: part})
				}
				body = appendBytes(append(body, id), part)
			}
		}
	}
	if r.failed {
		return nil, errShort
	}
	return body, nil
}

// trimExports keeps the memory and what has a dot in its name.
func trimExports(r *reader) []byte {
	var kept []byte
	count := uint64(0)
	for n := r.number(); n > 0 && !r.failed; n-- {
		name := r.bytes()
		kind := r.byte()
		index := r.number()
		if kind == 2 || bytes.IndexByte(name, '.') >= 0 {
			count++
			kept = append(appendBytes(kept, name), kind)
			kept = binary.AppendUvarint(kept, index)
		}
	}
	return append(binary.AppendUvarint(nil, count), kept...)
}

// shorten rewrites the names of functions.
func shorten(r *reader) []byte {
	n := r.number()
	out := binary.AppendUvarint(nil, n)
	for ; n > 0 && !r.failed; n-- {
		out = binary.AppendUvarint(out, r.number())
		out = appendBytes(out, bytes.ReplaceAll(r.bytes(), []byte(prefix), nil))
	}
	return out
}

func appendBytes(to, b []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(b))), b...)
}

// reader reads from the front of b; it fails where b is too short.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.failed = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.failed = true
		return 0
	}
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

func (r *reader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.b, r.failed = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}
