package wasmgen

// source hands out the bytes that decide. Behind its end every answer is 0, for
// which each choice must take what ends soonest.
type source struct{ b []byte }

func (s *source) byte() byte {
	if len(s.b) == 0 {
		return 0
	}
	c := s.b[0]
	s.b = s.b[1:]
	return c
}

// intn is a number in [0, n), for n up to 256.
func (s *source) intn(n int) int { return int(s.byte()) % n }

// oneIn is true in one of n cases, and never once the bytes are used up.
func (s *source) oneIn(n int) bool { return s.intn(n) == n-1 && n > 1 }

// mostly is false in one of n cases.
func (s *source) mostly(n int) bool { return !s.oneIn(n) }

// uint32 is any number, small ones and those at the ends of the range more often.
func (s *source) uint32() uint32 {
	switch s.intn(8) {
	case 0, 1, 2:
		return uint32(s.byte())
	case 3:
		return uint32(s.byte())<<8 | uint32(s.byte())
	case 4:
		return ^uint32(s.byte())
	case 5:
		return 1<<31 - 2 + uint32(s.intn(4))
	case 6:
		return 1 << s.intn(32)
	}
	return uint32(s.byte())<<24 | uint32(s.byte())<<16 | uint32(s.byte())<<8 | uint32(s.byte())
}

func (s *source) uint64() uint64 {
	switch s.intn(4) {
	case 0:
		return uint64(s.byte())
	case 1:
		return ^uint64(s.byte())
	}
	return uint64(s.uint32())<<32 | uint64(s.uint32())
}

// pick is an element of a list that is not empty.
func pick[T any](s *source, list []T) T { return list[s.intn(min(len(list), 256))] }
