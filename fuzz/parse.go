package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseError is a fault in the readable form of a script.
type ParseError struct {
	Line int // from 1
	Err  error
}

func (e *ParseError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *ParseError) Unwrap() error { return e.Err }

// Parse reads the readable form of a script. Empty lines and lines that begin
// with # are passed over. The error is a *ParseError.
func Parse(text string) (Script, error) {
	s := Script{{}}
	line, fresh := 0, true
	for l := range strings.Lines(text) {
		line++
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		if words := strings.Fields(l); words[0] == "message" {
			m, err := parseHead(words[1:])
			if err != nil {
				return nil, &ParseError{line, err}
			}
			if fresh {
				s = s[:0]
			}
			s, fresh = append(s, m), false
			continue
		}
		c, err := parseCall(l)
		if err == nil {
			err = c.check()
		}
		if err != nil {
			return nil, &ParseError{line, err}
		}
		last := &s[len(s)-1]
		last.Calls, fresh = append(last.Calls, c), false
	}
	return s, nil
}

func parseHead(words []string) (Message, error) {
	var m Message
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "upgrade":
			m.Upgrade = true
		case words[i] == "limit" && i+1 < len(words):
			i++
			n, err := strconv.ParseUint(words[i], 10, 64)
			if err != nil {
				return m, err
			}
			m.Limit = n
		default:
			return m, fmt.Errorf("message has no %q", words[i])
		}
	}
	return m, nil
}

// parser reads one line.
type parser struct{ rest string }

func parseCall(line string) (Call, error) {
	p := &parser{line}
	var c Call
	word := p.word()
	if strings.HasPrefix(p.rest, "= ") {
		n, err := register(word)
		if err != nil {
			return c, err
		}
		c.Reg = uint8(n)
		p.rest = p.rest[2:]
		word = p.word()
	}
	o, ok := opByName[word]
	if !ok {
		return c, fmt.Errorf("there is no function %q", word)
	}
	c.Op = o
	f := &functions[o]
	for i := range f.shapes {
		a, err := p.arg(&f.shapes[i])
		if err != nil {
			return c, fmt.Errorf("%s of %s: %w", f.shapes[i].name, f.name, err)
		}
		c.Args = append(c.Args, a)
		p.blanks()
	}
	if p.rest != "" {
		return c, fmt.Errorf("%s takes no more than %d arguments", f.name, len(f.shapes))
	}
	return c, nil
}

func (p *parser) blanks() { p.rest = strings.TrimLeft(p.rest, " ") }

// word takes what goes up to the next blank.
func (p *parser) word() string {
	w, _, _ := strings.Cut(p.rest, " ")
	p.rest = p.rest[len(w):]
	p.blanks()
	return w
}

// registers is how many the driver has.
const registers = 16

func register(w string) (uint64, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(w, "r"), 10, 8)
	if err != nil || w[0] != 'r' || n >= registers {
		return 0, fmt.Errorf("%q is no register", w)
	}
	return n, nil
}

var errEnds = errors.New("the line ends early")

func (p *parser) arg(s *shape) (Arg, error) {
	if p.rest == "" {
		return Arg{}, errEnds
	}
	switch s.kind {
	case Number:
		return s.parseNumber(p.word())
	case Out:
		ptr, err := p.pointer()
		return Arg{Kind: Out, Ptr: ptr}, err
	}
	a := Arg{Kind: s.kind}
	if strings.ContainsRune("@![", rune(p.rest[0])) {
		var err error
		a.Ptr, a.Num, err = p.span()
		return a, err
	}
	var err error
	switch s.kind {
	case Text:
		a.Text, err = p.text()
	case Vectors:
		err = p.list(func() error {
			v, err := p.vec()
			a.Vecs = append(a.Vecs, v)
			return err
		})
	case Subscriptions:
		err = p.list(func() error {
			sub, err := p.sub()
			a.Subs = append(a.Subs, sub)
			return err
		})
	default:
		err = errors.New("wants [LENGTH]")
	}
	return a, err
}

func (s *shape) parseNumber(w string) (Arg, error) {
	if n, ok := strings.CutPrefix(w, "cookie:"); ok && s.cookie {
		v, err := strconv.ParseUint(n, 10, 8)
		return Arg{Kind: Cookie, Num: v}, err
	}
	if s.fd && w[0] == 'r' {
		n, err := register(w)
		return Arg{Kind: Register, Num: n}, err
	}
	for _, set := range rightSets {
		if w == set.name && len(s.names) == len(rightNames) {
			return Arg{Num: uint64(set.rights)}, nil
		}
	}
	if w[0] == '-' && s.signed {
		n, err := strconv.ParseInt(w, 10, 64)
		return Arg{Num: uint64(n)}, err
	}
	if w[0] >= '0' && w[0] <= '9' {
		n, err := strconv.ParseUint(w, 0, 64)
		return Arg{Num: n}, err
	}
	var n uint64
	for name := range strings.SplitSeq(w, "|") {
		i := indexOf(s.names, name)
		if i < 0 {
			return Arg{}, fmt.Errorf("%q has no meaning here", name)
		}
		if s.enum {
			return Arg{Num: uint64(i)}, nil
		}
		n |= 1 << i
	}
	return Arg{Num: n}, nil
}

