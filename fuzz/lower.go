package fuzz

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/abi"
)

// The driver's memory: the arena is its end.
const (
	arenaSize  = 16384
	arenaEnd   = 2 * 65536
	arenaStart = arenaEnd - arenaSize
	maxScript  = 24576 // bytes of one message's binary form
	untouched  = 0xa5  // what the arena is filled with

	mostDescriptors = 1000 // the number of a descriptor that one is moved to
)

var (
	errTooLarge = errors.New("more than the driver has room for")
	errInside   = fmt.Errorf("an absolute address is at least %d, since the driver lives below", arenaEnd)
	errStderr   = errors.New("descriptor r2 carries the transcript and must stay as it is")
	errRenumber = fmt.Errorf("no descriptor above %d for fd_renumber: wazero makes room for all up to it", mostDescriptors)
	errSmall    = errors.New("a number of a descriptor is at least 1000: smaller ones are in registers")
)

// lowered is a call as the driver gets it.
type lowered struct {
	code  []byte
	outs  [4]uint32 // by shape, the place in the arena of what the call writes; noPlace if elsewhere
	vecs  []placed  // of Vectors that are read into
	loads []load
}

const noPlace = ^uint32(0)

type placed struct{ at, size uint32 }

// load is what the arena holds before a call.
type load struct {
	at   uint32
	data []byte
	reg  int // where not -1, the descriptor of that register, 4 bytes
}

// layout gives out places in the arena.
type layout struct {
	next uint32
	lowered
	err error
}

// place takes n bytes, with a gap behind them in which a stray write shows.
func (l *layout) place(n uint32) uint32 {
	at := l.next
	if n > arenaSize || at+n+16 > arenaSize {
		l.err = errTooLarge
		return 0
	}
	l.next = (at + n + 16 + 7) &^ 7
	return at
}

func (l *layout) load(data []byte) uint32 {
	at := l.place(uint32(len(data)))
	if len(data) > 0 {
		l.loads = append(l.loads, load{at, data, -1})
	}
	return at
}

// The kinds of arguments in the binary form.
const (
	rawNumber = iota
	rawArena
	rawRegister
	rawCookie
)

type raw struct {
	kind byte
	n    uint64
}

// lower gives the binary form of a call and where its results will be.
func (c *Call) lower(l *layout) error {
	f := &functions[c.Op]
	*l = layout{next: 64, lowered: lowered{code: l.code[:0], loads: l.loads[:0], vecs: l.vecs[:0]}}
	var args [9]raw
	out := 0
	for i := range f.shapes {
		s, a := &f.shapes[i], &c.Args[i]
		if s.kind == Out || s.kind == Buffer {
			l.outs[out] = noPlace
		}
		args[s.param] = l.address(s, a, &args)
		if s.kind == Out || s.kind == Buffer {
			if args[s.param].kind == rawArena && args[s.param].n < arenaSize {
				l.outs[out] = uint32(args[s.param].n)
			}
			out++
		}
	}
	if l.err != nil {
		return l.err
	}
	l.code = append(l.code, byte(c.Op), c.Reg)
	for _, a := range args[:f.params] {
		l.code = append(l.code, a.kind)
		if a.kind == rawRegister || a.kind == rawCookie {
			l.code = append(l.code, byte(a.n))
		} else {
			l.code = binary.AppendUvarint(l.code, a.n)
		}
	}
	return l.encodeLoads()
}

func (l *layout) encodeLoads() error {
	if len(l.loads) > 255 {
		return errTooLarge
	}
	l.code = append(l.code, byte(len(l.loads)))
	for _, d := range l.loads {
		if d.reg >= 0 {
			l.code = append(l.code, 1)
			l.code = binary.AppendUvarint(l.code, uint64(d.at))
			l.code = append(l.code, 4, byte(d.reg))
			continue
		}
		l.code = append(l.code, 0)
		l.code = binary.AppendUvarint(l.code, uint64(d.at))
		l.code = binary.AppendUvarint(l.code, uint64(len(d.data)))
		l.code = append(l.code, d.data...)
	}
	return nil
}

// address gives the argument itself, and where it has one puts its length among
// args.
func (l *layout) address(s *shape, a *Arg, args *[9]raw) raw {
	switch a.Kind {
	case Number:
		return raw{rawNumber, a.Num}
	case Register:
		return raw{rawRegister, a.Num}
	case Cookie:
		return raw{rawCookie, a.Num}
	case Out:
		if a.Ptr.Kind != Chosen {
			return a.Ptr.raw()
		}
		return raw{rawArena, uint64(l.place(s.room))}
	}
	args[s.size] = raw{rawNumber, a.Num}
	if a.Ptr.Kind != Chosen {
		return a.Ptr.raw()
	}
	switch a.Kind {
	case Buffer:
		return raw{rawArena, uint64(l.place(uint32(a.Num)))}
	case Text:
		// Node takes a path to end with a NUL, whatever length it is given.
		args[s.size].n = uint64(len(a.Text))
		return raw{rawArena, uint64(l.load(append(slices.Clone(a.Text), 0)))}
	case Vectors:
		args[s.size].n = uint64(len(a.Vecs))
		return raw{rawArena, uint64(l.vectors(a.Vecs))}
	}
	args[s.size].n = uint64(len(a.Subs))
	return raw{rawArena, uint64(l.subscriptions(a.Subs))}
}

