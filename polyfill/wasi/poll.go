package wasi

import "github.com/icsplice/icsplice/abi"

// subscription is one thing that a program waits for.
type subscription struct {
	userdata uint64
	tag      abi.Eventtype
	id       uint32 // the clock, or the descriptor
	timeout  uint64
	flags    uint16
}

// layout says where a generation of WASI keeps a subscription's fields.
type layout struct{ size, id, timeout, flags uint32 }

var (
	layout1 = layout{abi.SubscriptionSize, abi.SubscriptionClockID, abi.SubscriptionClockTimeout, abi.SubscriptionClockFlags}
	layout0 = layout{abi.Subscription0Size, abi.Subscription0ClockID, abi.Subscription0ClockTimeout, abi.Subscription0ClockFlags}
)

// PollOneoff implements poll_oneoff. A message cannot sleep: where nothing is
// ready, the monotonic clock is moved on to the earliest deadline, which is then
// due. A subscription that cannot be served has its errno in its event.
// Errors: inval (no subscriptions), fault.
func (s *System) PollOneoff(in, out, n, nevents uint32) abi.Errno {
	return s.poll(in, out, n, nevents, &layout1)
}

// PollOneoff0 is PollOneoff with the layout of wasi_unstable.
func (s *System) PollOneoff0(in, out, n, nevents uint32) abi.Errno {
	return s.poll(in, out, n, nevents, &layout0)
}

func (s *System) poll(in, out, n, nevents uint32, l *layout) abi.Errno {
	if n == 0 {
		return abi.ErrnoInval
	}
	if n > maxSpan/l.size {
		return abi.ErrnoFault
	}
	subs, ok := guest(in, n*l.size)
	events, ok1 := guest(out, n*abi.EventSize)
	_, ok2 := guest(nevents, 4)
	if !ok || !ok1 || !ok2 {
		return abi.ErrnoFault
	}
	first := s.earliest(subs, l)
	count := uint32(0)
	// An event is shorter than a subscription, so where the two arrays are one,
	// each event lands on subscriptions that were read already.
	for ; len(subs) > 0; subs = subs[l.size:] {
		sub := l.read(subs)
		if wait, errno := s.wait(&sub); wait <= first {
			s.event(events[count*abi.EventSize:], &sub, errno)
			count++
		}
	}
	s.clock.sleep(first)
	return put32(nevents, count)
}

func (l *layout) read(b []byte) subscription {
	sub := subscription{userdata: load64(b, 0), tag: abi.Eventtype(b[abi.SubscriptionTag])}
	if sub.tag != abi.EventClock {
		sub.id = load32(b, abi.SubscriptionFd)
		return sub
	}
	sub.id = load32(b, l.id)
	sub.timeout = load64(b, l.timeout)
	sub.flags = uint16(load32(b, l.flags))
	return sub
}

// earliest gives the nanoseconds until the first event.
func (s *System) earliest(subs []byte, l *layout) uint64 {
	first := ^uint64(0)
	for ; len(subs) > 0 && first > 0; subs = subs[l.size:] {
		sub := l.read(subs)
		wait, _ := s.wait(&sub)
		first = min(first, wait)
	}
	return first
}

// wait gives the nanoseconds until a subscription's event, and its errno.
func (s *System) wait(sub *subscription) (uint64, abi.Errno) {
	switch sub.tag {
	case abi.EventClock:
		return s.waitClock(sub)
	case abi.EventFdRead:
		return 0, s.pollable(sub.id, abi.RightFdRead)
	case abi.EventFdWrite:
		return 0, s.pollable(sub.id, abi.RightFdWrite)
	}
	return 0, abi.ErrnoInval
}

func (s *System) waitClock(sub *subscription) (uint64, abi.Errno) {
	now, ok := s.read(abi.Clockid(sub.id))
	if !ok || sub.flags&^abi.SubclockAbstime != 0 {
		return 0, abi.ErrnoInval
	}
	if sub.flags == 0 {
		return sub.timeout, abi.ErrnoSuccess
	}
	return sub.timeout - min(now, sub.timeout), abi.ErrnoSuccess
}

// pollable says whether a descriptor can be polled for what right stands for.
// Files and streams never block.
func (s *System) pollable(fd uint32, right abi.Rights) abi.Errno {
	d := s.lookup(fd)
	if d == nil || !d.has(right) {
		return abi.ErrnoBadf
	}
	if !d.has(abi.RightPollFdReadwrite) {
		return abi.ErrnoNotcapable
	}
	return abi.ErrnoSuccess
}

// event writes the event of a subscription. The bytes ready are known for
// standard input; other descriptors say 1.
func (s *System) event(b []byte, sub *subscription, errno abi.Errno) {
	clear(b[:abi.EventSize])
	store64(b, abi.EventUserdata, sub.userdata)
	store16(b, abi.EventErrno, uint16(errno))
	b[abi.EventType] = byte(sub.tag)
	if sub.tag == abi.EventClock || errno != abi.ErrnoSuccess {
		return
	}
	ready := uint64(1)
	if s.lookup(sub.id).kind == stdin {
		ready = uint64(s.run.stdinEnd - s.run.stdinPos)
	}
	store64(b, abi.EventNbytes, ready)
}
