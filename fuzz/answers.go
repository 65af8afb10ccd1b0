package fuzz

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/icsplice/icsplice/abi"
)

func (d *describer) counts(c *Call, l *lowered) {
	out := 0
	for _, s := range functions[c.Op].shapes {
		if s.kind != Out {
			continue
		}
		if v, ok := d.u32(l, out); ok {
			d.field(s.name, uint64(v))
		}
		out++
	}
}

func (d *describer) strings(_ *Call, l *lowered) {
	for i := range 2 {
		if b := d.at(l, i, 256); b != nil {
			d.b = quote(append(d.b, ' '), bytes.TrimRight(b, "\xa5"))
		}
	}
}

func (d *describer) resolution(_ *Call, l *lowered) {
	if v, ok := d.u64(l, 0); ok && v == 0 {
		d.word("no resolution")
	}
}

func (d *describer) time(c *Call, l *lowered) {
	v, ok := d.u64(l, 0)
	id := c.Args[0].Num
	if !ok || id >= uint64(len(d.clocks)) {
		return
	}
	if v < d.clocks[id] {
		d.word("the clock went back, or missed a deadline")
	}
	if id == 0 && !d.now(v) {
		d.word("the clock is wrong")
	}
	d.clocks[id] = v
}

// slack is how far a time may lie outside of the run: clocks of file systems are
// coarse, and the canister moves its clock on where others wait.
const slack = 2e9

func (d *describer) now(v uint64) bool { return v+slack >= d.start && v <= d.end+slack }

func (d *describer) fdstat(_ *Call, l *lowered) {
	b := d.at(l, 0, abi.FdstatSize)
	if b == nil {
		return
	}
	kind := abi.Filetype(b[abi.FdstatFiletype])
	d.word(typeName(kind))
	d.word("flags=")
	s := shape{names: symbols["fdflags"]}
	d.b = s.appendNumber(d.b, uint64(binary.LittleEndian.Uint16(b[abi.FdstatFlags:])))
	if kind == abi.FiletypeRegularFile {
		rights := binary.LittleEndian.Uint64(b[abi.FdstatRightsBase:])
		d.word("rights=")
		s = shape{names: rightNames}
		d.b = s.appendNumber(d.b, rights&uint64(abi.RightFdRead|abi.RightFdWrite))
	}
}

var typeNames = []string{"unknown", "block", "char", "directory", "file", "dgram", "stream", "symlink"}

// typeName is the name of a file type. Streams may be of any type that is no
// file and no directory.
func typeName(t abi.Filetype) string {
	switch {
	case t == abi.FiletypeUnknown, t == abi.FiletypeBlockDevice, t == abi.FiletypeSocketStream:
		t = abi.FiletypeCharacterDevice
	case int(t) >= len(typeNames):
		return fmt.Sprintf("type %d", t)
	}
	return typeNames[t]
}

func (d *describer) filestat(_ *Call, l *lowered) {
	b := d.at(l, 0, abi.FilestatSize)
	if b == nil {
		return
	}
	u := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	kind := abi.Filetype(b[abi.FilestatFiletype])
	d.word(typeName(kind))
	switch kind {
	case abi.FiletypeRegularFile, abi.FiletypeSymbolicLink:
		d.field("nlink", u(abi.FilestatNlink))
		d.field("size", u(abi.FilestatFileSize))
	case abi.FiletypeDirectory:
	default:
		return
	}
	f := d.inode(u(abi.FilestatIno))
	d.stamp("mtim", u(abi.FilestatMtim))
	d.access(f, u(abi.FilestatAtim))
	if ctim := u(abi.FilestatCtim); ctim != 0 && !d.now(ctim) {
		d.word("ctim is not now")
	}
}

// inode writes a number for each file that is the same for the same inode.
func (d *describer) inode(ino uint64) *seen {
	f := d.inos[ino]
	if f == nil {
		f = &seen{number: len(d.inos) + 1}
		d.inos[ino] = f
	}
	d.field("ino", uint64(f.number))
	return f
}

