package icsplice

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// Kind is what a module is to icsplice.
type Kind string

// The kinds of modules.
const (
	KindCommand       Kind = "command"        // a program with _start
	KindLibrary       Kind = "library"        // canister methods over WASI
	KindReactor       Kind = "reactor"        // neither _start nor canister methods
	KindCanister      Kind = "canister"       // canister methods, and no import but ic0
	KindSpliced       Kind = "spliced"        // a result of icsplice
	KindComponent     Kind = "component"      // not a core module
	KindObject        Kind = "object file"    // an input of a static linker
	KindSharedLibrary Kind = "shared library" // an input of a dynamic linker
)

// Info describes a module. Slices are ordered as in the module.
type Info struct {
	Kind      Kind          `json:"kind"`
	Next      string        `json:"next"` // what can be done with it
	Size      int           `json:"size"` // bytes
	CodeSize  int           `json:"code_size,omitempty"`
	Functions int           `json:"functions,omitempty"` // defined
	Imports   []ImportInfo  `json:"imports,omitempty"`
	Exports   []ExportInfo  `json:"exports,omitempty"`
	Features  []string      `json:"features,omitempty"` // beyond the MVP
	Memories  []LimitsInfo  `json:"memories,omitempty"` // pages of 64 KiB
	Tables    []LimitsInfo  `json:"tables,omitempty"`   // elements
	Sections  []SectionInfo `json:"sections,omitempty"`
	Limits    []Usage       `json:"limits,omitempty"`
	// Problems are the rules of the IC that the module breaks, without those
	// that splicing takes care of.
	Problems []Violation `json:"problems,omitempty"`
}

// ImportInfo is an import.
type ImportInfo struct {
	Module string `json:"module"`
	Name   string `json:"name"`
	// Status is "linked" for what the polyfill provides, "kept" for ic0, and
	// otherwise why nothing provides it.
	Status string `json:"status"`
}

// What becomes of imports that something provides.
const (
	statusLinked = "linked"
	statusKept   = "kept"
)

// ExportInfo is an export.
type ExportInfo struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Index uint32 `json:"index"`
}

// LimitsInfo is the size of a memory or table.
type LimitsInfo struct {
	Min      uint64  `json:"min"`
	Max      *uint64 `json:"max,omitempty"`
	Shared   bool    `json:"shared,omitempty"`
	Is64     bool    `json:"is64,omitempty"`
	Imported bool    `json:"imported,omitempty"`
}

// SectionInfo is a section of the file.
type SectionInfo struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"` // without its id and length
}

// Usage says how much of a limit of the IC a module takes.
type Usage struct {
	What    string  `json:"what"`
	Used    int     `json:"used"`
	Limit   int     `json:"limit"`
	Percent float64 `json:"percent"` // to two decimals
}

// Inspect describes a module. A component gives an Info of that kind and no
// more. The error is that of a module which cannot be read, a *FormatError.
func Inspect(module []byte) (*Info, error) {
	m, err := wasm.Read(module)
	if errors.Is(err, wasm.ErrComponent) {
		return &Info{Kind: KindComponent, Next: nextSteps[KindComponent], Size: len(module)}, nil
	}
	if err != nil {
		return nil, err
	}
	c := newChecker(m)
	c.willSplice = true
	if err := c.run(len(module)); err != nil {
		return nil, err
	}
	kind := kindOf(m)
	problems := c.finish()
	return &Info{
		Kind:      kind,
		Next:      nextStep(m, kind, problems),
		Size:      len(module),
		CodeSize:  codeBytes(m),
		Functions: len(m.Code),
		Imports:   importInfos(m),
		Exports:   exportInfos(m),
		Features:  featureNames(m.Features() | c.features),
		Memories:  memoryInfos(m),
		Tables:    tableInfos(m),
		Sections:  sectionInfos(module),
		Limits:    usages(m, len(module)),
		Problems:  problems,
	}, nil
}

var nextSteps = map[Kind]string{
	KindCommand:       "icsplice build makes it a canister with the method run; icsplice run runs it here",
	KindLibrary:       "icsplice build links WASI into it; its canister methods stay",
	KindReactor:       "it has neither _start nor canister_* exports, so nothing would call it; export a canister_update or canister_query method, or make methods of its exports with icsplice build --method",
	KindCanister:      "it needs no WASI; install it as it is",
	KindSpliced:       "it is a canister; install it, or splice the program that it was made of again",
	KindComponent:     "build for wasm32-wasip1 instead of wasip2, or take the core module out of it",
	KindObject:        "link it with wasm-ld into a program first",
	KindSharedLibrary: "link the program statically",
}

// nextStep says what can be done with a module of that kind and those problems.
func nextStep(m *wasm.Module, kind Kind, problems []Violation) string {
	if kind != KindCommand && kind != KindLibrary {
		return nextSteps[kind]
	}
	if why := unlinkable(m); why != "" {
		return "it cannot be linked: " + why
	}
	if len(refusals(problems)) > 0 {
		return "the IC would refuse it for the problems below; icsplice build --no-check makes a canister all the same, and icsplice run --no-check runs a command here"
	}
	return nextSteps[kind]
}

// unlinkable says why the linker refuses a module, "" if it does not.
func unlinkable(m *wasm.Module) string {
	for i := range m.Imports {
		if status := importStatus(m, m.Imports[i]); strings.HasPrefix(status, "refused") {
			return fmt.Sprintf("import %s.%s is %s", m.Imports[i].Module, m.Imports[i].Name, status)
		}
	}
	if len(m.Memories) > 1 {
		return "it has several memories"
	}
	for _, l := range m.Memories {
		switch {
		case l.Shared:
			return "its memory is shared; build it without threads"
		case l.Is64:
			return "its memory has 64-bit addresses; build it for wasm32"
		case l.Min > link.MaxUserPages:
			return fmt.Sprintf("its memory begins with %d pages, and at most %d fit beside the polyfill's", l.Min, link.MaxUserPages)
		}
	}
	return ""
}

