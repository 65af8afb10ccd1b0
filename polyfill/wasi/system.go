// Package wasi is WASI preview1 over the Internet Computer's System API.
//
// TinyGo compiles it without a heap: a System is fixed arrays, and running out
// of a table is an errno. The functions that reach the IC, the linker's
// intrinsics and the program's memory stand in platform_ic.go; platform_host.go
// has their native twins, so that the same code runs under go test.
//
// Everything that comes from the program or from the message is hostile:
// addresses are checked in 64 bits against the memory as it is now, and counts
// are believed only as far as bytes were read for them.
//
// A canister's code has a price, and a call's instructions have one. So the check
// of an address is inlined everywhere, and the small functions behind arguments,
// messages and printing, which run once, are marked go:noinline.
package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// MaxDescriptors is how many descriptors can be open at once. A function that
// needs one more answers mfile.
const MaxDescriptors = 1024

// System is the state behind a program's WASI calls. Its zero value is ready
// and in library mode; CommandRun puts it into command mode.
//
// It begins with what nearly every call changes. That lies directly behind the
// stack, in the same page of 4 KiB: each page that a message changes costs it
// 1,000 instructions.
type System struct {
	ready   bool
	command bool // a run of command mode is going on
	exited  bool // proc_exit was called in this run
	code    uint32
	used    uint32 // no descriptor from here on has been open in this run
	scratch [256]byte
	table   [MaxDescriptors]descriptor

	clock  clock
	random random
	run    runArgument
	files  files
	lines  [2]line
	output output
}

type kind uint8

const (
	closed kind = iota
	stdin
	stdout
	stderr
	directory
	regular
)

// descriptor is one open file. Rights have 30 bits, so 32 hold them.
type descriptor struct {
	offset     uint64
	ino        stablefs.Ino
	base       uint32
	inheriting uint32
	flags      abi.Fdflags
	kind       kind
	preopen    uint8 // 1 + its index in the list of preopens, or 0
}

const (
	rightsStdio = abi.RightFdFdstatSetFlags | abi.RightFdFilestatGet | abi.RightFdSync |
		abi.RightFdDatasync | abi.RightPollFdReadwrite
	rightsStdin  = rightsStdio | abi.RightFdRead
	rightsStdout = rightsStdio | abi.RightFdWrite
)

// reset opens the standard streams and the preopens and nothing else.
func (s *System) reset() {
	s.ready = true
	s.table[0] = descriptor{kind: stdin, base: uint32(rightsStdin)}
	s.table[1] = descriptor{kind: stdout, base: uint32(rightsStdout)}
	s.table[2] = descriptor{kind: stderr, base: uint32(rightsStdout)}
	s.used = 3
	fileReset(s)
}

// lookup gives an open descriptor, or nil.
func (s *System) lookup(fd uint32) *descriptor {
	if !s.ready {
		s.reset()
	}
	if fd >= MaxDescriptors || s.table[fd].kind == closed {
		return nil
	}
	return &s.table[fd]
}

// free gives the lowest descriptor that is not open, or MaxDescriptors.
func (s *System) free() uint32 {
	for fd := range s.used {
		if s.table[fd].kind == closed {
			return fd
		}
	}
	return s.used
}

// put opens a descriptor that free gave.
func (s *System) put(fd uint32, d descriptor) {
	s.table[fd] = d
	s.used = max(s.used, fd+1)
}

func (d *descriptor) has(r abi.Rights) bool { return abi.Rights(d.base)&r == r }

func (d *descriptor) isStdio() bool { return d.kind < directory }
