package stablefs

import "github.com/icsplice/icsplice/abi"

// directory gives the inode of a directory.
func (fs *FS) directory(ino Ino) (*file, abi.Errno) {
	f, errno := fs.inode(ino)
	if errno != 0 {
		return nil, errno
	}
	if f.node.Type != abi.FiletypeDirectory {
		return nil, abi.ErrnoNotdir
	}
	return f, fs.whole(f)
}

// checkName refuses what cannot be the name of an entry.
func checkName(name []byte) abi.Errno {
	switch {
	case len(name) == 0:
		return abi.ErrnoNoent
	case len(name) > MaxName:
		return abi.ErrnoNametoolong
	case name[0] == '.' && (len(name) == 1 || len(name) == 2 && name[1] == '.'):
		return abi.ErrnoInval
	}
	for _, c := range name[plain(name):] {
		if c == '/' || c == 0 {
			return abi.ErrnoInval
		}
	}
	return 0
}

// newName is the hash of a name that can be that of an entry.
//
//go:inline
func newName(name []byte) (uint32, abi.Errno) {
	if hash, ok := plainName(name); ok {
		return hash, 0
	}
	return hashName(name), checkName(name)
}

// touchDir plans to write a directory whose entries have changed.
func (fs *FS) touchDir(f *file, now uint64) {
	f.node.Mtim, f.node.Ctim = now, now
	fs.putNode(f, 0, nodeTable)
}

// touchNode plans to write the header of an inode whose links have changed.
func (fs *FS) touchNode(f *file, now uint64) {
	f.node.Ctim = now
	fs.putNode(f, nodeNlink, nodeAtim)
}

// Lookup finds the entry of a name in a directory.
//
// noent: there is none. notdir. nametoolong. io.
func (fs *FS) Lookup(dir Ino, name []byte) (Ino, abi.Filetype, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return 0, 0, errno
	}
	d, errno := fs.directory(dir)
	if errno != 0 {
		return 0, 0, errno
	}
	if errno := fs.lookup(d, name); errno != 0 {
		return 0, 0, errno
	}
	return fs.slot.Ino, fs.slot.Type, 0
}

func (fs *FS) lookup(d *file, name []byte) abi.Errno {
	if len(name) > MaxName {
		return abi.ErrnoNametoolong
	}
	hash, ok := plainName(name)
	if !ok {
		hash = hashName(name)
	}
	return fs.searchDir(d, name, hash)
}

// parent gives the directory in which name is to be made.
func (fs *FS) parent(dir Ino, name []byte) (*file, uint32, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return nil, 0, errno
	}
	d, errno := fs.directory(dir)
	if errno != 0 {
		return nil, 0, errno
	}
	hash, errno := newName(name)
	if errno != 0 {
		return nil, 0, errno
	}
	if d.node.Nlink == 0 {
		return nil, 0, abi.ErrnoNoent
	}
	errno = fs.searchDir(d, name, hash)
	if errno == 0 {
		return nil, 0, abi.ErrnoExist
	}
	fs.crowded = fs.memo.length >= maxLoose
	if errno != abi.ErrnoNoent {
		return nil, 0, errno
	}
	return d, hash, 0
}

// Create makes an empty regular file or directory.
//
// exist: there is such a name. notdir, noent: dir is no directory, or removed.
// inval, nametoolong: that cannot be a name. mlink, nospc, io.
func (fs *FS) Create(dir Ino, name []byte, typ abi.Filetype, now uint64) (Ino, abi.Errno) {
	d, hash, errno := fs.parent(dir, name)
	if errno != 0 {
		return 0, errno
	}
	if typ != abi.FiletypeRegularFile && typ != abi.FiletypeDirectory {
		return 0, abi.ErrnoInval
	}
	ino, errno := fs.create(d, name, hash, typ, now)
	if errno = fs.end(errno); errno != 0 {
		return 0, errno
	}
	return ino, 0
}

func (fs *FS) create(d *file, name []byte, hash uint32, typ abi.Filetype, now uint64) (Ino, abi.Errno) {
	if typ == abi.FiletypeDirectory && d.node.Nlink >= maxNlink {
		return 0, abi.ErrnoMlink
	}
	ino, errno := fs.freeNode()
	if errno != 0 {
		return 0, errno
	}
	// The entry comes first: what it reads is then not yet behind many changes.
	if errno = fs.insert(d, name, hash, ino, typ); errno != 0 {
		return 0, errno
	}
	f, errno := fs.newNode(ino, typ, now)
	if errno != 0 {
		return 0, errno
	}
	if typ == abi.FiletypeDirectory {
		f.node.Mapped, f.node.Nlink, f.node.Parent = 1, 2, d.ino
		d.node.Nlink++
	}
	fs.putNode(f, 0, nodeHeader)
	fs.touchDir(d, now)
	return ino, 0
}

// Symlink makes a symbolic link to target, of 1 to MaxPath bytes.
//
// noent, nametoolong: target is empty or too long. Else as Create.
func (fs *FS) Symlink(dir Ino, name, target []byte, now uint64) abi.Errno {
	d, hash, errno := fs.parent(dir, name)
	if errno != 0 {
		return errno
	}
	if len(target) == 0 {
		return abi.ErrnoNoent
	}
	if len(target) > MaxPath {
		return abi.ErrnoNametoolong
	}
	return fs.end(fs.symlink(d, name, hash, target, now))
}

