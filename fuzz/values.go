package fuzz

import (
	"bytes"

	"github.com/icsplice/icsplice/abi"
)

// Values at the edges of what files have.
var offsets = []uint64{0, 1, 5, 100, 4095, 4096, 4097, 8192, 65536, 1 << 20, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1}

func (g *generator) value(c *Call, s *shape) uint64 {
	switch s.name {
	case "offset", "len", "size", "precision":
		return g.place(c)
	case "atim", "mtim":
		return pick[uint64](g, 1, 7, 1000, 1_000_000_000, 1_234_567_890_123_456_789, 4_000_000_000_000_000_001)
	case "rights_base", "rights_inheriting", "base", "inheriting":
		return g.rights(c, s)
	case "code":
		return pick[uint64](g, 0, 1, 2, 42, 125, 255)
	case "sig":
		return uint64(g.n(32))
	case "buf_len": // of list
		return pick[uint64](g, 4096, 1000, 300, 280)
	case "mode": // of list
		if g.one(4) {
			return 1
		}
		return 0
	}
	if s.enum {
		if g.one(40) {
			return pick[uint64](g, 3, 6, 255, 256, 1<<31)
		}
		return uint64(g.n(len(s.names)))
	}
	return g.flags(s)
}

// place is an offset or a size: small mostly, as files are, and sometimes at an
// edge.
func (g *generator) place(c *Call) uint64 {
	edges := offsets[:9]
	if g.one(12) {
		edges = offsets
	}
	v := edges[g.n(len(edges))]
	if g.one(2) {
		v = uint64(g.n(200))
	}
	if functions[c.Op].name == "fd_allocate" {
		v &= 1<<17 - 1 // what is allocated is there
	}
	if functions[c.Op].name == "fd_seek" && g.one(3) {
		return -v
	}
	return v
}

func (g *generator) rights(c *Call, s *shape) uint64 {
	all := uint64(mostRights)
	if g.one(40) {
		all = uint64(abi.RightsAll)
	}
	if s.name == "rights_base" && (c.Args[3].Num&2 != 0 || g.names[string(c.Args[2].Text)] == folder) && !g.one(8) {
		return uint64(folderRights)
	}
	if s.name == "base" || s.name == "inheriting" {
		return pick(g, all, all, 0, uint64(abi.RightFdRead|abi.RightFdSeek), uint64(g.byte()<<22|g.byte()<<14|g.byte()<<7|g.byte()))
	}
	return pick(g, all, all, all, all, all, all,
		uint64(abi.RightFdRead|abi.RightFdSeek|abi.RightFdTell|abi.RightFdFilestatGet),
		uint64(abi.RightFdWrite|abi.RightFdSeek|abi.RightFdTell|abi.RightFdFilestatGet),
		uint64(abi.RightFdRead|abi.RightFdWrite|abi.RightFdSeek), 0)
}

// flags is a set of bits, mostly few, sometimes ones that mean nothing.
func (g *generator) flags(s *shape) uint64 {
	if g.one(250) {
		return g.byte()<<8 | g.byte()
	}
	common := map[string][]uint64{
		"oflags":          {0, 0, 1, 1, 1, 1, 1, 9, 9, 2, 2, 5, 8},
		"fdflags":         {0, 0, 0, 0, 0, 1, 0, 0, 4},
		"old_lookupflags": {0, 0, 0, 0, 0, 0, 0, 1},
		"lookupflags":     {0, 1, 1},
		"fstflags":        {1, 4, 5, 2, 8, 10, 0},
	}[s.name]
	if len(common) == 0 {
		return 0
	}
	if g.one(60) {
		return uint64(g.n(1 << len(s.names)))
	}
	return common[g.n(len(common))]
}

func (g *generator) vectors(a *Arg, s *shape) {
	if g.one(200) {
		a.Ptr, a.Num = g.wild(), uint64(g.n(3))
		return
	}
	for range pick(g, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 0) {
		n := pick(g, 0, 1, 3, 10, 100, 500, 2000, 4096)
		switch {
		case g.one(200):
			a.Vecs = append(a.Vecs, Vec{Ptr: g.wild(), Len: uint32(n)})
		case s.write && n > 10:
			a.Vecs = append(a.Vecs, Vec{Text: bytes.Repeat([]byte{'A' + byte(g.n(26))}, n)})
		case s.write:
			a.Vecs = append(a.Vecs, Vec{Text: []byte("0123456789")[10-n:]})
		default:
			a.Vecs = append(a.Vecs, Vec{Len: uint32(n)})
		}
	}
}

func (g *generator) subscription() Sub {
	s := Sub{Userdata: uint64(g.n(1000)), Tag: uint8(pick(g, 0, 0, 1, 2)), FD: Arg{}}
	if g.one(40) {
		s.Tag = uint8(g.byte())
	}
	if s.Tag != 0 {
		c := Call{Op: op("fd_sync")}
		s.FD = g.descriptor(&c, &shape{})
		return s
	}
	s.Clock = uint32(pick(g, 0, 1, 1, 1, 2, 3, 77))
	s.Timeout = pick[uint64](g, 0, 1, 1000)
	if g.one(10) {
		s.Flags = abi.SubclockAbstime
	}
	return s
}
