package wasi

import (
	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// maxPath is the longest text of a link in bytes.
const maxPath = 4096

// from gives an open directory that has a right.
func (s *System) from(fd uint32, right abi.Rights) (*descriptor, abi.Errno) {
	d := s.folder(fd, right)
	if d == nil {
		return nil, s.noFolder(fd)
	}
	return d, abi.ErrnoSuccess
}

// folder is from without a reason where it answers nil.
//
//go:inline
func (s *System) folder(fd uint32, right abi.Rights) *descriptor {
	if !s.ready {
		s.reset()
	}
	if fd >= MaxDescriptors {
		return nil
	}
	d := &s.table[fd]
	if d.kind != directory || uint32(right)&^d.base != 0 {
		return nil
	}
	return d
}

// noFolder is the reason why folder answers nil.
//
//go:noinline
func (s *System) noFolder(fd uint32) abi.Errno {
	d := s.lookup(fd)
	switch {
	case d == nil:
		return abi.ErrnoBadf
	case d.kind != directory:
		return abi.ErrnoNotdir
	}
	return abi.ErrnoNotcapable
}

// target gives the text of a link, which nothing resolves now: it must be UTF-8
// without a zero byte.
func target(p, n uint32) ([]byte, abi.Errno) {
	b, ok := guest(p, n)
	if !ok {
		return nil, abi.ErrnoFault
	}
	if n > maxPath {
		return nil, abi.ErrnoNametoolong
	}
	var u utf8State
	for _, c := range b {
		if c == 0 {
			return nil, abi.ErrnoInval
		}
		if (c >= 0x80 || u.need > 0) && !u.step(c) {
			return nil, abi.ErrnoIlseq
		}
	}
	if u.need > 0 {
		return nil, abi.ErrnoIlseq
	}
	return b, abi.ErrnoSuccess
}

// The values of Follow are those of the lookup flags, and one more.
const (
	followSlash = uint32(stablefs.FollowSlash)
	followNever = uint32(stablefs.FollowNever)
)

func validLookup(flags uint32) bool { return flags&^uint32(abi.LookupSymlinkFollow) == 0 }

// resolve finds the path that a call names; found.Ino is 0 where its last
// component does not exist.
func (s *System) resolve(fd uint32, right abi.Rights, p, n, follow uint32, found *stablefs.Resolved) abi.Errno {
	d := s.folder(fd, right)
	if d == nil {
		return s.noFolder(fd)
	}
	if !inside(p, n) {
		return abi.ErrnoFault
	}
	return s.files.fs.Resolve(d.ino, span(p, n), stablefs.Follow(follow), found)
}

// PathCreateDirectory implements path_create_directory. Errors: badf, notdir,
// notcapable, exist, noent, nospc, and those of every path: inval (NUL), ilseq,
// nametoolong, loop, fault.
func (s *System) PathCreateDirectory(fd, p, n uint32) abi.Errno {
	f := &s.files
	if errno := s.resolve(fd, abi.RightPathCreateDirectory, p, n, followNever, &f.found); errno != abi.ErrnoSuccess {
		return errno
	}
	if f.found.Ino != 0 {
		return abi.ErrnoExist
	}
	_, errno := f.fs.Create(f.found.Parent, f.found.Name, abi.FiletypeDirectory, icTime())
	return errno
}

// existing is resolve into files.found for a path that must exist.
//
//go:inline
func (s *System) existing(fd uint32, right abi.Rights, p, n, follow uint32) abi.Errno {
	f := &s.files
	if errno := s.resolve(fd, right, p, n, follow, &f.found); errno != abi.ErrnoSuccess {
		return errno
	}
	return there(&f.found)
}

// there says whether a path leads to something; with a slash at its end, that
// must be a directory.
//
//go:inline
func there(found *stablefs.Resolved) abi.Errno {
	switch {
	case found.Ino == 0:
		return abi.ErrnoNoent
	case found.TrailingSlash && found.Type != abi.FiletypeDirectory:
		return abi.ErrnoNotdir
	}
	return abi.ErrnoSuccess
}

// PathFilestatGet implements path_filestat_get. Errors: badf, notdir,
// notcapable, noent, and those of every path.
func (s *System) PathFilestatGet(fd, flags, p, n, out uint32) abi.Errno {
	return s.pathFilestat(fd, flags, p, n, out, abi.FilestatSize)
}

// PathFilestatGet0 is PathFilestatGet with the layout of wasi_unstable.
func (s *System) PathFilestatGet0(fd, flags, p, n, out uint32) abi.Errno {
	return s.pathFilestat(fd, flags, p, n, out, abi.Filestat0Size)
}

func (s *System) pathFilestat(fd, flags, p, n, out, size uint32) abi.Errno {
	if !validLookup(flags) {
		return abi.ErrnoInval
	}
	if errno := s.existing(fd, abi.RightPathFilestatGet, p, n, flags); errno != abi.ErrnoSuccess {
		return errno
	}
	return s.putAttr(s.files.found.Ino, out, size)
}

// PathFilestatSetTimes implements path_filestat_set_times. Errors: badf, notdir,
// notcapable, inval (unknown flags, or a time both given and now), noent, and
// those of every path.
func (s *System) PathFilestatSetTimes(fd, flags, p, n uint32, atim, mtim uint64, which uint32) abi.Errno {
	if !validLookup(flags) || !validTimes(which) {
		return abi.ErrnoInval
	}
	if errno := s.existing(fd, abi.RightPathFilestatSetTimes, p, n, flags); errno != abi.ErrnoSuccess {
		return errno
	}
	return s.files.fs.SetTimes(s.files.found.Ino, atim, mtim, abi.Fstflags(which), icTime())
}

// PathLink implements path_link: a second name for a file. Errors: badf, notdir,
// notcapable, inval (the flag to follow), noent, exist, perm (a directory), and
// those of every path.
func (s *System) PathLink(oldFd, flags, oldPath, oldLen, newFd, newPath, newLen uint32) abi.Errno {
	f := &s.files
	if flags != 0 {
		return abi.ErrnoInval
	}
	if errno := s.existing(oldFd, abi.RightPathLinkSource, oldPath, oldLen, followSlash); errno != abi.ErrnoSuccess {
		return errno
	}
	if errno := s.resolve(newFd, abi.RightPathLinkTarget, newPath, newLen, followNever, &f.other); errno != abi.ErrnoSuccess {
		return errno
	}
	switch {
	case f.other.Ino != 0:
		return abi.ErrnoExist
	case f.other.TrailingSlash:
		return abi.ErrnoNoent
	}
	return f.fs.Link(f.other.Parent, f.other.Name, f.found.Ino, icTime())
}

// PathReadlink implements path_readlink; a target that is too long is cut.
// Errors: badf, notdir, notcapable, inval (no symbolic link), noent, fault, and
// those of every path.
func (s *System) PathReadlink(fd, p, n, buf, size, used uint32) abi.Errno {
	if errno := s.existing(fd, abi.RightPathReadlink, p, n, followSlash); errno != abi.ErrnoSuccess {
		return errno
	}
	b, ok := guest(buf, size)
	if _, ok1 := guest(used, 4); !ok || !ok1 {
		return abi.ErrnoFault
	}
	m, errno := s.files.fs.Readlink(s.files.found.Ino, b)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	return put32(used, uint32(m))
}

// PathRemoveDirectory implements path_remove_directory. Errors: badf, notdir,
// notcapable, notempty, inval (the last component is "."), noent, and those of
// every path.
func (s *System) PathRemoveDirectory(fd, p, n uint32) abi.Errno {
	f := &s.files
	if errno := s.existing(fd, abi.RightPathRemoveDirectory, p, n, followNever); errno != abi.ErrnoSuccess {
		return errno
	}
	if f.found.Dots {
		return abi.ErrnoInval
	}
	return f.fs.Rmdir(f.found.Parent, f.found.Name, icTime())
}

// PathRename implements path_rename. Errors: badf, notdir, notcapable, isdir,
// notempty, inval (a directory into itself), noent, and those of every path.
func (s *System) PathRename(oldFd, oldPath, oldLen, newFd, newPath, newLen uint32) abi.Errno {
	f := &s.files
	if errno := s.existing(oldFd, abi.RightPathRenameSource, oldPath, oldLen, followNever); errno != abi.ErrnoSuccess {
		return errno
	}
	old := f.name[:copy(f.name[:], f.found.Name)] // the next path may overwrite it
	if errno := s.resolve(newFd, abi.RightPathRenameTarget, newPath, newLen, followNever, &f.other); errno != abi.ErrnoSuccess {
		return errno
	}
	switch {
	case f.found.Dots || f.other.Dots:
		return abi.ErrnoInval
	case f.other.TrailingSlash && f.found.Type != abi.FiletypeDirectory:
		return abi.ErrnoNotdir
	}
	return f.fs.Rename(f.found.Parent, old, f.other.Parent, f.other.Name, icTime())
}

// PathSymlink implements path_symlink. The target is any text; one that is
// absolute or leads out is refused when it is followed. Errors: badf, notdir,
// notcapable (also an absolute target), exist, noent (an empty target), and those
// of every path.
func (s *System) PathSymlink(text, textLen, fd, p, n uint32) abi.Errno {
	f := &s.files
	if errno := s.resolve(fd, abi.RightPathSymlink, p, n, followNever, &f.found); errno != abi.ErrnoSuccess {
		return errno
	}
	b, errno := target(text, textLen)
	if errno != abi.ErrnoSuccess {
		return errno
	}
	switch {
	case f.found.Ino != 0:
		return abi.ErrnoExist
	case f.found.TrailingSlash || len(b) == 0:
		return abi.ErrnoNoent
	case b[0] == '/':
		// It would lead out of every directory that it can be read through.
		return abi.ErrnoNotcapable
	}
	return f.fs.Symlink(f.found.Parent, f.found.Name, b, icTime())
}

// PathUnlinkFile implements path_unlink_file. An open file stays usable. Errors:
// badf, notdir, notcapable, isdir, noent, and those of every path.
func (s *System) PathUnlinkFile(fd, p, n uint32) abi.Errno {
	f := &s.files
	if errno := s.existing(fd, abi.RightPathUnlinkFile, p, n, followNever); errno != abi.ErrnoSuccess {
		return errno
	}
	if f.found.Dots {
		return abi.ErrnoIsdir
	}
	return f.fs.Unlink(f.found.Parent, f.found.Name, icTime())
}
