package canister

import (
	"fmt"

	"github.com/icsplice/icsplice/abi"
)

func callNew(e *execution, a []uint64) uint64 {
	e.building = nil // a call that was not performed is dropped
	if a[1] > MaxPrincipal {
		e.refuse("a principal is at most 29 bytes")
	}
	if a[3] > maxMethodName {
		e.refuse(fmt.Sprintf("a method name is at most %d bytes", maxMethodName))
	}
	e.building = &call{
		from:     e.cc,
		callee:   append(Principal{}, e.bytes(a[0], a[1])...),
		method:   string(e.bytes(a[2], a[3])),
		onReply:  callback{uint32(a[4]), a[5]},
		onReject: callback{uint32(a[6]), a[7]},
	}
	return 0
}

// underConstruction is the call that call_new began.
func (e *execution) underConstruction() *call {
	if e.building == nil {
		e.refuse("no call is under construction")
	}
	return e.building
}

func callOnCleanup(e *execution, a []uint64) uint64 {
	c := e.underConstruction()
	if c.onCleanup != nil {
		e.refuse("the call has a cleanup callback already")
	}
	c.onCleanup = &callback{uint32(a[0]), a[1]}
	return 0
}

func callDataAppend(e *execution, a []uint64) uint64 {
	c := e.underConstruction()
	data := e.bytes(a[0], a[1])
	if len(data) > maxCallData-len(c.arg) {
		e.refuse("the argument is larger than 10 MiB")
	}
	c.arg = append(c.arg, data...)
	return 0
}

// maxCallData is the most bytes of a call's argument, that within a subnet.
const maxCallData = 10 << 20

// callBestEffort takes note of nothing: on one machine no response is lost.
func callBestEffort(e *execution, _ []uint64) uint64 {
	c := e.underConstruction()
	if c.bestEffort {
		e.refuse("the call has a timeout already")
	}
	c.bestEffort = true
	return 0
}

func callCyclesAdd(e *execution, a []uint64) uint64 { return e.addCycles(Cycles{Lo: a[0]}) }

func callCyclesAdd128(e *execution, a []uint64) uint64 { return e.addCycles(Cycles{a[0], a[1]}) }

func (e *execution) addCycles(amount Cycles) uint64 {
	c := e.underConstruction()
	c.cycles = c.cycles.Add(amount)
	if e.c.state.balance.Less(c.cycles) {
		e.refuse("the canister has too few cycles")
	}
	return 0
}

// maxMethodName is the most bytes of a method name in a call: no canister can
// have a longer one.
const maxMethodName = 20_000

// maxQueued is the most calls of one execution, the length of the IC's queue
// to a canister.
const maxQueued = 500

// notSent is call_perform's answer for a call that was not made.
const notSent = 2

func callPerform(e *execution, _ []uint64) uint64 {
	c := e.underConstruction()
	e.building = nil
	composite := e.mode&(abi.ModeCompositeQuery|abi.ModeCompositeReply|abi.ModeCompositeReject) != 0
	full := len(e.calls) >= maxQueued || e.r.sent >= e.c.opts.MaxCalls
	if composite || full || e.c.state.balance.Less(c.cycles) {
		return notSent
	}
	e.r.sent++
	e.c.state.balance = e.c.state.balance.Sub(c.cycles)
	e.calls = append(e.calls, c)
	return 0
}
