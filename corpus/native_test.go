package corpus_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestNative runs every case on a native WASI runtime.
func TestNative(t *testing.T) {
	byProgram := map[string][]corpus.Case{}
	for _, c := range corpus.Cases() {
		byProgram[c.Program] = append(byProgram[c.Program], c)
	}
	for _, program := range corpus.Names() {
		t.Run(program, func(t *testing.T) {
			cases := byProgram[program]
			if len(cases) == 0 {
				t.Fatal("no cases")
			}
			runProgram(t, cases)
			if *update && !t.Failed() {
				writeGolden(t, cases)
			}
		})
	}
}

func runProgram(t *testing.T, cases []corpus.Case) {
	n := newNative(t, cases[0].Program)
	for i := range cases {
		c := &cases[i]
		t.Run(c.Name, func(t *testing.T) {
			got, replies := n.run(t, *c)
			if *update {
				c.Want, c.Calls = got, replies
				return
			}
			compare(t, c.Want, got)
			for k, call := range replies {
				if string(call.Reply) != string(c.Calls[k].Reply) || call.Reject != c.Calls[k].Reject {
					t.Errorf("call %d %q: reply %q reject %q, want %q and %q",
						k, call.Method, call.Reply, call.Reject, c.Calls[k].Reply, c.Calls[k].Reject)
				}
			}
		})
	}
}

func compare(t *testing.T, want, got corpus.Result) {
	t.Helper()
	if got.Exit != want.Exit || got.Trap != want.Trap {
		t.Errorf("exit %d trap %v, want %d and %v", got.Exit, got.Trap, want.Exit, want.Trap)
	}
	if got.Stdout != want.Stdout {
		t.Errorf("stdout %q, want %q", got.Stdout, want.Stdout)
	}
	if got.Stderr != want.Stderr {
		t.Errorf("stderr %q, want %q", got.Stderr, want.Stderr)
	}
	if !maps.Equal(got.Files, want.Files) {
		t.Errorf("files %q, want %q", got.Files, want.Files)
	}
}

func writeGolden(t *testing.T, cases []corpus.Case) {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(cases); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("golden", cases[0].Program+".json")
	if err := os.WriteFile(name, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// native is one program on wazero.
type native struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
	canister
}

func newNative(t *testing.T, program string) *native {
	t.Helper()
	ctx := context.Background()
	module, err := corpus.Module(program)
	if err != nil {
		t.Fatal(err)
	}
	n := &native{runtime: wazero.NewRuntime(ctx)}
	t.Cleanup(func() { n.runtime.Close(ctx) })
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, n.runtime); err != nil {
		t.Fatal(err)
	}
	if err := n.canister.instantiate(ctx, n.runtime); err != nil {
		t.Fatal(err)
	}
	if n.module, err = n.runtime.CompileModule(ctx, module); err != nil {
		t.Fatal(err)
	}
	return n
}

// run gives what the case came to, and its calls with the replies they got.
func (n *native) run(t *testing.T, c corpus.Case) (corpus.Result, []corpus.Call) {
	t.Helper()
	ctx := context.Background()
	root := treetest.Dir(t, c.Files)
	var stdout, stderr bytes.Buffer
	config := wazero.NewModuleConfig().WithName("").
		WithArgs(append([]string{c.Program}, c.Args...)...).
		WithStdin(strings.NewReader(c.Stdin)).WithStdout(&stdout).WithStderr(&stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader).
		WithStartFunctions("_initialize", "_start").
		WithFSConfig(wazero.NewFSConfig().WithDirMount(root, "/"))
	for _, env := range c.Env {
		key, value, _ := strings.Cut(env, "=")
		config = config.WithEnv(key, value)
	}
	var calls []corpus.Call
	instance, err := n.runtime.InstantiateModule(ctx, n.module, config)
	if err == nil {
		calls, err = n.canister.serve(ctx, instance, c.Calls)
		instance.Close(ctx)
	}
	got := corpus.Result{Stdout: stdout.String(), Stderr: stderr.String(), Files: treetest.Read(t, root, corpus.Content)}
	var exit *sys.ExitError
	switch {
	case errors.As(err, &exit):
		got.Exit = exit.ExitCode()
	case err != nil:
		t.Logf("trap: %v", err)
		got.Trap = true
	}
	return got, calls
}

// TestComputeExports calls the compute programs' one function without _start.
func TestComputeExports(t *testing.T) {
	for _, tt := range []struct {
		name      string
		n, result uint64
	}{{"fib", 10, 55}, {"nbody", 0, 4624847617829197610}, {"sha", 1, 5897837671435269576}, {"simd", 1, 47}} {
		n := newNative(t, tt.name)
		ctx := context.Background()
		instance, err := n.runtime.InstantiateModule(ctx, n.module, wazero.NewModuleConfig().WithStartFunctions())
		if err != nil {
			t.Fatal(err)
		}
		got, err := instance.ExportedFunction(tt.name).Call(ctx, tt.n)
		if err != nil || got[0] != tt.result {
			t.Errorf("%s(%d) = %d, %v, want %d", tt.name, tt.n, got, err, tt.result)
		}
	}
}
