package fuzz

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/icsplice/icsplice/abi"
)

// String is the readable form, a call in each line; see README.md.
func (s Script) String() string {
	var b []byte
	for i, m := range s {
		if i > 0 || m.Upgrade || m.Limit > 0 {
			b = m.appendHead(b, i > 0)
		}
		for k := range m.Calls {
			b = append(m.Calls[k].append(b), '\n')
		}
	}
	return string(b)
}

func (m *Message) appendHead(b []byte, next bool) []byte {
	b = append(b, "message"...)
	if m.Upgrade {
		b = append(b, " upgrade"...)
	}
	if m.Limit > 0 {
		b = fmt.Appendf(b, " limit %d", m.Limit)
	}
	return append(b, '\n')
}

// String is the line of the call.
func (c *Call) String() string { return string(c.append(nil)) }

func (c *Call) append(b []byte) []byte {
	f := &functions[c.Op]
	if f.opens {
		b = append(b, 'r')
		b = strconv.AppendUint(b, uint64(c.Reg), 10)
		b = append(b, " = "...)
	}
	b = append(b, f.name...)
	for i := range f.shapes {
		b = append(b, ' ')
		b = c.Args[i].append(b, &f.shapes[i])
	}
	return b
}

func (a *Arg) append(b []byte, s *shape) []byte {
	switch a.Kind {
	case Number:
		return s.appendNumber(b, a.Num)
	case Register:
		return strconv.AppendUint(append(b, 'r'), a.Num, 10)
	case Cookie:
		return strconv.AppendUint(append(b, "cookie:"...), a.Num, 10)
	case Out:
		return a.Ptr.append(b)
	case Buffer:
		if a.Ptr.Kind != Chosen {
			b = a.Ptr.append(b)
		}
		return fmt.Appendf(b, "[%d]", a.Num)
	}
	if a.Ptr.Kind != Chosen {
		return fmt.Appendf(a.Ptr.append(b), "[%d]", a.Num)
	}
	switch a.Kind {
	case Text:
		return appendText(b, a.Text)
	case Vectors:
		return appendVectors(b, a.Vecs)
	}
	return appendSubs(b, a.Subs)
}

func (p Pointer) append(b []byte) []byte {
	switch p.Kind {
	case InArena:
		return strconv.AppendUint(append(b, '@'), uint64(p.At), 10)
	case Absolute:
		return strconv.AppendUint(append(b, '!'), uint64(p.At), 10)
	}
	return append(b, '.')
}

// appendNumber writes a number by its names where all of it has some.
func (s *shape) appendNumber(b []byte, n uint64) []byte {
	switch {
	case s.enum && n < uint64(len(s.names)):
		return append(b, s.names[n]...)
	case s.enum || len(s.names) == 0 || n == 0 || n>>len(s.names) != 0:
		if s.signed {
			return strconv.AppendInt(b, int64(n), 10)
		}
		return strconv.AppendUint(b, n, 10)
	}
	for _, set := range rightSets {
		if n == uint64(set.rights) {
			return append(b, set.name...)
		}
	}
	first := true
	for i, name := range s.names {
		if n>>i&1 == 0 {
			continue
		}
		if !first {
			b = append(b, '|')
		}
		b, first = append(b, name...), false
	}
	return b
}

// appendText writes a quoted text; what is long and of one byte is "x"*N.
func appendText(b, text []byte) []byte {
	if n := len(text); n > 8 && bytes.Count(text, text[:1]) == n {
		return fmt.Appendf(b, "%s*%d", strconv.QuoteToASCII(string(text[:1])), n)
	}
	return quote(b, text)
}

// quote writes bytes so that strconv.Unquote gives just them.
func quote(b, text []byte) []byte {
	b = append(b, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ' && c < 0x7f:
			b = append(b, c)
		default:
			b = fmt.Appendf(b, `\x%02x`, c)
		}
	}
	return append(b, '"')
}

func appendVectors(b []byte, vecs []Vec) []byte {
	b = append(b, '{')
	for i, v := range vecs {
		if i > 0 {
			b = append(b, ", "...)
		}
		switch {
		case v.Ptr.Kind != Chosen:
			b = fmt.Appendf(v.Ptr.append(b), "[%d]", v.Len)
		case v.Text != nil:
			b = appendText(b, v.Text)
		default:
			b = fmt.Appendf(b, "[%d]", v.Len)
		}
	}
	return append(b, '}')
}

func appendSubs(b []byte, subs []Sub) []byte {
	b = append(b, '{')
	for i, s := range subs {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = fmt.Appendf(b, "%d %d ", s.Tag, s.Userdata)
		if s.Tag == uint8(abi.EventClock) {
			b = fmt.Appendf(b, "%d %d %d", s.Clock, s.Timeout, s.Flags)
		} else {
			b = s.FD.append(b, &shape{})
		}
	}
	return append(b, '}')
}
