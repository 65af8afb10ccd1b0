package canister

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental/table"

	"github.com/icsplice/icsplice/abi"
)

// callContext is a message that waits for its answer, over all the executions
// that serve it.
type callContext struct {
	caller       Principal
	method       string
	origin       *call  // that this context answers; nil for a message from outside
	available    Cycles // that came with the message and are not yet accepted
	response     *response
	outstanding  int // calls that were made and not yet answered
	instructions uint64
	delivered    bool
	trap         *TrapError // the last, which rejects a context without an answer
}

// response is the answer to a message: a reply, or a rejection.
type response struct {
	reply  []byte
	reject *Reject
	refund Cycles
	trap   *TrapError // why it is rejected, if so
}

func rejection(code uint32, message string) *response {
	return &response{reject: &Reject{Code: code, Message: message}}
}

// callback is a function in the table and what it is given.
type callback struct {
	function uint32
	env      uint64
}

// call is a call that the canister makes.
type call struct {
	from              *callContext
	callee            Principal
	method            string
	arg               []byte
	cycles            Cycles
	onReply, onReject callback
	onCleanup         *callback
	bestEffort        bool
}

// task is a call to be delivered, or with an answer one to be called back.
type task struct {
	call   *call
	answer *response
}

// delivery runs a message and all that follows from it, in order.
type delivery struct {
	c     *Canister
	r     *Result
	queue []task
}

// execute runs one execution and keeps or takes back what it changed. The
// error is a *TrapError, or that of stable memory.
func (d *delivery) execute(ctx context.Context, e *execution, run func() error) error {
	err := run()
	if err == nil && keepsState(e.mode) {
		err = d.c.commit(ctx, !d.c.opts.OneShot || e.cc.outstanding+len(e.calls)+len(d.queue) > 0)
	} else if undo := d.c.rollback(ctx); undo != nil {
		return undo
	}
	if err != nil {
		return err
	}
	if e.response != nil {
		e.cc.response = e.response
	}
	e.cc.outstanding += len(e.calls)
	for _, call := range e.calls {
		d.queue = append(d.queue, task{call: call})
	}
	return nil
}

// message runs an entry point for a context.
func (d *delivery) message(ctx context.Context, cc *callContext, entry string, mode abi.Mode, arg []byte) error {
	e := d.c.newExecution(d.r, cc, entry, mode)
	e.arg = arg
	err := d.execute(ctx, e, func() error { return d.c.runExport(ctx, e, entry) })
	return d.settle(cc, err)
}

// settle takes a trap into the context and answers it if it can be. Other
// errors come back.
func (d *delivery) settle(cc *callContext, err error) error {
	var trap *TrapError
	if errors.As(err, &trap) {
		cc.trap = trap
	} else if err != nil {
		return err
	}
	d.conclude(cc)
	return nil
}

// conclude sends the answer to where the context came from, once there is one
// or can be none.
func (d *delivery) conclude(cc *callContext) {
	if cc.delivered || cc.response == nil && cc.outstanding > 0 {
		return
	}
	if cc.response == nil {
		cc.response = noAnswer(cc)
	}
	cc.delivered = true
	cc.response.refund = cc.available
	if cc.origin != nil {
		d.queue = append(d.queue, task{call: cc.origin, answer: cc.response})
	}
}

func noAnswer(cc *callContext) *response {
	if cc.trap == nil {
		return rejection(RejectCanisterError, "the canister did not reply to the call")
	}
	r := rejection(RejectCanisterError, cc.trap.Error())
	r.trap = cc.trap
	return r
}

// drain works through the calls that were made, those of their callbacks too.
func (d *delivery) drain(ctx context.Context) error {
	for len(d.queue) > 0 {
		t := d.queue[0]
		d.queue = d.queue[1:]
		var err error
		if t.answer != nil {
			err = d.callBack(ctx, t.call, t.answer)
		} else {
			err = d.deliver(ctx, t.call)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deliver makes a call: to the canister itself, or to raw_rand.
func (d *delivery) deliver(ctx context.Context, call *call) error {
	var answer *response
	switch {
	case call.callee.Equal(d.c.opts.ID):
		if entry, mode, ok := d.c.updateEntry(call.method); ok {
			cc := &callContext{caller: d.c.opts.ID, method: call.method, origin: call, available: call.cycles}
			return d.message(ctx, cc, entry, mode, call.arg)
		}
		answer = rejection(RejectDestinationInvalid, fmt.Sprintf("the canister has no update method %q", call.method))
	case len(call.callee) == 0 && call.method == "raw_rand":
		b := make([]byte, 32)
		if _, err := io.ReadFull(d.c.opts.Random, b); err != nil {
			return err
		}
		answer = &response{reply: append([]byte("DIDL\x01\x6d\x7b\x01\x00\x20"), b...)} // (blob)
	default:
		answer = rejection(RejectDestinationInvalid, fmt.Sprintf("no canister %s is on this machine", call.callee))
	}
	answer.refund = call.cycles
	d.queue = append(d.queue, task{call: call, answer: answer})
	return nil
}

// callBack runs the callback of an answered call, and if that traps the
// cleanup.
func (d *delivery) callBack(ctx context.Context, call *call, answer *response) error {
	d.c.refund(answer.refund)
	call.from.outstanding--
	mode, back := abi.ModeReply, call.onReply
	if answer.reject != nil {
		mode, back = abi.ModeReject, call.onReject
	}
	err := d.runCallback(ctx, call, back, mode, answer)
	var trap *TrapError
	if errors.As(err, &trap) {
		d.r.CallbackTraps = append(d.r.CallbackTraps, trap)
		if e := d.cleanUp(ctx, call); e != nil {
			return e
		}
	}
	return d.settle(call.from, err)
}

func (d *delivery) cleanUp(ctx context.Context, call *call) error {
	if call.onCleanup == nil {
		return nil
	}
	err := d.runCallback(ctx, call, *call.onCleanup, abi.ModeCleanup, nil)
	var trap *TrapError
	if errors.As(err, &trap) {
		d.r.CallbackTraps = append(d.r.CallbackTraps, trap)
		return nil
	}
	return err
}

func (d *delivery) runCallback(ctx context.Context, call *call, back callback, mode abi.Mode, answer *response) error {
	entry := fmt.Sprintf("%s of %s", ModeName(mode), call.method)
	e := d.c.newExecution(d.r, call.from, entry, mode)
	e.incoming = answer
	return d.execute(ctx, e, func() error {
		return d.c.run(ctx, e, func(ctx context.Context) error {
			f, err := lookup(d.c.inst.module, back.function)
			if err == nil {
				_, err = f.Call(ctx, back.env)
			}
			return err
		})
	})
}

// lookup finds a callback in the table. wazero panics where call_indirect
// would trap.
func lookup(m api.Module, index uint32) (f api.Function, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("callback %d: %v", index, r)
		}
	}()
	return table.LookupFunction(m, 0, index, []api.ValueType{api.ValueTypeI32}, nil), nil
}
