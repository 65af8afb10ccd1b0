//go:build cgo

package link_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/link"
)

// programs of the corpus, each with a memory that grows and all with WASI.
var programs = []string{"wc", "env", "exits", "simd", "sha"}

// besideOthers links the programs, with their memories apart and their tables in
// one, to a program that is one of them and has the others in it.
func besideOthers(t *testing.T, program string) []byte {
	t.Helper()
	o := link.Options{Memories: link.Apart, KeepAll: true, Exports: []link.Export{
		{Module: program, Name: "memory"}, {Module: program, Name: "_start"}}}
	var modules []link.Module
	for _, name := range programs {
		b, err := corpus.Module(name)
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, link.Module{Name: name, Wasm: b})
	}
	r, err := link.Link(modules, o)
	if err != nil {
		t.Fatal(err)
	}
	if m := r.Map(); len(m.Memories) != len(programs) || m.Memories[len(programs)-1].Index == 0 {
		t.Fatalf("memories %v are not apart", m.Memories)
	}
	checkOutput(t, r.Wasm)
	return r.Wasm
}

// TestProgramsBesideOthers: programs say the same when others are linked in.
func TestProgramsBesideOthers(t *testing.T) {
	compared := 0
	for _, program := range programs {
		module, err := wasmtime.NewModule(wasmtimeEngine(), besideOthers(t, program))
		if err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		for _, c := range corpus.Cases() {
			if c.Program != program || len(c.Files) > 0 || len(c.Want.Files) > 0 || strings.HasPrefix(c.Name, "standard") {
				continue
			}
			t.Run(program+" "+c.Name, func(t *testing.T) {
				out, exit := runProgram(t, module, &c)
				if out != c.Want.Stdout || exit != c.Want.Exit {
					t.Errorf("exit %d with %q, want %d with %q", exit, out, c.Want.Exit, c.Want.Stdout)
				}
			})
			compared++
		}
	}
	if compared < 10 {
		t.Errorf("%d cases were run", compared)
	}
}

// runProgram runs a case in wasmtime.
func runProgram(t *testing.T, module *wasmtime.Module, c *corpus.Case) (stdout string, exit uint32) {
	t.Helper()
	dir := t.TempDir()
	stdin, output := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(stdin, []byte(c.Stdin), 0o644); err != nil {
		t.Fatal(err)
	}
	w := wasmtime.NewWasiConfig()
	w.SetArgv(append([]string{c.Program}, c.Args...))
	var keys, values []string
	for _, e := range c.Env {
		key, value, _ := strings.Cut(e, "=")
		keys, values = append(keys, key), append(values, value)
	}
	w.SetEnv(keys, values)
	if err := errors.Join(w.SetStdinFile(stdin), w.SetStdoutFile(output)); err != nil {
		t.Fatal(err)
	}
	store := wasmtime.NewStore(wasmtimeEngine())
	defer store.Close()
	store.SetWasi(w)
	l := wasmtime.NewLinker(wasmtimeEngine())
	if err := l.DefineWasi(); err != nil {
		t.Fatal(err)
	}
	instance, err := l.Instantiate(store, module)
	if err != nil {
		t.Fatal(err)
	}
	_, err = instance.GetFunc(store, "_start").Call(store)
	var end *wasmtime.Error
	if errors.As(err, &end) {
		status, _ := end.ExitStatus()
		exit, err = uint32(status), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), exit
}
