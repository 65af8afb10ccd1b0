package relocate

import "fmt"

// Error is a body or expression that can't be rewritten.
type Error struct {
	Offset int    // of the instruction, in bytes from the start of the module
	Op     string // the instruction's name
	Msg    string
}

func (e *Error) Error() string {
	return fmt.Sprintf("at byte 0x%x: %s: %s", e.Offset, e.Op, e.Msg)
}
