package canister

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"github.com/icsplice/icsplice/abi"
)

var (
	// ErrSpent says that a canister with Options.OneShot has served its message.
	ErrSpent = errors.New("the canister was for one message")
	// ErrSpoiled says that an execution was taken back which had changed a
	// table, a global of a reference type, or dropped a segment. These do not
	// roll back here; only Reinstall helps.
	ErrSpoiled = errors.New("the canister's tables could not be rolled back")
	// ErrClosed says that the canister was closed.
	ErrClosed = errors.New("the canister is closed")
)

// Canister is a canister on an IC of its own. Its methods may be called from
// several goroutines and run one after the other; Options.Trace and
// Options.Debug must not call them.
type Canister struct {
	mu     sync.Mutex
	opts   Options
	stable StableMemory
	inst   *instance
	exec   *execution // running now

	state, saved state // as it is, and as of the last commit
	installed    *Result
	spent        bool
}

// state is what a canister has beside its memories. The slice is never written
// to.
type state struct {
	certified []byte
	timer     uint64 // nanoseconds since 1970, 0 if not set
	balance   Cycles
	version   uint64
}

// Install makes a canister of a module, packed with gzip or not: it runs the
// start function and canister_init, or canister_post_upgrade if opts.Upgrade
// is set. The caller of these is opts.Caller.
//
// The error wraps ErrModule where the module is no canister or wazero cannot
// run it, is a *TrapError, or that of stable memory; the canister then does
// not exist and stable memory is as before.
func Install(ctx context.Context, module []byte, arg []byte, opts Options) (*Canister, error) {
	c := &Canister{opts: withDefaults(opts)}
	c.stable = c.opts.Stable
	c.state.balance = opts.Balance
	c.saved = c.state
	hook := "canister_init"
	if opts.Upgrade {
		hook = "canister_post_upgrade"
	}
	if err := c.change(ctx, module, arg, hook, func(*Result) error { return nil }); err != nil {
		return nil, err
	}
	return c, nil
}

func withDefaults(o Options) Options {
	if o.Stable == nil {
		o.Stable = NewStableMemory()
	}
	if o.Time == nil {
		o.Time = wallClock
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.MaxCalls == 0 {
		o.MaxCalls = 10_000
	}
	if o.Caller == nil {
		o.Caller = Anonymous
	}
	if o.ID == nil {
		o.ID = Principal{0, 0, 0, 0, 0, 0, 0, 1, 1, 1}
	}
	if o.Subnet == nil {
		o.Subnet = Principal("\x00icsplice local subnet\x02")
	}
	return o
}

// Upgrade replaces the module: canister_pre_upgrade of the old one, the start
// function and canister_post_upgrade of the new one. The heap is new, stable
// memory stays. On an error, as those of Install, nothing has changed.
func (c *Canister) Upgrade(ctx context.Context, module []byte, arg []byte) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.usable(); err != nil {
		return nil, err
	}
	err := c.change(ctx, module, arg, "canister_post_upgrade", func(r *Result) error {
		const entry = "canister_pre_upgrade"
		e := c.newExecution(r, &callContext{caller: c.opts.Caller}, entry, abi.ModePreUpgrade)
		e.budget = c.remaining(r)
		return c.runExport(ctx, e, entry)
	})
	return c.installed, err
}

// Reinstall replaces the module and empties stable memory, and runs the start
// function and canister_init. Errors are as those of Upgrade.
func (c *Canister) Reinstall(ctx context.Context, module []byte, arg []byte) (*Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.usable(); err != nil && !errors.Is(err, ErrSpoiled) {
		return nil, err
	}
	err := c.change(ctx, module, arg, "canister_init", func(*Result) error {
		c.stable.Clear()
		c.state.certified = nil
		return nil
	})
	return c.installed, err
}

