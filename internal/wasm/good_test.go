package wasm

import (
	"bytes"
	"reflect"
	"testing"
)

// goodModules are in canonical form; together they have every form of every
// section.
func goodModules() map[string][]byte {
	return map[string][]byte{
		"empty": module(),
		"types": module(section(SectionType, 8,
			0x60, 2, 0x7f, 0x7e, 1, 0x7d,
			0x50, 0, 0x5f, 2, 0x78, 1, 0x7f, 0, // sub (struct (mut i8) i32)
			0x4f, 1, 1, 0x5f, 3, 0x78, 1, 0x7f, 0, 0x7c, 1, // sub final 1
			0x5e, 0x77, 1, // array (mut i16)
			0x4e, 2, 0x60, 1, 0x63, 5, 0, 0x5f, 1, 0x64, 4, 0, // rec of two that need each other
			0x4e, 0,
			0x4e, 1, 0x60, 0, 0,
			0x5d, 0)), // cont 0
		"imports": module(oneType, section(SectionImport, 5,
			1, 'm', 1, 'f', 0, 0,
			1, 'm', 1, 't', 1, 0x6f, 1, 2, 3,
			1, 'm', 1, 'm', 2, 3, 1, 0x80, 0x80, 4,
			1, 'm', 1, 'g', 3, 0x7e, 1,
			1, 'm', 1, 'x', 4, 0, 0)),
		"tables": module(section(SectionTable, 3,
			0x70, 0, 1, 0x63, 0x6e, 5, 1, 2,
			0x40, 0, 0x70, 0, 3, 0xd0, 0x70, 0x0b)),
		"memories": module(section(SectionMemory, 5,
			0, 1, 1, 1, 2, 3, 1, 2, 5, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 9, 1, 2, 0)),
		"tags": module(oneType, section(SectionTag, 1, 0, 0)),
		"globals": module(section(SectionGlobal, 3,
			0x7f, 1, 0x41, 0x7f, 0x0b,
			0x7e, 0, 0x42, 1, 0x42, 2, 0x7c, 0x0b,
			0x7f, 2, 0x23, 0, 0x0b)),
		"code": module(oneType, oneFunc, oneMemory, section(SectionExport, 2, 0, 0, 0, 1, 'm', 2, 0),
			section(SectionStart, 0), oneBody),
		"elems": module(oneType, oneFunc, oneTable, section(SectionElement, 8,
			0, 0x41, 0, 0x0b, 1, 0,
			1, 0, 1, 0,
			2, 0, 0x41, 0, 0x0b, 0, 1, 0,
			3, 0, 1, 0,
			4, 0x41, 0, 0x0b, 1, 0xd2, 0, 0x0b,
			5, 0x70, 1, 0xd0, 0x70, 0x0b,
			6, 0, 0x41, 0, 0x0b, 0x6f, 1, 0xd0, 0x6f, 0x0b,
			7, 0x70, 0), oneBody),
		"data": module(oneMemory, section(SectionDataCount, 3), section(SectionData, 3,
			0, 0x41, 0, 0x0b, 1, 'a',
			1, 0,
			2, 0, 0x41, 8, 0x0b, 2, 'b', 'c')),
		"names": module(section(SectionCustom, 4, 'n', 'a', 'm', 'e', 0, 2, 1, 'm',
			1, 4, 1, 0, 1, 'f', 2, 8, 1, 3, 2, 0, 1, 'x', 1, 0, 10, 6, 1, 2, 1, 1, 1, 'q')),
		"customs": module(section(SectionCustom, 1, 'a'), section(SectionCustom, 1, 'b', 1, 2), oneType,
			section(SectionCustom, 1, 'a'), oneFunc, section(SectionDataCount, 0),
			section(SectionCustom, 1, 'c'), oneBody, section(SectionCustom, 4, 'n', 'a', 'm', 'e')),
	}
}

// TestIdentity reads modules in canonical form and encodes them to the same bytes.
func TestIdentity(t *testing.T) {
	for name, b := range goodModules() {
		m, err := Read(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out := m.Encode()
		if !bytes.Equal(out, b) {
			t.Errorf("%s:\n% x, was\n% x", name, out, b)
		}
		if again, err := Read(out); err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%s: the module changes: %v", name, err)
		}
		if again := m.Append([]byte("before")); string(again) != "before"+string(b) {
			t.Errorf("%s: Append gives % x", name, again)
		}
	}
}

// TestCanonical encodes what is padded or empty in its shortest form.
func TestCanonical(t *testing.T) {
	padded := module([]byte{1, 0x8a, 0x80, 0x80, 0x80, 0, 0x81, 0x80, 0x80, 0x80, 0, 0x60, 0x80, 0, 0x80, 0},
		section(SectionImport, 0), section(SectionCustom, 1, 'x'))
	m, err := Read(padded)
	if err != nil {
		t.Fatal(err)
	}
	want := module(oneType, section(SectionCustom, 1, 'x'))
	if out := m.Encode(); !bytes.Equal(out, want) {
		t.Errorf("% x, want % x", out, want)
	}
}

