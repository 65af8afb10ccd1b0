package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
	"github.com/spf13/cobra"
)

// mergeFlags are the flags of merge.
type mergeFlags struct {
	output, mapFile  string
	memories, tables string
	exports, hide    []string
	rename           bool
	json, timings    bool
	options          link.Options
}

func newMerge() *cobra.Command {
	var f mergeFlags
	cmd := &cobra.Command{
		Use:   "merge MODULE.wasm[=NAME]... -o OUT.wasm",
		Short: "Link modules that import from one another into one",
		Long: `Merge links any number of modules into one. Each import whose module is the
NAME of another file becomes that one's export; other imports stay. A NAME is
the file's own name where none is given.

The modules behave as if they had been instantiated one after the other, each
behind those that it imports from. Their memories are stacked into one, of which
only one module may grow its part, or kept apart.

Where an output is -, standard output, the report goes to standard error.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, errors.New("wants modules, has none"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.merge(cmd, args) },
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.output, "output", "o", "", "the linked module, - for standard output")
	fl.StringArrayVar(&f.exports, "export", nil, "keep this export alone, MODULE.NAME, MODULE.NAME=AS or 'MODULE.*' (repeatable)")
	fl.StringArrayVar(&f.hide, "hide", nil, "leave this export out, MODULE.NAME or 'MODULE.*' (repeatable)")
	fl.BoolVar(&f.rename, "rename-conflicts", false, "export as MODULE.NAME what would have a name that is taken")
	fl.StringVar(&f.memories, "memories", "stack", "stack them into one, or keep them apart")
	fl.StringVar(&f.tables, "tables", "stack", "stack those of one type into one, or keep them apart")
	fl.StringVar(&f.options.DeferStart, "defer-start", "", "run the start functions by an export of this name, not when instantiated")
	fl.StringArrayVar(&f.options.Hosts, "host", nil, "module whose imports may stay (repeatable, default all)")
	fl.BoolVar(&f.options.KeepAll, "keep-all", false, "keep what nothing reaches")
	fl.BoolVar(&f.options.NoFold, "no-fold", false, "keep functions that equal others")
	fl.BoolVar(&f.options.Verbatim, "verbatim", false, "keep instructions that need not change")
	fl.BoolVar(&f.options.Trusted, "trusted", false, "do not validate the modules")
	fl.BoolVar(&f.options.StripNames, "strip", false, "leave out the name section")
	fl.StringArrayVar(&f.options.KeepCustoms, "keep-section", nil, "carry custom sections of this name as they are (repeatable)")
	fl.StringArrayVar(&f.options.DropCustoms, "drop-section", nil, "leave out custom sections of this name (repeatable)")
	fl.StringVar(&f.mapFile, "map", "", "write where everything went to this file, as JSON if it ends in .json")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	fl.BoolVar(&f.timings, "timings", false, "print how long each phase took")
	return cmd
}

func (f *mergeFlags) merge(cmd *cobra.Command, args []string) error {
	paths, modules, err := f.parse(cmd, args)
	if err != nil {
		return err
	}
	for i, path := range paths {
		if modules[i].Wasm, err = readModule(path); err != nil {
			return explainPath(args[i], path, err)
		}
	}
	if err := checkOutputs(cmd, paths, f.output, f.mapFile); err != nil {
		return err
	}
	stop := startProgress(cmd.ErrOrStderr(), fmt.Sprintf("linking %d modules", len(modules)))
	result, err := link.Link(modules, f.options)
	stop()
	if err != nil {
		return explainLink(paths, modules, err)
	}
	if err := writeOutput(cmd, f.output, result.Wasm); err != nil {
		return err
	}
	if err := writeMap(cmd, f.mapFile, result.Map); err != nil {
		return err
	}
	report, to := newMergeReport(f, result), reportTo(cmd, f.output, f.mapFile)
	if f.json {
		return writeJSON(to, report)
	}
	return writeText(to, report.print)
}

// parse reads the arguments, and the flags that cobra leaves as text.
func (f *mergeFlags) parse(cmd *cobra.Command, args []string) (paths []string, modules []link.Module, err error) {
	names := map[string]bool{}
	for _, arg := range args {
		path, name := arg, strings.TrimSuffix(programName(arg), ".wasm")
		if i := strings.LastIndex(arg, "="); i >= 0 {
			path, name = arg[:i], arg[i+1:]
		}
		if path == "" || name == "" {
			return nil, nil, usage(cmd, fmt.Errorf("wants MODULE.wasm or MODULE.wasm=NAME, not %q", arg))
		}
		if names[name] {
			return nil, nil, usage(cmd, fmt.Errorf("two modules have the name %q; give names as MODULE.wasm=NAME", name))
		}
		names[name] = true
		paths, modules = append(paths, path), append(modules, link.Module{Name: name})
	}
	if err := checkModuleOutput(cmd, f.output); err != nil {
		return nil, nil, err
	}
	if f.rename {
		f.options.Conflicts = link.Rename
	}
	for _, e := range f.exports {
		name, as, _ := strings.Cut(e, "=")
		n, err := exportName(names, name)
		if err != nil {
			return nil, nil, usage(cmd, fmt.Errorf("--export %w", err))
		}
		f.options.Exports = append(f.options.Exports, link.Export{Module: n.Module, Name: n.Name, As: as})
	}
	for _, e := range f.hide {
		n, err := exportName(names, e)
		if err != nil {
			return nil, nil, usage(cmd, fmt.Errorf("--hide %w", err))
		}
		f.options.Hide = append(f.options.Hide, n)
	}
	f.options.Memories, err = layoutFlag("--memories", f.memories)
	if err == nil {
		f.options.Tables, err = layoutFlag("--tables", f.tables)
	}
	if err != nil {
		return nil, nil, usage(cmd, err)
	}
	return paths, modules, nil
}

// exportName splits MODULE.NAME, where both may have dots, at the name of a
// module, the longest that fits.
func exportName(modules map[string]bool, s string) (link.Name, error) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' && modules[s[:i]] {
			return link.Name{Module: s[:i], Name: s[i+1:]}, nil
		}
	}
	return link.Name{}, fmt.Errorf("wants MODULE.NAME with the name of one of the modules, not %q", s)
}

func layoutFlag(flag, value string) (link.Layout, error) {
	switch value {
	case "stack":
		return link.Stack, nil
	case "apart":
		return link.Apart, nil
	}
	return 0, fmt.Errorf("%s is stack or apart, not %q", flag, value)
}

// writeMap writes a link map, unless no file is given.
func writeMap(cmd *cobra.Command, path string, makeMap func() *link.Map) error {
	if path == "" {
		return nil
	}
	var b bytes.Buffer
	var err error
	if filepath.Ext(path) == ".json" {
		err = writeJSON(&b, makeMap())
	} else {
		_, err = makeMap().WriteTo(&b)
	}
	if err != nil {
		return err
	}
	return writeOutput(cmd, path, b.Bytes())
}

// explainPath tells a file with = in its name from one that is given a name.
func explainPath(arg, path string, err error) error {
	if _, statErr := os.Stat(arg); path == arg || statErr != nil {
		return err
	}
	return hinted(fmt.Errorf("%s: there is no such file", path), "what follows = is a name; give "+arg+" one: "+arg+"=NAME")
}

// explainLink names the file that an error of the linker is about and adds the
// way out.
func explainLink(paths []string, modules []link.Module, err error) error {
	var (
		one        *link.Error
		fault      *wasm.Error
		unresolved *link.UnresolvedError
		conflict   *link.ConflictError
		option     *link.OptionError
	)
	switch {
	case errors.As(err, &unresolved):
		return hinted(err, "name the modules as the imports do, MODULE.wasm=NAME; --host allows imports to stay")
	case errors.As(err, &option):
		return hinted(err, "icsplice inspect lists what a module exports")
	case errors.As(err, &conflict):
		return hinted(err, "--export chooses, --hide leaves out, --rename-conflicts gives other names")
	case errors.As(err, &one):
		for i, m := range modules {
			if m.Name == one.Input {
				err = fmt.Errorf("%s: %w", paths[i], err)
			}
		}
	}
	if errors.As(err, &fault) {
		return hinted(err, "the module is damaged, cut short or invalid; build it or fetch it again")
	}
	return err
}

// mergeReport is what merge --json prints. Sizes are in bytes; code is that of
// function bodies.
type mergeReport struct {
	Output   string            `json:"output"`
	Size     int               `json:"size"`
	Modules  []moduleReport    `json:"modules"`
	Code     int               `json:"code"`
	Linker   int               `json:"code_linker"`
	Growth   []link.Cause      `json:"growth"`
	MinPages uint64            `json:"min_pages"`
	Linked   []string          `json:"linked,omitempty"`
	Kept     []string          `json:"kept,omitempty"`
	Customs  []link.CustomFate `json:"custom_sections,omitempty"`
	Timings  []timing          `json:"timings,omitempty"`
}

type moduleReport struct {
	Name       string `json:"name"`
	Size       int    `json:"size"`
	CodeBefore int    `json:"code_before"`
	CodeAfter  int    `json:"code_after"`
	Functions  int    `json:"functions"`
	Removed    int    `json:"removed_functions"`
	Folded     int    `json:"folded_functions"`
}

type timing struct {
	Phase   string  `json:"phase"`
	Seconds float64 `json:"seconds"`
}

func newMergeReport(f *mergeFlags, result *link.Result) *mergeReport {
	rep := &result.Report
	r := &mergeReport{Output: f.output, Size: rep.Size, Code: rep.Code, Linker: rep.CodeLinker,
		Growth: rep.Growth.Causes(), MinPages: rep.MinPages, Customs: rep.Customs}
	for _, in := range rep.Inputs {
		r.Modules = append(r.Modules, moduleReport{in.Name, in.Size, in.Code, in.CodeOut, in.Funcs, in.Removed, in.Folded})
	}
	for _, l := range rep.Resolved {
		r.Linked = append(r.Linked, l.Import.String())
	}
	for _, h := range rep.Hosts {
		r.Kept = append(r.Kept, h.String())
	}
	for _, p := range rep.Phases {
		if f.timings {
			r.Timings = append(r.Timings, timing{p.Name, p.Time.Round(time.Microsecond).Seconds()})
		}
	}
	return r
}

func (r *mergeReport) print(w io.Writer) {
	names := make([]string, len(r.Modules))
	for i, m := range r.Modules {
		names[i] = m.Name
	}
	fmt.Fprintf(w, "%s → %s: %s bytes\n", strings.Join(names, " + "), outputName(r.Output), thousands(r.Size))
	for _, m := range r.Modules {
		fmt.Fprintf(w, "  module %s: %s bytes, code %s → %s, %s functions", m.Name, thousands(m.Size),
			thousands(m.CodeBefore), thousands(m.CodeAfter), thousands(m.Functions))
		if m.Removed+m.Folded > 0 {
			fmt.Fprintf(w, " (%s removed, %s folded)", thousands(m.Removed), thousands(m.Folded))
		}
		fmt.Fprintln(w)
	}
	for _, c := range r.Growth {
		fmt.Fprintf(w, "  growth %+d %s\n", c.Bytes, c.Name)
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(w, "  kept   %s\n", strings.Join(r.Kept, " "))
	}
	for _, c := range r.Customs {
		if c.Fate == link.Dropped || c.Fate == link.Ignored {
			fmt.Fprintf(w, "  %-7s section %s of %s\n", c.Fate, c.Name, c.Input)
		}
	}
	for _, t := range r.Timings {
		fmt.Fprintf(w, "  time   %s: %.1f ms\n", t.Phase, t.Seconds*1e3)
	}
}
