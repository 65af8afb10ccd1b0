package stablefs

import "github.com/icsplice/icsplice/abi"

// walk is a path that is being followed.
type walk struct {
	rest  []byte // what is still to be done; in the caller's path or in FS.path
	depth int    // directories beneath the base
	links int    // symbolic links followed
	slash bool   // the path ends in a slash
}

// Resolve walks a path beneath the directory base. A symbolic link is followed
// where more of the path comes behind it, and at the end if follow is true or
// the path ends in a slash; its target is a path from its own directory.
//
// noent: the path is empty, or a directory on the way does not exist. (A missing
// last component is no error: see Resolved.) notdir: something on the way is no
// directory. notcapable: the path is absolute or leads out of base. loop: more
// than MaxLinks links. nametoolong: a component is longer than MaxName, or the
// path, a link on the way put in, than MaxPath. inval: it holds a zero byte.
// ilseq: it is not UTF-8. io.
func (fs *FS) Resolve(base Ino, path []byte, follow bool, r *Resolved) abi.Errno {
	if errno := fs.begin(); errno != 0 {
		return errno
	}
	if errno := checkPath(path); errno != 0 {
		return errno
	}
	d, errno := fs.directory(base)
	if errno != 0 {
		return errno
	}
	w := walk{rest: path, slash: path[len(path)-1] == '/'}
	*r = Resolved{Ino: base, Type: abi.FiletypeDirectory, Dots: true}
	for {
		name, errno := w.next()
		if errno != 0 {
			return errno
		}
		if len(name) == 0 {
			r.TrailingSlash = w.slash
			return 0
		}
		last := len(w.rest) == 0
		if d == nil {
			if d, errno = fs.step(r); errno != 0 {
				return errno
			}
		}
		if isDots(name) {
			if errno = fs.dots(&w, d, len(name), r); errno != 0 {
				return errno
			}
			d = nil
			continue
		}
		linked, errno := fs.component(&w, d, name, last, follow, r)
		if errno != 0 {
			return errno
		}
		if !linked {
			d = nil
		}
	}
}

// next takes a component off the path, and the slashes behind it. The name is
// empty at the end.
func (w *walk) next() ([]byte, abi.Errno) {
	p := w.rest
	n, errno := scan(p)
	i := n
	for i < len(p) && p[i] == '/' {
		i++
	}
	w.rest = p[i:]
	return p[:n], errno
}

// scan is the length of the component that p begins with.
func scan(p []byte) (int, abi.Errno) {
	i := plain(p)
	for i < len(p) {
		c := p[i]
		switch {
		case c == '/':
			return i, 0
		case c == 0:
			return 0, abi.ErrnoInval
		case c < 0x80:
			i++
			continue
		}
		n := sequence(p[i:])
		if n == 0 {
			return 0, abi.ErrnoIlseq
		}
		i += n
	}
	return i, 0
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

// component goes to the entry name of d, or puts the target of the link there in
// front of the path.
func (fs *FS) component(w *walk, d *file, name []byte, last, follow bool, r *Resolved) (linked bool, errno abi.Errno) {
	var e found
	r.Parent, r.Name, r.Dots = d.ino, name, false
	switch errno = fs.lookup(d, name, &e); errno {
	case abi.ErrnoNoent:
		if d.node.Nlink == 0 {
			return false, errno
		}
		r.Ino, r.Type = 0, abi.FiletypeUnknown
		return false, 0
	case 0:
	default:
		return false, errno
	}
	r.Ino, r.Type = fs.slot.Ino, fs.slot.Type
	if r.Type == abi.FiletypeSymbolicLink && (!last || follow || w.slash) {
		return true, fs.followLink(w, r)
	}
	if r.Type == abi.FiletypeDirectory {
		w.depth++
	}
	return false, 0
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
