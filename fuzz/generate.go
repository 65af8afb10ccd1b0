package fuzz

import (
	"slices"

	headers "github.com/AdaLogics/go-fuzz-headers"
)

// maxCalls bounds a script.
const maxCalls = 40

// Generate makes a script of bytes: any bytes give one, and bytes that are
// nearly the same mostly give scripts that are. Calls are drawn so that most of
// them succeed: among the descriptors and names that the ones before have made.
func Generate(data []byte) Script {
	g := generator{source: headers.NewConsumer(data), names: map[string]uint8{}}
	g.regs[0], g.regs[1], g.regs[3] = stream, stream, folder
	s := Script{{Calls: g.prelude()}}
	for n := 0; n < maxCalls && !g.empty; n++ {
		if n > 2 && g.one(60) {
			s = append(s, g.head())
		}
		c := g.call()
		if g.empty || c.check() != nil || !g.fits(&c) {
			continue
		}
		last := &s[len(s)-1]
		last.Calls = append(last.Calls, c)
		if c.Op == opTrap || c.Op == opSpin || c.Op == opExit {
			s = append(s, g.head())
		}
	}
	return s.tidy()
}

// fits says whether the message has room for a call.
func (g *generator) fits(c *Call) bool {
	var l layout
	if c.lower(&l) != nil || g.used+len(l.code) > maxScript-4096 {
		return false
	}
	g.used += len(l.code)
	return true
}

// preludes are what scripts begin with, so that there is something to work on.
var preludes = []string{
	`path_create_directory r3 "d"`,
	`r4 = path_open r3 follow "a" creat most most 0 .`,
	`fd_write r4 {"some content of a file"} .`,
	`r5 = path_open r3 0 "d" directory folder most 0 .`,
	`r6 = path_open r3 follow "d/b" creat most most 0 .`,
	`fd_write r6 {"x"*4096} .`,
	`path_symlink "a" r3 "c"`,
	`path_symlink "../a" r3 "d/c"`,
	`path_link r3 0 "a" r3 "d/e"`,
	`path_create_directory r3 "d/d"`,
	`r7 = path_open r3 0 "d/d" directory folder most 0 .`,
	`path_symlink "d" r3 "e"`,
}

// prelude takes the first of the preludes, as many as the bytes say.
func (g *generator) prelude() []Call {
	var calls []Call
	for _, line := range preludes[:g.n(len(preludes)+1)] {
		c, err := parseCall(line)
		if err != nil {
			panic("BUG: " + err.Error())
		}
		g.follow(&c)
		calls = append(calls, c)
	}
	return calls
}

