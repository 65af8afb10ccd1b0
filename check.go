package icsplice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// Rule names a rule of the IC for canister modules.
type Rule string

// The rules, in the order in which Check reports them.
const (
	RuleModuleSize    Rule = "module size"
	RuleCodeSize      Rule = "code size"
	RuleImport        Rule = "import"
	RuleMemory        Rule = "memory"
	RuleTable         Rule = "table"
	RuleGlobal        Rule = "global"
	RuleFunctions     Rule = "functions"
	RuleType          Rule = "type"
	RuleExport        Rule = "export"
	RuleMethods       Rule = "methods"
	RuleData          Rule = "data segment"
	RuleConstant      Rule = "constant expression"
	RuleCustomSection Rule = "custom section"
	RuleInstruction   Rule = "instruction"
	RuleFunctionSize  Rule = "function size"
)

// Violation is one place where a module breaks a rule of the IC.
type Violation struct {
	Rule    Rule   `json:"rule"`
	Warning bool   `json:"warning,omitempty"` // the IC may accept it, or does so today
	What    string `json:"what"`              // the culprit and its place
	Actual  uint64 `json:"actual,omitempty"`  // what was counted, where Limit is not 0
	Limit   uint64 `json:"limit,omitempty"`   // what the IC allows
	Hint    string `json:"hint,omitempty"`    // the way out
}

// String is the violation on one line.
func (v Violation) String() string {
	s := string(v.Rule) + ": " + v.What
	if v.Limit != 0 {
		s += fmt.Sprintf(" (%d, the limit is %d)", v.Actual, v.Limit)
	}
	if v.Hint != "" {
		s += "; " + v.Hint
	}
	if v.Warning {
		s = "warning: " + s
	}
	return s
}

// maxPerRule bounds what is listed of one rule; a last entry counts the rest.
const maxPerRule = 20

// Check finds every rule of the IC for canister modules that module breaks
// (IC interface specification, "Canister module format", and the replica's Wasm
// validation). The result is empty where the IC will install it. The error is
// that of a module which cannot be read, a *FormatError.
func Check(module []byte) ([]Violation, error) {
	m, err := wasm.Read(module)
	if err != nil {
		return nil, err
	}
	c := newChecker(m)
	if err := c.run(len(module)); err != nil {
		return nil, err
	}
	return c.finish(), nil
}

// checker gathers the violations of one module.
type checker struct {
	m     *wasm.Module
	names wasm.NameMap
	found []Violation
	count map[Rule]int // of all found, listed or not

	willSplice bool         // WASI imports are going to be linked
	features   wasm.Feature // what the instructions use
}

func newChecker(m *wasm.Module) *checker {
	return &checker{m: m, names: functionNames(m), count: map[Rule]int{}}
}

// run applies every rule to the module, which took size bytes.
func (c *checker) run(size int) error {
	c.sizes(size)
	c.imports()
	c.memories()
	c.tables()
	c.globals()
	c.types()
	c.exports()
	c.data()
	c.customs()
	return c.bodies()
}

func (c *checker) add(v Violation) {
	if c.count[v.Rule]++; c.count[v.Rule] <= maxPerRule {
		c.found = append(c.found, v)
	}
}

func (c *checker) refuse(rule Rule, hint, format string, args ...any) {
	c.add(Violation{Rule: rule, What: fmt.Sprintf(format, args...), Hint: hint})
}

// limit refuses what counts more than the limit.
func (c *checker) limit(rule Rule, what string, actual, limit int, hint string) {
	if actual > limit {
		c.add(Violation{Rule: rule, What: what, Actual: uint64(actual), Limit: uint64(limit), Hint: hint})
	}
}

func (c *checker) finish() []Violation {
	for _, v := range slices.Clone(c.found) {
		if more := c.count[v.Rule] - maxPerRule; more > 0 {
			c.count[v.Rule] = 0
			c.found = append(c.found, Violation{Rule: v.Rule, What: fmt.Sprintf("and %d more", more)})
		}
	}
	return c.found
}

