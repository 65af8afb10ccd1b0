package link

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/icsplice/icsplice/internal/wasm"
)

// FormatError is a fault in the binary form of a module: its section, the item
// in it, and the byte. An Error wraps it.
type FormatError = wasm.Error

// Error is a fault of one input.
type Error struct {
	Input string // "user" or "polyfill"; "" for a fault of both together
	What  string // the thing at fault, such as "memory 1" or "function 12 <main>"
	Msg   string
	Err   error // the cause, or nil
}

// Error reads like "user: function 3 <main>: at byte 0x5f: ...". Bytes of names
// that could control a terminal are escaped.
func (e *Error) Error() string {
	var parts []string
	for _, s := range []string{e.Input, e.What, e.Msg} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return printable(strings.Join(parts, ": "))
}

func (e *Error) Unwrap() error { return e.Err }

// Unresolved is an import that nothing satisfies.
type Unresolved struct {
	Input  string
	Name   Name
	Kind   Kind
	Type   string   // as text, such as "func (i32, i64) -> i32"
	Reason string   // why nothing satisfies it
	Users  []string // functions that need it, a few, of the first twenty imports
	Offset int      // of the import in the input, in bytes
}

// UnresolvedError lists every import that nothing satisfies.
type UnresolvedError struct{ Imports []Unresolved }

// maxListed bounds the length of an error text.
const maxListed = 20

func (e *UnresolvedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d unresolved import(s):", len(e.Imports))
	for i, u := range e.Imports {
		if i == maxListed {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Imports)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s: %s, at byte 0x%x: %s", u.Input, printable(u.Name.String()), u.Type, u.Offset, u.Reason)
		if len(u.Users) > 0 {
			fmt.Fprintf(&b, "; needed by %s", printable(strings.Join(u.Users, ", ")))
		}
	}
	return b.String()
}

// printable escapes control characters: names come from the module.
func printable(s string) string {
	if strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			fmt.Fprintf(&b, "\\u{%x}", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
