package wasi

import "github.com/icsplice/icsplice/abi"

// random is a ChaCha20 key stream (RFC 8439 with a 64-bit counter and nonce 0).
// Its key is drawn from the time, the canister, the caller, the instruction
// counter, the canister's version and, in command mode, the message. All of
// these are known to the replicas and most can be guessed by others: the output
// is well mixed, but it is not secret.
type random struct {
	key    [8]uint32
	count  uint64
	block  [64]byte
	left   uint32 // bytes of block not yet given out, at its end
	time   uint64 // ic0.time of the message that it was seeded in
	seeded bool
}

// RandomGet implements random_get, for any length. Errors: fault.
func (s *System) RandomGet(p, n uint32) abi.Errno {
	if _, ok := guest(p, n); !ok {
		return abi.ErrnoFault
	}
	s.random.seed(&s.scratch, s.command)
	for n > 0 {
		b, _ := guest(p, n)
		s.random.read(b)
		p += uint32(len(b))
		n -= uint32(len(b))
	}
	return abi.ErrnoSuccess
}

// seed mixes what is new in this message into the key. A message that takes
// back its changes, as a query does, would otherwise give the same numbers again.
func (r *random) seed(scratch *[256]byte, command bool) {
	now := icTime()
	if r.seeded && r.time == now {
		return
	}
	r.seeded, r.time = true, now
	b := scratch[:32]
	store64(b, 0, now)
	store64(b, 8, icInstructions())
	store64(b, 16, icVersion())
	store64(b, 24, 0)
	r.absorb(b)
	r.absorb(padded(b, icSelf(b)))
	r.absorb(padded(b, icCaller(b)))
	if command {
		size := icArgumentSize()
		n := min(size, 256)
		icArgument(scratch[:n], 0)
		r.absorb(padded(scratch[:], n))
		store32(b, 0, size)
		r.absorb(padded(b, 4))
	}
}

// padded clears b behind its first n bytes.
func padded(b []byte, n uint32) []byte {
	clear(b[min(n, uint32(len(b))):])
	return b
}

// absorb mixes b, whole pieces of 32 bytes, into the key.
func (r *random) absorb(b []byte) {
	for ; len(b) >= 32; b = b[32:] {
		for i := range r.key {
			r.key[i] ^= load32(b, uint32(4*i))
		}
		r.refill()
		for i := range r.key {
			r.key[i] = load32(r.block[:], uint32(4*i))
		}
	}
	r.left = 0
}

func (r *random) read(b []byte) {
	for len(b) > 0 {
		if r.left == 0 {
			r.refill()
		}
		n := uint32(copy(b, r.block[64-r.left:]))
		b = b[n:]
		r.left -= n
	}
}

// refill makes the next block of the key stream.
func (r *random) refill() {
	in := [16]uint32{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}
	copy(in[4:], r.key[:])
	in[12], in[13] = uint32(r.count), uint32(r.count>>32)
	x := in
	for range 10 {
		for i := range 4 {
			quarter(&x, i, 4+i, 8+i, 12+i)
		}
		for i := range 4 {
			quarter(&x, i, 4+(i+1)%4, 8+(i+2)%4, 12+(i+3)%4)
		}
	}
	for i := range x {
		store32(r.block[:], uint32(4*i), x[i]+in[i])
	}
	r.count++
	r.left = 64
}

func quarter(x *[16]uint32, a, b, c, d int) {
	x[a] += x[b]
	x[d] = rotate(x[d]^x[a], 16)
	x[c] += x[d]
	x[b] = rotate(x[b]^x[c], 12)
	x[a] += x[b]
	x[d] = rotate(x[d]^x[a], 8)
	x[c] += x[d]
	x[b] = rotate(x[b]^x[c], 7)
}

func rotate(v uint32, n uint) uint32 { return v<<n | v>>(32-n) }
