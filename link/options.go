package link

import "github.com/icsplice/icsplice/internal/wasm"

// Kind is the kind of an export or import.
type Kind = wasm.ExternKind

// The kinds of exports and imports.
const (
	Func   = wasm.ExternFunc
	Table  = wasm.ExternTable
	Memory = wasm.ExternMemory
	Global = wasm.ExternGlobal
	Tag    = wasm.ExternTag
)

// Name is a name in two levels: that of an import, or a module's and that of
// its export.
type Name struct{ Module, Name string }

func (n Name) String() string { return n.Module + "." + n.Name }

// Module is one input of Link. Others import from it by its Name.
type Module struct {
	Name string
	Wasm []byte // read only
}

// Layout says where the memories, or the tables, of the modules go.
type Layout byte

const (
	// Stack puts them into one, each above the other, so that the output runs
	// where a module may have one only. All but one must be of a fixed size.
	// Memories that are shared, of 64 bits or with pages of another size cannot
	// be stacked, nor can those whose addresses a module gives to WASI or the
	// IC. Other hosts that get addresses have to add the base of the memory that
	// the map tells. Tables are stacked by the type of their elements.
	Stack Layout = iota
	// Apart keeps each as it is. The output may then need multi-memory.
	Apart
)

// Conflicts says what happens when two exports would have the same name.
type Conflicts byte

const (
	// Refuse makes it an error, unless both are the same thing.
	Refuse Conflicts = iota
	// Rename gives each but the first the name "module.name".
	Rename
)

// Export is an export of the output: the export Name of a module, under the
// name As, or under its own if As is "". Name "*" means all of the module's
// exports; As then stands before each of their names.
type Export struct{ Module, Name, As string }

// Section is a custom section to be added.
type Section struct {
	Name  string
	Bytes []byte
}

// Options say how modules are linked. The zero value keeps every module's
// exports under their own names, refuses conflicts, stacks memories and tables,
// chains the start functions in the output's start section, leaves every import
// whose module is not among the inputs an import, and validates the inputs.
type Options struct {
	// Exports are what the output exports; nil means everything.
	Exports []Export
	// Hide are exports to be left out, by module and name; the name "*" means
	// all of the module's.
	Hide      []Name
	Conflicts Conflicts

	Memories Layout
	Tables   Layout

	// DeferStart is the name of an export that runs the start functions, each
	// time that it is called, and the first time fills what comes behind them;
	// "" runs them when the output is instantiated.
	DeferStart string

	// Hosts are the modules whose imports may stay imports; nil means every
	// module that is not among the inputs.
	Hosts []string

	// Verbatim leaves instructions as they are where they need not change.
	// Otherwise what comes to the same in fewer bytes makes up for growth, in
	// the modules whose memory is shifted or which Merge may have to unwind;
	// and functions with many callers come first, with short indices.
	Verbatim bool
	// KeepAll keeps what nothing reaches, and NoFold functions that equal
	// others.
	KeepAll, NoFold bool
	// Trusted inputs are known to be valid. They are not validated, and an
	// invalid one may give an invalid output; but each index in them is checked.
	Trusted bool

	// StripNames leaves the name section out.
	StripNames bool
	// Customs are added behind the other sections, in place of those of the
	// same name.
	Customs []Section
	// KeepCustoms are names of custom sections of the inputs to be carried as
	// they are, which is right where they hold no indices and offsets, and
	// DropCustoms of those to be left out. Without them stay what the linker
	// can renumber or merge (names, producers, target features, branch hints)
	// and what the IC reads.
	KeepCustoms, DropCustoms []string
}
