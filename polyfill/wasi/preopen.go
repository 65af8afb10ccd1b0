package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// MaxPreopens is how many folders can be open from the start.
const MaxPreopens = 64

// FileReset mounts the file system and opens the preopens, from descriptor 3
// on, creating those that do not exist. Where that fails it traps: the program
// would otherwise take its files for lost.
func (s *System) FileReset() abi.Errno {
	f := &s.files
	s.mount()
	for i := range uint32(MaxPreopens) {
		at, n := s.preopen(i)
		if n == 0 {
			break
		}
		ino, errno := s.makeAll(at, n)
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

// mount makes the file system ready, or traps and says why it cannot.
func (s *System) mount() {
	switch s.files.fs.Mount() {
	case abi.ErrnoSuccess:
	case abi.ErrnoNotsup:
		s.trap("the file system in stable memory has a newer format than this canister reads")
	case abi.ErrnoNospc:
		s.trap("stable memory has no room for a file system")
	default:
		s.trap("the file system in stable memory is damaged")
	}
}

// trap ends the message with a text.
func (s *System) trap(text string) {
	n := copy(s.scratch[:], "wasi: ")
	n += copy(s.scratch[n:], text)
	icTrap(s.scratch[:n])
}

// preopen tells where the name of the i-th preopen lies in the list that the
// canister was built with, which has NUL between two, and how long it is: 0 behind
// the last one.
func (s *System) preopen(i uint32) (at, n uint32) {
	end := configSize(configPreopens)
	for pos := uint32(0); pos < end; pos++ {
		k := pos % uint32(len(s.scratch))
		if k == 0 {
			configCopy(configPreopens, s.scratch[:min(end-pos, uint32(len(s.scratch)))], pos)
		}
		if s.scratch[k] != 0 {
			continue
		}
		if i == 0 {
			return at, pos - at
		}
		at = pos + 1
		i--
	}
	if i > 0 {
		return 0, 0
	}
	return at, end - at
}

// makeAll gives the directory whose path from the root is the n bytes from at on
// in the list of preopens, and makes it and those above it where they do not
// exist.
func (s *System) makeAll(at, n uint32) (stablefs.Ino, abi.Errno) {
	fs, dir := &s.files.fs, stablefs.Root
	for end := at + n; at < end; {
		name := s.preopenPart(at, end)
		at += uint32(len(name)) + 1
		if len(name) == 0 || len(name) == 1 && name[0] == '.' {
			continue
		}
		ino, _, errno := fs.Lookup(dir, name)
		if errno == abi.ErrnoNoent {
			ino, errno = fs.Create(dir, name, abi.FiletypeDirectory, icTime())
		}
		if errno != abi.ErrnoSuccess {
			return 0, errno
		}
		dir = ino
	}
	var a stablefs.Attr
	if errno := fs.Stat(dir, &a); errno != abi.ErrnoSuccess {
		return 0, errno
	}
	if a.Type != abi.FiletypeDirectory {
		return 0, abi.ErrnoNotdir
	}
	return dir, abi.ErrnoSuccess
}

// preopenPart copies the bytes from at on, up to a slash or to end, or more of
// them than a name can have.
func (s *System) preopenPart(at, end uint32) []byte {
	b := s.scratch[:min(end-at, uint32(len(s.scratch)))]
	configCopy(configPreopens, b, at)
	for i, c := range b {
		if c == '/' {
			return b[:i]
		}
	}
	return b
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
	_, n := s.preopen(uint32(d.preopen - 1))
	store32(b, 4, n)
	return abi.ErrnoSuccess
}

// FilePrestatDirName is fd_prestat_dir_name on a file or directory. Errors: badf
// (no preopen), nametoolong (the buffer is too short), fault.
func (s *System) FilePrestatDirName(fd, p, n uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil || d.preopen == 0 {
		return abi.ErrnoBadf
	}
	at, size := s.preopen(uint32(d.preopen - 1))
	if n < size {
		return abi.ErrnoNametoolong
	}
	b, ok := guest(p, size)
	if !ok {
		return abi.ErrnoFault
	}
	configCopy(configPreopens, b, at)
	return abi.ErrnoSuccess
}
