package stablefs

import "github.com/icsplice/icsplice/abi"

// walk is a path that is being followed.
type walk struct {
	rest  []byte // what is still to be done; in the caller's path or in FS.path
	depth int    // directories beneath the base
	links int    // symbolic links followed
	slash bool   // the path ends in a slash
	end   Follow // of a link at the end
	plain bool   // no component was . or ..
}

// Resolve walks a path beneath the directory base. A symbolic link is followed
// where more of the path comes behind it, and at the end if follow says so; its
// target is a path from its own directory.
//
// noent: the path is empty, or a directory on the way does not exist. (A missing
// last component is no error: see Resolved.) notdir: something on the way is no
// directory. notcapable: the path is absolute or leads out of base. loop: more
// than MaxLinks links. nametoolong: a component is longer than MaxName, or the
// path, a link on the way put in, than MaxPath. inval: a component holds a zero
// byte. ilseq: it is not UTF-8. io.
func (fs *FS) Resolve(base Ino, path []byte, follow Follow, r *Resolved) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	if fs.quickResolve(base, path, follow, r) {
		return 0
	}
	return fs.resolve(base, path, follow, r)
}

// quickResolve does what most calls need: find a short plain name in the
// directory base, or in that of the last path. What it declines, resolve does.
//
//go:inline
func (fs *FS) quickResolve(base Ino, path []byte, follow Follow, r *Resolved) bool {
	n, dir := fs.prefix.of(base, path), base
	if n > 0 {
		dir = fs.prefix.ino
	}
	name := path[n:]
	d := &fs.cache[dir%cacheSize]
	if d.ino != dir || d.node.Type != abi.FiletypeDirectory || !d.body {
		return false
	}
	hash, ok := plainName(name)
	if !ok {
		return false
	}
	d.op = fs.op
	r.Parent, r.Name, r.Dots, r.TrailingSlash = dir, name, false, false
	errno := fs.searchDir(d, name, hash)
	if errno != 0 {
		r.Ino, r.Type = 0, abi.FiletypeUnknown
		return errno == abi.ErrnoNoent && d.node.Nlink != 0
	}
	r.Ino, r.Type = fs.slot.Ino, fs.slot.Type
	if r.Type != abi.FiletypeSymbolicLink {
		return true
	}
	return follow != FollowAlways
}

//go:noinline
func (fs *FS) resolve(base Ino, path []byte, follow Follow, r *Resolved) abi.Errno {
	if errno := checkPath(path); errno != 0 {
		return errno
	}
	d, errno := fs.directory(base)
	if errno != 0 {
		return errno
	}
	w := walk{rest: path, slash: path[len(path)-1] == '/', end: follow, plain: true}
	r.Ino, r.Type, r.Parent, r.Name, r.Dots = base, abi.FiletypeDirectory, 0, nil, true
	if n := fs.prefix.of(base, path); n > 0 {
		d.leave()
		if d, errno = fs.directory(fs.prefix.ino); errno != 0 {
			return errno
		}
		w.rest, w.depth = path[n:], fs.prefix.depth
	}
	for {
		p := w.rest
		n, hash, errno := component(p)
		if errno != 0 {
			return errno
		}
		name := p[:n]
		for n < len(p) && p[n] == '/' {
			n++
		}
		w.rest = p[n:]
		depth := w.depth // of d
		if isDots(name) {
			w.plain = false
			errno = fs.dots(&w, d, len(name), r)
		} else {
			errno = fs.walkTo(&w, d, name, hash, r)
		}
		if errno != 0 {
			return errno
		}
		if len(w.rest) == 0 {
			r.TrailingSlash = w.slash
			if w.plain && w.links == 0 {
				fs.prefix.keep(base, d.ino, path[:len(path)-len(p)], depth)
			}
			return 0
		}
		if r.Type != abi.FiletypeSymbolicLink {
			d.leave()
			if d, errno = fs.step(r); errno != 0 {
				return errno
			}
		}
	}
}

func isDots(name []byte) bool {
	return name[0] == '.' && (len(name) == 1 || len(name) == 2 && name[1] == '.')
}

