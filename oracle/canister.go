package oracle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/internal/wasm"
)

// Canister is the program spliced by icsplice.Build, on the embedded IC.
type Canister struct{}

// NewCanister starts the engine.
func NewCanister() *Canister { return &Canister{} }

// Name is "icsplice".
func (*Canister) Name() string { return "icsplice" }

// Version names what runs the canister.
func (*Canister) Version() string {
	return "this tree, on the embedded IC over wazero " + wazeroVersion
}

// Close has nothing to end.
func (*Canister) Close() error { return nil }

// maxReply is the most output of a run in bytes, far more than a canister may
// send on the IC, since native programs have no such bound.
const maxReply = 1 << 30

// Load splices a module. A program that the IC would refuse is an error.
func (c *Canister) Load(module []byte) (Program, error) { return c.Splice(module) }

// Splice is Load with the canister's own type.
func (*Canister) Splice(module []byte) (*CanisterProgram, error) {
	spliced, err := icsplice.Build(module, icsplice.Options{
		Mode: icsplice.ModeCommand, Public: true, Validate: true, ReplyLimit: maxReply,
	})
	if err != nil {
		return nil, err
	}
	query, err := asQuery(spliced.Wasm)
	return &CanisterProgram{Spliced: spliced, query: query, cache: canister.CacheFolder()}, err
}

// asQuery makes the update method run a query method. As a replicated query it
// runs by the rules of an update and costs the same, and afterwards the heap is
// as it was before.
func asQuery(spliced []byte) ([]byte, error) {
	m, err := wasm.Read(spliced)
	if err != nil {
		return nil, err
	}
	e := m.Export("canister_update " + candid.Method)
	if e == nil {
		return nil, fmt.Errorf("the canister has no method %s", candid.Method)
	}
	e.Name = "canister_query " + candid.Method
	return m.Encode(), nil
}

// CanisterProgram is a program spliced into a canister.
type CanisterProgram struct {
	Spliced *icsplice.Result
	query   []byte
	cache   string // folder of compiled code

	mu   sync.Mutex
	idle []*machine // by no one used now
}

// machine is a canister whose heap is as it was after installation, whatever
// ran on it.
type machine struct {
	canister *canister.Canister
	stable   *swap
	limit    uint64
}

// swap is a stable memory that can be changed for another between two messages.
// Commit and Discard are left to the session: a message that is taken back so
// that the heap is as before leaves its files here.
type swap struct{ canister.StableMemory }

func (*swap) Commit() error  { return nil }
func (*swap) Discard() error { return nil }

func (p *CanisterProgram) take(limit uint64) (*machine, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, m := range p.idle {
		if m.limit == limit {
			p.idle = append(p.idle[:k], p.idle[k+1:]...)
			return m, nil
		}
	}
	m := &machine{stable: &swap{canister.NewStableMemory()}, limit: limit}
	c, err := canister.Install(context.Background(), p.query, nil, canister.Options{
		Stable: m.stable, Limits: canister.InstructionLimits{Update: limit}, ReplyLimit: maxReply, Cache: p.cache,
	})
	if err != nil {
		return nil, err
	}
	if m.stable.Size() > 0 {
		return nil, errors.Join(errors.New("installing the canister takes stable memory"), c.Close(context.Background()))
	}
	m.canister = c
	return m, nil
}

// keepIdle bounds how many machines wait for use.
const keepIdle = 16

func (p *CanisterProgram) giveBack(m *machine) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < keepIdle {
		p.idle = append(p.idle, m)
		return nil
	}
	return m.canister.Close(context.Background())
}

// Close ends the canisters of the program.
func (p *CanisterProgram) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, m := range p.idle {
		errs = append(errs, m.canister.Close(context.Background()))
	}
	p.idle = nil
	return errors.Join(errs...)
}

// Start makes a session in which each run finds a new heap, as after an
// upgrade; see Install for one that keeps it.
func (p *CanisterProgram) Start(root string) (Session, error) {
	stable, err := newStable(root)
	if err != nil {
		return nil, err
	}
	return &canisterSession{program: p, stable: stable}, nil
}

type canisterSession struct {
	program *CanisterProgram
	stable  canister.StableMemory
}

// limit is the most instructions of a run.
func limit(r *Run) uint64 {
	if r.Instructions > 0 {
		return r.Instructions
	}
	return canister.ICLimits.Update
}

func (s *canisterSession) Tree() (Tree, error) { return ReadImage(s.stable) }
func (s *canisterSession) Close() error        { return s.stable.Close() }

func (s *canisterSession) Run(r Run) (Outcome, error) {
	if r.Trace {
		return s.traced(r)
	}
	m, err := s.program.take(limit(&r))
	if err != nil {
		return Outcome{}, err
	}
	m.stable.StableMemory = s.stable
	o, err := call(m.canister, &r)
	if err != nil {
		return o, errors.Join(err, m.canister.Close(context.Background()))
	}
	if o.Trap != "" {
		err = s.stable.Discard()
	} else {
		err = s.stable.Commit()
	}
	return o, errors.Join(err, s.program.giveBack(m))
}

// call sends the message that runs the program.
func call(c *canister.Canister, r *Run) (Outcome, error) {
	arg := candid.EncodeRun(r.Args, r.Stdin, variables(r.Env))
	result, err := c.Update(context.Background(), nil, candid.Method, arg)
	var trap *canister.TrapError
	if errors.As(err, &trap) {
		return Outcome{Trap: trap.Error(), Instructions: result.Instructions}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if result.Reject != nil {
		return Outcome{}, fmt.Errorf("the canister rejected the call: %s", result.Reject.Message)
	}
	reply, err := candid.DecodeRunReply(result.Reply)
	if err != nil {
		return Outcome{}, fmt.Errorf("reply of the canister: %w", err)
	}
	return Outcome{
		Stdout: bytes.Clone(reply.Stdout), Stderr: bytes.Clone(reply.Stderr),
		Exit: reply.ExitCode, Instructions: result.Instructions,
	}, nil
}

func variables(env []string) []candid.EnvVar {
	var list []candid.EnvVar
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		list = append(list, candid.EnvVar{Name: name, Value: value})
	}
	return list
}
