package wasm

// Typed positions in a module's index spaces. Imports come first in each space.
type (
	TypeIndex   uint32
	FuncIndex   uint32
	TableIndex  uint32
	MemoryIndex uint32
	GlobalIndex uint32
	TagIndex    uint32
	ElemIndex   uint32
	DataIndex   uint32
)

// Module is a module in memory. Slices of bytes (bodies, expressions, data,
// custom sections) alias the input that it was read from and must not be
// written to.
type Module struct {
	Types     []SubType // flattened; RecGroups says where the groups lie
	RecGroups []RecGroup
	Imports   []Import
	Funcs     []TypeIndex // types of the defined functions
	Tables    []Table     // defined
	Memories  []Limits    // defined
	Tags      []TypeIndex // defined
	Globals   []Global    // defined
	Exports   []Export
	Start     *FuncIndex
	Elems     []Elem
	DataCount *uint32
	Code      []Body // parallel to Funcs
	Data      []Data
	Customs   []Custom // in order of appearance
}

// RecGroup is a run of Types that were declared together.
type RecGroup struct {
	First    TypeIndex
	Count    uint32
	Explicit bool // written as a 0x4e group, which a single type need not be
}

// CompositeKind tells what a type defines; the values are the binary format's.
type CompositeKind byte

const (
	KindFunc   CompositeKind = 0x60
	KindStruct CompositeKind = 0x5f
	KindArray  CompositeKind = 0x5e
	KindCont   CompositeKind = 0x5d
)

// SubType is one defined type. For a plain MVP function type only Kind, Params
// and Results are set.
type SubType struct {
	Kind    CompositeKind
	Sub     byte // 0 when abbreviated, 0x50 sub, 0x4f sub final
	Supers  []TypeIndex
	Params  []ValType   // KindFunc
	Results []ValType   // KindFunc
	Fields  []FieldType // KindStruct; KindArray has exactly one
	Cont    TypeIndex   // KindCont
}

// FieldType is a field of a struct or array; Packed is 0x78 (i8), 0x77 (i16)
// or 0, when Type holds.
type FieldType struct {
	Packed  byte
	Type    ValType
	Mutable bool
}

// HeapType is an s33: a type index when it is not negative, otherwise an
// abstract heap type (the one-byte code, sign-extended: func is -16).
type HeapType int64

// ValType is a value type. Code is the binary format's byte. For 0x63 (ref
// null ht) and 0x64 (ref ht) Heap holds the heap type; it is 0 otherwise.
type ValType struct {
	Code byte
	Heap HeapType
}

// The value types that have one byte.
var (
	I32       = ValType{Code: 0x7f}
	I64       = ValType{Code: 0x7e}
	F32       = ValType{Code: 0x7d}
	F64       = ValType{Code: 0x7c}
	V128      = ValType{Code: 0x7b}
	FuncRef   = ValType{Code: 0x70}
	ExternRef = ValType{Code: 0x6f}
)

// ExternKind is the kind of an import or export.
type ExternKind byte

const (
	ExternFunc ExternKind = iota
	ExternTable
	ExternMemory
	ExternGlobal
	ExternTag
)

// Import is one import. Of the fields after Kind the one that Kind names is set.
type Import struct {
	Module, Name string
	Kind         ExternKind
	Type         TypeIndex // ExternFunc and ExternTag
	Table        TableType
	Memory       Limits
	Global       GlobalType
	Offset       int // of the entry in the input, in bytes
}

// Limits are those of a memory (in pages of 1<<PageSizeLog2 bytes) or of a
// table (in elements).
type Limits struct {
	Min, Max     uint64
	HasMax       bool
	Shared       bool
	Is64         bool
	CustomPage   bool  // PageSizeLog2 was written
	PageSizeLog2 uint8 // 16 unless CustomPage
}

// TableType is a table's element type and limits.
type TableType struct {
	Elem   ValType
	Limits Limits
}

// Table is a defined table. Init is nil unless the entry has the form 40 00.
type Table struct {
	TableType
	Init Expr
}

// GlobalType is a global's type.
type GlobalType struct {
	Type    ValType
	Mutable bool
	Shared  bool
}

// Global is a defined global.
type Global struct {
	GlobalType
	Init Expr
}

// Expr is a constant expression: its instructions, the final end (0x0b) included.
type Expr []byte

// Export is one export.
type Export struct {
	Name  string
	Kind  ExternKind
	Index uint32
}

// SegmentMode says when a segment takes effect.
type SegmentMode byte

const (
	Active SegmentMode = iota
	Passive
	Declarative // elements only
)

// Elem is an element segment. Flags is the encoding that was read (0 to 7); it
// decides whether Funcs (even forms 0..3) or Exprs (4..7) holds the items.
type Elem struct {
	Flags  uint32
	Table  TableIndex // active
	Offset Expr       // active
	Type   ValType
	Funcs  []FuncIndex
	Exprs  []Expr
}

// Mode is the segment's mode, from Flags.
func (e *Elem) Mode() SegmentMode {
	switch {
	case e.Flags&1 == 0:
		return Active
	case e.Flags&2 == 0:
		return Passive
	}
	return Declarative
}

// Data is a data segment. Flags is the encoding that was read: 0 active in
// memory 0, 1 passive, 2 active with an explicit memory.
type Data struct {
	Flags  uint32
	Memory MemoryIndex
	Offset Expr // active
	Init   []byte
	// Fill, of a module that is made to be encoded, stands in place of Init: it
	// writes into Size zeros.
	Fill func(zeros []byte)
	Size int
}

// Len is the number of bytes of the segment.
func (d *Data) Len() int {
	if d.Fill != nil {
		return d.Size
	}
	return len(d.Init)
}

// Body is one function body as it stands in the code section, without its size.
type Body struct {
	Bytes  []byte // locals and instructions, the final end included
	Offset int    // of Bytes[0] in the input
}

// Custom is a custom section.
type Custom struct {
	Name   string
	Bytes  []byte    // after the name
	After  SectionID // the last non-custom section before it, 0 for none
	Offset int       // of the section's id byte in the input
}

// SectionID is a section's id in the binary format.
type SectionID byte

const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
	SectionTag
)
