package fuzz

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"github.com/icsplice/icsplice/abi"
)

// describer turns answers of one engine into lines that can be compared with
// those of another: what must be equal stands there, what need only be in a
// relation stands there as whether it is. It remembers what the relations are
// about, and goes through the messages of a script in their order.
type describer struct {
	arena, before [arenaSize]byte
	layout        layout

	inos       map[uint64]*seen // files by inode number, since one was last removed
	times      []uint64         // that the script has set
	accessed   bool             // access times may have moved
	read       bool             // something was read, so that they stay unknown
	clocks     [4]uint64        // last reading of each clock
	start, end uint64           // of the run, nanoseconds since 1970
	b          []byte           // the line
	a          answer
}

// seen is what is known of a file.
type seen struct {
	number   int    // that stands for its inode number
	accessed uint64 // its last access time, 0 if none is known
}

func newDescriber(s Script) *describer {
	d := &describer{inos: map[uint64]*seen{}, accessed: true}
	for i := range d.arena {
		d.arena[i] = untouched
	}
	d.before = d.arena
	for _, m := range s {
		for i := range m.Calls {
			d.noteTimes(&m.Calls[i])
		}
	}
	return d
}

// noteTimes keeps the times that a call sets.
func (d *describer) noteTimes(c *Call) {
	for i, s := range functions[c.Op].shapes {
		if s.name == "atim" || s.name == "mtim" {
			d.times = append(d.times, c.Args[i].Num)
		}
	}
}

// message describes the answers to a message's calls, as far as there are any.
func (d *describer) message(m *Message, stderr []byte, start, end uint64) []string {
	d.start, d.end = start, end
	d.clocks = [4]uint64{}
	clear(d.inos) // of files that were open and had no name, others may have the numbers now
	t := transcript{rest: stderr}
	lines := make([]string, 0, len(m.Calls))
	for i := range m.Calls {
		c := &m.Calls[i]
		if err := c.lower(&d.layout); err != nil {
			panic("BUG: a call that cannot be made was run: " + err.Error())
		}
		if !t.next(c, &d.layout.lowered, &d.a) {
			break
		}
		lines = append(lines, d.call(c))
	}
	if t.bad || len(lines) == len(m.Calls) && len(t.rest) > 0 {
		lines = append(lines, damaged)
	}
	return lines
}

// damaged stands in place of an answer that cannot be read.
const damaged = "the transcript is damaged"

// call describes one answer.
func (d *describer) call(c *Call) string {
	l, a := &d.layout.lowered, &d.a
	d.b = d.b[:0]
	if c.Op == opList {
		d.list(c)
		return string(d.b)
	}
	for _, x := range l.loads {
		copy(d.arena[x.at:], x.data)
		copy(d.before[x.at:], x.data)
	}
	for _, r := range a.runs {
		copy(d.arena[r.at:], r.data)
	}
	d.accessed = d.accessed || reads[c.Op]
	d.read = d.read || reads[c.Op] && functions[c.Op].name != "path_open"
	if removes[c.Op] {
		clear(d.inos)
	}
	if c.Op != opExit {
		d.b = append(d.b, abi.Errno(a.result).String()...)
	}
	if a.result == 0 {
		d.success(c, l)
	}
	d.stray(c, l)
	d.clean(l)
	return string(d.b)
}

// clean makes the arena as it was before the call.
func (d *describer) clean(l *lowered) {
	for _, r := range d.a.runs {
		for i := range r.data {
			d.arena[int(r.at)+i] = untouched
		}
	}
	for _, x := range l.loads {
		for i := range x.data {
			d.arena[int(x.at)+i], d.before[int(x.at)+i] = untouched, untouched
		}
	}
}

// stray tells of bytes that changed outside of what the call may write.
func (d *describer) stray(c *Call, l *lowered) {
	for _, r := range d.a.runs {
		for i := range uint32(len(r.data)) {
			at := r.at + i
			if d.arena[at] != d.before[at] && !d.allowed(c, l, at) {
				d.b = fmt.Appendf(d.b, " changed memory at @%d", at)
				return
			}
		}
	}
}

