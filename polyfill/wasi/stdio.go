package wasi

import "github.com/icsplice/icsplice/abi"

// The functions in this file serve the standard streams themselves and hand
// other descriptors to the file layer through the boundary in platform_ic.go,
// which a program that cannot open files does not carry.

// FdWrite implements fd_write. Errors: badf, fault, and those of FileWrite.
// Standard output and standard error answer nospc when the reply is full.
func (s *System) FdWrite(fd, iovs, n, nwritten uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil || d.kind == stdin {
		return abi.ErrnoBadf
	}
	if !d.isStdio() {
		return fileWrite(s, fd, iovs, n, nwritten)
	}
	if !d.has(abi.RightFdWrite) {
		return abi.ErrnoBadf
	}
	list, count, ok := vectors(iovs, n, nwritten)
	if !ok {
		return abi.ErrnoFault
	}
	total := uint32(0)
	for ; len(list) > 0; list = list[abi.IovecSize:] {
		b, ok := guest(load32(list, 0), load32(list, 4))
		if !ok {
			return abi.ErrnoFault
		}
		m, errno := uint32(0), abi.ErrnoSuccess
		if len(b) > 0 {
			m, errno = s.print(uint32(d.kind-stdout), b)
		}
		total += m
		if errno != abi.ErrnoSuccess && total == 0 {
			return errno
		}
		if m < uint32(len(b)) || total >= maxSpan {
			break
		}
	}
	store32(count, 0, total)
	return abi.ErrnoSuccess
}

// FdRead implements fd_read. Standard input is the message's, and at its end in
// library mode. Errors: badf, fault, and those of FileRead.
func (s *System) FdRead(fd, iovs, n, nread uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil || d.kind == stdout || d.kind == stderr {
		return abi.ErrnoBadf
	}
	if !d.isStdio() {
		return fileRead(s, fd, iovs, n, nread)
	}
	if !d.has(abi.RightFdRead) {
		return abi.ErrnoBadf
	}
	list, count, ok := vectors(iovs, n, nread)
	if !ok {
		return abi.ErrnoFault
	}
	total := uint32(0)
	for ; len(list) > 0; list = list[abi.IovecSize:] {
		b, ok := guest(load32(list, 0), load32(list, 4))
		if !ok {
			return abi.ErrnoFault
		}
		b = b[:min(uint32(len(b)), s.run.stdinEnd-s.run.stdinPos)]
		if len(b) > 0 { // library mode may not ask for the message
			icArgument(b, s.run.stdinPos)
		}
		s.run.stdinPos += uint32(len(b))
		total += uint32(len(b))
	}
	store32(count, 0, total)
	return abi.ErrnoSuccess
}

// FdClose implements fd_close. Errors: badf.
func (s *System) FdClose(fd uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if !d.isStdio() {
		return fileClose(s, fd)
	}
	*d = descriptor{}
	return abi.ErrnoSuccess
}

// FdRenumber implements fd_renumber: to is closed and becomes from, which is
// gone. Errors: badf.
func (s *System) FdRenumber(from, to uint32) abi.Errno {
	if s.lookup(from) == nil || s.lookup(to) == nil {
		return abi.ErrnoBadf
	}
	if from == to {
		return abi.ErrnoSuccess
	}
	if errno := s.FdClose(to); errno != abi.ErrnoSuccess {
		return errno
	}
	s.table[to] = s.table[from]
	s.table[from] = descriptor{}
	return abi.ErrnoSuccess
}

// FdSeek implements fd_seek. Errors: badf, spipe (a standard stream), and those
// of FileSeek.
func (s *System) FdSeek(fd uint32, offset uint64, whence, out uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if d.isStdio() {
		return abi.ErrnoSpipe
	}
	return fileSeek(s, fd, offset, whence, out)
}

// FdSeek0 is FdSeek with the order of whence of wasi_unstable.
func (s *System) FdSeek0(fd uint32, offset uint64, whence, out uint32) abi.Errno {
	switch whence {
	case abi.Whence0Cur:
		whence = uint32(abi.WhenceCur)
	case abi.Whence0End:
		whence = uint32(abi.WhenceEnd)
	case abi.Whence0Set:
		whence = uint32(abi.WhenceSet)
	}
	return s.FdSeek(fd, offset, whence, out)
}

// FdTell implements fd_tell. Errors: as FdSeek.
func (s *System) FdTell(fd, out uint32) abi.Errno {
	return s.FdSeek(fd, 0, uint32(abi.WhenceCur), out)
}

