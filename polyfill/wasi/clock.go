package wasi

import "github.com/icsplice/icsplice/abi"

// clock is the monotonic clock, in nanoseconds. The IC's time stands still
// inside a message, so the instruction counter moves it, at one nanosecond an
// instruction; it never runs back, also not from message to message.
type clock struct {
	time  uint64 // ic0.time when base was set
	count uint64 // the counter at the last look
	base  uint64
	last  uint64
	slept uint64 // in this message
}

// maxBase keeps base + count from wrapping, however long a program sleeps.
const maxBase = 1 << 63

func (c *clock) now() uint64 {
	time, count := icTime(), icInstructions()
	if time != c.time || count < c.count { // another message
		c.time = time
		c.base = min(max(time, c.last), maxBase)
		c.slept = 0
	}
	c.count = count
	c.last = c.base + count
	return c.last
}

// sleep moves the clock on by d.
//
//go:noinline
func (c *clock) sleep(d uint64) {
	if d > 0 {
		c.now()
		d = min(d, maxBase-c.base)
		c.base += d
		c.slept += d
	}
}

// real is the time of the message. What was slept in it counts, as programs
// sleep until this clock has moved.
func (c *clock) real() uint64 {
	if c.slept > 0 {
		c.now() // another message begins without sleep
	}
	return icTime() + c.slept
}

// read gives a clock's time, and false for an unknown clock.
func (s *System) read(id abi.Clockid) (ns uint64, ok bool) {
	if id > abi.ClockThreadCputimeID {
		return 0, false
	}
	if id == abi.ClockRealtime {
		return s.clock.real(), true
	}
	return s.clock.now(), true
}

// ClockResGet implements clock_res_get: one nanosecond for each clock.
// Errors: inval (unknown clock), fault.
func (s *System) ClockResGet(id, out uint32) abi.Errno {
	if abi.Clockid(id) > abi.ClockThreadCputimeID {
		return abi.ErrnoInval
	}
	return put64(out, 1)
}

// ClockTimeGet implements clock_time_get. The real time is ic0.time and what the
// program slept in this message; the other clocks add the instruction counter.
// The precision is not used.
// Errors: inval (unknown clock), fault.
func (s *System) ClockTimeGet(id uint32, precision uint64, out uint32) abi.Errno {
	ns, ok := s.read(abi.Clockid(id))
	if !ok {
		return abi.ErrnoInval
	}
	return put64(out, ns)
}
