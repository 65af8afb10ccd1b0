package wasi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/corpus/wasi"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

var ctx = context.Background()

// result is what a program left; of a canister that traps there is no output.
type result struct {
	stdout, stderr string
	exit           uint32
	trap           bool
}

// runner runs a program with these arguments from the beginning.
type runner func(t *testing.T, p wasi.Program, args []string) result

// transcript runs all programs and gives their lines, each program's behind a
// line "# NAME".
func transcript(t *testing.T, start func(t *testing.T, p wasi.Program) runner) string {
	t.Helper()
	var b strings.Builder
	for _, p := range wasi.Programs() {
		fmt.Fprintf(&b, "# %s\n", p.Name)
		run := start(t, p)
		if !p.Cases {
			write(&b, run(t, p, p.Args))
			continue
		}
		for i := 0; ; i++ {
			r := run(t, p, append(p.Args[:1:1], strconv.Itoa(i)))
			if r.exit == wasi.NoCase {
				break
			}
			writeCase(&b, i, r)
		}
	}
	return b.String()
}

func write(b *strings.Builder, r result) {
	b.WriteString(r.stdout)
	if r.stderr != "" {
		fmt.Fprintf(b, "standard error -> %q\n", r.stderr)
	}
	if r.trap {
		b.WriteString("end -> trap\n")
	} else {
		fmt.Fprintf(b, "end -> exit code %d\n", r.exit)
	}
}

func writeCase(b *strings.Builder, i int, r result) {
	if r.trap && r.stdout == "" {
		fmt.Fprintf(b, "case %d -> ", i)
	}
	b.WriteString(r.stdout)
	if r.trap {
		b.WriteString("trap\n")
	}
}

// asCanister splices the program and gives each run a canister of its own.
func asCanister(t *testing.T, p wasi.Program) runner {
	t.Helper()
	module, err := wasi.Module(p.Name)
	if err != nil {
		t.Fatal(err)
	}
	spliced, err := icsplice.Build(module, icsplice.Options{Public: true, Preopens: []string{"/a", "/b"}})
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	return func(t *testing.T, p wasi.Program, args []string) result {
		t.Helper()
		c, err := canister.Install(ctx, spliced.Wasm, nil, canister.Options{OneShot: true, Cache: cache})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		r, err := c.Update(ctx, nil, candid.Method, candid.EncodeRun(args, []byte(p.Stdin), variables(p.Env)))
		var trap *canister.TrapError
		if errors.As(err, &trap) {
			t.Logf("%q: %v", args, trap)
			return result{trap: true}
		}
		if err != nil || r.Reject != nil {
			t.Fatalf("%q: %v, %+v", args, err, r.Reject)
		}
		reply, err := candid.DecodeRunReply(r.Reply)
		if err != nil {
			t.Fatal(err)
		}
		return result{stdout: string(reply.Stdout), stderr: string(reply.Stderr), exit: reply.ExitCode}
	}
}

func variables(env []string) []candid.EnvVar {
	var list []candid.EnvVar
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		list = append(list, candid.EnvVar{Name: name, Value: value})
	}
	return list
}

// nap sleeps, but not for the hours that wazero waits for a clock which is one
// of several.
func nap(ns int64) { time.Sleep(min(time.Duration(ns), 10*time.Millisecond)) }

// onWazero runs the program on wazero, with new folders of the host each time.
func onWazero(t *testing.T, p wasi.Program) runner {
	t.Helper()
	module, err := wasi.Module(p.Name)
	if err != nil {
		t.Fatal(err)
	}
	runtime := wazero.NewRuntime(ctx)
	t.Cleanup(func() { runtime.Close(ctx) })
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {
		t.Fatal(err)
	}
	compiled, err := runtime.CompileModule(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, p wasi.Program, args []string) result {
		t.Helper()
		var stdout, stderr bytes.Buffer
		root := t.TempDir()
		folders := wazero.NewFSConfig()
		for _, name := range []string{"/a", "/b"} {
			folders = folders.WithDirMount(mkdir(t, filepath.Join(root, name)), name)
		}
		config := wazero.NewModuleConfig().WithName("").WithArgs(args...).WithFSConfig(folders).
			WithStdin(strings.NewReader(p.Stdin)).WithStdout(&stdout).WithStderr(&stderr).
			WithSysWalltime().WithSysNanotime().WithNanosleep(nap).WithRandSource(rand.Reader)
		for _, e := range p.Env {
			name, value, _ := strings.Cut(e, "=")
			config = config.WithEnv(name, value)
		}
		m, err := runtime.InstantiateModule(ctx, compiled, config)
		r := result{stdout: stdout.String(), stderr: stderr.String()}
		var exit *sys.ExitError
		switch {
		case errors.As(err, &exit):
			r.exit = exit.ExitCode()
		case err != nil:
			t.Logf("%q: %v", args, err)
			r.trap = true
		default:
			m.Close(ctx)
		}
		return r
	}
}
