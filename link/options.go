package link

import "github.com/icsplice/icsplice/internal/wasm"

// Kind is the kind of an export.
type Kind = wasm.ExternKind

// The kinds of exports.
const (
	Func   = wasm.ExternFunc
	Table  = wasm.ExternTable
	Memory = wasm.ExternMemory
	Global = wasm.ExternGlobal
	Tag    = wasm.ExternTag
)

// Name is the two-level name of an import.
type Name struct{ Module, Name string }

func (n Name) String() string { return n.Module + "." + n.Name }

// Option changes what Merge does.
type Option func(*options)

type options struct {
	resolve  func(Name) string
	keep     func(name string, kind Kind) (as string, ok bool)
	exports  []exportAs
	bindings map[Name]Binding
	hosts    map[string]bool
	customs  []wasm.Custom
	strip    bool
}

type exportAs struct{ as, name string }

func newOptions(opts []Option) *options {
	o := &options{
		resolve:  Name.String,
		keep:     func(name string, _ Kind) (string, bool) { return name, true },
		bindings: map[Name]Binding{},
		hosts:    map[string]bool{"ic0": true},
	}
	for _, opt := range opts {
		opt(o)
	}
	return o
}

// Resolve replaces the rule by which an import of the user finds its export in
// the polyfill. The rule returns the export's name; without it that is
// "module.name".
func Resolve(rule func(Name) string) Option {
	return func(o *options) { o.resolve = rule }
}

// Keep says which of the user's exports stay, and under which name; without it
// all do, under their own.
func Keep(keep func(name string, kind Kind) (as string, ok bool)) Option {
	return func(o *options) { o.keep = keep }
}

// Export exports the polyfill's function export name as as.
func Export(as, name string) Option {
	return func(o *options) { o.exports = append(o.exports, exportAs{as, name}) }
}

// Bind says what an import of the polyfill becomes.
func Bind(module, name string, b Binding) Option {
	return func(o *options) { o.bindings[Name{module, name}] = b }
}

// Bytes gives the polyfill a constant string of bytes through two imports:
// NAME_size() i32, and NAME_copy(dst, offset, n i32), which copies n bytes from
// offset to the address dst in the polyfill's memory and traps outside of
// either. Merge keeps b.
func Bytes(module, name string, b []byte) Option {
	blob := &blob{name: module + "." + name, bytes: b}
	return func(o *options) {
		o.bindings[Name{module, name + "_size"}] = Const(uint64(len(b)))
		o.bindings[Name{module, name + "_copy"}] = Binding{kind: bindBlob, blob: blob}
	}
}

// Host names import modules that stay imports; without it that is ic0 alone.
// A function that stays must not take the address of memory unless it is one
// of ic0, whose pointers are known and get shifted.
func Host(modules ...string) Option {
	return func(o *options) {
		o.hosts = map[string]bool{}
		for _, m := range modules {
			o.hosts[m] = true
		}
	}
}

// Custom adds a custom section behind the others, in place of one of that name
// in the program. Merge keeps b.
func Custom(name string, b []byte) Option {
	return func(o *options) {
		o.customs = append(o.customs, wasm.Custom{Name: name, Bytes: b, After: wasm.SectionData})
	}
}

// StripNames leaves the name section out.
func StripNames() Option { return func(o *options) { o.strip = true } }

// Binding is what an import of the polyfill becomes. Its zero value is Nothing.
type Binding struct {
	kind  bindKind
	value uint64
	name  string
	blob  *blob
}

type bindKind byte

const (
	bindConst bindKind = iota
	bindExport
	bindBlob
)

type blob struct {
	name  string
	bytes []byte
}

// Const makes the import a function that drops its parameters and returns the
// number v, if it returns anything.
func Const(v uint64) Binding { return Binding{kind: bindConst, value: v} }

// Nothing makes the import a function that does nothing and returns 0, if it
// returns anything.
func Nothing() Binding { return Const(0) }

// To makes the import the polyfill's own export of that name.
func To(export string) Binding { return Binding{kind: bindExport, name: export} }