func (d *describer) allowed(c *Call, l *lowered, at uint32) bool {
	if d.a.result != 0 && c.Op != opPoll {
		return false
	}
	within := func(from, n uint32) bool { return from != noPlace && at >= from && at-from < n }
	out := 0
	for i, s := range functions[c.Op].shapes {
		n := s.room
		switch s.kind {
		case Buffer:
			n = uint32(c.Args[i].Num)
		case Vectors:
			if !s.write && c.Args[i].Ptr.Kind != Chosen || slices.ContainsFunc(c.Args[i].Vecs, func(v Vec) bool { return v.Ptr.Kind != Chosen }) {
				return true // the script itself chose where to read to
			}
		}
		if s.kind == Out || s.kind == Buffer {
			if within(l.outs[out], n) {
				return true
			}
			out++
		}
	}
	for _, v := range l.vecs {
		if within(v.at, v.size) {
			return true
		}
	}
	return false
}

var (
	opPoll = op("poll_oneoff")
	// reads are the functions that may move access times, also where they fail;
	// wasmtime reads ahead where a file is waited for.
	reads = map[Op]bool{
		op("fd_read"): true, op("fd_pread"): true, op("fd_readdir"): true, op("path_open"): true,
		op("path_readlink"): true, op("poll_oneoff"): true, opList: true,
	}
	// removes are those after which a new file may have the number of one that is
	// no more.
	removes = map[Op]bool{
		op("path_unlink_file"): true, op("path_remove_directory"): true, op("path_rename"): true,
		op("fd_close"): true, op("fd_renumber"): true,
	}
	describers = map[Op]func(*describer, *Call, *lowered){}
)

func init() {
	for name, f := range map[string]func(*describer, *Call, *lowered){
		"args_sizes_get": (*describer).counts, "environ_sizes_get": (*describer).counts,
		"args_get": (*describer).strings, "environ_get": (*describer).strings,
		"clock_res_get": (*describer).resolution, "clock_time_get": (*describer).time,
		"fd_fdstat_get": (*describer).fdstat, "fd_filestat_get": (*describer).filestat,
		"path_filestat_get": (*describer).filestat, "fd_prestat_get": (*describer).prestat,
		"fd_prestat_dir_name": (*describer).buffer, "fd_pread": (*describer).data,
		"fd_read": (*describer).data, "sock_recv": (*describer).data,
		"fd_write": (*describer).counts, "fd_pwrite": (*describer).counts, "sock_send": (*describer).counts,
		"fd_seek": (*describer).offset, "fd_tell": (*describer).offset,
		"fd_readdir": (*describer).readdir, "path_readlink": (*describer).readlink,
		"path_open": (*describer).opened, "sock_accept": (*describer).opened,
		"poll_oneoff": (*describer).events, "random_get": (*describer).random,
		"fd_filestat_set_times": (*describer).timesSet, "path_filestat_set_times": (*describer).timesSet,
	} {
		describers[op(name)] = f
	}
}

func (d *describer) success(c *Call, l *lowered) {
	if f := describers[c.Op]; f != nil {
		f(d, c, l)
	}
}

func (d *describer) word(s string) { d.b = append(append(d.b, ' '), s...) }

func (d *describer) field(name string, v uint64) {
	d.word(name)
	d.b = strconv.AppendUint(append(d.b, '='), v, 10)
}

// at gives n bytes of the i-th result, or nil where the script put it elsewhere.
func (d *describer) at(l *lowered, i int, n uint32) []byte {
	from := l.outs[i]
	if from == noPlace || from > arenaSize || n > arenaSize-from {
		return nil
	}
	return d.arena[from : from+n]
}

func (d *describer) u32(l *lowered, i int) (uint32, bool) {
	b := d.at(l, i, 4)
	if b == nil {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

func (d *describer) u64(l *lowered, i int) (uint64, bool) {
	b := d.at(l, i, 8)
	if b == nil {
		return 0, false
	}
	return binary.LittleEndian.Uint64(b), true
}
