// Package native is what the programs have in common that run WASI commands on
// an engine in a process of its own, for package oracle. Each engine has its own
// program, as wasmtime and wasmer export the same C symbols.
package native

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
)

// Engine is what a program wraps.
type Engine interface {
	// Load compiles the module that is run from now on.
	Load(module []byte) error
	// Run runs it once. The error is one of the engine or the machine.
	Run(r *Run) (Reply, error)
}

// Run asks for a run with the files stdin, stdout and stderr of a folder.
type Run struct {
	Module string   `json:"module"` // in the first line, which has only this: its file
	Args   []string `json:"args"`
	Env    []string `json:"env"`
	Dir    string   `json:"dir"`
	Root   string   `json:"root"` // preopened as "/"
}

// File is the path of the file of a standard stream.
func (r *Run) File(name string) string { return filepath.Join(r.Dir, name) }

// Reply is the answer to a line.
type Reply struct {
	Exit  uint32 `json:"exit"`
	Trap  string `json:"trap"`
	Error string `json:"error"`
}

// Main serves an engine until there are no more lines, or prints the version of
// its Go module if that is what the command line asks for.
func Main(module string, make func() Engine) {
	if len(os.Args) > 1 {
		fmt.Println(version(module))
		return
	}
	if err := serve(make()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if m.Path == module {
			return strings.TrimPrefix(m.Version, "v")
		}
	}
	return "unknown"
}

// serve answers lines until there are no more. The standard streams are the
// program's while it runs, so the lines go through copies of them.
func serve(e Engine) error {
	in, err := duplicate(0)
	if err != nil {
		return err
	}
	out, err := duplicate(1)
	if err != nil {
		return err
	}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return nil
		}
		var r Run
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		answer, err := serveOne(e, &r)
		if err != nil {
			answer.Error = err.Error()
		}
		b, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(b, '\n')); err != nil {
			return err
		}
	}
}

func duplicate(fd int) (*os.File, error) {
	n, err := syscall.Dup(fd)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(n)
	return os.NewFile(uintptr(n), "lines"), nil
}

func serveOne(e Engine, r *Run) (Reply, error) {
	if r.Module == "" {
		return e.Run(r)
	}
	module, err := os.ReadFile(r.Module)
	if err != nil {
		return Reply{}, err
	}
	return Reply{}, e.Load(module)
}
