package wasi

import "github.com/icsplice/icsplice/abi"

const oflags = uint32(abi.OflagCreat | abi.OflagDirectory | abi.OflagExcl | abi.OflagTrunc)

// PathOpen implements path_open. A file's descriptor has those of the rights
// asked for that the directory hands down and that make sense for a file. A
// directory's has all that are handed down: programs ask for few and then work
// beneath it as if they had asked for more, since most hosts let them.
// Errors: badf, notdir, notcapable, inval (unknown flags, or a directory to be
// created), mfile (MaxDescriptors are open), exist, noent, isdir (a directory to
// be written or cut), loop (a symbolic link that is not to be followed), fault,
// and those of every path.
func (s *System) PathOpen(fd, flags, p, n, how uint32, base, inheriting uint64, fdflag, out uint32) abi.Errno {
	if !validLookup(flags) || how&^oflags != 0 || fdflag&^uint32(fdflags) != 0 ||
		how&uint32(abi.OflagCreat|abi.OflagDirectory) == uint32(abi.OflagCreat|abi.OflagDirectory) {
		return abi.ErrnoInval
	}
	if !inside(out, 4) {
		return abi.ErrnoFault
	}
	do := abi.Oflags(how)
	right := abi.RightPathOpen
	if do&abi.OflagCreat != 0 {
		right |= abi.RightPathCreateFile
	}
	if do&abi.OflagTrunc != 0 {
		right |= abi.RightPathFilestatSetSize
	}
	exclusive := do&abi.OflagCreat != 0 && do&abi.OflagExcl != 0
	if exclusive {
		flags &^= uint32(abi.LookupSymlinkFollow)
	}
	f := &s.files
	if errno := s.resolve(fd, right, p, n, flags, &f.found); errno != abi.ErrnoSuccess {
		return errno
	}
	fresh := s.free()
	if fresh == MaxDescriptors {
		return abi.ErrnoMfile
	}
	if exclusive && f.found.Ino != 0 {
		return abi.ErrnoExist
	}
	k, errno := f.openFound(do, abi.Rights(base))
	if errno == abi.ErrnoSuccess {
		errno = f.fs.Open(f.found.Ino)
	}
	if errno != abi.ErrnoSuccess {
		return errno
	}
	d := descriptor{ino: f.found.Ino, kind: k, flags: abi.Fdflags(fdflag), inheriting: s.table[fd].inheriting}
	d.base = d.inheriting & uint32(rightsDirectory)
	if k == regular {
		d.base = d.inheriting & uint32(rightsFile) & uint32(base)
		d.inheriting &= uint32(inheriting)
	}
	s.put(fresh, d)
	setCount(out, fresh)
	return abi.ErrnoSuccess
}

// openFound checks what was found against what is wanted, and creates or cuts
// the file.
func (f *files) openFound(do abi.Oflags, base abi.Rights) (kind, abi.Errno) {
	if f.found.Ino == 0 {
		return regular, f.create(do)
	}
	switch f.found.Type {
	case abi.FiletypeDirectory:
		if do&(abi.OflagCreat|abi.OflagTrunc) != 0 || base&abi.RightFdWrite != 0 {
			return closed, abi.ErrnoIsdir
		}
		return directory, abi.ErrnoSuccess
	case abi.FiletypeSymbolicLink:
		return closed, abi.ErrnoLoop
	}
	if do&abi.OflagDirectory != 0 || f.found.TrailingSlash {
		return closed, abi.ErrnoNotdir
	}
	if do&abi.OflagTrunc != 0 {
		return regular, f.fs.SetSize(f.found.Ino, 0, icTime())
	}
	return regular, abi.ErrnoSuccess
}

// create makes the file that was not found, if that is wanted.
func (f *files) create(do abi.Oflags) (errno abi.Errno) {
	switch {
	case do&abi.OflagCreat == 0:
		return abi.ErrnoNoent
	case f.found.TrailingSlash:
		return abi.ErrnoIsdir
	}
	f.found.Ino, errno = f.fs.Create(f.found.Parent, f.found.Name, abi.FiletypeRegularFile, icTime())
	return errno
}
