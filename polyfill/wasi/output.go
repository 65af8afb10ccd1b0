package wasi

import "github.com/icsplice/icsplice/abi"

// Standard output and standard error of command mode are kept in blocks, so
// that the two share one buffer, and go into the reply at the end.
const (
	blockSize  = 4096
	blockCount = 256
)

// replyOverhead bounds the bytes of a reply that are not output.
const replyOverhead = 64

// output is what the program has printed in this run.
type output struct {
	streams [2]stream
	blocks  uint32 // blocks taken
	total   uint32 // bytes of both streams
	next    [blockCount]uint16
	data    [blockCount][blockSize]byte
}

// stream is a chain of blocks and, when these have run out, a scratch file.
type stream struct {
	first   uint16
	last    uint16
	kept    uint32 // bytes in blocks
	spilled uint32 // bytes in the scratch file
}

// print appends to a stream (0 standard output, 1 standard error) and gives how
// many bytes fitted. In library mode the streams go to ic0.debug_print, and in
// command mode standard error goes there, too. Errors: nospc where none did.
func (s *System) print(which uint32, b []byte) (uint32, abi.Errno) {
	if !s.command || which == 1 {
		// A trap takes the reply back but not the canister's log, which then
		// holds the program's last words.
		s.lines[which].print(b)
	}
	if !s.command {
		return uint32(len(b)), abi.ErrnoSuccess
	}
	o := &s.output
	room := max(configReplyLimit(), replyOverhead) - replyOverhead
	b = b[:min(uint32(len(b)), room-min(room, o.total))]
	n := o.keep(which, b)
	if rest := b[n:]; len(rest) > 0 {
		st := &o.streams[which]
		if spillWrite(s, which, st.spilled, rest) == abi.ErrnoSuccess {
			st.spilled += uint32(len(rest))
			n += uint32(len(rest))
		}
	}
	o.total += n
	if n == 0 {
		return 0, abi.ErrnoNospc
	}
	return n, abi.ErrnoSuccess
}

// keep puts what it can of b into blocks and gives how much that was.
func (o *output) keep(which uint32, b []byte) (n uint32) {
	st := &o.streams[which]
	if st.spilled > 0 {
		return 0
	}
	for len(b) > 0 {
		at := st.kept % blockSize
		if at == 0 && !o.extend(st) {
			break
		}
		m := uint32(copy(o.data[st.last][at:], b))
		st.kept += m
		n += m
		b = b[m:]
	}
	return n
}

// extend puts a fresh block at a stream's end.
//
//go:noinline
func (o *output) extend(st *stream) bool {
	if o.blocks == blockCount {
		return false
	}
	fresh := uint16(o.blocks)
	o.blocks++
	if st.kept == 0 {
		st.first = fresh
	} else {
		o.next[st.last] = fresh
	}
	st.last = fresh
	return true
}

// reply appends a stream to the reply as the value of a blob.
func (s *System) reply(which uint32) {
	st := &s.output.streams[which]
	n := st.kept + st.spilled
	b := s.scratch[:0:5]
	for ; n >= 0x80; n >>= 7 {
		b = b[:len(b)+1]
		b[len(b)-1] = byte(n) | 0x80
	}
	b = b[:len(b)+1]
	b[len(b)-1] = byte(n)
	icReplyAppend(b)
	block := st.first
	for left := st.kept; left > 0; {
		m := min(left, blockSize)
		icReplyAppend(s.output.data[block][:m])
		left -= m
		block = s.output.next[block]
	}
	for at := uint32(0); at < st.spilled; {
		b := s.scratch[:min(st.spilled-at, uint32(len(s.scratch)))]
		spillRead(s, which, at, b)
		icReplyAppend(b)
		at += uint32(len(b))
	}
}

// line is the unfinished last line of a stream on its way to the log.
type line struct {
	n uint32
	b [1024]byte
}

// print hands whole lines to ic0.debug_print, without their line feed; a line
// that is too long is cut.
func (l *line) print(b []byte) {
	for _, c := range b {
		if c == '\n' {
			l.flush()
			continue
		}
		if l.n == uint32(len(l.b)) {
			l.flush()
		}
		l.b[l.n] = c
		l.n++
	}
}

//go:noinline
func (l *line) flush() {
	icDebugPrint(l.b[:l.n])
	l.n = 0
}

// flushLines prints what unfinished lines there are.
func (s *System) flushLines() {
	for i := range s.lines {
		if l := &s.lines[i]; l.n > 0 {
			l.flush()
		}
	}
}
