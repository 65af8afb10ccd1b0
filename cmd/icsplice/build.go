package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/link"
	"github.com/spf13/cobra"
)

// buildFlags are the flags of build.
type buildFlags struct {
	output, did, mode, candid string
	mapFile                   string
	methods                   []string
	json                      bool
	options                   icsplice.Options
}

func newBuild() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build MODULE.wasm",
		Short: "Make a canister of a WASI program",
		Long: `Build links the WASI polyfill into a finished module and writes a canister.

A program with _start gets an update method run, which takes arguments,
standard input and environment in Candid and returns the exit code and what the
program wrote. A module with canister_* exports keeps them as they are.

Where an output is -, standard output, the report goes to standard error.`,
		Args: exactArgs(1, "one module"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.build(cmd, args[0])
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.output, "output", "o", "", "the canister, - for standard output (default MODULE.canister.wasm)")
	fl.StringVar(&f.did, "did", "", "also write the Candid interface to this file")
	fl.StringVar(&f.mode, "mode", "auto", "auto, command (by _start) or library (by canister_* exports)")
	fl.BoolVar(&f.options.Public, "public", false, "let everyone call run, not only controllers")
	fl.StringArrayVar(&f.options.Args, "arg", nil, "argument of the program where a call gives none (repeatable)")
	fl.StringArrayVar(&f.options.Env, "env", nil, "environment variable K=V of the program (repeatable)")
	fl.StringArrayVar(&f.options.Preopens, "preopen", nil, "folder that the program finds open (repeatable, default /)")
	fl.StringArrayVar(&f.methods, "method", nil, "make an export of a library a method, EXPORT=KIND or EXPORT=KIND:NAME\nwhere KIND is update, query or composite_query (repeatable)")
	fl.StringVar(&f.candid, "candid", "", "file with the Candid interface of a library, to be embedded")
	fl.BoolVar(&f.options.Verbatim, "verbatim", false, "keep instructions that need not change")
	fl.BoolVar(&f.options.StripNames, "strip", false, "leave out the names of functions, which backtraces show")
	fl.BoolVar(&f.options.NoCheck, "no-check", false, "write the canister even if the IC would refuse it")
	fl.StringVar(&f.mapFile, "map", "", "write where everything went to this file, as JSON if it ends in .json")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	return cmd
}

func (f *buildFlags) build(cmd *cobra.Command, path string) error {
	if !cmd.Flags().Changed("output") {
		f.output = moduleStem(path) + ".canister.wasm"
	}
	if err := f.parse(cmd); err != nil {
		return err
	}
	module, err := readModule(path)
	if err != nil {
		return err
	}
	if err := checkOutputs(cmd, []string{path, f.candid}, f.output, f.did, f.mapFile); err != nil {
		return err
	}
	if len(f.options.Args) > 0 {
		f.options.Args = append([]string{programName(path)}, f.options.Args...)
	}
	stop := startProgress(cmd.ErrOrStderr(), "splicing "+filepath.Base(path))
	result, err := icsplice.Build(module, f.options)
	stop()
	if err != nil {
		return explain(path, err)
	}
	if err := f.write(cmd, path, result); err != nil {
		return err
	}
	report, err := newBuildReport(f.output, result)
	if err != nil {
		return err
	}
	to := reportTo(cmd, f.output, f.did, f.mapFile)
	if f.json {
		return writeJSON(to, report)
	}
	return writeText(to, func(w io.Writer) { report.print(w, path) })
}

func (f *buildFlags) parse(cmd *cobra.Command) error {
	f.options.Validate = true
	if err := checkModuleOutput(cmd, f.output); err != nil {
		return err
	}
	switch f.mode {
	case "auto":
		f.options.Mode = icsplice.ModeAuto
	case "command", "library":
		f.options.Mode = icsplice.Mode(f.mode)
	default:
		return usage(cmd, fmt.Errorf("--mode is auto, command or library, not %q", f.mode))
	}
	if err := checkEnv(cmd, f.options.Env); err != nil {
		return err
	}
	for _, p := range f.options.Preopens {
		if !strings.HasPrefix(p, "/") {
			return usage(cmd, fmt.Errorf("--preopen wants a path from the root of the canister's files, such as /%s, not %q", p, p))
		}
	}
	if err := f.parseMethods(cmd); err != nil || f.candid == "" {
		return err
	}
	did, err := readFile(f.candid, maxCandid)
	f.options.Candid = string(did)
	return err
}

// maxCandid bounds an interface, which has to fit into the IC's metadata.
const maxCandid = icsplice.MaxICPBytes

func (f *buildFlags) parseMethods(cmd *cobra.Command) error {
	f.options.Methods = map[string]string{}
	for _, m := range f.methods {
		export, method, ok := strings.Cut(m, "=")
		kind, name, named := strings.Cut(method, ":")
		if !named {
			name = export
		}
		switch kind {
		case "update", "query", "composite_query":
		default:
			ok = false
		}
		if !ok || export == "" || name == "" {
			return usage(cmd, fmt.Errorf("--method wants EXPORT=KIND or EXPORT=KIND:NAME with a kind of update, query or composite_query, not %q", m))
		}
		f.options.Methods[export] = "canister_" + kind + " " + name
	}
	return nil
}

