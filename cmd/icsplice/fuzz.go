package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/icsplice/icsplice/fuzz"
	"github.com/spf13/cobra"
)

// exitFound says that fuzzing has found something.
const exitFound = 3

// fuzzFlags are the flags of fuzz and fuzz explain.
type fuzzFlags struct {
	oracles     []string
	native, out string
	workers     int
	scripts     uint64
	time        time.Duration
	seed        uint64
	json        bool
}

func newFuzz() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz [flags]",
		Short: "Compare the canister with native WASI by random scripts of calls",
		Long: `Fuzz draws scripts of WASI calls and has them performed by one program: spliced,
as a canister, and on native engines. What the calls answer and the files that
are left must be the same, but for what is known and has its reason. A difference
is shrunk to a small script and written to the folder findings in --out, which
also takes the corpus of scripts that showed something new; both are used again.

Oracles are wazero, wasmtime, wasmer and node. The programs of wasmtime and
wasmer are taken from --native or built there, which takes Go, a C compiler and
the sources of icsplice around the working folder.

It runs until a bound is reached or until it is interrupted, which loses nothing.

The exit code is 0 where nothing was found, 3 where something was, 1 where an
engine or the machine failed, and 2 for a wrong command line.`,
		Args: func(cmd *cobra.Command, args []string) error { return exactArgs(0, "no arguments")(cmd, args) },
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.IntVar(&f.workers, "workers", runtime.NumCPU(), "how many scripts to run at a time")
	fl.Uint64Var(&f.scripts, "scripts", 0, "most scripts to run, 0 for no bound")
	fl.DurationVar(&f.time, "time", 0, "longest time to run, such as 10m, 0 for no bound")
	fl.Uint64Var(&f.seed, "seed", 0, "what decides on the scripts, 0 for something new")
	fl.StringVar(&f.out, "out", "icsplice-fuzz", "folder for the corpus and for what is found")
	fl.BoolVar(&f.json, "json", false, "write the result as JSON to standard output")
	f.addOracles(cmd)
	cmd.AddCommand(newFuzzExplain())
	return cmd
}

func (f *fuzzFlags) addOracles(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&f.oracles, "oracles", []string{"wazero"}, "engines to compare with, separated by commas")
	cmd.Flags().StringVar(&f.native, "native", "", "folder with the programs wasmtime and wasmer (default a temporary one)")
}

func newFuzzExplain() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "explain [flags] FILE",
		Short: "Show what each engine makes of a script",
		Long: `Explain performs a script of WASI calls, which has the form of what fuzz has
found, and writes beneath each call what the engines answered: once where they
agree.`,
		Args: func(cmd *cobra.Command, args []string) error { return exactArgs(1, "a script")(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return f.explain(cmd, args[0]) },
	}
	f.addOracles(cmd)
	return cmd
}

// prepare checks the oracles and makes what they need. clean removes it again.
func (f *fuzzFlags) prepare(cmd *cobra.Command) (clean func(), err error) {
	if err := checkNames(cmd, f.oracles, fuzz.OracleNames); err != nil {
		return nil, err
	}
	if err := checkFolder("--native", f.native); err != nil {
		return nil, err
	}
	clean = func() {}
	if f.native == "" {
		if f.native, err = os.MkdirTemp("", "icsplice-fuzz-"); err != nil {
			return nil, err
		}
		clean = func() { os.RemoveAll(f.native) }
	}
	if err = os.MkdirAll(f.native, 0o755); err == nil {
		defer startProgress(cmd.ErrOrStderr(), "building engines")()
		err = fuzz.Prepare(f.oracles, f.native)
	}
	if err != nil {
		clean()
	}
	return clean, err
}

// checkFolder refuses a file where a folder is wanted, which need not be there yet.
func checkFolder(flag, path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return hinted(fmt.Errorf("%s %s: it is a file, not a folder", flag, path), "give a folder, which need not be there yet")
	}
	return nil
}

func (f *fuzzFlags) run(cmd *cobra.Command) error {
	if f.workers < 1 {
		return usage(cmd, errors.New("--workers wants at least 1"))
	}
	if f.time < 0 {
		return usage(cmd, errors.New("--time must not be below zero"))
	}
	if err := checkFolder("--out", f.out); err != nil {
		return err
	}
	clean, err := f.prepare(cmd)
	if err != nil {
		return err
	}
	defer clean()
	if f.seed == 0 {
		f.seed = rand.Uint64()
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
	defer stop()
	c := fuzz.Campaign{
		Judge:   func() (*fuzz.Judge, error) { return fuzz.Open(f.oracles, f.native) },
		Workers: f.workers, Seed: f.seed, Scripts: f.scripts, Time: f.time, Dir: f.out,
		Progress: liveLine(cmd.ErrOrStderr()),
	}
	status, err := c.Run(ctx)
	if err != nil {
		return err
	}
	if err := f.report(cmd, status); err != nil {
		return err
	}
	switch {
	case status.Findings+status.Disagreements > 0:
		return exitStatus(exitFound)
	case status.Failures > 0:
		return exitStatus(exitRefused)
	}
	return nil
}

// liveLine writes a line on a terminal, and nothing elsewhere.
func liveLine(stderr io.Writer) func(fuzz.Status) {
	terminal, ok := stderr.(*os.File)
	if !ok || !isTerminal(terminal) {
		return nil
	}
	return func(s fuzz.Status) { fmt.Fprintf(terminal, "\r\x1b[K%s", statusLine(s)) }
}

func statusLine(s fuzz.Status) string {
	return fmt.Sprintf("%s scripts, %.0f a second, %d behaviours, %d findings, %d disagreements, %d failures",
		thousands(int(s.Executions)), s.PerSecond, s.Behaviours, s.Findings, s.Disagreements, s.Failures)
}

func (f *fuzzFlags) report(cmd *cobra.Command, s fuzz.Status) error {
	if f.json {
		e := json.NewEncoder(cmd.OutOrStdout())
		e.SetIndent("", "  ")
		return e.Encode(s)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s\n", statusLine(s))
	fmt.Fprintf(out, "seed %d, %s\n", f.seed, strings.Join(s.Oracles, ", "))
	for _, file := range s.Files {
		fmt.Fprintf(out, "%s\n", file)
	}
	for _, quirk := range unseen(s) {
		fmt.Fprintf(out, "not seen: %s\n", quirk)
	}
	return nil
}

// manyScripts is how many after which each quirk should have been seen.
const manyScripts = 100_000

// unseen lists the quirks that have not shown in a long run.
func unseen(s fuzz.Status) []string {
	var list []string
	for quirk, n := range s.Quirks {
		if n == 0 && s.Executions >= manyScripts {
			list = append(list, quirk)
		}
	}
	slices.Sort(list)
	return list
}

// maxScript bounds a script, in bytes, far above what fuzz writes.
const maxScript = 1 << 20

func (f *fuzzFlags) explain(cmd *cobra.Command, file string) error {
	text, err := readFile(file, maxScript)
	if err != nil {
		return err
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return hinted(fmt.Errorf("%s is not a text", file), "a script has a line for each call, as fuzz writes them to its folder findings")
	}
	script, err := fuzz.Parse(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	clean, err := f.prepare(cmd)
	if err != nil {
		return err
	}
	defer clean()
	j, err := fuzz.Open(f.oracles, f.native)
	if err != nil {
		return err
	}
	explanation, err := j.Explain(script)
	if err = errors.Join(err, j.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), explanation)
	return err
}
