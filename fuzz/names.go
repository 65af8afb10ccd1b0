package fuzz

import (
	"strings"
)

// text is a path, or the target of a symbolic link.
func (g *generator) text(c *Call, s *shape) []byte {
	name := functions[c.Op].name
	if g.one(60) {
		return []byte(g.odd())
	}
	isNew := s.name == "new_path" || name == "path_create_directory" || name == "path_open" && g.one(3)
	if name == "path_symlink" && s.name == "old_path" {
		return []byte(g.target())
	}
	p := ""
	if isNew {
		p = g.fresh()
	} else {
		p = g.known(kindOf(name))
	}
	return []byte(g.decorate(g.relative(c, s, p)))
}

// kindOf is what a function wants a name of.
func kindOf(function string) uint8 {
	switch function {
	case "path_remove_directory":
		return folder
	case "path_readlink":
		return link
	case "path_unlink_file", "path_link":
		return file
	}
	return closed // of any kind
}

var letters = []string{"a", "b", "c", "d", "e", "f"}

// fresh is a path for something new: in a folder that is there mostly, under a
// name that may be taken.
func (g *generator) fresh() string {
	name := letters[g.n(len(letters))]
	if g.one(40) {
		name = pick(g, "\u00e9\u4e2d", strings.Repeat("n", 255), "..x", "a b", ".hidden")
	}
	if dir := g.known(folder); dir != "" && g.one(2) {
		return dir + "/" + name
	}
	return name
}

// known is a path that is there as far as is known, of that kind mostly.
func (g *generator) known(kind uint8) string {
	if len(g.order) == 0 {
		return letters[g.n(len(letters))]
	}
	for range 4 {
		p := g.order[g.n(len(g.order))]
		if kind == closed || g.names[p] == kind {
			return p
		}
	}
	if kind == folder {
		return ""
	}
	return g.order[g.n(len(g.order))]
}

// relative makes a path from the root one from the descriptor of the call.
// Descriptors of other folders are taken for that of the path's first part now
// and then.
func (g *generator) relative(c *Call, s *shape, p string) string {
	fd := 0
	if strings.HasPrefix(s.name, "new_") {
		for i, other := range functions[c.Op].shapes {
			if other.name == "new_fd" || other.name == "fd" {
				fd = i
			}
		}
	}
	if a := c.Args[fd]; a.Kind == Register && a.Num != 3 {
		if _, rest, ok := strings.Cut(p, "/"); ok {
			return rest
		}
	}
	return p
}

// decorate writes a path in another way, once in a while one of another meaning.
func (g *generator) decorate(p string) string {
	switch g.n(60) {
	case 0:
		return p + "/"
	case 1:
		return "./" + p
	case 2:
		return strings.ReplaceAll(p, "/", "//")
	case 3:
		return p + "/."
	case 4:
		return g.known(folder) + "/../" + p
	case 5:
		return p + "/" + letters[g.n(len(letters))]
	}
	return p
}

// odd is a path at the edge of what there is.
func (g *generator) odd() string {
	return pick(g, "", ".", "..", "/", "/a", "../a", "a/..", "a/../..", "./.", "a/../../a", "//a", "a\x00b", "\xff\xfe",
		strings.Repeat("n", 256), strings.Repeat("x/", 2000)+"x", strings.Repeat("a/", 20)+"a", "a/./b", "d/../b", "...")
}

// target is what a symbolic link leads to. An absolute one leads nowhere: there
// are engines that would follow it on the host.
func (g *generator) target() string {
	switch g.n(10) {
	case 0:
		if t := g.odd(); t == "" || t[0] != '/' {
			return t
		}
		return "/nonexistent/a"
	case 1:
		return "../" + g.known(closed)
	case 2:
		return "missing"
	}
	return g.known(closed)
}

// follow takes it that a call has succeeded.
func (g *generator) follow(c *Call) {
	switch functions[c.Op].name {
	case "path_open":
		g.opens(c)
	case "path_create_directory":
		g.add(string(c.Args[1].Text), folder)
	case "path_symlink":
		g.add(string(c.Args[2].Text), link)
	case "path_link":
		g.add(string(c.Args[4].Text), file)
	case "path_unlink_file", "path_remove_directory":
		g.drop(string(c.Args[1].Text))
	case "path_rename":
		from := string(c.Args[1].Text)
		if kind, ok := g.names[from]; ok {
			g.drop(from)
			g.add(string(c.Args[3].Text), kind)
		}
	case "fd_close":
		if c.Args[0].Kind == Register {
			g.regs[c.Args[0].Num] = closed
		}
	case "fd_renumber":
		if from, to := c.Args[0], c.Args[1]; from.Kind == Register && to.Kind == Register {
			if from.Num != to.Num {
				g.regs[to.Num] = closed // the register from holds the number of to now
			}
		}
	}
}

func (g *generator) opens(c *Call) {
	kind := file
	if c.Args[3].Num&2 != 0 || g.names[string(c.Args[2].Text)] == folder {
		kind = folder
	}
	if kind == file && c.Args[3].Num&1 != 0 {
		g.add(string(c.Args[2].Text), file)
	}
	g.regs[c.Reg] = kind
}

// add notes a name, if it is a plain one.
func (g *generator) add(p string, kind uint8) {
	if p == "" || len(p) > 300 || strings.Contains(p, "..") || p[0] == '/' || p[len(p)-1] == '/' || p[len(p)-1] == '.' {
		return
	}
	if _, ok := g.names[p]; !ok {
		g.order = append(g.order, p)
	}
	g.names[p] = kind
}

func (g *generator) drop(p string) {
	if _, ok := g.names[p]; !ok {
		return
	}
	delete(g.names, p)
	for i, name := range g.order {
		if name == p {
			g.order = append(g.order[:i], g.order[i+1:]...)
			return
		}
	}
}