// TestFeaturesOfModules tells what declarations need.
func TestFeaturesOfModules(t *testing.T) {
	want := map[string]Feature{
		"empty":    FeatureMVP,
		"types":    FeatureGc | FeatureFunctionReferences | FeatureStackSwitching,
		"imports":  FeatureReferenceTypes | FeatureThreads | FeatureExceptions,
		"tables":   FeatureReferenceTypes | FeatureFunctionReferences | FeatureMemory64,
		"memories": FeatureMultiMemory | FeatureThreads | FeatureMemory64 | FeatureCustomPageSizes,
		"tags":     FeatureExceptions,
		"globals":  FeatureExtendedConst | FeatureSharedEverything,
		"code":     FeatureMVP,
		"elems":    FeatureBulkMemory | FeatureReferenceTypes,
		"data":     FeatureBulkMemory,
		"names":    FeatureMVP,
		"customs":  FeatureBulkMemory,
	}
	for name, b := range goodModules() {
		m, err := Read(b)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := m.Features(); got != want[name] {
			t.Errorf("%s: %s, want %s", name, got, want[name])
		}
	}
}

// TestSpaces looks entities up both ways.
func TestSpaces(t *testing.T) {
	m, err := Read(module(section(SectionType, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 0),
		section(SectionImport, 6, 0, 1, 'f', 0, 1, 0, 1, 'g', 3, 0x7e, 1, 0, 1, 'h', 0, 0,
			0, 1, 't', 1, 0x6f, 0, 4, 0, 1, 'm', 2, 0, 9, 0, 1, 'x', 4, 0, 1),
		section(SectionFunction, 1, 1), section(SectionTable, 1, 0x70, 0, 5),
		section(SectionMemory, 1, 0, 6), section(SectionTag, 1, 0, 0),
		section(SectionGlobal, 1, 0x7f, 0, 0x41, 0, 0x0b), oneBody))
	if err != nil {
		t.Fatal(err)
	}
	s := m.Spaces()
	want := Spaces{
		Funcs: []TypeIndex{1, 0, 1}, Tags: []TypeIndex{1, 0},
		Tables:        []TableType{{ExternRef, Limits{Min: 4}}, {FuncRef, Limits{Min: 5}}},
		Memories:      []Limits{{Min: 9, PageSizeLog2: 16}, {Min: 6, PageSizeLog2: 16}},
		Globals:       []GlobalType{{Type: I64, Mutable: true}, {Type: I32}},
		ImportedFuncs: 2, ImportedTables: 1, ImportedMemories: 1, ImportedGlobals: 1, ImportedTags: 1,
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v\nwant %+v", s, want)
	}
	checkLookups(t, m, &s)
	for i, n := range [][2]int{
		{m.NumFuncs(), 3}, {m.NumTables(), 2}, {m.NumMemories(), 2}, {m.NumGlobals(), 2}, {m.NumTags(), 2},
		{m.NumImportedFuncs(), 2}, {m.NumImportedTables(), 1}, {m.NumImportedMemories(), 1},
		{m.NumImportedGlobals(), 1}, {m.NumImportedTags(), 1},
	} {
		if n[0] != n[1] {
			t.Errorf("count %d: %d, want %d", i, n[0], n[1])
		}
	}
}

func checkLookups(t *testing.T, m *Module, s *Spaces) {
	for i, w := range s.Funcs {
		if m.FuncTypeIndex(FuncIndex(i)) != w || m.FuncType(FuncIndex(i)) != &m.Types[w] {
			t.Errorf("function %d: type %d, want %d", i, m.FuncTypeIndex(FuncIndex(i)), w)
		}
	}
	for i, w := range s.Tables {
		if m.TableType(TableIndex(i)) != w {
			t.Errorf("table %d: %v", i, m.TableType(TableIndex(i)))
		}
	}
	for i, w := range s.Memories {
		if m.MemoryType(MemoryIndex(i)) != w {
			t.Errorf("memory %d: %v", i, m.MemoryType(MemoryIndex(i)))
		}
	}
	for i, w := range s.Globals {
		if m.GlobalType(GlobalIndex(i)) != w {
			t.Errorf("global %d: %v", i, m.GlobalType(GlobalIndex(i)))
		}
	}
	for i, w := range s.Tags {
		if m.TagType(TagIndex(i)) != &m.Types[w] {
			t.Errorf("tag %d", i)
		}
	}
}

// TestAddFuncType shares equal types, but not with a type of a larger group or
// with supertypes.
func TestAddFuncType(t *testing.T) {
	var m Module
	a := m.AddFuncType([]ValType{I32}, nil)
	b := m.AddFuncType(nil, []ValType{I32})
	if c := m.AddFuncType([]ValType{I32}, nil); a != 0 || b != 1 || c != a {
		t.Errorf("types %d %d %d", a, b, c)
	}
	m.AddType(SubType{Kind: KindFunc, Sub: formSub, Params: []ValType{I64}})
	if c := m.AddFuncType([]ValType{I64}, nil); c != 3 {
		t.Errorf("a type with supertypes is shared: %d", c)
	}
	if again, err := Read(m.Encode()); err != nil || len(again.Types) != 4 {
		t.Error(err)
	}
	if m.Export("a") != nil {
		t.Error("an export of nothing")
	}
	m.Exports = []Export{{Name: "a"}}
	if m.Export("a") != &m.Exports[0] {
		t.Error("the export is not found")
	}
}
