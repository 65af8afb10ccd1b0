package wasm

import "slices"

// Mode is the segment's mode, from Flags.
func (s *Data) Mode() SegmentMode {
	if s.Flags == 1 {
		return Passive
	}
	return Active
}

// Spaces holds a module's index spaces: what is imported, then what is defined.
// It is a snapshot; later changes of the module do not show in it.
type Spaces struct {
	Funcs    []TypeIndex // by FuncIndex
	Tables   []TableType // by TableIndex
	Memories []Limits    // by MemoryIndex
	Globals  []GlobalType
	Tags     []TypeIndex

	// How many at the start of each space are imported.
	ImportedFuncs, ImportedTables, ImportedMemories, ImportedGlobals, ImportedTags int
}

// Spaces lists the module's index spaces.
func (m *Module) Spaces() Spaces {
	var s Spaces
	for _, id := range sectionOrder {
		s.extend(m, id)
	}
	return s
}

// extend adds what one section declares. Sections must come in order.
func (s *Spaces) extend(m *Module, id SectionID) {
	switch id {
	case SectionImport:
		s.imports(m.Imports)
	case SectionFunction:
		s.Funcs = append(s.Funcs, m.Funcs...)
	case SectionTable:
		for i := range m.Tables {
			s.Tables = append(s.Tables, m.Tables[i].TableType)
		}
	case SectionMemory:
		s.Memories = append(s.Memories, m.Memories...)
	case SectionTag:
		s.Tags = append(s.Tags, m.Tags...)
	case SectionGlobal:
		for i := range m.Globals {
			s.Globals = append(s.Globals, m.Globals[i].GlobalType)
		}
	}
}

func (s *Spaces) imports(imports []Import) {
	for i := range imports {
		switch imp := &imports[i]; imp.Kind {
		case ExternFunc:
			s.Funcs = append(s.Funcs, imp.Type)
		case ExternTable:
			s.Tables = append(s.Tables, imp.Table)
		case ExternMemory:
			s.Memories = append(s.Memories, imp.Memory)
		case ExternGlobal:
			s.Globals = append(s.Globals, imp.Global)
		case ExternTag:
			s.Tags = append(s.Tags, imp.Type)
		}
	}
	s.ImportedFuncs, s.ImportedTables, s.ImportedMemories = len(s.Funcs), len(s.Tables), len(s.Memories)
	s.ImportedGlobals, s.ImportedTags = len(s.Globals), len(s.Tags)
}

// imported counts the imports of a kind.
func (m *Module) imported(kind ExternKind) int {
	n := 0
	for i := range m.Imports {
		if m.Imports[i].Kind == kind {
			n++
		}
	}
	return n
}

// importAt finds the i-th import of a kind, nil if i is beyond them; rest is
// then the index among what is defined.
func (m *Module) importAt(kind ExternKind, i uint32) (imp *Import, rest uint32) {
	for k := range m.Imports {
		if m.Imports[k].Kind != kind {
			continue
		}
		if i == 0 {
			return &m.Imports[k], 0
		}
		i--
	}
	return nil, i
}

// The functions below count and look up in time proportional to the number of
// imports; Spaces is for loops. An index must be in range.

// NumImportedFuncs is the number of imported functions.
func (m *Module) NumImportedFuncs() int { return m.imported(ExternFunc) }

// NumImportedTables is the number of imported tables.
func (m *Module) NumImportedTables() int { return m.imported(ExternTable) }

// NumImportedMemories is the number of imported memories.
func (m *Module) NumImportedMemories() int { return m.imported(ExternMemory) }

// NumImportedGlobals is the number of imported globals.
func (m *Module) NumImportedGlobals() int { return m.imported(ExternGlobal) }

// NumImportedTags is the number of imported tags.
func (m *Module) NumImportedTags() int { return m.imported(ExternTag) }

// NumFuncs is the size of the function space, imports included.
func (m *Module) NumFuncs() int { return m.NumImportedFuncs() + len(m.Funcs) }

// NumTables is the size of the table space, imports included.
func (m *Module) NumTables() int { return m.NumImportedTables() + len(m.Tables) }

// NumMemories is the size of the memory space, imports included.
func (m *Module) NumMemories() int { return m.NumImportedMemories() + len(m.Memories) }

// NumGlobals is the size of the global space, imports included.
func (m *Module) NumGlobals() int { return m.NumImportedGlobals() + len(m.Globals) }

// NumTags is the size of the tag space, imports included.
func (m *Module) NumTags() int { return m.NumImportedTags() + len(m.Tags) }

// FuncTypeIndex is the index of a function's type.
func (m *Module) FuncTypeIndex(i FuncIndex) TypeIndex {
	imp, rest := m.importAt(ExternFunc, uint32(i))
	if imp != nil {
		return imp.Type
	}
	return m.Funcs[rest]
}

// FuncType is a function's type. It points into m.Types.
func (m *Module) FuncType(i FuncIndex) *SubType { return &m.Types[m.FuncTypeIndex(i)] }

// TableType is a table's type.
func (m *Module) TableType(i TableIndex) TableType {
	imp, rest := m.importAt(ExternTable, uint32(i))
	if imp != nil {
		return imp.Table
	}
	return m.Tables[rest].TableType
}

// MemoryType is a memory's limits.
func (m *Module) MemoryType(i MemoryIndex) Limits {
	imp, rest := m.importAt(ExternMemory, uint32(i))
	if imp != nil {
		return imp.Memory
	}
	return m.Memories[rest]
}

// GlobalType is a global's type.
func (m *Module) GlobalType(i GlobalIndex) GlobalType {
	imp, rest := m.importAt(ExternGlobal, uint32(i))
	if imp != nil {
		return imp.Global
	}
	return m.Globals[rest].GlobalType
}

// TagType is a tag's type. It points into m.Types.
func (m *Module) TagType(i TagIndex) *SubType {
	imp, rest := m.importAt(ExternTag, uint32(i))
	if imp != nil {
		return &m.Types[imp.Type]
	}
	return &m.Types[m.Tags[rest]]
}

// Export finds an export by name, nil if there is none. It points into m.Exports.
func (m *Module) Export(name string) *Export {
	for i := range m.Exports {
		if m.Exports[i].Name == name {
			return &m.Exports[i]
		}
	}
	return nil
}

// AddType appends a type in a group of its own and gives its index.
func (m *Module) AddType(t SubType) TypeIndex {
	i := TypeIndex(len(m.Types))
	m.Types = append(m.Types, t)
	m.RecGroups = append(m.RecGroups, RecGroup{First: i, Count: 1})
	return i
}

// AddFuncType finds a plain function type that stands in a group of its own, or
// appends it.
func (m *Module) AddFuncType(params, results []ValType) TypeIndex {
	for _, g := range m.RecGroups {
		if g.Count != 1 {
			continue
		}
		t := &m.Types[g.First]
		if t.Kind == KindFunc && t.Sub == 0 && slices.Equal(t.Params, params) && slices.Equal(t.Results, results) {
			return g.First
		}
	}
	return m.AddType(SubType{Kind: KindFunc, Params: params, Results: results})
}
