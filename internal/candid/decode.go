package candid

import "encoding/binary"

var (
	idExitCode = FieldID("exit_code")
	idStdout   = FieldID("stdout")
	idStderr   = FieldID("stderr")
)

// DecodeRunReply decodes a reply of run. A reply may hold more fields and more
// values than the interface has; they are passed over, as Candid's subtyping
// demands. Any other departure from the interface is an *Error.
func DecodeRunReply(msg []byte) (*RunReply, error) {
	r := &reader{msg: msg}
	if string(r.take(uint64(len(magic)))) != magic {
		r.err = &Error{Msg: "does not begin with DIDL"}
	}
	s := &skipper{reader: r}
	s.defs = r.readTypes()
	args := s.readArgTypes()
	reply := s.readReply(args)
	for i := 1; i < len(args); i++ {
		s.skip(args[i], 0)
	}
	if r.err == nil && r.left() > 0 {
		r.fail("%d bytes after the last value", r.left())
	}
	if r.err != nil {
		return nil, r.err
	}
	return reply, nil
}

func (s *skipper) readArgTypes() []int64 {
	n := s.uleb()
	var args []int64
	for ; n > 0 && s.err == nil; n-- {
		args = append(args, s.ref(uint64(len(s.defs))))
	}
	return args
}

func (s *skipper) readReply(args []int64) *RunReply {
	if s.err != nil {
		return nil
	}
	if len(args) == 0 || args[0] < 0 || s.defs[args[0]].op != typeRecord {
		s.fail("the reply is not a record")
		return nil
	}
	reply := &RunReply{}
	found := 0
	for _, f := range s.defs[args[0]].fields {
		found += s.readField(f, reply)
	}
	if found < 3 {
		s.fail("the reply lacks exit_code, stdout or stderr")
	}
	return reply
}

// readField reads one field of the reply and returns 1 if it is one of ours.
func (s *skipper) readField(f field, reply *RunReply) int {
	switch f.id {
	case idExitCode:
		reply.ExitCode = s.nat32(f.typ)
	case idStdout:
		reply.Stdout = s.blob(f.typ)
	case idStderr:
		reply.Stderr = s.blob(f.typ)
	default:
		s.skip(f.typ, 1)
		return 0
	}
	return 1
}

func (s *skipper) nat32(t int64) uint32 {
	if t != typeNat32 {
		s.fail("exit_code is not a nat32")
	}
	b := s.take(4)
	if s.err != nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

func (s *skipper) blob(t int64) []byte {
	if t < 0 || s.defs[t].op != typeVec || s.defs[t].elem != typeNat8 {
		s.fail("stdout or stderr is not a blob")
	}
	return s.take(s.uleb())
}
