package link

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/icsplice/icsplice/internal/wasm"
)

// FormatError is a fault in the binary form of a module, or what makes it
// invalid: its section, the item in it, and the byte. An Error wraps it.
type FormatError = wasm.Error

// Error is a fault of one input, or of several together.
type Error struct {
	Input   string // the name of the module; "" for a fault of several
	Section string // the section, such as "memory" or "code"; "" where none is at fault
	Index   int    // in the index space of the section's items (imports included), -1 for none
	Offset  int    // in the input, in bytes; -1 where it is not known
	Symbol  string // the name of the function, import or export; "" where it has none
	Msg     string
	Err     error // the cause, or nil
}

// itemNames are the sections' items where they are not called as the section.
var itemNames = map[string]string{"code": "function", "data": "data segment", "element": "element segment"}

// Error reads like "user: function 3 <main>: at byte 0x5f: ...". Bytes of names
// that could control a terminal are escaped.
func (e *Error) Error() string {
	parts := []string{e.Input, e.item(), e.Msg}
	if e.Offset >= 0 {
		parts[2] = fmt.Sprintf("at byte %#x: %s", e.Offset, e.Msg)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return printable(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ": "))
}

// item is the thing at fault.
func (e *Error) item() string {
	name := e.Section
	if own, ok := itemNames[name]; ok {
		name = own
	}
	switch {
	case e.Index >= 0 && e.Symbol != "":
		return fmt.Sprintf("%s %d <%s>", name, e.Index, e.Symbol)
	case e.Index >= 0:
		return fmt.Sprintf("%s %d", name, e.Index)
	case e.Symbol != "":
		return name + " " + e.Symbol
	}
	return name
}

func (e *Error) Unwrap() error { return e.Err }

// sections are the sections of the kinds' items.
var sections = [numKinds]string{"code", "table", "memory", "global", "tag", "element", "data"}

// fault is an error about an entity of an input.
func (in *input) fault(k Kind, i uint32, err error) *Error {
	e := &Error{Input: in.name, Section: sections[k], Index: int(i), Offset: -1, Err: err}
	if k == Func {
		e.Symbol = in.funcSymbol(i)
	}
	return e
}

// refuse is an error about an entity of an input that cannot be linked.
func (in *input) refuse(k Kind, i uint32, format string, args ...any) *Error {
	e := in.fault(k, i, nil)
	e.Msg = fmt.Sprintf(format, args...)
	return e
}

// item is an entity as messages have it: "function 12 <main>".
func (in *input) item(k Kind, i uint32) string { return in.fault(k, i, nil).item() }

func (in *input) funcSymbol(f uint32) string {
	if in.names == nil {
		return ""
	}
	return in.names.Funcs[f]
}

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

// UnresolvedError lists the imports that nothing satisfies, up to a thousand.
type UnresolvedError struct {
	Imports []Unresolved
	More    int // further ones that are not listed
}

// maxListed bounds the length of an error text.
const maxListed = 20

func (e *UnresolvedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d unresolved import(s):", len(e.Imports)+e.More)
	for i, u := range e.Imports {
		if i == maxListed {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Imports)+e.More-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s: %s, at byte 0x%x: %s", u.Input, printable(u.Name.String()), u.Type, u.Offset, u.Reason)
		if len(u.Users) > 0 {
			fmt.Fprintf(&b, "; needed by %s", printable(strings.Join(u.Users, ", ")))
		}
	}
	return b.String()
}

// ConflictError lists every name under which the output would export two
// different things.
type ConflictError struct{ Conflicts []Conflict }

// Conflict is a name and the two exports that claim it.
type Conflict struct {
	As     string
	First  Name
	Second Name
}

func (e *ConflictError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d export name(s) are claimed twice; choose, rename or hide exports:", len(e.Conflicts))
	for i, c := range e.Conflicts {
		if i == maxListed {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Conflicts)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s and %s", printable(c.As), printable(c.First.String()), printable(c.Second.String()))
	}
	return b.String()
}

// OptionError is an option that does not fit the modules.
type OptionError struct {
	Option string // the field of Options
	Value  string
	Msg    string
}

func (e *OptionError) Error() string {
	return printable(fmt.Sprintf("%s %q: %s", e.Option, e.Value, e.Msg))
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