func kindOf(m *wasm.Module) Kind {
	switch {
	case hasCustom(m, MarkSection):
		return KindSpliced
	case hasCustom(m, "dylink.0"), hasCustom(m, "dylink"):
		return KindSharedLibrary
	case hasCustom(m, "linking"):
		return KindObject
	case hasExport(m, func(name string) bool { return name == "_start" }):
		return KindCommand
	case !hasExport(m, func(name string) bool { return strings.HasPrefix(name, "canister_") }):
		return KindReactor
	case importsBeyondIC0(m):
		return KindLibrary
	}
	return KindCanister
}

func hasCustom(m *wasm.Module, name string) bool {
	_, ok := findCustom(m, name)
	return ok
}

func hasExport(m *wasm.Module, match func(string) bool) bool {
	return slices.ContainsFunc(m.Exports, func(e wasm.Export) bool { return e.Kind == wasm.ExternFunc && match(e.Name) })
}

func importsBeyondIC0(m *wasm.Module) bool {
	return slices.ContainsFunc(m.Imports, func(im wasm.Import) bool { return im.Module != abi.ModuleIC0 })
}

func importInfos(m *wasm.Module) []ImportInfo {
	var infos []ImportInfo
	for _, im := range m.Imports {
		infos = append(infos, ImportInfo{Module: im.Module, Name: im.Name, Status: importStatus(m, im)})
	}
	return infos
}

func importStatus(m *wasm.Module, im wasm.Import) string {
	if im.Kind != wasm.ExternFunc {
		return "refused: a " + externName(im.Kind)
	}
	known, ok := hostFunctions[im.Module]
	if !ok {
		return "refused: unknown module"
	}
	i := slices.IndexFunc(known.functions, func(f abi.Function) bool { return f.Name == im.Name })
	if i < 0 {
		return "refused: unknown function"
	}
	if !sameSignature(m.Types[im.Type], known.functions[i]) {
		return "refused: another signature, " + signatureText(known.functions[i])
	}
	return known.status
}

var hostFunctions = map[string]struct {
	functions []abi.Function
	status    string
}{
	abi.ModulePreview1: {abi.Preview1, statusLinked},
	abi.ModulePreview0: {preview0, statusLinked},
	abi.ModuleIC0:      {abi.IC0, statusKept},
}

// preview0 has the signatures of preview1, but not sock_accept.
var preview0 = slices.DeleteFunc(slices.Clone(abi.Preview1), func(f abi.Function) bool { return f.Name == "sock_accept" })

func exportInfos(m *wasm.Module) []ExportInfo {
	var infos []ExportInfo
	for _, e := range m.Exports {
		infos = append(infos, ExportInfo{Name: e.Name, Kind: externName(e.Kind), Index: e.Index})
	}
	return infos
}

func featureNames(f wasm.Feature) []string {
	if f == wasm.FeatureMVP {
		return nil
	}
	return strings.Split(f.String(), ",")
}

func limitsInfo(l wasm.Limits, imported bool) LimitsInfo {
	info := LimitsInfo{Min: l.Min, Shared: l.Shared, Is64: l.Is64, Imported: imported}
	if l.HasMax {
		info.Max = &l.Max
	}
	return info
}

func memoryInfos(m *wasm.Module) []LimitsInfo {
	var infos []LimitsInfo
	for _, im := range m.Imports {
		if im.Kind == wasm.ExternMemory {
			infos = append(infos, limitsInfo(im.Memory, true))
		}
	}
	for _, l := range m.Memories {
		infos = append(infos, limitsInfo(l, false))
	}
	return infos
}

func tableInfos(m *wasm.Module) []LimitsInfo {
	var infos []LimitsInfo
	for _, im := range m.Imports {
		if im.Kind == wasm.ExternTable {
			infos = append(infos, limitsInfo(im.Table.Limits, true))
		}
	}
	for _, t := range m.Tables {
		infos = append(infos, limitsInfo(t.Limits, false))
	}
	return infos
}

// sectionInfos lists the sections of a module that has been read before.
func sectionInfos(module []byte) []SectionInfo {
	var infos []SectionInfo
	for rest := module[8:]; len(rest) > 0; {
		id := wasm.SectionID(rest[0])
		size, n := binary.Uvarint(rest[1:])
		body := rest[1+n:][:size]
		name := id.String()
		if id == wasm.SectionCustom {
			length, n := binary.Uvarint(body)
			name += " " + string(body[n:][:length])
		}
		infos = append(infos, SectionInfo{Name: name, Bytes: int(size)})
		rest = rest[1+n+int(size):]
	}
	return infos
}

func usages(m *wasm.Module, size int) []Usage {
	methods := 0
	for _, e := range m.Exports {
		if _, ok := methodName(e.Name); ok {
			methods++
		}
	}
	return []Usage{
		usage("module bytes", size, MaxModuleBytes),
		usage("code bytes", codeBytes(m), MaxCodeBytes),
		usage("functions", len(m.Code), MaxFunctions),
		usage("globals", len(m.Globals), MaxGlobals),
		usage("methods", methods, MaxMethods),
	}
}

func usage(what string, used, limit int) Usage {
	return Usage{What: what, Used: used, Limit: limit, Percent: math.Round(float64(used)/float64(limit)*1e4) / 100}
}
