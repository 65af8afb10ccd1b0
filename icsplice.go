// Package icsplice makes a canister of the Internet Computer out of a finished
// wasm32 WASI preview1 module: it replaces the module's WASI imports by a
// polyfill over the System API, gives it entry points and a Candid interface,
// and checks the result against the rules of the IC.
package icsplice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/internal/validate"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
	"github.com/icsplice/icsplice/polyfill"
)

// Mode is how a canister is entered.
type Mode string

// The entry modes.
const (
	// ModeAuto takes ModeCommand for a module that exports _start, and
	// ModeLibrary otherwise.
	ModeAuto Mode = ""
	// ModeCommand gives the canister an update method run, which calls _start
	// with fresh memory and replies with exit code and output.
	ModeCommand Mode = "command"
	// ModeLibrary keeps the module's own canister_* exports.
	ModeLibrary Mode = "library"
)

// DefaultReplyLimit is the largest reply of an update call on the IC, in bytes.
const DefaultReplyLimit = 2 << 20

// Options say what Build makes. The zero value is a good default.
type Options struct {
	Mode   Mode
	Public bool // anyone may call run, and not the controllers alone
	// Args and Env are the arguments (the program's name first) and the
	// environment ("NAME=value") of calls that bring none.
	Args, Env []string
	// Preopens are the folders of the canister's file system that the program
	// finds open, as absolute paths; "/" if empty.
	Preopens []string
	// ReplyLimit bounds a reply of run in bytes; output beyond it fails with
	// ENOSPC. 0 is DefaultReplyLimit. A program that cannot open files carries
	// no file system, and has 1 MiB for its output unless ReplyLimit is above
	// DefaultReplyLimit.
	ReplyLimit uint32
	// Methods are exports of a ModeLibrary program that become methods: from
	// the export's name to that of the entry point, such as "canister_query
	// count". Exports that begin with "canister_" are methods by themselves.
	Methods map[string]string
	// Candid is the interface of a ModeLibrary program, to be embedded; without
	// it the program's own custom section stays.
	Candid string
	// Validate checks the program by the rules of the Wasm specification before
	// anything is done with it. Without it, a program that is invalid can give a
	// canister that is, which the IC and every engine refuse.
	Validate bool
	// NoCheck keeps going where the result breaks a rule of the IC.
	NoCheck bool
	// StripNames leaves out the name section, which gives backtraces names.
	StripNames bool
	// Verbatim leaves the program's instructions as they are where they need
	// not change. Without it some give way to shorter ones of the same effect,
	// to make up for longer addresses.
	Verbatim bool
}

// Result is a canister.
type Result struct {
	Wasm   []byte
	Mode   Mode
	Candid string // the interface that was embedded; "" where the program brings its own
	Report link.Report
	// Violations are warnings, and with NoCheck also refusals.
	Violations []Violation
	linked     *link.Result
}

// Map tells where everything of the program and of the polyfill went.
func (r *Result) Map() *link.Map { return r.linked.Map() }

// CheckError says that the IC would refuse the result.
type CheckError struct{ Violations []Violation }

func (e *CheckError) Error() string {
	lines := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		lines[i] = "\n  " + v.String()
	}
	return fmt.Sprintf("the IC would refuse the canister for %d reason(s):%s", len(lines), strings.Join(lines, ""))
}

// KindError says that a module is not of a kind that Build can work on.
type KindError struct{ Kind Kind }

func (e *KindError) Error() string {
	return fmt.Sprintf("the module is of kind %q: %s", e.Kind, nextSteps[e.Kind])
}

// OutputError says that the canister which was made goes beyond what engines
// read. Err is a *FormatError about it, not about the program.
type OutputError struct{ Err error }

func (e *OutputError) Error() string {
	return "the canister that was made cannot be read back: " + e.Err.Error()
}

func (e *OutputError) Unwrap() error { return e.Err }

