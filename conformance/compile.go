package conformance

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// sources are those of the C suite, with what they need beside them.
//
//go:embed suite/c/*.c suite/c/*.h suite/c/*.json suite/c/*.expected suite/c/files
var sources embed.FS

// WriteSources puts the sources of the C suite into the folder dir, to be given
// to Compiler.Build. The folder must exist and be empty.
func WriteSources(dir string) error {
	suite, err := fs.Sub(sources, "suite/c")
	if err != nil {
		return err
	}
	return os.CopyFS(dir, suite)
}

// Compiler is a command that makes a module of one C source.
type Compiler struct {
	Name string
	// Command is the program and its arguments, in which {src} stands for the
	// source's path and {out} for that of the module to write.
	Command []string
	Timeout time.Duration // of one source; 0 is DefaultBuildTimeout
	Jobs    int           // commands at a time; 0 is one
	// Progress, if set, is told after each source; not from two goroutines at a
	// time.
	Progress func(done, total int)
}

// DefaultBuildTimeout bounds the making of one module where the compiler names
// no bound.
const DefaultBuildTimeout = 5 * time.Minute

// ErrCommand says that a compiler's command lacks {src} or {out}.
var ErrCommand = errors.New("the command must have the words {src} and {out} in it")

// Build compiles each *.c in the folder sources to a module in the folder out,
// and gives the cases, whose suite is the compiler's name. What the compiler
// refuses is a case that was not built. The error is a *SuiteError, ErrCommand, or
// says that the command cannot be started at all.
func (c *Compiler) Build(ctx context.Context, sources, out string) ([]Case, error) {
	if words := strings.Join(c.Command, " "); !strings.Contains(words, "{src}") || !strings.Contains(words, "{out}") {
		return nil, ErrCommand
	}
	if _, err := exec.LookPath(c.Command[0]); err != nil {
		return nil, err
	}
	sources, err := filepath.Abs(sources)
	if err != nil {
		return nil, &SuiteError{sources, err}
	}
	cases, err := loadFolder(sources, c.Name, ".c")
	if err == nil && len(cases) == 0 {
		err = &SuiteError{sources, errors.New("there is no *.c in the folder")}
	}
	if err != nil {
		return nil, err
	}
	c.buildAll(ctx, cases, out)
	return cases, ctx.Err()
}

func (c *Compiler) buildAll(ctx context.Context, cases []Case, out string) {
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		done    int
	)
	slots := make(chan struct{}, max(c.Jobs, 1))
	for k := range cases {
		slots <- struct{}{}
		workers.Go(func() {
			defer func() { <-slots }()
			c.build(ctx, &cases[k], out)
			mu.Lock()
			defer mu.Unlock()
			if done++; c.Progress != nil {
				c.Progress(done, len(cases))
			}
		})
	}
	workers.Wait()
}

// build makes the module of a case, whose Module is the source until then.
func (c *Compiler) build(ctx context.Context, k *Case, out string) {
	source := k.Module
	k.Module = filepath.Join(out, k.Name+".wasm")
	words := make([]string, len(c.Command))
	for i, word := range c.Command {
		words[i] = strings.NewReplacer("{src}", source, "{out}", k.Module).Replace(word)
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = DefaultBuildTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var said head
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Stdout, command.Stderr = &said, &said
	command.WaitDelay = time.Second
	err := command.Run()
	if err == nil {
		_, err = os.Stat(k.Module)
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w after %v", ctx.Err(), timeout)
	}
	if err != nil {
		k.NotBuilt = strings.TrimSpace(fmt.Sprintf("%v\n%s", err, excerpt(said)))
	}
}

// head keeps the beginning of what a compiler says.
type head []byte

func (t *head) Write(b []byte) (int, error) {
	*t = append(*t, b[:min(len(b), maxExcerpt+1-min(len(*t), maxExcerpt+1))]...)
	return len(b), nil
}
