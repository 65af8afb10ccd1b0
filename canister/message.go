package canister

import (
	"context"
	"errors"
	"fmt"

	"github.com/icsplice/icsplice/abi"
)

var (
	// ErrNoMethod says that the canister has no method of the name and kind.
	ErrNoMethod = errors.New("no such method")
	// ErrRefused says that canister_inspect_message did not accept the message.
	ErrRefused = errors.New("canister_inspect_message refused the message")
	// ErrNoTimer says that the global timer is not set.
	ErrNoTimer = errors.New("the global timer is not set")
)

// Update sends an update message from outside: canister_inspect_message is
// asked first. A query method runs as a replicated query. Calls that the
// canister makes to itself and to raw_rand are made before Update returns.
//
// ctx does not interrupt an execution; Options.Limits do. A nil caller is Options.Caller. The error is ErrNoMethod, ErrRefused,
// ErrSpent, ErrSpoiled or ErrClosed (wrapped), a *TrapError, or that of stable
// memory. With a *TrapError the result is not nil. A rejection is no error.
func (c *Canister) Update(ctx context.Context, caller Principal, method string, arg []byte) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.usable(); err != nil {
		return nil, err
	}
	entry, mode, ok := c.updateEntry(method)
	if !ok {
		return nil, fmt.Errorf("%w: update %q", ErrNoMethod, method)
	}
	return c.serve(ctx, &callContext{caller: c.orDefault(caller), method: method}, entry, mode, arg)
}

// Query sends a query message. What it changes is taken back. Errors are as
// those of Update.
func (c *Canister) Query(ctx context.Context, caller Principal, method string, arg []byte) (*Result, error) {
	return c.query(ctx, caller, method, arg, "canister_query ", abi.ModeQuery)
}

// CompositeQuery sends a composite query message; the calls that it makes to
// other canisters are not sent (call_perform gives 2). Errors are as those of
// Update.
func (c *Canister) CompositeQuery(ctx context.Context, caller Principal, method string, arg []byte) (*Result, error) {
	return c.query(ctx, caller, method, arg, "canister_composite_query ", abi.ModeCompositeQuery)
}

func (c *Canister) query(ctx context.Context, caller Principal, method string, arg []byte, kind string, mode abi.Mode) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.usable(); err != nil {
		return nil, err
	}
	if !c.exports(kind + method) {
		return nil, fmt.Errorf("%w: %s%q", ErrNoMethod, kind, method)
	}
	return c.serve(ctx, &callContext{caller: c.orDefault(caller), method: method}, kind+method, mode, arg)
}

// Heartbeat runs canister_heartbeat. Errors are as those of Update.
func (c *Canister) Heartbeat(ctx context.Context) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.systemTask(ctx, "canister_heartbeat")
}

// GlobalTimer runs canister_global_timer as if the time had come, and
// deactivates the timer first; ErrNoTimer says that none is set. Other errors
// are as those of Update.
func (c *Canister) GlobalTimer(ctx context.Context) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.timer == 0 {
		return nil, ErrNoTimer
	}
	c.state.timer, c.saved.timer = 0, 0
	return c.systemTask(ctx, "canister_global_timer")
}

// systemTask runs an entry point that nobody waits for: its context has an
// answer already.
func (c *Canister) systemTask(ctx context.Context, entry string) (*Result, error) {
	if err := c.usable(); err != nil {
		return nil, err
	}
	if !c.exports(entry) {
		return nil, fmt.Errorf("%w: %s", ErrNoMethod, entry)
	}
	cc := &callContext{caller: Principal{}, response: &response{reply: []byte{}}}
	return c.serve(ctx, cc, entry, abi.ModeSystemTask, nil)
}

// serve runs a message from outside to its end.
func (c *Canister) serve(ctx context.Context, cc *callContext, entry string, mode abi.Mode, arg []byte) (*Result, error) {
	r := &Result{}
	d := &delivery{c: c, r: r}
	err := c.inspect(ctx, d, cc, mode, arg)
	if err == nil {
		c.spent = c.opts.OneShot
		err = d.message(ctx, cc, entry, mode, arg)
	}
	if err == nil {
		err = d.drain(ctx)
	}
	r.finish(c.stable)
	if err != nil {
		return r, err
	}
	if cc.trap != nil && (cc.response.trap != nil || mode == abi.ModeSystemTask) {
		return r, cc.trap
	}
	r.Reply, r.Reject = cc.response.reply, cc.response.reject
	return r, nil
}

// inspect asks canister_inspect_message whether an update may come in.
func (c *Canister) inspect(ctx context.Context, d *delivery, cc *callContext, mode abi.Mode, arg []byte) error {
	const entry = "canister_inspect_message"
	if mode&(abi.ModeUpdate|abi.ModeReplicatedQuery) == 0 || !c.exports(entry) {
		return nil
	}
	unmetered := &Result{} // the IC charges nobody for it
	e := c.newExecution(unmetered, &callContext{caller: cc.caller, method: cc.method}, entry, abi.ModeInspect)
	e.arg = arg
	if err := d.execute(ctx, e, func() error { return c.runExport(ctx, e, entry) }); err != nil {
		return err
	}
	if !e.accepted {
		return fmt.Errorf("%w: %q", ErrRefused, cc.method)
	}
	return nil
}

// updateEntry is the entry point that an update message of this name runs.
func (c *Canister) updateEntry(method string) (entry string, mode abi.Mode, ok bool) {
	if entry = "canister_update " + method; c.exports(entry) {
		return entry, abi.ModeUpdate, true
	}
	entry = "canister_query " + method
	return entry, abi.ModeReplicatedQuery, c.exports(entry)
}

func (c *Canister) exports(entry string) bool {
	return c.inst != nil && c.inst.module.ExportedFunction(entry) != nil
}

func (c *Canister) orDefault(caller Principal) Principal {
	if caller == nil {
		return c.opts.Caller
	}
	return caller
}
