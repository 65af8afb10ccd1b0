package canister

import (
	"encoding/binary"
	"math/bits"
)

// Cycles is an amount of cycles, Hi × 2^64 + Lo.
type Cycles struct{ Hi, Lo uint64 }

// Add is the sum, at most 2^128 − 1.
func (c Cycles) Add(d Cycles) Cycles {
	lo, carry := bits.Add64(c.Lo, d.Lo, 0)
	hi, over := bits.Add64(c.Hi, d.Hi, carry)
	if over != 0 {
		return Cycles{^uint64(0), ^uint64(0)}
	}
	return Cycles{hi, lo}
}

// Sub is the difference, at least 0.
func (c Cycles) Sub(d Cycles) Cycles {
	if c.Less(d) {
		return Cycles{}
	}
	lo, borrow := bits.Sub64(c.Lo, d.Lo, 0)
	hi, _ := bits.Sub64(c.Hi, d.Hi, borrow)
	return Cycles{hi, lo}
}

// Less says whether c is the smaller amount.
func (c Cycles) Less(d Cycles) bool {
	return c.Hi < d.Hi || c.Hi == d.Hi && c.Lo < d.Lo
}

func (c Cycles) min(d Cycles) Cycles {
	if c.Less(d) {
		return c
	}
	return d
}

// bytes is the form in which ic0 hands out amounts of 128 bits.
func (c Cycles) bytes() []byte {
	b := binary.LittleEndian.AppendUint64(nil, c.Lo)
	return binary.LittleEndian.AppendUint64(b, c.Hi)
}

func times(n, price uint64) Cycles {
	hi, lo := bits.Mul64(n, price)
	return Cycles{hi, lo}
}
