package wasi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/corpus/wasi"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/polyfill/stablefs"
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

// native leaves out the programs that no other runtime can run.
func native(programs []wasi.Program) []wasi.Program {
	return slices.DeleteFunc(programs, func(p wasi.Program) bool { return p.Alone })
}

// transcript runs programs and gives their lines, each program's behind a line
// "# NAME".
func transcript(t *testing.T, programs []wasi.Program, start func(t *testing.T, p wasi.Program) runner) string {
	t.Helper()
	var b strings.Builder
	for _, p := range programs {
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

func asCanister(t *testing.T, p wasi.Program) runner { return spliced(t, p, wasi.Module) }

func asUnstable(t *testing.T, p wasi.Program) runner { return spliced(t, p, wasi.Unstable) }

// bounded is a stable memory that grows to so many pages.
type bounded struct {
	canister.StableMemory
	pages uint64
}

func (b bounded) Grow(pages uint64) (uint64, bool) {
	if b.Size()+pages > b.pages {
		return 0, false
	}
	return b.StableMemory.Grow(pages)
}

// image is a stable memory as a file system reads it.
type image struct{ canister.StableMemory }

func (m image) Grow(uint64) uint64 { return ^uint64(0) }

func (m image) Read(p []byte, off uint64) { check(m.StableMemory.Read(p, off)) }

func (m image) Write(p []byte, off uint64) { check(m.StableMemory.Write(p, off)) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// sound says what is wrong with the file system that a run left.
func sound(t *testing.T, args []string, memory canister.StableMemory) {
	t.Helper()
	if memory.Size() == 0 {
		return
	}
	for _, problem := range stablefs.Fsck(image{memory}) {
		t.Errorf("%q: %v", args, problem)
	}
}

// stable is the stable memory that a program runs with.
func stable(p wasi.Program) canister.StableMemory {
	if p.Pages == 0 {
		return canister.NewStableMemory()
	}
	return bounded{canister.NewStableMemory(), p.Pages}
}

// spliced splices the program and gives each run a canister of its own.
func spliced(t *testing.T, p wasi.Program, load func(name string) ([]byte, error)) runner {
	t.Helper()
	module, err := load(p.Name)
	if err != nil {
		t.Fatal(err)
	}
	built, err := icsplice.Build(module, icsplice.Options{Public: true, Preopens: []string{"/a", "/b"}})
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	return func(t *testing.T, p wasi.Program, args []string) result {
		t.Helper()
		memory := stable(p)
		c, err := canister.Install(ctx, built.Wasm, nil, canister.Options{OneShot: true, Cache: cache, Stable: memory})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		defer sound(t, args, memory)
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
