package stablefs

import "github.com/icsplice/icsplice/abi"

// Rename gives an entry another name, or another directory. A file that has the
// new name is replaced, and so is an empty directory by a directory.
//
// noent: there is no such name. isdir, notdir: the two are not of one kind.
// notempty: the directory to replace is not. inval: a directory into itself.
// mlink, nametoolong, nospc, io. Where both names are of one file nothing is
// done.
func (fs *FS) Rename(odir Ino, oname []byte, ndir Ino, nname []byte, now uint64) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	var r renaming
	errno := fs.planRename(&r, odir, oname, ndir, nname)
	if errno != 0 || r.same {
		return errno
	}
	if errno = fs.rename(&r, oname, nname, now); errno != 0 {
		return fs.end(errno)
	}
	if r.target != nil {
		errno = fs.unname(r.target, now)
	}
	return fs.end(errno)
}

// renaming is a rename that has been looked into.
type renaming struct {
	from, to      *file  // directories
	moved, target *file  // target is nil where the new name is free
	entry         uint64 // the address of the target's entry
	same          bool
	hash          uint32 // of the new name
}

// planRename looks for the new name first, so that it leaves the old entry as
// the one that was found last.
func (fs *FS) planRename(r *renaming, odir Ino, oname []byte, ndir Ino, nname []byte) (errno abi.Errno) {
	if r.from, errno = fs.directory(odir); errno != 0 {
		return errno
	}
	if r.to, errno = fs.directory(ndir); errno != 0 {
		return errno
	}
	hash, nerrno := newName(nname)
	if nerrno == 0 {
		r.hash = hash
		nerrno = fs.findTarget(r, nname)
	}
	if errno = fs.lookup(r.from, oname); errno != 0 {
		return errno
	}
	if r.moved, errno = fs.entryNode(); errno != 0 {
		return errno
	}
	if nerrno != 0 {
		return nerrno
	}
	isDir := r.moved.node.Type == abi.FiletypeDirectory
	if isDir && odir != ndir {
		if errno = fs.checkLoop(r.moved.ino, r.to); errno != 0 {
			return errno
		}
	}
	if r.target == nil {
		if r.to.node.Nlink == 0 {
			return abi.ErrnoNoent
		}
		return 0
	}
	return fs.checkTarget(r, isDir)
}

// findTarget looks for what has the new name.
func (fs *FS) findTarget(r *renaming, name []byte) (errno abi.Errno) {
	errno = fs.searchDir(r.to, name, r.hash)
	if errno == abi.ErrnoNoent {
		fs.crowded = fs.memo.length >= maxLoose
		return 0
	}
	if errno == 0 {
		r.entry = fs.memo.at
		r.target, errno = fs.entryNode()
	}
	return errno
}

func (fs *FS) checkTarget(r *renaming, isDir bool) abi.Errno {
	toDir := r.target.node.Type == abi.FiletypeDirectory
	switch {
	case r.target == r.moved:
		r.same = true
	case toDir && !isDir:
		return abi.ErrnoIsdir
	case !toDir && isDir:
		return abi.ErrnoNotdir
	case toDir && r.target.node.Count != 0:
		return abi.ErrnoNotempty
	}
	return 0
}

// checkLoop refuses to move a directory to where it would be beneath itself.
func (fs *FS) checkLoop(moved Ino, to *file) abi.Errno {
	at := to.ino
	for bound := fs.super.NodeCount; ; bound-- {
		if at == moved {
			return abi.ErrnoInval
		}
		if at == Root {
			return 0
		}
		place := fs.nodePlace(at)
		if place == 0 || bound == 0 {
			return abi.ErrnoIo
		}
		at = Ino(fs.get32(place + nodeParent))
	}
}

// rename moves the entry that was found last, in the running transaction: what
// it says of its inode goes into the target's entry, or into a new one.
func (fs *FS) rename(r *renaming, oname, nname []byte, now uint64) abi.Errno {
	typ := r.moved.node.Type
	isDir := typ == abi.FiletypeDirectory
	if isDir {
		fs.prefix.n = 0
	}
	if r.target != nil {
		fs.put(r.entry+slotInoAt, fs.slot.bytes()[slotInoAt:slotKindAt+2])
		if isDir {
			r.to.node.Nlink--
		}
	}
	if errno := fs.rewrite(r, nname); errno != 0 {
		return errno
	}
	if isDir && r.from != r.to {
		r.from.node.Nlink--
		r.to.node.Nlink++
		r.moved.node.Parent = r.to.ino
		fs.putNode(r.moved, nodeParent, nodeFreeAt)
	}
	if r.from != r.to {
		fs.touchDir(r.from, now)
	}
	fs.touchDir(r.to, now)
	fs.touchNode(r.moved, now)
	return 0
}

// rewrite takes the old entry away and makes the new one, if the target has none.
// An entry that stays in its directory stays in its slot, if one is enough.
func (fs *FS) rewrite(r *renaming, name []byte) abi.Errno {
	stays := r.from == r.to && r.target == nil
	if stays && fs.slot.Len <= slotName && len(name) <= slotName {
		return fs.reslot(r.to, name, r.hash)
	}
	typ := r.moved.node.Type
	if errno := fs.erase(r.from); errno != 0 || r.target != nil {
		return errno
	}
	return fs.insert(r.to, name, r.hash, r.moved.ino, typ)
}

// reslot gives the entry that was found last another name, and moves it to the
// chain of that.
func (fs *FS) reslot(f *file, name []byte, hash uint32) abi.Errno {
	e, s := &fs.memo.found, &fs.slot
	fs.put32(e.from, s.Next)
	from, next, errno := fs.chainPlace(f, hash, &place{})
	if errno != 0 {
		return errno
	}
	fs.put32(from, e.slot+1)
	s.Next, s.Hash, s.Len = next, hash, uint8(len(name))
	copy(s.Name[:], name)
	fs.put(e.at+slotNext, s.bytes()[slotNext:slotNameAt+len(name)])
	return 0
}
