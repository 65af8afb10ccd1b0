package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// MaxPreopens is how many folders can be open from the start, and maxPreopens
// how many bytes their names can have, each with a NUL.
const (
	MaxPreopens = 64
	maxPreopens = 4096
)

// FileReset mounts the file system and opens the preopens, from descriptor 3
// on, creating those that do not exist. Where that fails it traps: the program
// would otherwise take its files for lost.
func (s *System) FileReset() abi.Errno {
	f := &s.files
	if f.fs.Mount() != abi.ErrnoSuccess {
		s.trap("the file system in stable memory cannot be mounted")
	}
	f.preopensLen = min(configSize(configPreopens), maxPreopens)
	configCopy(configPreopens, f.preopens[:f.preopensLen], 0)
	for i := range uint32(MaxPreopens) {
		name := f.preopen(i)
		if len(name) == 0 {
			break
		}
		ino, errno := f.makeAll(name)
		if errno == abi.ErrnoSuccess {
			errno = f.fs.Open(ino)
		}
		if errno != abi.ErrnoSuccess {
			s.trap("a preopened folder cannot be opened")
		}
		s.put(3+i, descriptor{
			ino: ino, kind: directory, preopen: uint8(i + 1),
			base: uint32(rightsDirectory), inheriting: uint32(rightsInherited),
		})
	}
	return abi.ErrnoSuccess
}

// trap ends the message with a text.
func (s *System) trap(text string) {
	n := copy(s.scratch[:], "wasi: ")
	n += copy(s.scratch[n:], text)
	icTrap(s.scratch[:n])
}

// preopen gives the name of the i-th preopen, or nothing behind the last one.
func (f *files) preopen(i uint32) []byte {
	b := f.preopens[:f.preopensLen]
	for ; ; i-- {
		n := 0
		for n < len(b) && b[n] != 0 {
			n++
		}
		if i == 0 {
			return b[:n]
		}
		b = b[min(n+1, len(b)):]
	}
}

// makeAll gives the directory with a path from the root, and makes it and those
// above it where they do not exist.
func (f *files) makeAll(path []byte) (stablefs.Ino, abi.Errno) {
	dir := stablefs.Root
	for len(path) > 0 {
		n := 0
		for n < len(path) && path[n] != '/' {
			n++
		}
		name := path[:n]
		path = path[min(n+1, len(path)):]
		if n == 0 || n == 1 && name[0] == '.' {
			continue
		}
		ino, _, errno := f.fs.Lookup(dir, name)
		if errno == abi.ErrnoNoent {
			ino, errno = f.fs.Create(dir, name, abi.FiletypeDirectory, icTime())
		}
		if errno != abi.ErrnoSuccess {
			return 0, errno
		}
		dir = ino
	}
	var a stablefs.Attr
	if errno := f.fs.Stat(dir, &a); errno != abi.ErrnoSuccess {
		return 0, errno
	}
	if a.Type != abi.FiletypeDirectory {
		return 0, abi.ErrnoNotdir
	}
	return dir, abi.ErrnoSuccess
}

// FilePrestatGet is fd_prestat_get on a file or directory. Errors: badf (no
// preopen), fault.
func (s *System) FilePrestatGet(fd, out uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil || d.preopen == 0 {
		return abi.ErrnoBadf
	}
	b, ok := guest(out, abi.PrestatSize)
	if !ok {
		return abi.ErrnoFault
	}
	store32(b, 0, 0) // the tag of a directory
	store32(b, 4, uint32(len(s.files.preopen(uint32(d.preopen-1)))))
	return abi.ErrnoSuccess
}

// FilePrestatDirName is fd_prestat_dir_name on a file or directory. Errors: badf
// (no preopen), nametoolong (the buffer is too short), fault.
func (s *System) FilePrestatDirName(fd, p, n uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil || d.preopen == 0 {
		return abi.ErrnoBadf
	}
	name := s.files.preopen(uint32(d.preopen - 1))
	if n < uint32(len(name)) {
		return abi.ErrnoNametoolong
	}
	b, ok := guest(p, uint32(len(name)))
	if !ok {
		return abi.ErrnoFault
	}
	copy(b, name)
	return abi.ErrnoSuccess
}
