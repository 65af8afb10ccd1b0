package link

import (
	"fmt"
	"strings"
)

// Error is a fault of one input.
type Error struct {
	Input string // "user" or "polyfill"
	What  string // the thing at fault, such as "memory 1" or "function 12 <main>"
	Msg   string
	Err   error // the cause, or nil
}

func (e *Error) Error() string {
	s := e.Input
	if e.What != "" {
		s += ": " + e.What
	}
	if e.Msg != "" {
		s += ": " + e.Msg
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Unresolved is an import that nothing satisfies.
type Unresolved struct {
	Input  string
	Name   Name
	Kind   Kind
	Type   string   // as text, such as "func (i32, i64) -> i32"
	Reason string   // why nothing satisfies it
	Users  []string // functions that need it, a few
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
		fmt.Fprintf(&b, "\n  %s: %s: %s, at byte 0x%x: %s", u.Input, u.Name, u.Type, u.Offset, u.Reason)
		if len(u.Users) > 0 {
			fmt.Fprintf(&b, "; needed by %s", strings.Join(u.Users, ", "))
		}
	}
	return b.String()
}
