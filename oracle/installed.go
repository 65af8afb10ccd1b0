package oracle

import (
	"context"
	"errors"

	"github.com/icsplice/icsplice/canister"
)

// Installed is a session on one canister that stays: its heap is kept from run
// to run, with all that the polyfill remembers there, until Upgrade.
type Installed struct {
	program  *CanisterProgram
	stable   canister.StableMemory
	canister *canister.Canister
	limit    uint64
}

// Install installs the program as a canister with empty stable memory.
func (p *CanisterProgram) Install() (Session, error) {
	s := &Installed{program: p, stable: canister.NewStableMemory()}
	return s, s.install(canister.ICLimits.Update, false)
}

// install makes a canister on the session's stable memory.
func (s *Installed) install(limit uint64, upgrade bool) error {
	c, err := canister.Install(context.Background(), s.program.Spliced.Wasm, nil, canister.Options{
		Stable: s.stable, Upgrade: upgrade, Limits: canister.InstructionLimits{Update: limit},
		ReplyLimit: maxReply, Cache: s.program.cache,
	})
	if err == nil {
		s.canister, s.limit = c, limit
	}
	return err
}

// Run sends the message. As the limit of a canister is that of its installation,
// a run with another one than the last upgrades it first.
func (s *Installed) Run(r Run) (Outcome, error) {
	if most := limit(&r); most != s.limit {
		if err := errors.Join(s.canister.Close(context.Background()), s.install(most, true)); err != nil {
			return Outcome{}, err
		}
	}
	return call(s.canister, &r)
}

// Upgrade upgrades the canister to the same module, which gives it a new heap.
func (s *Installed) Upgrade() error {
	_, err := s.canister.Upgrade(context.Background(), s.program.Spliced.Wasm, nil)
	return err
}

// Tree reads the files as they are now.
func (s *Installed) Tree() (Tree, error) { return ReadImage(s.stable) }

// Close ends the canister.
func (s *Installed) Close() error {
	if s.canister == nil {
		return nil
	}
	return errors.Join(s.canister.Close(context.Background()), s.stable.Close())
}