func indexOf(list []string, s string) int {
	for i, l := range list {
		if l == s {
			return i
		}
	}
	return -1
}

func (p *parser) pointer() (Pointer, error) {
	var ptr Pointer
	switch {
	case p.rest == "":
		return ptr, errEnds
	case p.rest[0] == '.':
		p.rest = p.rest[1:]
		return ptr, nil
	case p.rest[0] == '@':
		ptr.Kind = InArena
	case p.rest[0] == '!':
		ptr.Kind = Absolute
	default:
		return ptr, fmt.Errorf("%q is no address", p.rest)
	}
	p.rest = p.rest[1:]
	n, err := p.digits()
	ptr.At = uint32(n)
	if n>>32 != 0 {
		err = strconv.ErrRange
	}
	return ptr, err
}

func (p *parser) digits() (uint64, error) {
	n := 0
	for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
		n++
	}
	v, err := strconv.ParseUint(p.rest[:n], 10, 64)
	p.rest = p.rest[n:]
	return v, err
}

// span takes an address, which may be missing, and a length in brackets.
func (p *parser) span() (ptr Pointer, n uint64, err error) {
	if p.rest[0] != '[' {
		if ptr, err = p.pointer(); err != nil {
			return ptr, 0, err
		}
	}
	if !p.take("[") {
		return ptr, 0, errors.New("wants [LENGTH]")
	}
	n, err = p.digits()
	if err == nil && (!p.take("]") || n>>32 != 0) {
		err = errors.New("wants [LENGTH]")
	}
	return ptr, n, err
}

func (p *parser) take(s string) bool {
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return ok
}

// text takes a quoted text, perhaps with a count behind it.
func (p *parser) text() ([]byte, error) {
	quoted, err := strconv.QuotedPrefix(p.rest)
	if err != nil {
		return nil, err
	}
	p.rest = p.rest[len(quoted):]
	s, err := strconv.Unquote(quoted)
	if err != nil || !p.take("*") {
		return []byte(s), err
	}
	n, err := p.digits()
	if err == nil && n*uint64(len(s)) > arenaSize {
		err = errTooLarge
	}
	if err != nil {
		return nil, err
	}
	return bytes.Repeat([]byte(s), int(n)), nil
}

// list takes items in braces.
func (p *parser) list(item func() error) error {
	if !p.take("{") {
		return errors.New("wants a list in braces")
	}
	for first := true; !p.take("}"); first = false {
		if !first && !p.take(", ") {
			return errors.New("a list wants a comma or its end")
		}
		if p.rest == "" {
			return errEnds
		}
		if err := item(); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) vec() (Vec, error) {
	if p.rest[0] == '"' {
		text, err := p.text()
		return Vec{Text: text}, err
	}
	ptr, n, err := p.span()
	return Vec{Ptr: ptr, Len: uint32(n)}, err
}

// sub takes "TAG USERDATA FD", or "0 USERDATA CLOCK TIMEOUT FLAGS".
func (p *parser) sub() (Sub, error) {
	end := strings.IndexAny(p.rest, ",}")
	if end < 0 {
		return Sub{}, errEnds
	}
	words := strings.Fields(p.rest[:end])
	p.rest = p.rest[end:]
	var n [5]uint64
	for i, w := range words {
		if i == 2 && w[0] == 'r' {
			continue
		}
		v, err := strconv.ParseUint(w, 10, 64)
		if err != nil || i >= len(n) {
			return Sub{}, fmt.Errorf("%q does not belong into a subscription", w)
		}
		n[i] = v
	}
	s := Sub{Tag: uint8(n[0]), Userdata: n[1]}
	switch {
	case s.Tag == 0 && len(words) == 5:
		s.Clock, s.Timeout, s.Flags = uint32(n[2]), n[3], uint16(n[4])
		return s, nil
	case s.Tag != 0 && len(words) == 3:
		var err error
		s.FD, err = (&shape{fd: true}).parseNumber(words[2])
		return s, err
	}
	return s, errors.New("a subscription is TAG USERDATA FD, or 0 USERDATA CLOCK TIMEOUT FLAGS")
}
