//go:build !tinygo

package wasi

import (
	"encoding/binary"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Host stands in for the IC, the linker and the program where this package runs
// natively. There is one, as there is one canister under the Wasm module.
type Host struct {
	Memory []byte // the program's memory

	Argument    []byte
	Caller      []byte
	Self        []byte
	Version     uint64
	Controllers [][]byte
	Time        uint64 // ns since 1970
	Counter     uint64 // instructions, before the next look at them
	Step        uint64 // instructions between two looks
	Variables   [][2]string

	Public     bool
	ReplyLimit uint32
	Args       string // NUL between two
	Env        string
	Preopens   string

	// NoFiles binds the boundary to files to its constants.
	NoFiles bool

	Start, Initialize, Init, PostUpgrade func() // what the program exports, or nil
	StartSection, Instantiate            func()

	Reply     []byte
	Replied   bool
	Rejection string
	Printed   []string // by ic0.debug_print
	Unwinding bool
}

// Trap is the panic of ic0.trap.
type Trap string

// Platform is the host that a System calls natively.
var Platform Host

// New is a System whose files are in a store.
func New(store stablefs.Store) *System {
	s := new(System)
	s.files.fs = *stablefs.New(store)
	return s
}

func guest(p, n uint32) ([]byte, bool) {
	if !inside(p, n) {
		return nil, false
	}
	return span(p, n), true
}

// inside tells whether n bytes from address p lie in the program's memory.
func inside(p, n uint32) bool { return uint64(p)+uint64(n) <= uint64(len(Platform.Memory)) }

// span is guest for what is inside.
func span(p, n uint32) []byte { return Platform.Memory[p : uint64(p)+uint64(min(n, maxSpan))] }

// single gives the only vector of an array of one, where it, the array and the
// place of the count lie in the program's memory, and else nil.
func single(iovs, count uint32) []byte {
	v, ok := guest(iovs, abi.IovecSize)
	if !ok || !inside(count, 4) {
		return nil
	}
	b, _ := guest(load32(v, 0), load32(v, 4))
	return b
}

// setCount stores a count at a place that single has checked.
func setCount(p, v uint32) { store32(Platform.Memory, p, v) }

func load32(b []byte, at uint32) uint32 { return binary.LittleEndian.Uint32(b[at:]) }

func load64(b []byte, at uint32) uint64 { return binary.LittleEndian.Uint64(b[at:]) }

func store16(b []byte, at uint32, v uint16) { binary.LittleEndian.PutUint16(b[at:], v) }

func store32(b []byte, at uint32, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }

func store64(b []byte, at uint32, v uint64) { binary.LittleEndian.PutUint64(b[at:], v) }

func icArgumentSize() uint32 { return uint32(len(Platform.Argument)) }

func icArgument(b []byte, offset uint32) { exactly(b, Platform.Argument[offset:]) }

// exactly copies len(b) bytes; fewer would be a trap on the IC.
func exactly(b, from []byte) { copy(b, from[:len(b)]) }

func icCaller(b []byte) uint32 { return uint32(copy(b, Platform.Caller)) }

func icSelf(b []byte) uint32 { return uint32(copy(b, Platform.Self)) }

func icVersion() uint64 { return Platform.Version }

func icIsController(b []byte) bool {
	for _, c := range Platform.Controllers {
		if string(c) == string(b) {
			return true
		}
	}
	return false
}

func icTime() uint64 { return Platform.Time }

func icInstructions() uint64 {
	Platform.Counter += Platform.Step
	return Platform.Counter
}

func icReplyAppend(b []byte) { Platform.Reply = append(Platform.Reply, b...) }

func icReply() { Platform.Replied = true }

func icReject(b []byte) { Platform.Rejection = string(b) }

func icDebugPrint(b []byte) { Platform.Printed = append(Platform.Printed, string(b)) }

func icTrap(b []byte) { panic(Trap(b)) }

func icVariables() uint32 { return uint32(len(Platform.Variables)) }

func icNameSize(index uint32) uint32 { return uint32(len(Platform.Variables[index][0])) }

func icName(index uint32, b []byte) { exactly(b, []byte(Platform.Variables[index][0])) }

func icValueSize(name []byte) uint32 { return uint32(len(variableValue(name))) }

func icValue(name, b []byte) { exactly(b, []byte(variableValue(name))) }

func variableValue(name []byte) string {
	for _, v := range Platform.Variables {
		if v[0] == string(name) {
			return v[1]
		}
	}
	panic(Trap("no such variable"))
}

func linkInstantiate() { call(Platform.Instantiate) }

func linkStart() { call(Platform.StartSection) }

func linkUnwind() { Platform.Unwinding = true }

func linkRewind() { Platform.Unwinding = false }

func userStart() { call(Platform.Start) }

func userInitialize() { call(Platform.Initialize) }

func userCanisterInit() { call(Platform.Init) }

func userCanisterPostUpgrade() { call(Platform.PostUpgrade) }

func call(f func()) {
	if f != nil {
		f()
	}
}

func configPublic() bool { return Platform.Public }

func configReplyLimit() uint32 { return Platform.ReplyLimit }

type configList uint8

const (
	configArgs configList = iota
	configEnv
	configPreopens
)

func configBlob(from configList) string {
	return [...]string{Platform.Args, Platform.Env, Platform.Preopens}[from]
}

func configSize(from configList) uint32 { return uint32(len(configBlob(from))) }

func configCopy(from configList, b []byte, offset uint32) {
	exactly(b, []byte(configBlob(from))[offset:])
}

func fileReset(s *System) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoSuccess
	}
	return s.FileReset()
}

func fileClose(s *System, fd uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FileClose(fd)
}

func fileRead(s *System, fd, iovs, n, nread uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FileRead(fd, iovs, n, nread)
}

func fileWrite(s *System, fd, iovs, n, nwritten uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FileWrite(fd, iovs, n, nwritten)
}

func fileSeek(s *System, fd uint32, offset uint64, whence, out uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FileSeek(fd, offset, whence, out)
}

func fileFilestatGet(s *System, fd, out, size uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FileFilestatGet(fd, out, size)
}

func filePrestatGet(s *System, fd, out uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FilePrestatGet(fd, out)
}

func filePrestatDirName(s *System, fd, path, n uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoBadf
	}
	return s.FilePrestatDirName(fd, path, n)
}

func spillWrite(s *System, stream, offset uint32, b []byte) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoNospc
	}
	return s.SpillWrite(stream, offset, b)
}

func spillRead(s *System, stream, offset uint32, b []byte) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoNospc
	}
	return s.SpillRead(stream, offset, b)
}

func spillClose(s *System, stream uint32) abi.Errno {
	if Platform.NoFiles {
		return abi.ErrnoSuccess
	}
	return s.SpillClose(stream)
}
