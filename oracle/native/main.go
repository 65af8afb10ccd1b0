//go:build cgo

// Command native runs WASI commands on wasmtime or wasmer, for package oracle,
// which has the lines that it reads and writes.
package main

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

// engine is one of the two.
type engine interface {
	load(module []byte) error
	run(r *request) (reply, error)
}

// request is a line that is read: with a module the first, and else a run.
type request struct {
	Module string   `json:"module"`
	Args   []string `json:"args"`
	Env    []string `json:"env"`
	Dir    string   `json:"dir"`
	Root   string   `json:"root"`
}

func (r *request) file(name string) string { return filepath.Join(r.Dir, name) }

type reply struct {
	Exit  uint32 `json:"exit"`
	Trap  string `json:"trap"`
	Error string `json:"error"`
}

var engines = map[string]struct {
	module string
	make   func() engine
}{
	"wasmtime": {"github.com/bytecodealliance/wasmtime-go/v39", func() engine { return newWasmtime() }},
	"wasmer":   {"github.com/wasmerio/wasmer-go", func() engine { return newWasmer() }},
}

func main() {
	if len(os.Args) < 2 || engines[os.Args[1]].make == nil {
		fmt.Fprintln(os.Stderr, "usage: native wasmtime|wasmer [version]")
		os.Exit(2)
	}
	e := engines[os.Args[1]]
	if len(os.Args) > 2 {
		fmt.Println(version(e.module))
		return
	}
	if err := serve(e.make()); err != nil {
		fmt.Fprintln(os.Stderr, "native:", err)
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
func serve(e engine) error {
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
		var r request
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

func serveOne(e engine, r *request) (reply, error) {
	if r.Module == "" {
		return e.run(r)
	}
	module, err := os.ReadFile(r.Module)
	if err != nil {
		return reply{}, err
	}
	return reply{}, e.load(module)
}
