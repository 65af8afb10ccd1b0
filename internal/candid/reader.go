package candid

import (
	"fmt"
	"unicode/utf8"
)

// reader walks a message. The first fault is kept, and every read after it
// gives zero, so that callers check err where a loop or the result depends on it.
type reader struct {
	msg []byte
	pos int
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Offset: r.pos, Msg: fmt.Sprintf(format, args...)}
	}
}

func (r *reader) left() uint64 { return uint64(len(r.msg) - r.pos) }

func (r *reader) byte() byte {
	if r.err == nil && r.left() == 0 {
		r.fail("the message ends too early")
	}
	if r.err != nil {
		return 0
	}
	b := r.msg[r.pos]
	r.pos++
	return b
}

// take returns the next n bytes of the message itself.
func (r *reader) take(n uint64) []byte {
	if r.err == nil && n > r.left() {
		r.fail("%d bytes claimed, %d left", n, r.left())
	}
	if r.err != nil {
		return nil
	}
	b := r.msg[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// uleb reads an unsigned LEB128 number below 2^64. Longer encodings than
// needed are legal in Candid.
func (r *reader) uleb() uint64 {
	var v uint64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		if shift > 63 && b&0x7f != 0 || shift == 63 && b&0x7e != 0 {
			r.fail("number of more than 64 bits")
			return 0
		}
		if shift <= 63 {
			v |= uint64(b&0x7f) << shift
		}
		if b < 0x80 {
			return v
		}
	}
}

// sleb reads a type code or table index, which fits in 64 bits.
func (r *reader) sleb() int64 {
	var v int64
	for shift := 0; shift < 63; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.fail("type code of more than 63 bits")
	return 0
}

// bigLeb skips a nat or int of any size.
func (r *reader) bigLeb() {
	for r.byte() >= 0x80 {
	}
}

func (r *reader) text() []byte {
	b := r.take(r.uleb())
	if !utf8.Valid(b) {
		r.fail("text is not UTF-8")
	}
	return b
}
