package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// FdReaddir implements fd_readdir: entries, the last of which may be cut, until
// the buffer is full or there are no more. Errors: badf, notdir, notcapable,
// fault, and those of the file system.
func (s *System) FdReaddir(fd, buf, size uint32, cookie uint64, used uint32) abi.Errno {
	d, errno := s.from(fd, abi.RightFdReaddir)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	all, ok := guest(buf, size)
	if _, ok1 := guest(used, 4); !ok || !ok1 {
		return abi.ErrnoFault
	}
	e := &s.files.dirent
	b := all
	for len(b) > 0 {
		more, errno := s.files.fs.ReadDir(d.ino, cookie, e)
		if errno != abi.ErrnoSuccess {
			return errno
		}
		if !more {
			break
		}
		if len(b) < abi.DirentSize {
			putDirent(s.scratch[:], e)
			copy(b, s.scratch[:abi.DirentSize])
			b = nil
			break
		}
		putDirent(b, e)
		b = b[abi.DirentSize:]
		b = b[copy(b, e.Name):]
		cookie = e.Next
	}
	return put32(used, uint32(len(all)-len(b)))
}

// putDirent puts the header of an entry into b.
//
//go:inline
func putDirent(b []byte, e *stablefs.Dirent) {
	store64(b, abi.DirentNext, e.Next)
	store64(b, abi.DirentIno, uint64(e.Ino))
	store32(b, abi.DirentNamlen, uint32(len(e.Name)))
	store32(b, abi.DirentType, uint32(e.Type))
}
