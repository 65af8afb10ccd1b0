package wasm

import (
	"errors"
	"fmt"
	"strings"
)

// What an input may be instead of a module. Read's error wraps one of them.
var (
	ErrComponent  = errors.New("a component, not a core module")
	ErrCompressed = errors.New("gzip data; decompress it first")
	ErrNotWasm    = errors.New("not a WebAssembly module")

	// ErrUnsupported marks what a proposal has and this reader does not.
	ErrUnsupported = errors.New("not supported")
)

// SectionNone stands in Error.Section where the place has no section: the
// module's header, or code whose reader does not know where it stands.
const SectionNone SectionID = 0xff

// Error is a fault in a module's binary form.
type Error struct {
	Section SectionID // SectionNone if unknown
	Index   int       // of the item in its section, -1 for none
	Offset  int       // in bytes from the start of the input
	Msg     string
	Err     error // the cause, may be nil
}

// Error reads like "code section, body 12, at byte 0x1a2b: unknown opcode 0xfe 0x99".
// The item's number counts within the section, without imports.
func (e *Error) Error() string {
	var s strings.Builder
	if e.Section != SectionNone {
		fmt.Fprintf(&s, "%s section, ", e.Section)
		if e.Index >= 0 {
			fmt.Fprintf(&s, "%s %d, ", e.Section.item(), e.Index)
		}
	}
	fmt.Fprintf(&s, "at byte %#x: %s", e.Offset, e.Msg)
	if e.Err != nil {
		if e.Msg != "" {
			s.WriteString(": ")
		}
		s.WriteString(e.Err.Error())
	}
	return s.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// InSection says where the code stood whose reader gave err. An err that is not
// an Error, or knows its section already, is returned as it is.
func InSection(err error, section SectionID, index int) error {
	var e *Error
	if !errors.As(err, &e) || e.Section != SectionNone {
		return err
	}
	located := *e
	located.Section, located.Index = section, index
	return &located
}

// sectionNames holds the name of each section and of an item in it.
var sectionNames = [...]struct{ name, item string }{
	SectionCustom:    {"custom", "section"},
	SectionType:      {"type", "type"},
	SectionImport:    {"import", "import"},
	SectionFunction:  {"function", "function"},
	SectionTable:     {"table", "table"},
	SectionMemory:    {"memory", "memory"},
	SectionGlobal:    {"global", "global"},
	SectionExport:    {"export", "export"},
	SectionStart:     {"start", "item"},
	SectionElement:   {"element", "segment"},
	SectionCode:      {"code", "body"},
	SectionData:      {"data", "segment"},
	SectionDataCount: {"data count", "item"},
	SectionTag:       {"tag", "tag"},
}

// String is the section's name in the specification.
func (s SectionID) String() string {
	if int(s) < len(sectionNames) {
		return sectionNames[s].name
	}
	return fmt.Sprintf("unknown (id %d)", byte(s))
}

func (s SectionID) item() string {
	if int(s) < len(sectionNames) {
		return sectionNames[s].item
	}
	return "item"
}
