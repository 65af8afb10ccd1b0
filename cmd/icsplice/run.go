package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/spf13/cobra"
)

// runFlags are the flags of run.
type runFlags struct {
	dirs, env             []string
	stdin, state, json    string
	fresh, noCheck, quiet bool
	limit                 uint64
}

func newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [flags] MODULE.wasm [program arguments...]",
		Short: "Run a WASI program as a canister on an embedded IC",
		Long: `Run splices a program with _start and calls it as one message of a canister.
What follows the module belongs to the program.

Files that the program writes stay in the canister's stable memory, which is
kept between runs in a state file. A run that traps leaves it as it was.

A host folder given with --dir takes the place of GUEST in the canister's file
system before the run; what the program changed there comes back after it.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, errors.New("wants a module"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd, args[0], args[1:])
		},
	}
	fl := cmd.Flags()
	fl.SetInterspersed(false)
	fl.StringArrayVar(&f.dirs, "dir", nil, "host folder for the program, HOST::GUEST (repeatable); HOST alone\nkeeps its name, and . is /")
	fl.StringArrayVar(&f.env, "env", nil, "environment variable K=V of the program (repeatable)")
	fl.StringVar(&f.stdin, "stdin", "", "file with the program's standard input, - for that of icsplice")
	fl.StringVar(&f.state, "state", "", "file that keeps the stable memory (default in ~/.local/state/icsplice)")
	fl.BoolVar(&f.fresh, "fresh", false, "begin with empty stable memory")
	fl.BoolVar(&f.noCheck, "no-check", false, "run even what the IC would refuse")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no summary on standard error")
	fl.StringVar(&f.json, "json", "", "report as JSON to standard error, or to a file with --json=FILE")
	fl.Lookup("json").NoOptDefVal = "-"
	fl.Uint64Var(&f.limit, "limit", 0, "most instructions of the run (the IC allows 40,000,000,000), 0 for no limit")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command, path string, args []string) error {
	if err := checkEnv(cmd, f.env); err != nil {
		return err
	}
	mounts, err := parseMounts(cmd, f.dirs)
	if err != nil {
		return err
	}
	if err := checkOutputs(cmd, []string{path, f.stdin, f.state}, f.json); err != nil {
		return err
	}
	defer closeMounts(mounts)
	for _, m := range mounts {
		if err := m.open(); err != nil {
			return err
		}
	}
	spliced, err := f.splice(cmd, path)
	if err != nil {
		return err
	}
	stdin, err := f.readStdin(cmd)
	if err != nil {
		return err
	}
	stable, statePath, err := f.openState(path)
	if err != nil {
		return err
	}
	defer stable.Close()

	s := &session{cmd: cmd, stable: stable, state: statePath, mounts: mounts, limit: f.limit}
	argv := append([]string{programName(path)}, args...)
	arg := candid.EncodeRun(argv, stdin, envVars(f.env))
	if len(arg) > maxMessage {
		fmt.Fprintf(cmd.ErrOrStderr(), "icsplice: the message has %s bytes; the IC itself takes at most %s\n",
			thousands(len(arg)), thousands(maxMessage))
	}
	outcome, err := s.run(spliced.Wasm, arg)
	if err != nil {
		return err
	}
	report := newRunReport(path, statePath, spliced, stable, outcome)
	if err := f.writeReport(cmd, report); err != nil {
		return err
	}
	return outcome.exit(cmd.ErrOrStderr())
}

// maxMessage is the largest argument of a call from outside on the IC, in bytes.
const maxMessage = 2 << 20

func (f *runFlags) splice(cmd *cobra.Command, path string) (*icsplice.Result, error) {
	module, err := readModule(path)
	if err != nil {
		return nil, err
	}
	defer startProgress(cmd.ErrOrStderr(), "splicing "+filepath.Base(path))()
	spliced, err := icsplice.Build(module, icsplice.Options{
		Mode: icsplice.ModeCommand, NoCheck: f.noCheck, Validate: true, ReplyLimit: maxReply,
	})
	if err != nil {
		return nil, explain(path, err)
	}
	return spliced, nil
}

func envVars(list []string) []candid.EnvVar {
	var env []candid.EnvVar
	for _, e := range list {
		name, value, _ := strings.Cut(e, "=")
		env = append(env, candid.EnvVar{Name: name, Value: value})
	}
	return env
}

// maxReply is the most output of a run in bytes, far more than the 2 MiB that a
// canister may send on the IC.
const maxReply = 1 << 30

// owner is the principal that installs the canister and calls it.
var owner = canister.Principal("icsplice owner\x01")

// session is one run of a canister on its stable memory.
type session struct {
	cmd    *cobra.Command
	stable *canister.StableFile
	state  string // the path of its file
	mounts []*mount
	limit  uint64
	log    bytes.Buffer // what the program said on standard error, by lines
}

// outcome is how a run ended: with a reply or with a trap.
type outcome struct {
	result *canister.Result
	reply  *candid.RunReply
	trap   *canister.TrapError
	log    []byte // of a run that trapped
}

func (s *session) run(module, arg []byte) (*outcome, error) {
	upgrade := s.stable.Size() > 0
	if err := s.copyIn(); err != nil {
		return nil, err
	}
	o, err := s.call(module, arg, upgrade)
	if err != nil || o.trap != nil {
		return o, err
	}
	if _, err := s.cmd.OutOrStdout().Write(o.reply.Stdout); err != nil {
		return nil, err
	}
	if _, err := s.cmd.ErrOrStderr().Write(o.reply.Stderr); err != nil {
		return nil, err
	}
	if !s.allMounted() {
		if err := s.stable.Commit(); err != nil {
			return nil, err
		}
	}
	return o, s.copyOut()
}

// allMounted reports whether a host folder took the place of the whole file
// system: then all that the program did goes to the host, and the state file
// stays as it is.
func (s *session) allMounted() bool {
	return slices.ContainsFunc(s.mounts, func(m *mount) bool { return m.guest == "/" })
}

// transaction is stable memory to which nothing lasts before the run is over:
// what was copied in, the installation and the message stand or fall together.
type transaction struct{ *canister.StableFile }

// Commit leaves it to the session.
func (transaction) Commit() error { return nil }

// call installs the canister, sends it one message and closes it.
func (s *session) call(module, arg []byte, upgrade bool) (_ *outcome, err error) {
	defer startProgress(s.cmd.ErrOrStderr(), "running")()
	ctx := context.Background()
	c, err := canister.Install(ctx, module, nil, canister.Options{
		Stable:      transaction{s.stable},
		Upgrade:     upgrade,
		OneShot:     true,
		Controllers: []canister.Principal{owner},
		Caller:      owner,
		Limits:      canister.InstructionLimits{Update: s.limit},
		ReplyLimit:  maxReply,
		Cache:       canister.CacheFolder(),
		Debug:       &s.log,
	})
	if err != nil {
		return nil, fmt.Errorf("install: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	result, err := c.Update(ctx, owner, candid.Method, arg)
	var trap *canister.TrapError
	if errors.As(err, &trap) {
		return &outcome{result: result, trap: trap, log: s.log.Bytes()}, nil
	}
	if err != nil {
		return nil, err
	}
	return newOutcome(result)
}

func newOutcome(result *canister.Result) (*outcome, error) {
	if result.Reject != nil {
		return nil, fmt.Errorf("the canister rejected the call, code %d: %s", result.Reject.Code, result.Reject.Message)
	}
	reply, err := candid.DecodeRunReply(result.Reply)
	if err != nil {
		return nil, fmt.Errorf("reply of the canister: %w", err)
	}
	return &outcome{result: result, reply: reply}, nil
}