// tidy drops messages without calls.
func (s Script) tidy() Script {
	out := s[:0]
	for _, m := range s {
		if len(m.Calls) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// What generating knows of a register or name.
const (
	closed uint8 = iota
	stream
	folder
	file
	link
)

type generator struct {
	source *headers.ConsumeFuzzer
	empty  bool // the bytes are used up
	used   int  // bytes of the message's binary form
	regs   [registers]uint8
	names  map[string]uint8 // by path from the root, as far as all calls succeeded
	order  []string         // of names, as drawn from a map there would be no order
}

func (g *generator) byte() uint64 {
	b, err := g.source.GetByte()
	if err != nil {
		g.empty = true
	}
	return uint64(b)
}

// n draws a number below max.
func (g *generator) n(max int) int {
	if max <= 256 {
		return int(g.byte()) * max >> 8
	}
	return int(g.byte()<<8|g.byte()) * max >> 16
}

// one is true once in n times.
func (g *generator) one(n int) bool { return g.n(n) == 0 }

func pick[T any](g *generator, list ...T) T { return list[g.n(len(list))] }

var (
	opExit     = op("proc_exit")
	opRenumber = op("fd_renumber")
	opRaise    = op("proc_raise")
)

// head begins a message. Descriptors are gone, files are not.
func (g *generator) head() Message {
	g.regs = [registers]uint8{stream, stream, closed, folder}
	g.used = 0
	m := Message{Upgrade: !g.one(12)}
	if g.one(3) {
		m.Limit = 100_000 << g.n(7)
	}
	return m
}

// weighted is how often each function is called, in parts of their sum.
var weighted = map[string]int{
	"path_open": 150, "fd_write": 70, "fd_read": 45, "fd_pwrite": 35, "fd_pread": 35, "fd_seek": 40, "fd_tell": 12,
	"fd_close": 25, "fd_filestat_get": 30, "path_filestat_get": 40, "path_create_directory": 50, "path_unlink_file": 40,
	"path_remove_directory": 30, "path_rename": 55, "path_link": 35, "path_symlink": 40, "path_readlink": 20,
	"fd_readdir": 25, "list": 25, "fd_filestat_set_size": 25, "fd_allocate": 4, "fd_filestat_set_times": 15,
	"path_filestat_set_times": 20, "fd_fdstat_get": 20, "fd_fdstat_set_flags": 10, "fd_fdstat_set_rights": 6,
	"fd_renumber": 15, "fd_sync": 4, "fd_datasync": 4, "fd_advise": 6, "fd_prestat_get": 3, "fd_prestat_dir_name": 3,
	"args_get": 2, "args_sizes_get": 2, "environ_get": 2, "environ_sizes_get": 2, "clock_res_get": 3,
	"clock_time_get": 8, "poll_oneoff": 8, "random_get": 3, "sched_yield": 1, "proc_exit": 1, "proc_raise": 1,
	"sock_accept": 1, "sock_recv": 1, "sock_send": 1, "sock_shutdown": 1, "trap": 2, "spin": 1,
}

// wheel has each function as often as its weight says.
var wheel = func() []Op {
	var list []Op
	for o, f := range functions {
		for range weighted[f.name] {
			list = append(list, Op(o))
		}
	}
	return list
}()

func (g *generator) call() Call {
	c := Call{Op: wheel[g.n(len(wheel))]}
	if g.wants(functions[c.Op].name) == file && !g.has(file) && !g.one(10) {
		c.Op = op("path_open")
	}
	f := &functions[c.Op]
	c.Args = make([]Arg, len(f.shapes))
	for i := range f.shapes {
		c.Args[i] = g.arg(&c, &f.shapes[i])
	}
	if f.opens {
		c.Reg = uint8(4 + g.n(registers-4))
	}
	g.follow(&c)
	return c
}

func (g *generator) arg(c *Call, s *shape) Arg {
	a := Arg{Kind: s.kind}
	switch s.kind {
	case Number:
		return g.number(c, s)
	case Out:
		a.Ptr = g.pointer()
	case Buffer:
		a.Ptr = g.pointer()
		a.Num = pick[uint64](g, 0, 1, 4, 24, 30, 100, 300, 1000, 4096)
	case Text:
		a.Text = g.text(c, s)
		if g.one(256) && g.one(2) {
			a.Ptr, a.Num, a.Text = g.wild(), uint64(g.n(300)), nil
		}
	case Vectors:
		g.vectors(&a, s)
	case Subscriptions:
		for range pick(g, 1, 1, 1, 2, 3, 0) {
			a.Subs = append(a.Subs, g.subscription())
		}
	}
	return a
}

// pointer is where a result goes: nearly always where there is room.
func (g *generator) pointer() Pointer {
	if !g.one(256) || !g.one(2) {
		return Pointer{}
	}
	return g.wild()
}

// wild is an address at the memory's end or beyond it, or one that is not
// aligned.
func (g *generator) wild() Pointer {
	if g.one(3) {
		return Pointer{InArena, uint32(arenaSize - g.n(70))}
	}
	if g.one(3) {
		return Pointer{InArena, uint32(8001 + g.n(7))}
	}
	return Pointer{Absolute, pick[uint32](g, arenaEnd, arenaEnd+1, 1<<31, 1<<32-1, 1<<32-8, 1<<32-65536)}
}

func (g *generator) number(c *Call, s *shape) Arg {
	switch {
	case s.fd:
		return g.descriptor(c, s)
	case s.cookie:
		switch g.n(8) {
		case 0:
			return Arg{Kind: Cookie, Num: uint64(g.n(6))}
		case 1:
			return Arg{Kind: Cookie, Num: 255}
		}
		return Arg{}
	}
	return Arg{Num: g.value(c, s)}
}

// descriptor is one that fits mostly, and one in fifty that is none.
func (g *generator) descriptor(c *Call, s *shape) Arg {
	if g.one(100) {
		if c.Op == opRenumber {
			return Arg{Num: mostDescriptors}
		}
		return Arg{Num: pick[uint64](g, 1000, 1<<31-1, 1<<31, 1<<32-1)}
	}
	if g.one(60) {
		return Arg{Kind: Register, Num: uint64(g.n(registers))}
	}
	want := g.wants(functions[c.Op].name)
	var fit []uint64
	for r, kind := range g.regs {
		if kind == want {
			fit = append(fit, uint64(r))
		}
	}
	if len(fit) == 0 || want == folder && g.n(3) > 0 && g.regs[3] == folder {
		fit = []uint64{3}
	}
	return Arg{Kind: Register, Num: fit[g.n(len(fit))]}
}

// has says whether a descriptor of that kind is open.
func (g *generator) has(kind uint8) bool { return slices.Contains(g.regs[:], kind) }

// wants is the kind of descriptor that a function works on.
func (g *generator) wants(function string) uint8 {
	switch {
	case free[function]:
		return closed
	case function == "fd_readdir", function == "list", function == "fd_prestat_get", function == "fd_prestat_dir_name",
		len(function) > 5 && function[:5] == "path_":
		return folder
	case len(function) > 5 && function[:5] == "sock_":
		return stream
	}
	switch g.n(40) {
	case 0:
		return folder
	case 1:
		return stream
	}
	return file
}

// free names the functions that take no descriptor.
var free = map[string]bool{
	"args_get": true, "args_sizes_get": true, "environ_get": true, "environ_sizes_get": true, "clock_res_get": true,
	"clock_time_get": true, "poll_oneoff": true, "proc_exit": true, "proc_raise": true, "sched_yield": true,
	"random_get": true, "trap": true, "spin": true,
}