// access writes an access time. Where reads may have moved it, it is still one
// that the script set or of the run, and does not go back.
func (d *describer) access(f *seen, v uint64) {
	if !d.accessed {
		d.stamp("atim", v)
		return
	}
	if d.when(v) == "odd" {
		d.word("atim is not now")
	}
	if v < f.accessed {
		d.word("atim went back")
	}
	f.accessed = v
}

func (d *describer) stamp(name string, v uint64) {
	d.word(name)
	d.b = append(append(d.b, '='), d.when(v)...)
}

// when is a time's value where the script set it, and else whether it lies in the
// run. Nothing has changed the root of a new file system yet, whose times are 0 on
// the canister.
func (d *describer) when(v uint64) string {
	switch {
	case slices.Contains(d.times, v):
		return strconv.FormatUint(v, 10)
	case d.now(v), v == 0:
		return "now"
	}
	return "odd"
}

// timesSet notes that access times are known from now on, where none was read yet,
// and that they may be earlier ones than before.
func (d *describer) timesSet(c *Call, _ *lowered) {
	if flags := abi.Fstflags(c.Args[len(c.Args)-1].Num); flags&(abi.FstflagAtim|abi.FstflagAtimNow) == 0 {
		return
	}
	for _, f := range d.inos {
		f.accessed = 0
	}
	if !d.read {
		d.accessed = false
	}
}

func (d *describer) prestat(_ *Call, l *lowered) {
	if b := d.at(l, 0, abi.PrestatSize); b != nil {
		d.field("tag", uint64(b[0]))
		d.field("len", uint64(binary.LittleEndian.Uint32(b[4:])))
	}
}

func (d *describer) buffer(c *Call, l *lowered) {
	if b := d.at(l, 0, uint32(c.Args[1].Num)); b != nil {
		d.b = quote(append(d.b, ' '), bytes.TrimRight(b, "\xa5"))
	}
}

// data writes what was read, whatever buffers it lies in.
func (d *describer) data(c *Call, l *lowered) {
	n, ok := d.u32(l, 0)
	if !ok {
		return
	}
	d.field("n", uint64(n))
	d.b = append(d.b, ' ', '"')
	for _, v := range l.vecs {
		take := min(n, v.size)
		d.content(d.arena[v.at : v.at+take])
		n -= take
	}
	d.b = append(d.b, '"')
	if n > 0 && len(l.vecs) == len(c.Args[1].Vecs) {
		d.word("more than there is room for")
	}
}

// content writes bytes, many of them as their count and a sum.
func (d *describer) content(p []byte) {
	if len(p) > 48 {
		h := uint64(14695981039346656037)
		for _, c := range p {
			h = (h ^ uint64(c)) * 1099511628211
		}
		d.b = fmt.Appendf(d.b, "<%d bytes %016x>", len(p), h)
		return
	}
	q := quote(nil, p)
	d.b = append(d.b, q[1:len(q)-1]...)
}

func (d *describer) offset(_ *Call, l *lowered) {
	if v, ok := d.u64(l, 0); ok {
		d.b = strconv.AppendUint(append(d.b, ' '), v, 10)
	}
}

// readdir tells what there is where the whole folder was asked for and fitted,
// and else whether there is more: the order of names is not the same everywhere.
func (d *describer) readdir(c *Call, l *lowered) {
	used, ok := d.u32(l, 1)
	if !ok {
		return
	}
	if used >= uint32(c.Args[1].Num) {
		d.word("full")
		if used > uint32(c.Args[1].Num) {
			d.word("beyond the buffer")
		}
		return
	}
	b := d.at(l, 0, used)
	if b == nil || c.Args[2].Kind != Number || c.Args[2].Num != 0 {
		d.word("end")
		return
	}
	d.a.entries = d.a.entries[:0]
	for len(b) >= abi.DirentSize {
		n := binary.LittleEndian.Uint32(b[abi.DirentNamlen:])
		if n > uint32(len(b)-abi.DirentSize) {
			break
		}
		d.a.entries = append(d.a.entries, dirent{
			name: string(b[abi.DirentSize : abi.DirentSize+n]), kind: abi.Filetype(b[abi.DirentType]),
			ino: binary.LittleEndian.Uint64(b[abi.DirentIno:]),
		})
		b = b[abi.DirentSize+n:]
	}
	if len(b) > 0 {
		d.word("an entry is cut though there was room")
	}
	d.entries()
}

