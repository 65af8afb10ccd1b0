package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Output that finds no block goes into a scratch file for each stream. The file
// has no name, so it is gone when it is closed, or with a message that traps.

// SpillWrite appends b to a stream's scratch file, which has offset bytes, and
// makes the file first where there is none. Errors: those of the file system.
func (s *System) SpillWrite(stream, offset uint32, b []byte) abi.Errno {
	f := &s.files
	ino := &f.spill[stream&1]
	if *ino == 0 {
		if errno := f.scratchFile(ino); errno != abi.ErrnoSuccess {
			return errno
		}
	}
	n, errno := f.fs.WriteAt(*ino, uint64(offset), b, icTime())
	if errno == abi.ErrnoSuccess && n < len(b) {
		errno = abi.ErrnoNospc
	}
	return errno
}

// scratchFile makes an open file without a name.
func (f *files) scratchFile(ino *stablefs.Ino) (errno abi.Errno) {
	b := f.name[:copy(f.name[:], ".icsplice-output")]
	if *ino, errno = f.fs.Create(stablefs.Root, b, abi.FiletypeRegularFile, icTime()); errno != abi.ErrnoSuccess {
		return errno
	}
	if errno = f.fs.Open(*ino); errno != abi.ErrnoSuccess {
		return errno
	}
	return f.fs.Unlink(stablefs.Root, b, icTime())
}

// SpillRead fills b from a stream's scratch file. Errors: those of the file
// system, and io where the file ends early.
func (s *System) SpillRead(stream, offset uint32, b []byte) abi.Errno {
	n, errno := s.files.fs.ReadAt(s.files.spill[stream&1], uint64(offset), b)
	if errno == abi.ErrnoSuccess && n < len(b) {
		errno = abi.ErrnoIo
	}
	return errno
}

// SpillClose frees a stream's scratch file. Errors: those of the file system.
func (s *System) SpillClose(stream uint32) abi.Errno {
	ino := &s.files.spill[stream&1]
	if *ino == 0 {
		return abi.ErrnoSuccess
	}
	errno := s.files.fs.Close(*ino)
	*ino = 0
	return errno
}
