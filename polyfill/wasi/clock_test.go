package wasi

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

func clockNow(t *testing.T, s *System, id abi.Clockid) uint64 {
	t.Helper()
	want(t, "clock_time_get", s.ClockTimeGet(uint32(id), 0, outAt), abi.ErrnoSuccess)
	return peek64(outAt)
}

func TestClocks(t *testing.T) {
	s := start(t)
	if got := clockNow(t, s, abi.ClockRealtime); got != testTime {
		t.Errorf("real time %d", got)
	}
	last := uint64(0)
	for _, id := range []abi.Clockid{abi.ClockMonotonic, abi.ClockProcessCputimeID, abi.ClockThreadCputimeID} {
		now := clockNow(t, s, id)
		if now <= last {
			t.Errorf("clock %d: %d after %d", id, now, last)
		}
		last = now
		want(t, "clock_res_get", s.ClockResGet(uint32(id), outAt), abi.ErrnoSuccess)
		if peek64(outAt) == 0 {
			t.Errorf("clock %d has resolution 0", id)
		}
	}
	want(t, "unknown clock", s.ClockTimeGet(4, 0, outAt), abi.ErrnoInval)
	want(t, "unknown clock", s.ClockResGet(math.MaxUint32, outAt), abi.ErrnoInval)
	want(t, "address", s.ClockTimeGet(0, 0, beyond), abi.ErrnoFault)
	want(t, "address", s.ClockResGet(0, beyond), abi.ErrnoFault)
}

// The counter begins at zero in each message, and the IC's time may stand still
// from one to the next.
func TestMonotonicClockNeverRunsBack(t *testing.T) {
	s := start(t)
	last := clockNow(t, s, abi.ClockMonotonic)
	for _, message := range []struct{ time, counter uint64 }{
		{testTime, 40_000_000_000},
		{testTime, 0},
		{testTime + 5, 0},
		{testTime - 1000, 0},
		{testTime + 90_000_000_000, 3},
		{testTime + 90_000_000_000, 9},
	} {
		Platform.Time, Platform.Counter = message.time, message.counter
		for range 3 {
			now := clockNow(t, s, abi.ClockMonotonic)
			if now <= last {
				t.Errorf("message %+v: %d after %d", message, now, last)
			}
			last = now
		}
	}
	if last < testTime+90_000_000_000 {
		t.Error("the clock did not catch up with the time")
	}
}

// A program may sleep until the real clock has moved; the next message has the
// IC's time again.
func TestRealClockMovesWithSleep(t *testing.T) {
	s := start(t)
	clockNow(t, s, abi.ClockMonotonic)
	for i := range uint64(3) {
		poke(dataAt, string(sub(1, 0, uint32(abi.ClockRealtime), 1000, 0)))
		want(t, "poll_oneoff", s.PollOneoff(dataAt, pathAt, 1, outAt), abi.ErrnoSuccess)
		if got := clockNow(t, s, abi.ClockRealtime); got != testTime+(i+1)*1000 {
			t.Errorf("real time %d after %d naps", got-testTime, i+1)
		}
	}
	Platform.Time += 5
	if got := clockNow(t, s, abi.ClockRealtime); got != testTime+5 {
		t.Errorf("real time %d in the next message", got-testTime)
	}
}

// sub makes a subscription in the layout of preview1.
func sub(userdata uint64, tag abi.Eventtype, id uint32, timeout uint64, flags uint16) []byte {
	b := make([]byte, abi.SubscriptionSize)
	binary.LittleEndian.PutUint64(b, userdata)
	b[abi.SubscriptionTag] = byte(tag)
	binary.LittleEndian.PutUint32(b[abi.SubscriptionClockID:], id)
	binary.LittleEndian.PutUint64(b[abi.SubscriptionClockTimeout:], timeout)
	binary.LittleEndian.PutUint16(b[abi.SubscriptionClockFlags:], flags)
	return b
}

type event struct {
	userdata uint64
	errno    abi.Errno
	tag      abi.Eventtype
	nbytes   uint64
	flags    uint16
}

func events(at, n uint32) []event {
	var all []event
	for b := Platform.Memory[at:]; n > 0; n, b = n-1, b[abi.EventSize:] {
		all = append(all, event{
			binary.LittleEndian.Uint64(b), abi.Errno(binary.LittleEndian.Uint16(b[8:])), abi.Eventtype(b[10]),
			binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint16(b[24:]),
		})
	}
	return all
}

