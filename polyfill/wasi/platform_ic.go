//go:build tinygo

package wasi

import (
	"unsafe"

	"github.com/icsplice/icsplice/abi"
)

//go:wasmimport ic0 msg_arg_data_size
func ic0ArgSize() uint32

//go:wasmimport ic0 msg_arg_data_copy
func ic0ArgCopy(dst unsafe.Pointer, offset, n uint32)

//go:wasmimport ic0 msg_caller_size
func ic0CallerSize() uint32

//go:wasmimport ic0 msg_caller_copy
func ic0CallerCopy(dst unsafe.Pointer, offset, n uint32)

//go:wasmimport ic0 canister_self_size
func ic0SelfSize() uint32

//go:wasmimport ic0 canister_self_copy
func ic0SelfCopy(dst unsafe.Pointer, offset, n uint32)

//go:wasmimport ic0 canister_version
func icVersion() uint64

//go:wasmimport ic0 is_controller
func ic0IsController(src unsafe.Pointer, n uint32) uint32

//go:wasmimport ic0 time
func icTime() uint64

//go:wasmimport ic0 performance_counter
func ic0PerformanceCounter(kind uint32) uint64

//go:wasmimport ic0 msg_reply_data_append
func ic0ReplyAppend(src unsafe.Pointer, n uint32)

//go:wasmimport ic0 msg_reply
func icReply()

//go:wasmimport ic0 msg_reject
func ic0Reject(src unsafe.Pointer, n uint32)

//go:wasmimport ic0 debug_print
func ic0DebugPrint(src unsafe.Pointer, n uint32)

//go:wasmimport ic0 trap
func ic0Trap(src unsafe.Pointer, n uint32)

//go:wasmimport ic0 env_var_count
func icVariables() uint32

//go:wasmimport ic0 env_var_name_size
func icNameSize(index uint32) uint32

//go:wasmimport ic0 env_var_name_copy
func ic0NameCopy(index uint32, dst unsafe.Pointer, offset, n uint32)

//go:wasmimport ic0 env_var_value_size
func ic0ValueSize(name unsafe.Pointer, n uint32) uint32

//go:wasmimport ic0 env_var_value_copy
func ic0ValueCopy(name unsafe.Pointer, nameSize uint32, dst unsafe.Pointer, offset, n uint32)

//go:wasmimport link user_base
func linkUserBase() uint32

//go:wasmimport link user_pages
func linkUserPages() uint32

//go:wasmimport link instantiate
func linkInstantiate()

//go:wasmimport link start
func linkStart()

//go:wasmimport link unwind
func linkUnwind()

//go:wasmimport link rewind
func linkRewind()

//go:wasmimport user _start
func userStart()

//go:wasmimport user _initialize
func userInitialize()

//go:wasmimport user canister_init
func userCanisterInit()

//go:wasmimport user canister_post_upgrade
func userCanisterPostUpgrade()

//go:wasmimport config public
func linkedPublic() uint32

//go:wasmimport config reply_limit
func configReplyLimit() uint32

//go:wasmimport config args_size
func linkedArgsSize() uint32

//go:wasmimport config args_copy
func linkedArgsCopy(dst unsafe.Pointer, offset, n uint32)

//go:wasmimport config env_size
func linkedEnvSize() uint32

//go:wasmimport config env_copy
func linkedEnvCopy(dst unsafe.Pointer, offset, n uint32)

//go:wasmimport config preopens_size
func linkedPreopensSize() uint32

//go:wasmimport config preopens_copy
func linkedPreopensCopy(dst unsafe.Pointer, offset, n uint32)