// Build makes a canister of user, which is not changed. Besides the errors of
// this package it gives those of link.Merge.
func Build(user []byte, opts Options) (*Result, error) {
	m, err := wasm.Read(user)
	if errors.Is(err, wasm.ErrComponent) {
		return nil, &KindError{KindComponent}
	}
	if err != nil {
		return nil, err
	}
	mode, err := entryMode(m, opts)
	if err != nil {
		return nil, err
	}
	if err := opts.check(m); err != nil {
		return nil, err
	}
	if opts.Validate {
		if err := validate.Module(m, validate.Input(user)); err != nil {
			return nil, err
		}
	}
	linked, err := link.Merge(user, polyfill.Module, linkOptions(m, mode, opts)...)
	if err != nil {
		return nil, err
	}
	r := &Result{Wasm: linked.Wasm, Mode: mode, Candid: opts.Candid, Report: linked.Report, linked: linked}
	if mode == ModeCommand {
		r.Candid = candid.Interface
	}
	violations, err := Check(r.Wasm)
	if err != nil {
		return nil, &OutputError{err}
	}
	r.Violations = violations
	if refused := refusals(violations); len(refused) > 0 && !opts.NoCheck {
		return nil, &CheckError{refused}
	}
	return r, nil
}

// FormatError is a fault in the binary form of a module, or what makes it
// invalid: its section, the item in it, and the byte.
type FormatError = wasm.Error

// OptionError is an option that does not fit the module or is malformed.
type OptionError struct {
	Option string // the field of Options
	Value  string
	Msg    string
}

func (e *OptionError) Error() string { return fmt.Sprintf("%s %q: %s", e.Option, e.Value, e.Msg) }

// check refuses options that could not be carried out.
func (o *Options) check(m *wasm.Module) error {
	for name := range o.Methods {
		if e := m.Export(name); e == nil || e.Kind != wasm.ExternFunc {
			return &OptionError{"Methods", name, "the module exports no function of that name"}
		}
	}
	for option, list := range map[string][]string{"Args": o.Args, "Env": o.Env, "Preopens": o.Preopens} {
		for _, s := range list {
			if strings.ContainsRune(s, 0) {
				return &OptionError{option, s, "must not contain a NUL byte"}
			}
		}
	}
	for _, p := range o.Preopens {
		if !strings.HasPrefix(p, "/") {
			return &OptionError{"Preopens", p, "must be an absolute path of the canister's file system"}
		}
	}
	return nil
}

func refusals(all []Violation) []Violation {
	var list []Violation
	for _, v := range all {
		if !v.Warning {
			list = append(list, v)
		}
	}
	return list
}

// entryMode decides on the mode, or that the module cannot be entered.
func entryMode(m *wasm.Module, opts Options) (Mode, error) {
	mode, kind := opts.Mode, kindOf(m)
	switch kind {
	case KindSpliced, KindObject, KindSharedLibrary:
		return "", &KindError{kind}
	}
	if start := m.Export("_start"); start != nil && mode != ModeLibrary && !isPlain(m, start) {
		return "", &OptionError{"Mode", string(ModeCommand), "_start must be a function without parameters and results"}
	}
	if mode == ModeAuto {
		switch kind {
		case KindCommand:
			return ModeCommand, nil
		case KindLibrary, KindCanister:
			return ModeLibrary, nil
		case KindReactor:
			if len(opts.Methods) > 0 {
				return ModeLibrary, nil
			}
		}
		return "", &KindError{kind}
	}
	methods := len(opts.Methods) > 0 || hasExport(m, func(name string) bool { return strings.HasPrefix(name, "canister_") })
	if mode == ModeCommand && kind != KindCommand {
		return "", &KindError{kind}
	}
	if mode == ModeLibrary && !methods {
		return "", &OptionError{"Mode", string(mode), "the module exports no canister method"}
	}
	return mode, nil
}

// isPlain reports whether an export is a function of type () -> ().
func isPlain(m *wasm.Module, e *wasm.Export) bool {
	if e.Kind != wasm.ExternFunc {
		return false
	}
	t := m.FuncType(wasm.FuncIndex(e.Index))
	return len(t.Params)+len(t.Results) == 0
}

