package icsplice_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/candid"
)

// TestRunsInOneInstance sends each program all its cases that leave no files,
// one after the other and twice, to one canister: each run finds memory, globals
// and clocks as the first one did, also after runs that trapped.
func TestRunsInOneInstance(t *testing.T) {
	byProgram := map[string][]corpus.Case{}
	for _, c := range corpus.Cases() {
		if len(c.Calls) == 0 && len(c.Files) == 0 && (c.Want.Trap || len(c.Want.Files) == 0) {
			byProgram[c.Program] = append(byProgram[c.Program], c)
		}
	}
	for _, program := range []string{"env", "wc", "exits", "traps", "clocks", "sort", "rust163", "rust196", "tinykit", "gokit", "askit", "zigkit"} {
		t.Run(program, func(t *testing.T) {
			if len(byProgram[program]) == 0 {
				t.Fatal("no cases")
			}
			k := commandCanister(t, program)
			for range 2 {
				for _, c := range byProgram[program] {
					checkRun(t, k, c)
				}
			}
		})
	}
}

var controller = canister.Principal("controller")

func commandCanister(t *testing.T, program string) *canister.Canister {
	t.Helper()
	r, err := icsplice.Build(module(t, program), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	k, err := canister.Install(context.Background(), r.Wasm, nil, canister.Options{
		Controllers: []canister.Principal{controller}, Limits: canister.ICLimits,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return k
}

func checkRun(t *testing.T, k *canister.Canister, c corpus.Case) {
	t.Helper()
	r, err := k.Update(context.Background(), controller, candid.Method, runArgument(c))
	var trap *canister.TrapError
	if errors.As(err, &trap) != c.Want.Trap {
		t.Fatalf("%s: error %v, want a trap: %v", c.Name, err, c.Want.Trap)
	}
	if c.Want.Trap {
		return
	}
	reply, err := candid.DecodeRunReply(r.Reply)
	if err != nil {
		t.Fatalf("%s: %v (%v)", c.Name, err, r.Reject)
	}
	if reply.ExitCode != c.Want.Exit || string(reply.Stdout) != c.Want.Stdout || string(reply.Stderr) != c.Want.Stderr {
		t.Errorf("%s: exit %d, stdout %q, stderr %q; want %d, %q, %q", c.Name,
			reply.ExitCode, reply.Stdout, reply.Stderr, c.Want.Exit, c.Want.Stdout, c.Want.Stderr)
	}
}

// runArgument is the message that runs a case.
func runArgument(c corpus.Case) []byte {
	var env []candid.EnvVar
	for _, e := range c.Env {
		name, value, _ := strings.Cut(e, "=")
		env = append(env, candid.EnvVar{Name: name, Value: value})
	}
	return candid.EncodeRun(append([]string{c.Program}, c.Args...), []byte(c.Stdin), env)
}

// TestOnlyControllersRun: others are rejected unless the canister is public.
func TestOnlyControllersRun(t *testing.T) {
	ctx := context.Background()
	for _, public := range []bool{false, true} {
		r, err := icsplice.Build(module(t, "fib"), icsplice.Options{Public: public})
		if err != nil {
			t.Fatal(err)
		}
		k, err := canister.Install(ctx, r.Wasm, nil, canister.Options{Controllers: []canister.Principal{controller}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Update(ctx, canister.Anonymous, candid.Method, candid.EncodeRun([]string{"fib", "5"}, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		if (got.Reject == nil) != public {
			t.Errorf("public %v: reject %v", public, got.Reject)
		}
		if err := k.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}