func at(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// guest gives n bytes of the program's memory from address p, at most maxSpan
// of them, and false where they do not lie in it whole.
//
//go:inline
func guest(p, n uint32) ([]byte, bool) {
	if !inside(p, n) {
		return nil, false
	}
	return span(p, n), true
}

// inside tells whether n bytes from address p lie in the program's memory.
//
//go:inline
func inside(p, n uint32) bool { return uint64(p)+uint64(n) <= uint64(linkUserPages())<<16 }

// span is guest for what is inside.
//
//go:inline
func span(p, n uint32) []byte {
	n = min(n, maxSpan)
	b := header{unsafe.Pointer(uintptr(linkUserBase() + p)), uintptr(n), uintptr(n)}
	return *(*[]byte)(unsafe.Pointer(&b))
}

// header is what a slice is. unsafe.Slice would look whether the address is nil,
// which no address of the program's is: the polyfill's memory lies below it.
type header struct {
	data     unsafe.Pointer
	len, cap uintptr
}

// The program need not align what it points to, and Wasm loads and stores do not
// ask for it. The native twins check that the slices are long enough.

// single gives the only vector of an array of one, where it, the array and the
// place of the count lie in the program's memory, and else nil. That memory is
// shorter than 2^32 bytes, as the polyfill's lies below it.
//
//go:nobounds
//go:inline
func single(iovs, count uint32) []byte {
	size := linkUserPages() << 16
	if size == 0 || iovs > size-abi.IovecSize || count > size-4 {
		return nil
	}
	v := unsafe.Pointer(uintptr(linkUserBase() + iovs))
	p, n := *(*uint32)(v), *(*uint32)(unsafe.Add(v, 4))
	if n > min(size, maxSpan) || p > size-n {
		return nil
	}
	return span(p, n)
}

// setCount stores a count at a place that single has checked.
//
//go:inline
func setCount(p, v uint32) { *(*uint32)(unsafe.Pointer(uintptr(linkUserBase() + p))) = v }

func load32(b []byte, at uint32) uint32 { return *(*uint32)(unsafe.Pointer(&b[at])) }

//go:nobounds
func load64(b []byte, at uint32) uint64 { return *(*uint64)(unsafe.Pointer(&b[at])) }

//go:nobounds
func store16(b []byte, at uint32, v uint16) { *(*uint16)(unsafe.Pointer(&b[at])) = v }

//go:nobounds
func store32(b []byte, at uint32, v uint32) { *(*uint32)(unsafe.Pointer(&b[at])) = v }

//go:nobounds
func store64(b []byte, at uint32, v uint64) { *(*uint64)(unsafe.Pointer(&b[at])) = v }

func icArgumentSize() uint32 { return ic0ArgSize() }

// icArgument fills b with the message's bytes from offset on.
func icArgument(b []byte, offset uint32) { ic0ArgCopy(at(b), offset, uint32(len(b))) }

// icCaller puts the caller's principal, 29 bytes at most, into b.
func icCaller(b []byte) uint32 {
	n := min(ic0CallerSize(), uint32(len(b)))
	ic0CallerCopy(at(b), 0, n)
	return n
}

// icSelf puts the canister's principal into b.
func icSelf(b []byte) uint32 {
	n := min(ic0SelfSize(), uint32(len(b)))
	ic0SelfCopy(at(b), 0, n)
	return n
}

func icIsController(b []byte) bool { return ic0IsController(at(b), uint32(len(b))) != 0 }

// icInstructions counts the instructions of this execution.
func icInstructions() uint64 { return ic0PerformanceCounter(0) }

func icReplyAppend(b []byte) { ic0ReplyAppend(at(b), uint32(len(b))) }

func icReject(b []byte) { ic0Reject(at(b), uint32(len(b))) }

func icDebugPrint(b []byte) { ic0DebugPrint(at(b), uint32(len(b))) }

// icTrap does not return.
func icTrap(b []byte) { ic0Trap(at(b), uint32(len(b))) }

func icName(index uint32, b []byte) { ic0NameCopy(index, at(b), 0, uint32(len(b))) }

func icValueSize(name []byte) uint32 { return ic0ValueSize(at(name), uint32(len(name))) }

func icValue(name, b []byte) {
	ic0ValueCopy(at(name), uint32(len(name)), at(b), 0, uint32(len(b)))
}

func configPublic() bool { return linkedPublic() != 0 }

// configList names a list of strings that the canister was built with.
type configList uint8

const (
	configArgs configList = iota
	configEnv
	configPreopens
)

func configSize(from configList) uint32 {
	switch from {
	case configArgs:
		return linkedArgsSize()
	case configEnv:
		return linkedEnvSize()
	}
	return linkedPreopensSize()
}

func configCopy(from configList, b []byte, offset uint32) {
	switch from {
	case configArgs:
		linkedArgsCopy(at(b), offset, uint32(len(b)))
	case configEnv:
		linkedEnvCopy(at(b), offset, uint32(len(b)))
	case configPreopens:
		linkedPreopensCopy(at(b), offset, uint32(len(b)))
	}
}

// The boundary between the standard streams and files: see README.md.

//go:wasmimport self file_reset
func selfFileReset() uint32

//go:wasmimport self file_close
func selfFileClose(fd uint32) uint32

//go:wasmimport self file_read
func selfFileRead(fd, iovs, n, nread uint32) uint32

//go:wasmimport self file_write
func selfFileWrite(fd, iovs, n, nwritten uint32) uint32

//go:wasmimport self file_seek
func selfFileSeek(fd uint32, offset uint64, whence, out uint32) uint32

//go:wasmimport self file_filestat_get
func selfFileFilestatGet(fd, out, size uint32) uint32

//go:wasmimport self file_prestat_get
func selfFilePrestatGet(fd, out uint32) uint32

//go:wasmimport self file_prestat_dir_name
func selfFilePrestatDirName(fd, path, n uint32) uint32

//go:wasmimport self spill_write
func selfSpillWrite(stream, offset uint32, src unsafe.Pointer, n uint32) uint32

//go:wasmimport self spill_read
func selfSpillRead(stream, offset uint32, dst unsafe.Pointer, n uint32) uint32

//go:wasmimport self spill_close
func selfSpillClose(stream uint32) uint32

func fileReset(s *System) abi.Errno { return abi.Errno(selfFileReset()) }

func fileClose(s *System, fd uint32) abi.Errno { return abi.Errno(selfFileClose(fd)) }

func fileRead(s *System, fd, iovs, n, nread uint32) abi.Errno {
	return abi.Errno(selfFileRead(fd, iovs, n, nread))
}

func fileWrite(s *System, fd, iovs, n, nwritten uint32) abi.Errno {
	return abi.Errno(selfFileWrite(fd, iovs, n, nwritten))
}

func fileSeek(s *System, fd uint32, offset uint64, whence, out uint32) abi.Errno {
	return abi.Errno(selfFileSeek(fd, offset, whence, out))
}

func fileFilestatGet(s *System, fd, out, size uint32) abi.Errno {
	return abi.Errno(selfFileFilestatGet(fd, out, size))
}

func filePrestatGet(s *System, fd, out uint32) abi.Errno {
	return abi.Errno(selfFilePrestatGet(fd, out))
}

func filePrestatDirName(s *System, fd, path, n uint32) abi.Errno {
	return abi.Errno(selfFilePrestatDirName(fd, path, n))
}

func spillWrite(s *System, stream, offset uint32, b []byte) abi.Errno {
	return abi.Errno(selfSpillWrite(stream, offset, at(b), uint32(len(b))))
}

func spillRead(s *System, stream, offset uint32, b []byte) abi.Errno {
	return abi.Errno(selfSpillRead(stream, offset, at(b), uint32(len(b))))
}

func spillClose(s *System, stream uint32) abi.Errno { return abi.Errno(selfSpillClose(stream)) }
