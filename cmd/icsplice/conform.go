package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"time"

	"github.com/icsplice/icsplice/conformance"
	"github.com/spf13/cobra"
)

// conformFlags are the flags of conform.
type conformFlags struct {
	oracles                     []string
	native, compiler            string
	json, junit, markdown, html string
	timeout                     time.Duration
	jobs                        int
}

func newConform() *cobra.Command {
	var f conformFlags
	cmd := &cobra.Command{
		Use:   "conform [flags] DIR... | conform [flags] --compiler NAME [DIR] -- COMMAND...",
		Short: "Run suites of WASI tests on the canister and on native runtimes",
		Long: `Conform runs each NAME.wasm in a folder and in those below it, on the spliced
canister and on native runtimes. A case passes where its exit code (default 0)
and its standard output, if that is given, are those of NAME.json beside it:

  {"args": ["one"], "env": {"K": "V"}, "root": "folder", "exit_code": 3, "stdout": "text\n"}

All of it is optional. The folder root, beside the case, is copied for each run
and opened as /; without it, / is empty. NAME.expected in a suite's folder lists
the cases that are known to fail on the runtime NAME, a line "CASE: reason" each.

With --compiler, the sources of a suite in C are compiled first by the command
behind --, in which {src} and {out} stand for the source and the module. Without
DIR these are the sources of icsplice's own suite:

  icsplice conform --compiler zig -- zig cc -target wasm32-wasi {src} -o {out}

Runtimes are icsplice (the canister), wazero, node, wasmtime and wasmer. Unless
--oracles names others, icsplice and wazero run, node where it is installed, and
the last two where their programs are in the folder --native. If they are named,
a program that is missing is built there, which takes Go, a C compiler and the
sources of icsplice around the working folder.

The exit code is 0 where all results are as expected, 1 where some are not, and
2 for a wrong command line.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.oracles, "oracles", nil, "runtimes, separated by commas")
	fl.StringVar(&f.native, "native", "", "folder that keeps the programs of wasmtime and wasmer")
	fl.StringVar(&f.compiler, "compiler", "", "name of a compiler whose command follows --")
	fl.StringVar(&f.json, "json", "", "write the report as JSON to this file")
	fl.StringVar(&f.junit, "junit", "", "write the report as JUnit XML to this file")
	fl.StringVar(&f.markdown, "markdown", "", "write a summary in Markdown to this file, - for standard output")
	fl.StringVar(&f.html, "html", "", "write the report as a page to this file")
	fl.DurationVar(&f.timeout, "timeout", 10*time.Second, "most time of one run; a canister is bounded by the IC's instruction limit")
	fl.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "runs at a time")
	return cmd
}

func (f *conformFlags) run(cmd *cobra.Command, args []string) (err error) {
	dirs, command, err := f.split(cmd, args)
	if err != nil {
		return err
	}
	if err := f.checkInputs(cmd, dirs); err != nil {
		return err
	}
	if err := checkOutputs(cmd, nil, f.json, f.junit, f.markdown, f.html); err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	temp, err := os.MkdirTemp("", "icsplice-conform-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	cases, err := f.cases(ctx, cmd, dirs, command, temp)
	if err != nil {
		return explainSuite(err)
	}
	oracles, err := f.open(cmd, temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(oracles)) }()
	progress, stop := startCounter(cmd.ErrOrStderr(), "running")
	runner := conformance.Runner{Oracles: oracles, Timeout: f.timeout, Jobs: f.jobs, Progress: progress}
	report, err := runner.Run(ctx, cases)
	stop()
	if err != nil {
		return err
	}
	report.Compiler = f.compiler
	return f.write(cmd, report)
}

// split tells folders from the compiler's command.
func (f *conformFlags) split(cmd *cobra.Command, args []string) (dirs, command []string, err error) {
	dirs = args
	if at := cmd.ArgsLenAtDash(); at >= 0 {
		dirs, command = args[:at], args[at:]
	}
	switch {
	case f.compiler == "" && len(command) > 0:
		err = errors.New("a command behind -- wants --compiler NAME")
	case f.compiler != "" && len(command) == 0:
		err = errors.New("--compiler wants a command behind --")
	case f.compiler != "" && len(dirs) > 1:
		err = errors.New("--compiler takes one folder of sources at most")
	case f.compiler == "" && len(dirs) == 0:
		err = errors.New("wants a folder with cases")
	case f.jobs < 1 || f.timeout <= 0:
		err = errors.New("--jobs and --timeout must be above zero")
	}
	if err != nil {
		return nil, nil, usage(cmd, err)
	}
	return dirs, command, nil
}

// checkInputs finds wrong names before anything takes time.
func (f *conformFlags) checkInputs(cmd *cobra.Command, dirs []string) error {
	if cmd.Flags().Changed("oracles") {
		if err := checkNames(cmd, f.oracles, runtimes); err != nil {
			return err
		}
	}
	if err := checkFolder("--native", f.native); err != nil {
		return err
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return hinted(fmt.Errorf("%s: there is no such folder", dir), "check the path; the working folder is "+workingFolder())
		}
		if err == nil && !info.IsDir() {
			err = hinted(fmt.Errorf("%s is a file, not a folder", dir), "give the folder that it lies in")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *conformFlags) cases(ctx context.Context, cmd *cobra.Command, dirs, command []string, temp string) ([]conformance.Case, error) {
	if f.compiler != "" {
		return f.compile(ctx, cmd, dirs, command, temp)
	}
	var all []conformance.Case
	for _, dir := range dirs {
		cases, err := conformance.Load(dir)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

// compile makes the modules of a suite in C with the user's compiler.
func (f *conformFlags) compile(ctx context.Context, cmd *cobra.Command, dirs, command []string, temp string) ([]conformance.Case, error) {
	sources, err := os.MkdirTemp(temp, "sources-")
	if err != nil {
		return nil, err
	}
	if len(dirs) == 1 {
		sources = dirs[0]
	} else if err := conformance.WriteSources(sources); err != nil {
		return nil, err
	}
	out, err := os.MkdirTemp(temp, "modules-")
	if err != nil {
		return nil, err
	}
	progress, stop := startCounter(cmd.ErrOrStderr(), "compiling")
	defer stop()
	c := conformance.Compiler{Name: f.compiler, Command: command, Jobs: f.jobs, Progress: progress}
	cases, err := c.Build(ctx, sources, out)
	if errors.Is(err, conformance.ErrCommand) {
		return nil, usage(cmd, err)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, hinted(err, "install the compiler, or give its path")
	}
	return cases, err
}

func explainSuite(err error) error {
	var wrong *conformance.SuiteError
	switch {
	case errors.Is(err, conformance.ErrNoCases):
		return hinted(err, "a suite is a folder of NAME.wasm, each with an optional NAME.json")
	case errors.As(err, &wrong):
		return hinted(err, "icsplice conform --help tells what the files of a suite hold")
	}
	return err
}

// write writes the reports that were asked for, and what is to be said at the
// end.
func (f *conformFlags) write(cmd *cobra.Command, r *conformance.Report) error {
	for _, out := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{f.json, func(w io.Writer) error { return writeJSON(w, r) }},
		{f.junit, r.JUnit},
		{f.markdown, r.Markdown},
		{f.html, r.HTML},
	} {
		if out.path == "" {
			continue
		}
		var b bytes.Buffer
		if err := out.write(&b); err != nil {
			return err
		}
		if err := writeOutput(cmd, out.path, b.Bytes()); err != nil {
			return err
		}
	}
	return f.summarise(cmd, r)
}

// summarise prints each unexpected result and the counts of each runtime.
func (f *conformFlags) summarise(cmd *cobra.Command, r *conformance.Report) error {
	out := printable{cmd.ErrOrStderr()}
	for k := range r.Cases {
		for i := range r.Cases[k].Results {
			if x := &r.Cases[k].Results[i]; x.Bad() {
				fmt.Fprintf(out, "%s on %s: %s\n", r.Cases[k].ID(), r.Runtimes[i].Name, x.Explain())
			}
		}
	}
	for _, t := range r.Runtimes {
		fmt.Fprintf(out, "icsplice: %-8s %3d pass, %d expected to fail, %d fail, %d pass unexpectedly\n", t.Name,
			t.Count[conformance.Passed], t.Count[conformance.ExpectedFailure],
			t.Count[conformance.Failed], t.Count[conformance.UnexpectedPass])
	}
	if !r.Passed() {
		return exitStatus(exitRefused)
	}
	return nil
}

// startCounter shows on a terminal how much is done. The function stop erases
// that.
func startCounter(stderr io.Writer, doing string) (progress func(done, total int), stop func()) {
	file, ok := stderr.(*os.File)
	if !ok || !isTerminal(file) {
		return nil, func() {}
	}
	progress = func(done, total int) { fmt.Fprintf(file, "\r\x1b[Kicsplice: %s %d of %d", doing, done, total) }
	return progress, func() { fmt.Fprint(file, "\r\x1b[K") }
}
