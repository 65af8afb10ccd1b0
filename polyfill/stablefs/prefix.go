package stablefs

// prefix is the beginning of the last path, up to its last component, and the
// directory that it led to by names of directories alone: programs use many
// names of one folder in a row. What could lead elsewhere, the renaming or the
// removal of a directory, empties it.
type prefix struct {
	base  Ino
	ino   Ino
	depth int // directories beneath base
	n     int // bytes of text; 0 where nothing is known
	text  [maxPrefix]byte
}

const maxPrefix = 64

// of tells how many bytes of a path beneath base are the known prefix.
//
//go:inline
//go:nobounds
func (c *prefix) of(base Ino, path []byte) int {
	n := c.n
	if n == 0 || c.base != base || len(path) <= n || len(path) < 8 || path[n] == '/' {
		return 0
	}
	text := c.text[:]
	if n <= 8 {
		if (word64(path, 0)^word64(text, 0))<<((64-8*n)&63) != 0 {
			return 0
		}
		return n
	}
	return c.long(path)
}

// long is of for more than 8 bytes, of which path has enough.
//
//go:noinline
//go:nobounds
func (c *prefix) long(path []byte) int {
	n, text := c.n, c.text[:]
	for i := 0; i+8 < n; i += 8 {
		if word64(path, i) != word64(text, i) {
			return 0
		}
	}
	if word64(path, n-8) != word64(text, n-8) {
		return 0
	}
	return n
}

// keep notes that text leads from base to dir, if that is not what is known.
func (c *prefix) keep(base, dir Ino, text []byte, depth int) {
	if len(text) == 0 || len(text) > maxPrefix || c.n == len(text) && c.ino == dir && c.base == base {
		return
	}
	copy(c.text[:], text)
	c.base, c.ino, c.depth, c.n = base, dir, depth, len(text)
}