func (fs *FS) symlink(d *file, name []byte, hash uint32, target []byte, now uint64) abi.Errno {
	block := uint32(0)
	if len(target) > inlineSize {
		b, _, errno := fs.alloc(0, 1, 1)
		if errno != 0 {
			return errno
		}
		block = b
		fs.store.Write(target, uint64(block)<<blockShift)
	}
	ino, errno := fs.freeNode()
	if errno != 0 {
		return errno
	}
	f, errno := fs.newNode(ino, abi.FiletypeSymbolicLink, now)
	if errno != 0 {
		return errno
	}
	f.node.Size = uint64(len(target))
	if block != 0 {
		f.node.Mapped, f.node.Extents = 1, 1
		f.node.Ext[0] = extent{0, block, 1}
	} else {
		copy(f.node.inline(), target)
	}
	fs.putWhole(f)
	errno = fs.insert(d, name, hash, f.ino, abi.FiletypeSymbolicLink)
	fs.touchDir(d, now)
	return errno
}

// Readlink copies the target of a symbolic link to p, as far as it has room, and
// tells how many bytes that is.
//
// inval: it is no symbolic link. io.
func (fs *FS) Readlink(ino Ino, p []byte) (int, abi.Errno) {
	if errno := fs.begin(); errno != 0 {
		return 0, errno
	}
	f, errno := fs.inode(ino)
	if errno != 0 {
		return 0, errno
	}
	if f.node.Type != abi.FiletypeSymbolicLink {
		return 0, abi.ErrnoInval
	}
	if errno = fs.whole(f); errno != 0 {
		return 0, errno
	}
	return fs.read(f, 0, p)
}

// Link makes another name for a file that is no directory.
//
// perm: it is a directory. mlink: it has too many names. Else as Create.
func (fs *FS) Link(dir Ino, name []byte, ino Ino, now uint64) abi.Errno {
	d, hash, errno := fs.parent(dir, name)
	if errno != 0 {
		return errno
	}
	f, errno := fs.inode(ino)
	switch {
	case errno != 0:
		return errno
	case f.node.Type == abi.FiletypeDirectory:
		return abi.ErrnoPerm
	case f.node.Nlink == 0:
		return abi.ErrnoNoent
	case f.node.Nlink >= maxNlink:
		return abi.ErrnoMlink
	}
	errno = fs.insert(d, name, hash, ino, f.node.Type)
	fs.touchDir(d, now)
	f.node.Nlink++
	fs.touchNode(f, now)
	return fs.end(errno)
}

// Unlink removes the name of a file that is no directory. The file goes with
// its last name, or when it is then no longer open.
//
// noent: there is no such name. isdir: it is a directory. notdir: dir is none.
// io.
func (fs *FS) Unlink(dir Ino, name []byte, now uint64) abi.Errno {
	return fs.remove(dir, name, now, false)
}

// Rmdir removes an empty directory.
//
// noent: there is no such name. notdir: it, or dir, is no directory. notempty.
// io.
func (fs *FS) Rmdir(dir Ino, name []byte, now uint64) abi.Errno {
	return fs.remove(dir, name, now, true)
}

func (fs *FS) remove(dir Ino, name []byte, now uint64, wantDir bool) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	d, errno := fs.directory(dir)
	if errno != 0 {
		return errno
	}
	if errno = fs.lookup(d, name); errno != 0 {
		return errno
	}
	f, errno := fs.entryNode()
	if errno != 0 {
		return errno
	}
	isDir := f.node.Type == abi.FiletypeDirectory
	switch {
	case isDir && !wantDir:
		return abi.ErrnoIsdir
	case !isDir && wantDir:
		return abi.ErrnoNotdir
	case isDir && f.node.Count != 0:
		return abi.ErrnoNotempty
	}
	if isDir {
		fs.prefix.n = 0
	}
	if errno = fs.erase(d); errno != 0 {
		return fs.end(errno)
	}
	if isDir {
		d.node.Nlink--
	}
	fs.touchDir(d, now)
	return fs.end(fs.unname(f, now))
}

// entryNode gives the inode of the entry in fs.slot.
func (fs *FS) entryNode() (*file, abi.Errno) {
	typ := fs.slot.Type
	f, errno := fs.inode(fs.slot.Ino)
	if errno == 0 && (f.node.Type != typ || f.node.Nlink == 0) {
		return nil, abi.ErrnoIo
	}
	return f, errno
}

// unname takes a name off an inode; an empty directory loses its only one. It
// commits before it frees blocks.
func (fs *FS) unname(f *file, now uint64) abi.Errno {
	f.node.Ctim = now
	if f.node.Nlink > 1 && f.node.Type != abi.FiletypeDirectory {
		f.node.Nlink--
		fs.putNode(f, nodeNlink, nodeAtim)
		return 0
	}
	open := fs.open.used != 0 && fs.open.open(f.ino)
	if !open && f.node.Mapped == 0 {
		fs.releaseNode(f)
		return 0
	}
	fs.orphan(f)
	if open {
		return 0
	}
	if errno := fs.done(); errno != 0 {
		return errno
	}
	return fs.reclaim(f)
}