// FdFdstatGet implements fd_fdstat_get. Errors: badf, fault.
func (s *System) FdFdstatGet(fd, out uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if !inside(out, abi.FdstatSize) {
		return abi.ErrnoFault
	}
	b := span(out, abi.FdstatSize)
	store64(b, abi.FdstatFiletype, uint64(s.filetype(d))|uint64(d.flags)<<(8*abi.FdstatFlags))
	store64(b, abi.FdstatRightsBase, uint64(d.base))
	store64(b, abi.FdstatRightsInheriting, uint64(d.inheriting))
	return abi.ErrnoSuccess
}

// filetype gives a descriptor's type. The streams of command mode end in a
// message, so they are no terminal and C's library need not print each line at
// once; those of library mode are, as nobody would flush them.
func (s *System) filetype(d *descriptor) abi.Filetype {
	switch {
	case d.kind == directory:
		return abi.FiletypeDirectory
	case d.kind == regular:
		return abi.FiletypeRegularFile
	case s.command:
		return abi.FiletypeUnknown
	}
	return abi.FiletypeCharacterDevice
}

// fdflags are the flags that fd_fdstat_set_flags may change.
const fdflags = abi.FdflagAppend | abi.FdflagDsync | abi.FdflagNonblock | abi.FdflagRsync | abi.FdflagSync

// FdFdstatSetFlags implements fd_fdstat_set_flags. Writes are never deferred, so
// the flags of synchronisation are kept and change nothing. Errors: badf, inval
// (unknown flags), notcapable.
func (s *System) FdFdstatSetFlags(fd, flags uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if flags&^uint32(fdflags) != 0 {
		return abi.ErrnoInval
	}
	if !d.has(abi.RightFdFdstatSetFlags) {
		return abi.ErrnoNotcapable
	}
	d.flags = abi.Fdflags(flags)
	return abi.ErrnoSuccess
}

// FdFdstatSetRights implements fd_fdstat_set_rights, which only takes rights
// away. Errors: badf, notcapable.
func (s *System) FdFdstatSetRights(fd uint32, base, inheriting uint64) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if base&^uint64(d.base) != 0 || inheriting&^uint64(d.inheriting) != 0 {
		return abi.ErrnoNotcapable
	}
	d.base, d.inheriting = uint32(base), uint32(inheriting)
	return abi.ErrnoSuccess
}

// FdFilestatGet implements fd_filestat_get. It needs no right: a descriptor that
// was opened without any is good for this alone. Errors: badf, fault.
func (s *System) FdFilestatGet(fd, out uint32) abi.Errno {
	return s.filestat(fd, out, abi.FilestatSize)
}

// FdFilestatGet0 is FdFilestatGet with the layout of wasi_unstable.
func (s *System) FdFilestatGet0(fd, out uint32) abi.Errno {
	return s.filestat(fd, out, abi.Filestat0Size)
}

// filestat tells the two layouts apart by their size.
func (s *System) filestat(fd, out, size uint32) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if !d.isStdio() {
		return fileFilestatGet(s, fd, out, size)
	}
	b, ok := guest(out, size)
	if !ok {
		return abi.ErrnoFault
	}
	clear(b)
	b[abi.FilestatFiletype] = byte(s.filetype(d))
	if size == abi.FilestatSize {
		b[abi.FilestatNlink] = 1
	} else {
		b[abi.Filestat0Nlink] = 1
	}
	return abi.ErrnoSuccess
}

// FdPrestatGet implements fd_prestat_get. Errors: badf (also for a descriptor
// that is no preopen), fault.
func (s *System) FdPrestatGet(fd, out uint32) abi.Errno {
	if d := s.lookup(fd); d == nil || d.preopen == 0 {
		return abi.ErrnoBadf
	}
	return filePrestatGet(s, fd, out)
}

// FdPrestatDirName implements fd_prestat_dir_name. Errors: badf, nametoolong
// (the buffer is too short), fault.
func (s *System) FdPrestatDirName(fd, path, n uint32) abi.Errno {
	if d := s.lookup(fd); d == nil || d.preopen == 0 {
		return abi.ErrnoBadf
	}
	return filePrestatDirName(s, fd, path, n)
}

// FdSync implements fd_sync. Every call leaves stable memory complete, so there
// is nothing to do. Errors: badf, notcapable.
func (s *System) FdSync(fd uint32) abi.Errno { return s.permitted(fd, abi.RightFdSync) }

// FdDatasync implements fd_datasync. Errors: badf, notcapable.
func (s *System) FdDatasync(fd uint32) abi.Errno { return s.permitted(fd, abi.RightFdDatasync) }

// permitted says whether a descriptor is open and has a right.
func (s *System) permitted(fd uint32, right abi.Rights) abi.Errno {
	d := s.lookup(fd)
	if d == nil {
		return abi.ErrnoBadf
	}
	if !d.has(right) {
		return abi.ErrnoNotcapable
	}
	return abi.ErrnoSuccess
}