func TestPoll(t *testing.T) {
	const second = 1_000_000_000
	mono, abs := uint32(abi.ClockMonotonic), uint16(abi.SubclockAbstime)
	for _, test := range []struct {
		name  string
		subs  [][]byte
		slept uint64
		want  []event
	}{
		{"one clock", [][]byte{sub(7, 0, mono, second, 0)}, second, []event{{userdata: 7}}},
		{"the earlier clock", [][]byte{sub(1, 0, mono, 3*second, 0), sub(2, 0, mono, second, 0)}, second, []event{{userdata: 2}}},
		{"two at once", [][]byte{sub(1, 0, mono, second, 0), sub(2, 0, 0, second, 0)}, second, []event{{userdata: 1}, {userdata: 2}}},
		{"real time to come", [][]byte{sub(1, 0, 0, testTime+second, abs)}, second, []event{{userdata: 1}}},
		{"real time gone", [][]byte{sub(1, 0, 0, testTime-second, abs)}, 0, []event{{userdata: 1}}},
		{"nothing to wait for", [][]byte{sub(1, 0, mono, 0, 0), sub(2, 0, mono, 5, 0)}, 0, []event{{userdata: 1}}},
		{"for ever", [][]byte{sub(1, 0, mono, math.MaxUint64, 0)}, maxBase - testTime, []event{{userdata: 1}}},
		{"output beside a clock", [][]byte{sub(1, 0, mono, second, 0), sub(2, abi.EventFdWrite, 1, 0, 0)}, 0,
			[]event{{userdata: 2, tag: abi.EventFdWrite, nbytes: 1}}},
		{"input at its end", [][]byte{sub(1, abi.EventFdRead, 0, 0, 0)}, 0, []event{{userdata: 1, tag: abi.EventFdRead}}},
		{"errors", [][]byte{
			sub(1, abi.EventFdRead, 99, 0, 0), sub(2, abi.EventFdRead, 1, 0, 0), sub(3, abi.EventFdWrite, 0, 0, 0),
			sub(4, 0, 9, 0, 0), sub(5, 0, 1, 0, 2), sub(6, 3, 0, 0, 0),
		}, 0, []event{
			{1, abi.ErrnoBadf, abi.EventFdRead, 0, 0}, {2, abi.ErrnoBadf, abi.EventFdRead, 0, 0}, {3, abi.ErrnoBadf, abi.EventFdWrite, 0, 0},
			{4, abi.ErrnoInval, 0, 0, 0}, {5, abi.ErrnoInval, 0, 0, 0}, {6, abi.ErrnoInval, 3, 0, 0},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, out := range []uint32{dataAt + 1, pathAt} { // over the subscriptions, and apart
				s := start(t)
				Platform.Step = 0
				before := clockNow(t, s, abi.ClockMonotonic)
				at := uint32(dataAt + 1)
				for i, b := range test.subs {
					copy(Platform.Memory[at+uint32(i)*abi.SubscriptionSize:], b)
				}
				want(t, "poll_oneoff", s.PollOneoff(at, out, uint32(len(test.subs)), outAt), abi.ErrnoSuccess)
				got := events(out, peek32(outAt))
				if len(got) != len(test.want) {
					t.Fatalf("events %+v, want %+v", got, test.want)
				}
				for i := range got {
					if got[i] != test.want[i] {
						t.Errorf("event %d is %+v, want %+v", i, got[i], test.want[i])
					}
				}
				if slept := clockNow(t, s, abi.ClockMonotonic) - before; slept != test.slept {
					t.Errorf("slept %d ns, want %d", slept, test.slept)
				}
			}
		})
	}
}

func TestPollTellsWhatInputIsLeft(t *testing.T) {
	s := start(t)
	run(t, s, unhex(t, golden), func() {
		poke(dataAt, string(sub(1, abi.EventFdRead, 0, 0, 0)))
		want(t, "poll_oneoff", s.PollOneoff(dataAt, pathAt, 1, outAt), abi.ErrnoSuccess)
		if got := events(pathAt, 1)[0].nbytes; got != 3 {
			t.Errorf("%d bytes ready", got)
		}
	})
	ran(t)
}

func TestPollErrors(t *testing.T) {
	s := start(t)
	want(t, "no subscriptions", s.PollOneoff(dataAt, pathAt, 0, outAt), abi.ErrnoInval)
	want(t, "subscriptions", s.PollOneoff(beyond, pathAt, 1, outAt), abi.ErrnoFault)
	want(t, "events", s.PollOneoff(dataAt, beyond, 1, outAt), abi.ErrnoFault)
	want(t, "count", s.PollOneoff(dataAt, pathAt, 1, beyond), abi.ErrnoFault)
	want(t, "a product above 2^32", s.PollOneoff(dataAt, pathAt, 1<<28, outAt), abi.ErrnoFault)
}

func TestPollPreview0(t *testing.T) {
	s := start(t)
	Platform.Step = 0
	b := make([]byte, abi.Subscription0Size)
	binary.LittleEndian.PutUint64(b, 4)
	binary.LittleEndian.PutUint64(b[16:], math.MaxUint64) // the identifier
	binary.LittleEndian.PutUint32(b[24:], uint32(abi.ClockMonotonic))
	binary.LittleEndian.PutUint64(b[32:], 12345)
	poke(dataAt, string(b))
	before := clockNow(t, s, abi.ClockMonotonic)
	want(t, "poll_oneoff", s.PollOneoff0(dataAt, pathAt, 1, outAt), abi.ErrnoSuccess)
	if got := events(pathAt, peek32(outAt)); len(got) != 1 || got[0].userdata != 4 || got[0].errno != 0 {
		t.Errorf("events %+v", got)
	}
	if slept := clockNow(t, s, abi.ClockMonotonic) - before; slept != 12345 {
		t.Errorf("slept %d", slept)
	}
}
