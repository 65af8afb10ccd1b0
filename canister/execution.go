package canister

import (
	"context"
	"errors"

	"github.com/icsplice/icsplice/abi"
)

// unlimited is the budget of an execution without a limit.
const unlimited = 1 << 62

// execution is one run of an entry point or callback.
type execution struct {
	c      *Canister
	r      *Result // of the message that this is a part of
	cc     *callContext
	entry  string
	mode   abi.Mode
	budget uint64 // instructions
	now    uint64 // nanoseconds since 1970

	arg      []byte
	incoming *response // what a callback answers to

	reply    []byte    // data of a reply not yet made
	response *response // made by this execution
	accepted bool      // by accept_message
	building *call     // call_new, not yet performed
	calls    []*call   // performed

	function *abi.Function // being called
	written  pageSet
	accessed pageSet
	logLeft  uint64 // bytes
	used     uint64 // instructions, set when the execution has ended
	charged  Cost
}

func (c *Canister) newExecution(r *Result, cc *callContext, entry string, mode abi.Mode) *execution {
	return &execution{
		c: c, r: r, cc: cc, entry: entry, mode: mode, budget: c.budget(mode),
		written: pageSet{}, accessed: pageSet{}, logLeft: logCapacity,
	}
}

// budget is the instruction limit of a mode.
func (c *Canister) budget(mode abi.Mode) uint64 {
	l, limit := &c.opts.Limits, uint64(0)
	switch mode {
	case abi.ModeInit, abi.ModePreUpgrade, abi.ModeStart:
		limit = l.Install
	case abi.ModeQuery, abi.ModeCompositeQuery:
		limit = l.Query
	case abi.ModeInspect:
		limit = l.Inspect
	default:
		limit = l.Update
	}
	if limit == 0 {
		return unlimited
	}
	return min(limit, unlimited)
}

// keepsState says whether what an execution in this mode changes is kept.
func keepsState(mode abi.Mode) bool {
	return mode&(abi.ModeReplicatedQuery|abi.ModeQuery|abi.ModeTransform|abi.ModeCompositeQuery|abi.ModeInspect) == 0
}

// chargesHeap says whether heap pages that change are charged in this mode.
func chargesHeap(mode abi.Mode) bool {
	return mode&(abi.ModeQuery|abi.ModeTransform|abi.ModeInspect) == 0
}

// run runs body, which calls into the module, and does the accounts. The
// canister's state is then neither kept nor taken back. The error is a
// *TrapError.
func (c *Canister) run(ctx context.Context, e *execution, body func(context.Context) error) error {
	in := c.inst
	in.left.Set(e.budget)
	in.exhausted.Set(0)
	if in.fuel != nil {
		in.fuel.Set(0)
	}
	e.now = c.opts.Time()
	c.exec = e
	err := body(ctx)
	c.exec = nil
	e.settle(in)
	if err == nil {
		return nil
	}
	trap := newTrap(e.entry, err)
	trap.Stack = in.program.nameFrames(trap.Stack)
	if in.exhausted.Get() != 0 {
		trap.Cause = ErrOutOfInstructions
	}
	return trap
}

// runExport is run for an exported function; a missing one does nothing.
func (c *Canister) runExport(ctx context.Context, e *execution, name string) error {
	f := c.inst.module.ExportedFunction(name)
	if f == nil {
		return nil
	}
	return c.run(ctx, e, func(ctx context.Context) error {
		_, err := f.Call(ctx)
		return err
	})
}

// settle closes the accounts of an execution that has ended.
func (e *execution) settle(in *instance) {
	in.heap.compare()
	dirty := in.heap.changed(e.c.opts.HeapPage.span())
	before := e.spent()
	e.charged.Code = before - e.charged.SystemCalls - e.charged.StableBytes - e.charged.StablePages
	if chargesHeap(e.mode) {
		e.charged.HeapPages = dirty * e.c.opts.HeapPage.cost()
	}
	e.used = min(before+e.charged.HeapPages, e.budget)
	e.cc.instructions += e.used
	e.r.HeapPagesDirty += dirty
	if in.fuel != nil {
		e.r.Operators += in.fuel.Get()
	}
	e.r.add(e)
}

func (r *Result) add(e *execution) {
	r.Instructions += e.used
	r.Cost.Code += e.charged.Code
	r.Cost.SystemCalls += e.charged.SystemCalls
	r.Cost.StableBytes += e.charged.StableBytes
	r.Cost.StablePages += e.charged.StablePages
	r.Cost.HeapPages += e.charged.HeapPages
}

// spent is what the execution has cost until now.
func (e *execution) spent() uint64 { return e.budget - e.c.inst.left.Get() }

// charge takes n instructions and adds them to an account. It ends the
// execution if they are not there.
func (e *execution) charge(account *uint64, n uint64) {
	n = min(n, unlimited)
	left := int64(e.c.inst.left.Get()) - int64(n)
	e.c.inst.left.Set(uint64(left))
	*account += n
	if left < 0 {
		panic(ErrOutOfInstructions)
	}
}

// fail ends the execution with a trap, because of the ic0 call in progress.
func (e *execution) fail(problem error) {
	panic(&CallError{Function: e.function.Name, Mode: e.mode, Problem: problem})
}

// refuse is fail for a problem that is only a text.
func (e *execution) refuse(problem string) { e.fail(errors.New(problem)) }

// bytes is memory of the canister from address on; the slice is the memory
// itself.
func (e *execution) bytes(address, size uint64) []byte {
	b, ok := e.c.inst.heap.slice(address, size)
	if !ok {
		e.fail(ErrHeapBounds)
	}
	return b
}

// ErrHeapBounds is the problem of a CallError for an address outside of the
// canister's memory.
var ErrHeapBounds = errors.New("address out of bounds")
