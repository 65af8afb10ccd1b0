package wasi

import "github.com/icsplice/icsplice/abi"

// maxSpan bounds one slice of the program's memory, as a slice's length must
// be below 2^31. A longer span is cut, which makes a read or write short.
const maxSpan = 1 << 30

// put32 and put64 store a result in the program's memory.
//
//go:noinline
func put32(p, v uint32) abi.Errno {
	b, ok := guest(p, 4)
	if !ok {
		return abi.ErrnoFault
	}
	store32(b, 0, v)
	return abi.ErrnoSuccess
}

func put64(p uint32, v uint64) abi.Errno {
	b, ok := guest(p, 8)
	if !ok {
		return abi.ErrnoFault
	}
	store64(b, 0, v)
	return abi.ErrnoSuccess
}

// vectors gives an array of iovec structures and the place of the count that the
// call returns. Where there are several vectors each is checked, so that a bad
// one fails the call before anything is moved; a single one is checked when it is
// taken.
func vectors(iovs, n, out uint32) (list, count []byte, ok bool) {
	if n > maxSpan/abi.IovecSize {
		return nil, nil, false
	}
	count, ok = guest(out, 4)
	list, ok1 := guest(iovs, n*abi.IovecSize)
	if !ok || !ok1 {
		return nil, nil, false
	}
	for v := list; n > 1 && len(v) > 0; v = v[abi.IovecSize:] {
		if _, ok := guest(load32(v, 0), load32(v, 4)); !ok {
			return nil, nil, false
		}
	}
	return list, count, true
}

// utf8State follows a text byte by byte: how many bytes its character still
// needs, and the range of the next one.
type utf8State struct{ need, low, high byte }

// step takes one byte and says whether the text is well-formed so far; at its
// end, need must be 0.
//
//go:noinline
func (u *utf8State) step(b byte) bool {
	if u.need > 0 {
		ok := b >= u.low && b <= u.high
		u.need, u.low, u.high = u.need-1, 0x80, 0xbf
		return ok
	}
	u.low, u.high = 0x80, 0xbf
	switch {
	case b < 0x80:
		return true
	case b >= 0xc2 && b <= 0xdf:
		u.need = 1
	case b >= 0xe0 && b <= 0xef:
		u.need = 2
		if b == 0xe0 {
			u.low = 0xa0
		} else if b == 0xed {
			u.high = 0x9f
		}
	case b >= 0xf0 && b <= 0xf4:
		u.need = 3
		if b == 0xf0 {
			u.low = 0x90
		} else if b == 0xf4 {
			u.high = 0x8f
		}
	default:
		return false
	}
	return true
}
