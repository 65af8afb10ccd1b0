package link

// Option changes what Merge does.
type Option func(*mergeOptions)

type mergeOptions struct {
	Options
	resolve  func(Name) string
	keep     func(name string, kind Kind) (as string, ok bool)
	exports  []exportAs
	bindings map[Name]Binding
	hosts    map[string]bool
}

type exportAs struct{ as, name string }

func newMergeOptions(opts []Option) *mergeOptions {
	o := &mergeOptions{
		Options:  Options{Trusted: true, Tables: Apart},
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

// Validate makes Merge validate its inputs. Without it they are trusted, as
// with Options.Trusted.
func Validate() Option { return func(o *mergeOptions) { o.Trusted = false } }

// Verbatim leaves instructions as they are where they need not change, as
// Options.Verbatim does.
func Verbatim() Option { return func(o *mergeOptions) { o.Verbatim = true } }

// With sets what Link's options say about validation, tables, removal, folding,
// instructions, names and custom sections; the others mean nothing to Merge.
// Options that follow change it further.
func With(general Options) Option {
	return func(o *mergeOptions) {
		o.Options = Options{
			Tables: general.Tables, KeepAll: general.KeepAll, NoFold: general.NoFold,
			Verbatim: general.Verbatim, Trusted: general.Trusted, StripNames: general.StripNames,
			Customs: general.Customs, KeepCustoms: general.KeepCustoms, DropCustoms: general.DropCustoms,
		}
	}
}

// Resolve replaces the rule by which an import of the user finds its export in
// the polyfill. The rule returns the export's name; without it that is
// "module.name".
func Resolve(rule func(Name) string) Option {
	return func(o *mergeOptions) { o.resolve = rule }
}

// Keep says which of the user's exports stay, and under which name; without it
// all do, under their own.
func Keep(keep func(name string, kind Kind) (as string, ok bool)) Option {
	return func(o *mergeOptions) { o.keep = keep }
}

// ExportAs exports the polyfill's function export name as as.
func ExportAs(as, name string) Option {
	return func(o *mergeOptions) { o.exports = append(o.exports, exportAs{as, name}) }
}

// Bind says what an import of the polyfill becomes.
func Bind(module, name string, b Binding) Option {
	return func(o *mergeOptions) { o.bindings[Name{module, name}] = b }
}

// Bytes gives the polyfill a constant string of bytes through two imports:
// NAME_size() i32, and NAME_copy(dst, offset, n i32), which copies n bytes from
// offset to the address dst in the polyfill's memory and traps outside of
// either. Merge keeps b.
func Bytes(module, name string, b []byte) Option {
	blob := &blob{name: module + "." + name, bytes: b}
	return func(o *mergeOptions) {
		o.bindings[Name{module, name + "_size"}] = Const(uint64(len(b)))
		o.bindings[Name{module, name + "_copy"}] = Binding{kind: bindBlob, blob: blob}
	}
}

// Host names import modules that stay imports; without it that is ic0 alone.
// A function that stays must not take the address of memory unless it is one
// of ic0, whose pointers are known and get shifted.
func Host(modules ...string) Option {
	return func(o *mergeOptions) {
		o.hosts = map[string]bool{}
		for _, m := range modules {
			o.hosts[m] = true
		}
	}
}

// Custom adds a custom section behind the others, in place of one of that name
// in the program. Merge keeps b.
func Custom(name string, b []byte) Option {
	return func(o *mergeOptions) { o.Customs = append(o.Customs, Section{name, b}) }
}

// StripNames leaves the name section out.
func StripNames() Option { return func(o *mergeOptions) { o.Options.StripNames = true } }

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