// linkOptions tells the linker how the canister is entered and what the
// polyfill's imports are.
func linkOptions(m *wasm.Module, mode Mode, opts Options) []link.Option {
	files := opensFiles(m)
	list := []link.Option{
		link.Resolve(func(n link.Name) string { return exportFor(n, mode, files) }),
		link.Keep(func(name string, kind link.Kind) (string, bool) { return method(name, kind, mode, opts) }),
		link.Bind("config", "public", link.Const(boolean(opts.Public))),
		link.Bind("config", "reply_limit", link.Const(uint64(replyLimit(opts)))),
		link.Bytes("config", "args", nulTerminated(opts.Args)),
		link.Bytes("config", "env", nulTerminated(opts.Env)),
		link.Bytes("config", "preopens", nulTerminated(preopens(opts))),
		link.Custom(MarkSection, []byte(mode)),
	}
	list = append(list, entries(m, mode, opts)...)
	list = append(list, boundary(files, opts)...)
	if opts.Verbatim {
		list = append(list, link.Verbatim())
	}
	if opts.StripNames {
		list = append(list, link.StripNames())
	}
	return list
}

// exportFor names the polyfill's export behind an import. Exiting depends on
// the mode, and beside a file system stable memory is shared with it.
func exportFor(n link.Name, mode Mode, files bool) string {
	wasi := n.Module == abi.ModulePreview1 || n.Module == abi.ModulePreview0
	switch {
	case wasi && n.Name == "proc_exit":
		return string(mode) + ".proc_exit"
	case n.Module == abi.ModuleIC0 && strings.HasPrefix(n.Name, "stable") && files:
		return "volume." + n.Name
	}
	return n.String()
}

// hooks are the entry points that library mode puts its own before.
var hooks = []string{"canister_init", "canister_post_upgrade"}

// method is the name under which an export of the program stays, if it does.
func method(name string, kind link.Kind, mode Mode, opts Options) (string, bool) {
	if mode == ModeCommand || kind != link.Func || slices.Contains(hooks, name) {
		return "", false
	}
	if as, ok := opts.Methods[name]; ok {
		return as, true
	}
	return name, strings.HasPrefix(name, "canister_")
}

// entries are the polyfill's entry points and what they call.
func entries(m *wasm.Module, mode Mode, opts Options) []link.Option {
	var list []link.Option
	for _, name := range append([]string{"_start", "_initialize"}, hooks...) {
		if e := m.Export(name); e == nil || e.Kind != wasm.ExternFunc {
			list = append(list, link.Bind("user", name, link.Nothing()))
		}
	}
	if mode == ModeCommand {
		return append(list,
			link.ExportAs("canister_update "+candid.Method, "command.run"),
			link.Custom(CandidSection, []byte(candid.Interface)))
	}
	for _, name := range hooks {
		list = append(list, link.ExportAs(name, "library."+name))
	}
	if opts.Candid != "" {
		list = append(list, link.Custom(CandidSection, []byte(opts.Candid)))
	}
	return list
}

// boundary links the file system into programs that can open a file; to others
// every descriptor beyond the standard streams is not open. Output beyond what
// the polyfill's memory holds needs it, too.
func boundary(files bool, opts Options) []link.Option {
	var list []link.Option
	for _, f := range polyfill.Boundary {
		spills := strings.HasPrefix(f.Import, "spill_") && replyLimit(opts) > DefaultReplyLimit
		b := link.Const(uint64(f.Without))
		if files || spills {
			b = link.To(f.Export)
		}
		list = append(list, link.Bind("self", f.Import, b))
	}
	return list
}

// opensFiles reports whether the program imports a function that works on
// names, lists a folder or asks for preopened ones. Descriptor 3 is a folder
// to it then; others run without a file system.
func opensFiles(m *wasm.Module) bool {
	for i := range m.Imports {
		imp := &m.Imports[i]
		wasi := imp.Module == abi.ModulePreview1 || imp.Module == abi.ModulePreview0
		folder := imp.Name == "fd_readdir" || strings.HasPrefix(imp.Name, "fd_prestat_")
		if wasi && (folder || strings.HasPrefix(imp.Name, "path_")) {
			return true
		}
	}
	return false
}

func boolean(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func replyLimit(opts Options) uint32 {
	if opts.ReplyLimit == 0 {
		return DefaultReplyLimit
	}
	return opts.ReplyLimit
}

func preopens(opts Options) []string {
	if len(opts.Preopens) == 0 {
		return []string{"/"}
	}
	return opts.Preopens
}

func nulTerminated(list []string) []byte {
	var b []byte
	for _, s := range list {
		b = append(append(b, s...), 0)
	}
	return b
}