// function names a function by its index and, where it is known, its name.
func (c *checker) function(i uint32) string {
	if name := c.names[i]; name != "" {
		return fmt.Sprintf("function %d <%s>", i, name)
	}
	return fmt.Sprintf("function %d", i)
}

func (c *checker) sizes(size int) {
	c.limit(RuleModuleSize, "bytes of the module", size, MaxModuleBytes, "strip debug information from the program")
	code := codeBytes(c.m)
	const smaller = "build the program for size (-Oz), strip it, or leave out what it does not need"
	if code > DocumentedCodeBytes && code <= MaxCodeBytes {
		c.add(Violation{Rule: RuleCodeSize, Warning: true, What: "bytes of code, above what is documented",
			Actual: uint64(code), Limit: DocumentedCodeBytes, Hint: smaller})
	}
	c.limit(RuleCodeSize, "bytes of code", code, MaxCodeBytes, smaller)
	c.limit(RuleFunctions, "functions", len(c.m.Code), MaxFunctions, "build with optimisation, so that unused functions go")
}

// codeBytes is the size of the code section's content in its shortest encoding.
func codeBytes(m *wasm.Module) int {
	n := ulebLen(uint64(len(m.Code)))
	for _, b := range m.Code {
		n += ulebLen(uint64(len(b.Bytes))) + len(b.Bytes)
	}
	return n
}

func ulebLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

func (c *checker) imports() {
	for _, im := range c.m.Imports {
		what := fmt.Sprintf("%s.%s, at byte %#x", im.Module, im.Name, im.Offset)
		switch {
		case im.Kind != wasm.ExternFunc:
			c.refuse(RuleImport, "a canister imports functions only; link the program as a whole module",
				"%s %s", externName(im.Kind), what)
		case im.Module == abi.ModulePreview1 || im.Module == abi.ModulePreview0:
			c.wasiImport(im, what)
		case im.Module != abi.ModuleIC0:
			c.refuse(RuleImport, "the IC offers only the module ic0; build the program without this import", "function %s", what)
		default:
			c.ic0Import(im, what)
		}
	}
}

func (c *checker) wasiImport(im wasm.Import, what string) {
	status := importStatus(c.m, im)
	switch {
	case status != statusLinked:
		c.refuse(RuleImport, status, "function %s", what)
	case !c.willSplice:
		c.refuse(RuleImport, "run icsplice build on the module", "function %s", what)
	}
}

func (c *checker) ic0Import(im wasm.Import, what string) {
	i := slices.IndexFunc(abi.IC0, func(f abi.Function) bool { return f.Name == im.Name })
	if i < 0 {
		c.refuse(RuleImport, "the System API has no such function", "function %s", what)
		return
	}
	if c.has64BitMemory() {
		return // addresses are i64 there, which abi does not list
	}
	got, want := c.m.Types[im.Type], abi.IC0[i]
	if !sameSignature(got, want) {
		c.refuse(RuleImport, "declare it as the IC's interface specification does",
			"function %s has another signature, %s", what, signatureText(want))
	}
}

func (c *checker) has64BitMemory() bool {
	return slices.ContainsFunc(c.m.Memories, func(l wasm.Limits) bool { return l.Is64 })
}

func sameSignature(got wasm.SubType, want abi.Function) bool {
	same := func(g wasm.ValType, w abi.ValType) bool { return g.Code == byte(w) }
	return got.Kind == wasm.KindFunc &&
		slices.EqualFunc(got.Results, want.Results, same) &&
		slices.EqualFunc(got.Params, want.Params, func(g wasm.ValType, w abi.Param) bool { return same(g, w.Type) })
}

func signatureText(f abi.Function) string {
	var params, results []string
	for _, p := range f.Params {
		params = append(params, numberName(p.Type))
	}
	for _, r := range f.Results {
		results = append(results, numberName(r))
	}
	return fmt.Sprintf("it is (%s) -> (%s)", strings.Join(params, ", "), strings.Join(results, ", "))
}

func numberName(t abi.ValType) string {
	if t == abi.I64 {
		return "i64"
	}
	return "i32"
}

func externName(k wasm.ExternKind) string {
	return [...]string{"function", "table", "memory", "global", "tag"}[k]
}
