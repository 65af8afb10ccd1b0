package fuzz

// Script is a sequence of messages to one canister. For a native engine each
// message is a new process on the same folder.
type Script []Message

// Message is a run of the driver.
type Message struct {
	// Upgrade has the canister upgraded before the message. Native engines take
	// no notice.
	Upgrade bool
	// Limit is the most instructions that the canister may use, 0 for no bound.
	// Where it does not suffice, the message is taken back.
	Limit uint64
	Calls []Call
}

// Call is one step of the driver: a call of a WASI function, or one of its own
// steps list, trap and spin. Args has an item for each of the function's shapes.
type Call struct {
	Op   Op
	Reg  uint8 // the register that takes a new descriptor
	Args []Arg
}

// Op is a function by its place in abi.Preview1, or a step of the driver.
type Op uint8

// Arg is an argument, of the kind that its place asks for.
type Arg struct {
	Kind ArgKind
	Num  uint64  // the number, the register, the place of a cookie, or a length
	Ptr  Pointer // of Out, Text, Buffer, Vectors and Subscriptions
	Text []byte
	Vecs []Vec
	Subs []Sub
}

// ArgKind says which fields of an Arg count.
type ArgKind uint8

// The kinds of arguments.
const (
	Number        ArgKind = iota // Num
	Register                     // Num: the descriptor in that register
	Cookie                       // Num: the cookie behind that entry of the last fd_readdir
	Out                          // Ptr
	Text                         // Text; or Num bytes at Ptr, where that is given
	Buffer                       // Num bytes, at Ptr where that is given
	Vectors                      // Vecs; or Num of them at Ptr
	Subscriptions                // Subs; or Num of them at Ptr
)

// Pointer is an address. The zero value is one of the script's own making, at
// which there is room.
type Pointer struct {
	Kind PointerKind
	At   uint32
}

// PointerKind says from where an address counts.
type PointerKind uint8

// The kinds of pointers.
const (
	Chosen   PointerKind = iota // a place that nothing else uses
	InArena                     // from the arena's start; the arena ends with the memory
	Absolute                    // from the memory's start, at least arenaEnd
)

// Vec is one buffer of a list: the text to write, or Len bytes to read into. A
// Ptr that is given has Len bytes.
type Vec struct {
	Ptr  Pointer
	Len  uint32
	Text []byte
}

// Sub is a subscription of poll_oneoff.
type Sub struct {
	Userdata uint64
	Tag      uint8
	FD       Arg    // of fd_read and fd_write: a Number or a Register
	Clock    uint32 // what follows is of clock
	Timeout  uint64
	Flags    uint16
}

// clone gives a script that shares nothing with s that shrinking changes.
func (s Script) clone() Script {
	out := make(Script, len(s))
	for i, m := range s {
		out[i] = m
		out[i].Calls = make([]Call, len(m.Calls))
		for k, c := range m.Calls {
			c.Args = append([]Arg(nil), c.Args...)
			out[i].Calls[k] = c
		}
	}
	return out
}

// size is how many calls a script has.
func (s Script) size() int {
	n := 0
	for _, m := range s {
		n += len(m.Calls)
	}
	return n
}
