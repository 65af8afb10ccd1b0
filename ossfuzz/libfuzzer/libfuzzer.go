// Package libfuzzer runs a native fuzz target under an engine that calls it with
// bytes, such as libFuzzer. The target sees the testing package as it is: to that
// package the engine is the parent of a fuzz worker. So a target is set up once
// and not for each input, and may use all that *testing.T has.
//
// Only the binaries that ossfuzz/build.sh makes import this package.
package libfuzzer

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
)

// Target is a native fuzz target.
type Target struct {
	Name string           // that of the function
	Dir  string           // of its package, relative to the module's root
	Fuzz func(*testing.F) // the function
}

// SeedsVariable names the environment variable that may hold a folder. The seeds
// of the target, from f.Add and from testdata/fuzz, are then written there when
// the first input arrives, in the form in which Run takes them.
const SeedsVariable = "LIBFUZZER_SEEDS"

// dataFolder stands beside the binary and holds the module's files that are not
// Go, for targets that read some.
const dataFolder = "icsplice"

// running is the worker of this process, which has one target.
var running = sync.OnceValue(func() *worker {
	return &worker{inputs: make(chan []byte), results: make(chan error)}
})

var start sync.Once

// Run gives the target one input. It panics where the target fails, which is what
// engines look for. The target is set up by the first call; data is copied.
func Run(t Target, data []byte) {
	w := running()
	start.Do(func() {
		if err := w.start(t); err != nil {
			panic(err)
		}
	})
	w.inputs <- append([]byte{}, data...)
	if err := <-w.results; err != nil {
		panic(fmt.Sprintf("%s failed:\n%v", t.Name, err))
	}
}

// worker is what the testing package reports to.
type worker struct {
	dependencies
	types   []reflect.Type // of the target's arguments after *testing.T
	seeds   [][]byte
	inputs  chan []byte
	results chan error
}

// start runs the target's set-up twice: as the parent of workers, to learn the
// types and the seeds, and then as a worker, which goes on for ever.
func (w *worker) start(t Target) error {
	if err := errors.Join(useSignalStacks(), enter(t.Dir)); err != nil {
		return err
	}
	testing.Init()
	cache, err := os.MkdirTemp("", "libfuzzer")
	if err != nil {
		return err
	}
	defer os.RemoveAll(cache)
	if err := errors.Join(flag.CommandLine.Parse(nil), flag.Set("test.run", "^$"),
		flag.Set("test.fuzz", "^"+t.Name+"$"), flag.Set("test.fuzzcachedir", cache)); err != nil {
		return err
	}
	run := func() int {
		return testing.MainStart(w, nil, nil, []testing.InternalFuzzTarget{{Name: t.Name, Fn: t.Fuzz}}, nil).Run()
	}
	if code := run(); code != 0 || w.types == nil {
		return fmt.Errorf("%s cannot be set up: status %d", t.Name, code)
	}
	if err := w.writeSeeds(os.Getenv(SeedsVariable)); err != nil {
		return err
	}
	if err := flag.Set("test.fuzzworker", "true"); err != nil {
		return err
	}
	go func() {
		w.results <- fmt.Errorf("%s has stopped: status %d", t.Name, run())
	}()
	return nil
}

// enter goes where go test would run the package's tests.
func enter(dir string) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	return os.Chdir(filepath.Join(filepath.Dir(binary), dataFolder, dir))
}

func (w *worker) writeSeeds(dir string) error {
	if dir == "" {
		return nil
	}
	for _, seed := range w.seeds {
		name := fmt.Sprintf("%x", sha256.Sum256(seed))
		if err := os.WriteFile(filepath.Join(dir, name[:40]), seed, 0o644); err != nil {
			return err
		}
	}
	return nil
}
