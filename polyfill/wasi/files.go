package wasi

import (
	"math"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// files is the file system and what the functions on it need between calls.
type files struct {
	fs     stablefs.FS
	found  stablefs.Resolved // the last path
	other  stablefs.Resolved // the second path of link and rename
	dirent stablefs.Dirent
	spill  [2]stablefs.Ino // scratch files of standard output and error
	name   [256]byte       // of the first path
}

// The rights that a descriptor can have at all, by what it is open on.
const (
	rightsFile = abi.RightFdDatasync | abi.RightFdRead | abi.RightFdSeek | abi.RightFdFdstatSetFlags |
		abi.RightFdSync | abi.RightFdTell | abi.RightFdWrite | abi.RightFdAdvise | abi.RightFdAllocate |
		abi.RightFdFilestatGet | abi.RightFdFilestatSetSize | abi.RightFdFilestatSetTimes | abi.RightPollFdReadwrite
	rightsDirectory = abi.RightFdDatasync | abi.RightFdFdstatSetFlags | abi.RightFdSync |
		abi.RightPathCreateDirectory | abi.RightPathCreateFile | abi.RightPathLinkSource | abi.RightPathLinkTarget |
		abi.RightPathOpen | abi.RightFdReaddir | abi.RightPathReadlink | abi.RightPathRenameSource |
		abi.RightPathRenameTarget | abi.RightPathFilestatGet | abi.RightPathFilestatSetSize |
		abi.RightPathFilestatSetTimes | abi.RightFdFilestatGet | abi.RightFdFilestatSetTimes |
		abi.RightPathSymlink | abi.RightPathRemoveDirectory | abi.RightPathUnlinkFile
	rightsInherited = rightsFile | rightsDirectory
)

// device is the one device that all files are on.
const device = 1

// file gives a descriptor of a regular file that has the rights. A directory
// answers as it does to C programs, a standard stream with stdio.
func (s *System) file(fd uint32, rights abi.Rights, stdio abi.Errno) (*descriptor, abi.Errno) {
	d := s.lookup(fd)
	switch {
	case d == nil:
		return nil, abi.ErrnoBadf
	case d.isStdio():
		return nil, stdio
	case d.kind == directory && rights&abi.RightFdRead != 0:
		return nil, abi.ErrnoIsdir
	case d.kind == directory:
		return nil, abi.ErrnoBadf
	case d.has(rights):
		return d, abi.ErrnoSuccess
	case rights&(abi.RightFdRead|abi.RightFdWrite)&^abi.Rights(d.base) != 0:
		return nil, abi.ErrnoBadf
	}
	return nil, abi.ErrnoNotcapable
}

// FileClose closes a descriptor of a file or directory. Errors: badf.
func (s *System) FileClose(fd uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	ino := d.ino
	*d = descriptor{}
	return s.files.fs.Close(ino)
}

// quick gives a descriptor of a regular file that has the rights, or nil. It
// decides nothing: what it does not give takes the way with every check.
//
//go:inline
func (s *System) quick(fd uint32, rights abi.Rights) *descriptor {
	if fd >= MaxDescriptors {
		return nil
	}
	d := &s.table[fd]
	if d.kind != regular || uint32(rights)&^d.base != 0 {
		return nil
	}
	return d
}

// FileRead is fd_read on a file. Errors: badf, isdir, fault, and those of the
// file system.
func (s *System) FileRead(fd, iovs, n, nread uint32) abi.Errno {
	if d := s.quick(fd, abi.RightFdRead); d != nil && n == 1 {
		if b := single(iovs, nread); b != nil {
			if !s.files.fs.QuickRead(d.ino, d.offset, b) {
				return s.readOne(d, b, nread)
			}
			d.offset += uint64(len(b))
			setCount(nread, uint32(len(b)))
			return abi.ErrnoSuccess
		}
	}
	return s.fileRead(fd, iovs, n, nread)
}

// readOne reads the only vector, which single gave.
//
//go:noinline
func (s *System) readOne(d *descriptor, b []byte, nread uint32) abi.Errno {
	n, errno := s.files.fs.ReadAt(d.ino, d.offset, b)
	if errno != abi.ErrnoSuccess && n == 0 {
		return errno
	}
	d.offset += uint64(n)
	setCount(nread, uint32(n))
	return abi.ErrnoSuccess
}

//go:noinline
func (s *System) fileRead(fd, iovs, n, nread uint32) abi.Errno {
	d, errno := s.file(fd, abi.RightFdRead, abi.ErrnoBadf)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	total, errno := s.readAt(d.ino, iovs, n, nread, d.offset)
	d.offset += uint64(total)
	return errno
}

// FdPread implements fd_pread. Errors: badf, isdir, spipe, notcapable (it needs
// the right to seek too), inval (a negative offset), fault.
func (s *System) FdPread(fd, iovs, n uint32, offset uint64, nread uint32) abi.Errno {
	if d := s.quick(fd, abi.RightFdRead|abi.RightFdSeek); d != nil && n == 1 && offset <= math.MaxInt64 {
		if b := single(iovs, nread); b != nil && s.files.fs.QuickRead(d.ino, offset, b) {
			setCount(nread, uint32(len(b)))
			return abi.ErrnoSuccess
		}
	}
	return s.pread(fd, iovs, n, offset, nread)
}

//go:noinline
func (s *System) pread(fd, iovs, n uint32, offset uint64, nread uint32) abi.Errno {
	d, errno := s.file(fd, abi.RightFdRead|abi.RightFdSeek, abi.ErrnoSpipe)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	if offset > math.MaxInt64 {
		return abi.ErrnoInval
	}
	_, errno = s.readAt(d.ino, iovs, n, nread, offset)
	return errno
}

// readAt fills the vectors and stores the count. After bytes were read, an error
// only ends the call.
func (s *System) readAt(ino stablefs.Ino, iovs, n, nread uint32, offset uint64) (uint32, abi.Errno) {
	list, count, ok := vectors(iovs, n, nread)
	if !ok {
		return 0, abi.ErrnoFault
	}
	total := uint32(0)
	for ; len(list) > 0 && total < maxSpan; list = list[abi.IovecSize:] {
		b, ok := guest(load32(list, 0), load32(list, 4))
		if !ok {
			return total, abi.ErrnoFault
		}
		m, errno := s.files.fs.ReadAt(ino, offset+uint64(total), b)
		total += uint32(m)
		if errno != abi.ErrnoSuccess && total == 0 {
			return 0, errno
		}
		if m < len(b) {
			break
		}
	}
	store32(count, 0, total)
	return total, abi.ErrnoSuccess
}

// FileWrite is fd_write on a file. With the append flag it writes at the end.
// Errors: badf, fault, and those of the file system, such as nospc and fbig.
func (s *System) FileWrite(fd, iovs, n, nwritten uint32) abi.Errno {
	if d := s.quick(fd, abi.RightFdWrite); d != nil && n == 1 && d.flags&abi.FdflagAppend == 0 {
		if b := single(iovs, nwritten); b != nil {
			now := icTime()
			if !s.files.fs.QuickWrite(d.ino, d.offset, b, now) {
				return s.writeOne(d, b, nwritten, now)
			}
			d.offset += uint64(len(b))
			setCount(nwritten, uint32(len(b)))
			return abi.ErrnoSuccess
		}
	}
	return s.fileWrite(fd, iovs, n, nwritten)
}

// writeOne writes the only vector, which single gave.
//
//go:noinline
func (s *System) writeOne(d *descriptor, b []byte, nwritten uint32, now uint64) abi.Errno {
	n, errno := s.files.fs.WriteAt(d.ino, d.offset, b, now)
	if errno != abi.ErrnoSuccess && n == 0 {
		return errno
	}
	d.offset += uint64(n)
	setCount(nwritten, uint32(n))
	return abi.ErrnoSuccess
}

//go:noinline
func (s *System) fileWrite(fd, iovs, n, nwritten uint32) abi.Errno {
	d, errno := s.file(fd, abi.RightFdWrite, abi.ErrnoBadf)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	at := d.offset
	if d.flags&abi.FdflagAppend != 0 {
		var a stablefs.Attr
		if errno := s.files.fs.Stat(d.ino, &a); errno != abi.ErrnoSuccess {
			return errno
		}
		at = a.Size
	}
	total, errno := s.writeAt(d.ino, iovs, n, nwritten, at)
	if total > 0 { // POSIX: where nothing is written the offset stays, too
		d.offset = at + uint64(total)
	}
	return errno
}

// FdPwrite implements fd_pwrite, which writes at the offset also with the append
// flag. Errors: badf, spipe, notcapable (it needs the right to seek too), inval
// (a negative offset), fault, and those of the file system.
func (s *System) FdPwrite(fd, iovs, n uint32, offset uint64, nwritten uint32) abi.Errno {
	if d := s.quick(fd, abi.RightFdWrite|abi.RightFdSeek); d != nil && n == 1 && offset <= math.MaxInt64 {
		if b := single(iovs, nwritten); b != nil && s.files.fs.QuickWrite(d.ino, offset, b, icTime()) {
			setCount(nwritten, uint32(len(b)))
			return abi.ErrnoSuccess
		}
	}
	return s.pwrite(fd, iovs, n, offset, nwritten)
}

//go:noinline
func (s *System) pwrite(fd, iovs, n uint32, offset uint64, nwritten uint32) abi.Errno {
	d, errno := s.file(fd, abi.RightFdWrite|abi.RightFdSeek, abi.ErrnoSpipe)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	if offset > math.MaxInt64 {
		return abi.ErrnoInval
	}
	_, errno = s.writeAt(d.ino, iovs, n, nwritten, offset)
	return errno
}

// writeAt writes the vectors and stores the count, as readAt reads them.
func (s *System) writeAt(ino stablefs.Ino, iovs, n, nwritten uint32, offset uint64) (uint32, abi.Errno) {
	list, count, ok := vectors(iovs, n, nwritten)
	if !ok {
		return 0, abi.ErrnoFault
	}
	now := icTime()
	total := uint32(0)
	for ; len(list) > 0 && total < maxSpan; list = list[abi.IovecSize:] {
		b, ok := guest(load32(list, 0), load32(list, 4))
		if !ok {
			return total, abi.ErrnoFault
		}
		m, errno := s.files.fs.WriteAt(ino, offset+uint64(total), b, now)
		total += uint32(m)
		if errno != abi.ErrnoSuccess && total == 0 {
			return 0, errno
		}
		if m < len(b) {
			break
		}
	}
	store32(count, 0, total)
	return total, abi.ErrnoSuccess
}

// FileSeek is fd_seek on a file. Where the offset is 0 from the current one, the
// right to tell is enough. Errors: badf, notcapable, inval (bad whence or a
// negative result; the offset stays), fault.
func (s *System) FileSeek(fd uint32, offset uint64, whence, out uint32) abi.Errno {
	d, errno := s.file(fd, 0, abi.ErrnoSpipe)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	tell := offset == 0 && abi.Whence(whence) == abi.WhenceCur && d.has(abi.RightFdTell)
	if !tell && !d.has(abi.RightFdSeek) {
		return abi.ErrnoNotcapable
	}
	from := uint64(0)
	switch whence {
	case uint32(abi.WhenceSet):
	case uint32(abi.WhenceCur):
		from = d.offset
	case uint32(abi.WhenceEnd):
		var a stablefs.Attr
		if errno := s.files.fs.Stat(d.ino, &a); errno != abi.ErrnoSuccess {
			return errno
		}
		from = a.Size
	default:
		return abi.ErrnoInval
	}
	// Both summands are below 2^63 in size, so a result that is negative or
	// above the largest offset has the top bit set.
	if from += offset; from > math.MaxInt64 {
		return abi.ErrnoInval
	}
	errno = put64(out, from)
	if errno == abi.ErrnoSuccess {
		d.offset = from
	}
	return errno
}

// FileFilestatGet is fd_filestat_get on a file or directory; size tells
// preview1's layout from preview0's. Errors: badf, fault.
func (s *System) FileFilestatGet(fd, out, size uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	return s.putAttr(d.ino, out, size)
}

// putAttr stores the attributes of a file.
func (s *System) putAttr(ino stablefs.Ino, out, size uint32) abi.Errno {
	if !inside(out, size) {
		return abi.ErrnoFault
	}
	b := span(out, size)
	var a stablefs.Attr
	if errno := s.files.fs.Stat(ino, &a); errno != abi.ErrnoSuccess {
		return errno
	}
	store64(b, abi.FilestatDev, device)
	store64(b, abi.FilestatIno, uint64(a.Ino))
	store64(b, abi.FilestatFiletype, uint64(a.Type)) // and the padding behind it
	at := uint32(abi.FilestatFileSize)
	if size == abi.FilestatSize {
		store64(b, abi.FilestatNlink, a.Nlink)
	} else {
		store32(b, abi.Filestat0Nlink, uint32(a.Nlink))
		at = abi.Filestat0FileSize
	}
	store64(b, at, a.Size)
	store64(b, at+8, a.Atim)
	store64(b, at+16, a.Mtim)
	store64(b, at+24, a.Ctim)
	return abi.ErrnoSuccess
}

// FdFilestatSetSize implements fd_filestat_set_size. Errors: badf, notcapable,
// inval (a negative size, or a standard stream), and those of the file system.
func (s *System) FdFilestatSetSize(fd uint32, size uint64) abi.Errno {
	d, errno := s.file(fd, abi.RightFdFilestatSetSize, abi.ErrnoInval)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	if size > math.MaxInt64 {
		return abi.ErrnoInval
	}
	return s.files.fs.SetSize(d.ino, size, icTime())
}

// FdFilestatSetTimes implements fd_filestat_set_times. Errors: badf, notcapable,
// inval (unknown flags, or a time both given and now).
func (s *System) FdFilestatSetTimes(fd uint32, atim, mtim uint64, flags uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if !validTimes(flags) {
		return abi.ErrnoInval
	}
	if !d.has(abi.RightFdFilestatSetTimes) {
		return abi.ErrnoNotcapable
	}
	return s.files.fs.SetTimes(d.ino, atim, mtim, abi.Fstflags(flags), icTime())
}

// validTimes refuses unknown flags, and a time that is given twice.
func validTimes(flags uint32) bool {
	const atim = uint32(abi.FstflagAtim | abi.FstflagAtimNow)
	const mtim = uint32(abi.FstflagMtim | abi.FstflagMtimNow)
	return flags&^(atim|mtim) == 0 && flags&atim != atim && flags&mtim != mtim
}

// FdAllocate implements fd_allocate. Errors: badf, notcapable, spipe, inval (a
// length of 0 or a negative number), fbig, nospc.
func (s *System) FdAllocate(fd uint32, offset, length uint64) abi.Errno {
	d, errno := s.file(fd, abi.RightFdAllocate, abi.ErrnoSpipe)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	if length == 0 || offset > math.MaxInt64 || length > math.MaxInt64 {
		return abi.ErrnoInval
	}
	if offset+length > math.MaxInt64 {
		return abi.ErrnoFbig
	}
	return s.files.fs.Allocate(d.ino, offset, length, icTime())
}

// FdAdvise implements fd_advise, which checks the advice and does nothing with
// it. Errors: badf, notcapable, spipe, inval.
func (s *System) FdAdvise(fd uint32, offset, length uint64, advice uint32) abi.Errno {
	if _, errno := s.file(fd, abi.RightFdAdvise, abi.ErrnoSpipe); errno != abi.ErrnoSuccess {
		return errno
	}
	if advice > maxAdvice || offset > math.MaxInt64 || length > math.MaxInt64 {
		return abi.ErrnoInval
	}
	return abi.ErrnoSuccess
}

// maxAdvice is noreuse, the last advice there is.
const maxAdvice = 5
