package main

import (
	"fmt"
	"strconv"
	"strings"
)

// codes are the value types of the types in ops.txt, as the binary format has
// them. 0 is an address.
var codes = map[string]byte{
	"i32": 0x7f, "i64": 0x7e, "f32": 0x7d, "f64": 0x7c, "v128": 0x7b,
	"eqref": 0x6d, "i31ref": 0x6c, "arrayref": 0x6a, "addr": 0,
}

// signature is the type of an instruction: a code for each operand and result,
// and how many bytes of memory it accesses.
type signature struct {
	params, results string
	width           uint64
}

// parseSignature reads a type such as "addr4 i32 -> i32".
func parseSignature(s string) (*signature, error) {
	before, after, arrow := strings.Cut(s, "->")
	if !arrow {
		return nil, fmt.Errorf("the type %q has no arrow", s)
	}
	var sig signature
	var err error
	if sig.params, err = sig.parseTypes(before); err != nil {
		return nil, err
	}
	sig.results, err = sig.parseTypes(after)
	return &sig, err
}

func (s *signature) parseTypes(list string) (string, error) {
	var out []byte
	for _, name := range strings.Fields(list) {
		if width := strings.TrimPrefix(name, "addr"); width != name && width != "" {
			var err error
			if s.width, err = strconv.ParseUint(width, 10, 8); err != nil {
				return "", err
			}
			name = "addr"
		}
		code, ok := codes[name]
		if !ok {
			return "", fmt.Errorf("%q is no type", name)
		}
		out = append(out, code)
	}
	return string(out), nil
}

// literal is the signature in Go, nothing if there is none.
func (s *signature) literal() string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("{%s, %s, %d}", quote(s.params), quote(s.results), s.width)
}

// quote is a string in Go, each byte in hex.
func quote(s string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, "\\x%02x", s[i])
	}
	return `"` + out.String() + `"`
}