// list describes the step of that name.
func (d *describer) list(c *Call) {
	d.accessed = true
	switch d.a.result {
	case 0xfffe:
		d.b = append(d.b, "an entry does not fit"...)
		return
	case 0xfffd:
		d.b = append(d.b, "no end"...)
		return
	}
	d.b = append(d.b, abi.Errno(d.a.result).String()...)
	d.entries()
	if c.Args[2].Num == listUnlink {
		clear(d.inos)
	}
}

// entries writes the entries of a folder, sorted.
func (d *describer) entries() {
	slices.SortFunc(d.a.entries, func(a, b dirent) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	for i, e := range d.a.entries {
		d.b = quote(append(d.b, ' '), []byte(e.name))
		d.b = append(append(d.b, ':'), typeName(e.kind)...)
		if e.name != ".." {
			d.inode(e.ino)
		}
		switch {
		case e.removal == 0:
		case e.name == "." || e.name == "..":
			d.word("refused")
		default:
			d.word(abi.Errno(e.removal).String())
		}
		if i > 0 && d.a.entries[i-1].name == e.name {
			d.word("twice")
		}
	}
}

func (d *describer) readlink(c *Call, l *lowered) {
	used, ok := d.u32(l, 1)
	if !ok {
		return
	}
	d.field("n", uint64(used))
	if b := d.at(l, 0, used); b != nil {
		d.b = quote(append(d.b, ' '), b)
	}
}

func (d *describer) opened(_ *Call, l *lowered) {
	if l.outs[0] != noPlace {
		d.word(typeName(abi.Filetype(d.a.opened)))
	}
}

func (d *describer) random(c *Call, l *lowered) {
	b := d.at(l, 0, uint32(c.Args[0].Num))
	if len(b) >= 16 && bytes.Count(b, b[:1]) == len(b) {
		d.word("not random")
	}
}

// events writes what poll_oneoff reports. Whether a clock is among it is left
// open where a descriptor is ready, and how many bytes are ready always.
func (d *describer) events(c *Call, l *lowered) {
	n, ok := d.u32(l, 1)
	if !ok || n > maxSubs {
		return
	}
	b := d.at(l, 0, n*abi.EventSize)
	var events []string
	clocks := 0
	for ; len(b) > 0; b = b[abi.EventSize:] {
		kind := b[abi.EventType]
		if kind == uint8(abi.EventClock) {
			clocks++
		}
		events = append(events, fmt.Sprintf(" %d:%d %v", binary.LittleEndian.Uint64(b), kind,
			abi.Errno(binary.LittleEndian.Uint16(b[abi.EventErrno:]))))
	}
	if clocks < len(events) {
		events = slices.DeleteFunc(events, func(e string) bool { return strings.HasSuffix(e, ":0 success") })
	}
	slices.Sort(events)
	for _, e := range events {
		d.b = append(d.b, e...)
	}
	d.slept(c, clocks == int(n))
}

// slept notes the earliest time that clocks may show after a poll which only a
// clock has ended.
func (d *describer) slept(c *Call, byClock bool) {
	subs := c.Args[0].Subs
	if !byClock || len(subs) != 1 || subs[0].Clock >= 4 || subs[0].Tag != 0 {
		return
	}
	s := subs[0]
	last := &d.clocks[s.Clock]
	switch {
	case s.Flags&abi.SubclockAbstime != 0:
		*last = max(*last, s.Timeout)
	case *last > 0:
		*last += s.Timeout
	}
}