// checkEnv refuses variables that are not of the form K=V.
func checkEnv(cmd *cobra.Command, env []string) error {
	for _, e := range env {
		if name, _, ok := strings.Cut(e, "="); !ok || name == "" {
			return usage(cmd, fmt.Errorf("--env wants NAME=VALUE, not %q", e))
		}
	}
	return nil
}

func (f *buildFlags) write(cmd *cobra.Command, path string, result *icsplice.Result) error {
	if f.candid != "" && result.Mode == icsplice.ModeCommand {
		return hinted(fmt.Errorf("--candid %s: %s is a command, whose interface is that of run", f.candid, path),
			"leave --candid out; --did writes the interface")
	}
	if f.did != "" && result.Candid == "" {
		return hinted(fmt.Errorf("%s has no Candid interface to write", path),
			"in library mode the interface is that of the program's own methods")
	}
	if err := writeOutput(cmd, f.output, result.Wasm); err != nil {
		return err
	}
	if err := writeMap(cmd, f.mapFile, result.Map); err != nil {
		return err
	}
	if f.did == "" {
		return nil
	}
	return writeOutput(cmd, f.did, []byte(result.Candid))
}

// moduleStem is the path of a module without its ending.
func moduleStem(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".wasm")
}

// programName is what the program finds as its argument 0.
func programName(path string) string { return filepath.Base(moduleStem(path)) + ".wasm" }

// buildReport is what build --json prints. Sizes are in bytes; code is that of
// function bodies.
type buildReport struct {
	Output       string               `json:"output"`
	Mode         icsplice.Mode        `json:"mode"`
	SizeBefore   int                  `json:"size_before"`
	SizeAfter    int                  `json:"size_after"`
	CodeBefore   int                  `json:"code_before"`
	CodeAfter    int                  `json:"code_after"`
	CodeUser     int                  `json:"code_user"`
	CodePolyfill int                  `json:"code_polyfill"`
	CodeLinker   int                  `json:"code_linker"`
	Linked       []string             `json:"linked"`            // WASI imports that the polyfill serves
	Kept         []string             `json:"kept,omitempty"`    // imports of ic0
	Removed      int                  `json:"removed_functions"` // of the program and the polyfill
	Dropped      []string             `json:"dropped_sections,omitempty"`
	Limits       []icsplice.Usage     `json:"limits"`
	Violations   []icsplice.Violation `json:"violations,omitempty"`
}

func newBuildReport(output string, r *icsplice.Result) (*buildReport, error) {
	info, err := icsplice.Inspect(r.Wasm)
	if err != nil {
		return nil, err
	}
	rep := r.Report
	b := &buildReport{
		Output: output, Mode: r.Mode,
		SizeBefore: rep.Inputs[0].Size, SizeAfter: rep.Size,
		CodeBefore: rep.Inputs[0].Code, CodeAfter: rep.Code,
		CodeUser: rep.Inputs[0].CodeOut, CodePolyfill: rep.CodePolyfill, CodeLinker: rep.CodeLinker,
		Removed: rep.Inputs[0].Removed + rep.Inputs[1].Removed,
		Limits:  info.Limits, Violations: r.Violations,
	}
	for _, c := range rep.Customs {
		if c.Input == "user" && (c.Fate == link.Dropped || c.Fate == link.Ignored) {
			b.Dropped = append(b.Dropped, c.Name)
		}
	}
	for _, im := range rep.Resolved {
		b.Linked = append(b.Linked, im.Import.String())
	}
	for _, name := range rep.Hosts {
		b.Kept = append(b.Kept, name.String())
	}
	return b, nil
}

func (b *buildReport) print(w io.Writer, path string) {
	fmt.Fprintf(w, "%s → %s (%s)\n", path, outputName(b.Output), b.Mode)
	fmt.Fprintf(w, "  size   %s → %s bytes\n", thousands(b.SizeBefore), thousands(b.SizeAfter))
	fmt.Fprintf(w, "  code   %s → %s bytes: program %s (%+.1f %%), polyfill %s, linker %s\n",
		thousands(b.CodeBefore), thousands(b.CodeAfter), thousands(b.CodeUser), growth(b.CodeBefore, b.CodeUser),
		thousands(b.CodePolyfill), thousands(b.CodeLinker))
	if len(b.Linked) > 0 {
		fmt.Fprintf(w, "  linked %s\n", strings.Join(b.Linked, " "))
	}
	for _, u := range b.Limits {
		fmt.Fprintf(w, "  limit  %s: %s of %s, %.1f %%\n", u.What, thousands(u.Used), thousands(u.Limit), u.Percent)
	}
	for _, v := range b.Violations {
		fmt.Fprintf(w, "  check  %s\n", v)
	}
}

// growth is by how many percent after exceeds before.
func growth(before, after int) float64 {
	if before == 0 {
		return 0
	}
	return float64(after-before) / float64(before) * 100
}