// change brings new code, after before has run on the old; all of it holds or
// nothing.
func (c *Canister) change(ctx context.Context, module, arg []byte, hook string, before func(*Result) error) error {
	r := &Result{}
	next, err := c.newInstance(ctx, module)
	if err != nil {
		return err
	}
	r.CompiledOperators = next.program.operators
	r.Cost.Compilation = compilationCost * next.program.operators
	r.Instructions = r.Cost.Compilation
	old := c.inst
	if r.Instructions > c.budget(abi.ModeInit) {
		err = fmt.Errorf("compiling the module: %w", ErrOutOfInstructions)
	} else {
		err = before(r)
	}
	if err == nil {
		c.inst = next
		c.state.timer = 0
		err = c.launch(ctx, r, hook, arg)
	}
	if err == nil {
		err = c.stable.Commit()
	}
	if err != nil {
		c.inst = old
		next.close(ctx)
		return errors.Join(err, c.rollback(ctx))
	}
	c.state.version++
	c.saved, c.spent, c.installed = c.state, false, r.finish(c.stable)
	if old != nil {
		return old.close(ctx)
	}
	return nil
}

// launch runs the start function and the hook of a new instance.
func (c *Canister) launch(ctx context.Context, r *Result, hook string, arg []byte) error {
	c.inst.heap.compare()
	c.inst.commit(ctx, true)
	steps := []struct {
		entry, export string
		mode          abi.Mode
	}{{"start", exportStart, abi.ModeStart}, {hook, hook, abi.ModeInit}}
	for _, step := range steps {
		if !c.exports(step.export) {
			continue
		}
		e := c.newExecution(r, &callContext{caller: c.opts.Caller}, step.entry, step.mode)
		e.arg, e.budget = arg, c.remaining(r)
		if err := c.runExport(ctx, e, step.export); err != nil {
			return err
		}
		c.inst.commit(ctx, true)
	}
	return nil
}

// remaining is what an installation may still use.
func (c *Canister) remaining(r *Result) uint64 {
	budget := c.budget(abi.ModeInit)
	return budget - min(r.Instructions, budget)
}

// commit keeps all that the last execution changed. The heap is copied if
// another execution may follow.
func (c *Canister) commit(ctx context.Context, copyHeap bool) error {
	if err := c.stable.Commit(); err != nil {
		return errors.Join(err, c.rollback(ctx))
	}
	c.inst.commit(ctx, copyHeap)
	c.state.version++
	c.saved = c.state
	return nil
}

// rollback takes back all that changed since the last commit.
func (c *Canister) rollback(ctx context.Context) error {
	c.state = c.saved
	err := c.stable.Discard()
	if c.inst == nil {
		return err
	}
	return errors.Join(err, c.inst.rollback(ctx))
}

func (c *Canister) refund(amount Cycles) {
	c.state.balance = c.state.balance.Add(amount)
	c.saved.balance = c.state.balance
}

func (c *Canister) usable() error {
	switch {
	case c.inst == nil:
		return ErrClosed
	case c.spent:
		return ErrSpent
	case c.inst.spoiled:
		return ErrSpoiled
	}
	return nil
}

// Installed is the result of the last Install, Upgrade or Reinstall.
func (c *Canister) Installed() *Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.installed
}

// ID is the canister's principal.
func (c *Canister) ID() Principal { return c.opts.ID }

// Stable is the canister's stable memory. It must not be written to while a
// method runs.
func (c *Canister) Stable() StableMemory { return c.stable }

// CertifiedData is what the canister last gave to ic0.certified_data_set.
func (c *Canister) CertifiedData() []byte { return c.committed().certified }

// Timer is the time to which the global timer is set, in nanoseconds since
// 1970; 0 if it is not.
func (c *Canister) Timer() uint64 { return c.committed().timer }

// Balance is the canister's cycles.
func (c *Canister) Balance() Cycles { return c.committed().balance }

func (c *Canister) committed() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.saved
}

// HeapSize is the size of the canister's linear memory in bytes.
func (c *Canister) HeapSize() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inst == nil {
		return 0
	}
	return uint64(len(c.inst.heap.buf))
}

// Close ends the canister. Stable memory stays open.
func (c *Canister) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inst == nil {
		return nil
	}
	in := c.inst
	c.inst = nil
	if err := in.close(ctx); err != nil {
		return fmt.Errorf("closing the canister: %w", err)
	}
	return nil
}