func (p Pointer) raw() raw {
	if p.Kind == InArena {
		return raw{rawArena, uint64(p.At)}
	}
	return raw{rawNumber, uint64(p.At)}
}

func (l *layout) vectors(vecs []Vec) uint32 {
	table := make([]byte, 8*len(vecs))
	for i, v := range vecs {
		at, n := v.Ptr.At, v.Len
		switch {
		case v.Ptr.Kind == InArena:
			at += arenaStart
		case v.Ptr.Kind == Absolute:
		case v.Text != nil:
			n = uint32(len(v.Text))
			at = arenaStart + l.load(v.Text)
		default:
			at = arenaStart + l.place(n)
			l.vecs = append(l.vecs, placed{at - arenaStart, n})
		}
		binary.LittleEndian.PutUint32(table[8*i:], at)
		binary.LittleEndian.PutUint32(table[8*i+4:], n)
	}
	return l.load(table)
}

func (l *layout) subscriptions(subs []Sub) uint32 {
	table := make([]byte, abi.SubscriptionSize*len(subs))
	at := l.load(table)
	for i, s := range subs {
		b := table[abi.SubscriptionSize*i:]
		binary.LittleEndian.PutUint64(b[abi.SubscriptionUserdata:], s.Userdata)
		b[abi.SubscriptionTag] = s.Tag
		if s.Tag == uint8(abi.EventClock) {
			binary.LittleEndian.PutUint32(b[abi.SubscriptionClockID:], s.Clock)
			binary.LittleEndian.PutUint64(b[abi.SubscriptionClockTimeout:], s.Timeout)
			binary.LittleEndian.PutUint16(b[abi.SubscriptionClockFlags:], s.Flags)
		} else if s.FD.Kind == Register {
			place := at + uint32(abi.SubscriptionSize*i+abi.SubscriptionFd)
			l.loads = append(l.loads, load{place, nil, int(s.FD.Num)})
		} else {
			binary.LittleEndian.PutUint32(b[abi.SubscriptionFd:], uint32(s.FD.Num))
		}
	}
	return at
}

// stdin gives what the driver reads. Root is the descriptor of the preopened
// folder.
func (m *Message) stdin(cautious bool, root uint8) ([]byte, error) {
	b := make([]byte, 4, 1024)
	var l layout
	for i := range m.Calls {
		if err := m.Calls[i].lower(&l); err != nil {
			return nil, fmt.Errorf("call %d: %w", i+1, err)
		}
		b = append(b, l.code...)
	}
	if len(b)-4 > maxScript {
		return nil, errTooLarge
	}
	binary.LittleEndian.PutUint16(b, uint16(len(b)-4))
	if cautious {
		b[2] = 1
	}
	b[3] = root
	return append(b, driverStdin...), nil
}

// check refuses calls that would take the driver's own ground from under it.
func (c *Call) check() error {
	f := &functions[c.Op]
	for i := range f.shapes {
		a := &c.Args[i]
		if f.shapes[i].fd && a.Kind == Number && uint32(a.Num) < 1000 {
			return errSmall
		}
		if c.Op == opRenumber && a.Kind == Number && a.Num > mostDescriptors {
			return errRenumber
		}
		if a.Ptr.Kind == Absolute && a.Ptr.At < arenaEnd {
			return errInside
		}
		for _, v := range a.Vecs {
			if v.Ptr.Kind == Absolute && v.Ptr.At < arenaEnd {
				return errInside
			}
		}
		for _, sub := range a.Subs {
			if sub.FD.Kind == Number && sub.Tag != 0 && uint32(sub.FD.Num) < 1000 {
				return errSmall
			}
		}
		if f.shapes[i].fd && a.Kind == Register && a.Num == 2 && takesStderr[f.name] {
			return errStderr
		}
	}
	if c.Reg >= registers || f.opens && c.Reg < 4 {
		return errors.New("a new descriptor goes into r4 to r15")
	}
	var l layout
	return c.lower(&l)
}

// takesStderr names the functions after which the transcript could not be
// written any more, or that write into it.
var takesStderr = map[string]bool{
	"fd_close": true, "fd_renumber": true, "fd_write": true, "fd_pwrite": true,
	"fd_fdstat_set_flags": true, "fd_fdstat_set_rights": true, "sock_send": true, "sock_shutdown": true,
	"fd_filestat_set_size": true, "fd_allocate": true, "fd_seek": true, // where streams are files
}