// step enters what has been reached.
func (fs *FS) step(r *Resolved) (*file, abi.Errno) {
	switch r.Type {
	case abi.FiletypeDirectory:
		return fs.directory(r.Ino)
	case abi.FiletypeUnknown:
		return nil, abi.ErrnoNoent
	}
	return nil, abi.ErrnoNotdir
}

// dots goes to d itself or to its parent.
func (fs *FS) dots(w *walk, d *file, n int, r *Resolved) abi.Errno {
	r.Ino = d.ino
	if n == 2 {
		if w.depth == 0 {
			return abi.ErrnoNotcapable
		}
		w.depth--
		r.Ino = d.node.Parent
	}
	r.Type, r.Parent, r.Name, r.Dots = abi.FiletypeDirectory, 0, nil, true
	return 0
}

// walkTo goes to the entry name of d, or puts the target of the link there in
// front of the path.
func (fs *FS) walkTo(w *walk, d *file, name []byte, hash uint32, r *Resolved) abi.Errno {
	if len(name) > MaxName {
		return abi.ErrnoNametoolong
	}
	r.Parent, r.Name, r.Dots = d.ino, name, false
	errno := fs.searchDir(d, name, hash)
	if errno != 0 {
		r.Ino, r.Type = 0, abi.FiletypeUnknown
		if errno == abi.ErrnoNoent && d.node.Nlink != 0 {
			return 0
		}
		return errno
	}
	r.Ino, r.Type = fs.slot.Ino, fs.slot.Type
	if r.Type == abi.FiletypeDirectory {
		w.depth++
	}
	if r.Type == abi.FiletypeSymbolicLink &&
		(len(w.rest) != 0 || w.end == FollowAlways || w.end == FollowSlash && w.slash) {
		return fs.followLink(w, r)
	}
	return 0
}

// followLink puts a link's target in front of what is left of the path.
func (fs *FS) followLink(w *walk, r *Resolved) abi.Errno {
	if w.links++; w.links > MaxLinks {
		return abi.ErrnoLoop
	}
	f, errno := fs.inode(r.Ino)
	if errno != 0 {
		return errno
	}
	if errno = fs.whole(f); errno != 0 {
		return errno
	}
	n, rest := int(f.node.Size), len(w.rest)
	if f.node.Type != abi.FiletypeSymbolicLink || n == 0 || n > MaxPath {
		return abi.ErrnoIo
	}
	if rest > 0 {
		rest++
	}
	if n+rest > MaxPath {
		return abi.ErrnoNametoolong
	}
	start := len(fs.path) - rest - n
	if rest > 0 {
		copy(fs.path[start+n+1:], w.rest)
		fs.path[start+n] = '/'
	}
	if _, errno = fs.read(f, 0, fs.path[start:start+n]); errno != 0 {
		return errno
	}
	f.leave()
	if errno = checkPath(fs.path[start : start+n]); errno != 0 {
		return errno
	}
	w.rest = fs.path[start:]
	if len(w.rest) == n && fs.path[len(fs.path)-1] == '/' {
		w.slash = true
	}
	return 0
}

// checkPath refuses what is no relative path.
func checkPath(p []byte) abi.Errno {
	switch {
	case len(p) == 0:
		return abi.ErrnoNoent
	case len(p) > MaxPath:
		return abi.ErrnoNametoolong
	case p[0] == '/':
		return abi.ErrnoNotcapable
	}
	return 0
}

// sequence is the length of the UTF-8 sequence of more than one byte that p
// begins with, or 0.
func sequence(p []byte) int {
	c := p[0]
	n := 0
	low, high := byte(0x80), byte(0xbf)
	switch {
	case c >= 0xc2 && c <= 0xdf:
		n = 2
	case c >= 0xe0 && c <= 0xef:
		n = 3
	case c >= 0xf0 && c <= 0xf4:
		n = 4
	}
	switch c {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	if n == 0 || len(p) < n || p[1] < low || p[1] > high {
		return 0
	}
	for _, c := range p[2:n] {
		if c&0xc0 != 0x80 {
			return 0
		}
	}
	return n
}
