// Package candid speaks the one Candid interface that a spliced command has:
// it encodes the argument of its method run and decodes the reply.
//
// Replies are untrusted: every length is checked against the bytes that are
// left before it is used, and unknown values are skipped by their type within
// bounds of depth and count. The format is described at
// https://github.com/dfinity/candid/blob/master/spec/Candid.md.
package candid

import "fmt"

// Interface is the service description of a spliced command, in Candid's
// textual form.
const Interface = `service : {
  run : (args : vec text, stdin : blob, env : vec record { text; text }) -> (
    record { exit_code : nat32; stdout : blob; stderr : blob },
  );
}
`

// Method is the name of the update method that runs the program.
const Method = "run"

// EnvVar is one variable of the program's environment.
type EnvVar struct {
	Name, Value string
}

// RunReply is what one run of a program gave.
type RunReply struct {
	ExitCode uint32
	Stdout   []byte // aliases the decoded message
	Stderr   []byte // aliases the decoded message
}

// Error says why a message cannot be decoded.
type Error struct {
	Offset int // in the message, in bytes
	Msg    string
}

func (e *Error) Error() string {
	return fmt.Sprintf("candid message, at byte %d: %s", e.Offset, e.Msg)
}

// FieldID is the number that stands for a record field or method name in the
// binary form: a polynomial hash over its UTF-8 bytes.
func FieldID(name string) uint32 {
	var h uint32
	for i := 0; i < len(name); i++ {
		h = h*223 + uint32(name[i])
	}
	return h
}

const magic = "DIDL"

// Type codes: primitive types and constructors, as signed numbers.
const (
	typeNull      = -1
	typeBool      = -2
	typeNat       = -3
	typeInt       = -4
	typeNat8      = -5
	typeNat32     = -7
	typeFloat64   = -14
	typeText      = -15
	typeReserved  = -16
	typeEmpty     = -17
	typeOpt       = -18
	typeVec       = -19
	typeRecord    = -20
	typeVariant   = -21
	typeFunc      = -22
	typeService   = -23
	typePrincipal = -24
)
