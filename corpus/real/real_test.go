package real_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

var update = flag.Bool("update", false, "record what the steps print on the native runtime")

// programs is the folder with what build.sh has built.
func programs(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("ICSPLICE_REAL")
	if folder == "" {
		t.Skip("NOTHING WAS TESTED: set ICSPLICE_REAL to the folder that corpus/real/build.sh was given")
	}
	return folder
}

func TestPrograms(t *testing.T) {
	n := &runner{
		programs: programs(t),
		icsplice: buildCommand(t),
		cache:    t.TempDir(),
		native:   newNative(t),
	}
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			n.run(t, readScenario(t, path))
		})
	}
}

func buildCommand(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "icsplice")
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/icsplice").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// runner runs steps on the native runtime and as canisters.
type runner struct {
	programs, icsplice, cache string
	native                    *native
}

// seen is what a step shows to the outside.
type seen struct {
	Exit           int
	Stdout, Stderr string
	Files          map[string]string
}

func (n *runner) run(t *testing.T, c *scenario) {
	here, there := treetest.Dir(t, c.files), treetest.Dir(t, c.files)
	state := filepath.Join(t.TempDir(), "state")
	stdout := ""
	for _, s := range c.steps {
		want := n.native.run(t, n.module(s.program), &s, here, c.files[s.stdin])
		if want.Exit != s.exit {
			t.Errorf("%s: the native runtime ends with %d, the case says %d\n%s", &s, want.Exit, s.exit, want.Stderr)
		}
		got := n.canister(t, &s, there, state, c.files[s.stdin])
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s: native (-) and canister (+) differ:\n%s", &s, d)
		}
		stdout += want.Stdout
	}
	if *update {
		c.rewrite(t, stdout)
	} else if d := cmp.Diff(c.stdout, stdout); d != "" {
		t.Errorf("stdout is not as recorded:\n%s", d)
	}
}

func (n *runner) module(program string) string {
	return filepath.Join(n.programs, program+".wasm")
}

// canister runs a step through the command line, as a user would.
func (n *runner) canister(t *testing.T, s *step, dir, state string, stdin string) seen {
	t.Helper()
	input := filepath.Join(t.TempDir(), "stdin")
	if err := os.WriteFile(input, []byte(stdin), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--quiet", "--state", state, "--dir", dir + "::/", "--stdin", input, n.module(s.program)}
	cmd := exec.Command(n.icsplice, append(args, s.args...)...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+n.cache)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return seen{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), tree(t, dir)}
}

// native is wazero with its own WASI.
type native struct {
	runtime wazero.Runtime
	modules map[string]wazero.CompiledModule
}

func newNative(t *testing.T) *native {
	t.Helper()
	ctx := context.Background()
	n := &native{runtime: wazero.NewRuntime(ctx), modules: map[string]wazero.CompiledModule{}}
	t.Cleanup(func() { n.runtime.Close(ctx) })
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, n.runtime); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *native) compile(t *testing.T, path string) wazero.CompiledModule {
	t.Helper()
	if n.modules[path] == nil {
		module, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v; corpus/real/build.sh builds it", err)
		}
		if n.modules[path], err = n.runtime.CompileModule(context.Background(), module); err != nil {
			t.Fatal(err)
		}
	}
	return n.modules[path]
}

func (n *native) run(t *testing.T, path string, s *step, dir string, stdin string) seen {
	t.Helper()
	var stdout, stderr bytes.Buffer
	config := wazero.NewModuleConfig().WithName("").WithArgs(append([]string{filepath.Base(path)}, s.args...)...).
		WithStdin(strings.NewReader(stdin)).WithStdout(&stdout).WithStderr(&stderr).
		WithSysWalltime().WithSysNanotime().WithRandSource(rand.Reader).
		WithFSConfig(wazero.NewFSConfig().WithDirMount(dir, "/"))
	instance, err := n.runtime.InstantiateModule(context.Background(), n.compile(t, path), config)
	if err == nil {
		instance.Close(context.Background())
	}
	got := seen{Stdout: stdout.String(), Stderr: stderr.String(), Files: tree(t, dir)}
	var exit *sys.ExitError
	switch {
	case errors.As(err, &exit):
		got.Exit = int(exit.ExitCode())
	case err != nil:
		t.Fatalf("%s on the native runtime: %v", s, err)
	}
	return got
}

// tree lists all that lies beneath root; of files it gives size and SHA-256,
// but of SQLite's journals the size alone, as their checksums are salted.
func tree(t *testing.T, root string) treetest.Tree {
	t.Helper()
	files := treetest.Read(t, root, nil)
	for name, data := range files {
		if strings.HasSuffix(name, "/") {
			continue
		}
		files[name] = fmt.Sprintf("%d bytes", len(data))
		if !strings.HasSuffix(name, "-journal") {
			files[name] += fmt.Sprintf(" %x", sha256.Sum256([]byte(data)))
		}
	}
	return files
}
