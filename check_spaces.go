package icsplice

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

func (c *checker) memories() {
	c.limit(RuleMemory, "memories", len(c.m.Memories), 1, "build without the multi-memory feature")
	for i, l := range c.m.Memories {
		if l.Shared {
			c.refuse(RuleMemory, "build without threads", "memory %d is shared", i)
		}
		if l.CustomPage {
			c.refuse(RuleMemory, "build without the custom-page-sizes feature", "memory %d has pages of its own size", i)
		}
		if !l.CustomPage && !l.Is64 && l.Min<<16 > DefaultMemoryLimit {
			c.add(Violation{Rule: RuleMemory, Warning: true, What: "bytes of memory at the start, above the default setting wasm_memory_limit",
				Actual: l.Min << 16, Limit: DefaultMemoryLimit, Hint: "raise wasm_memory_limit in the canister's settings"})
		}
	}
}

func (c *checker) tables() {
	c.limit(RuleTable, "tables", len(c.m.Tables), 1, "build without tables of references (-mno-reference-types)")
	for i, t := range c.m.Tables {
		if t.Limits.Min > MaxTableElements {
			c.add(Violation{Rule: RuleTable, What: fmt.Sprintf("elements of table %d", i), Actual: t.Limits.Min, Limit: MaxTableElements})
		}
		if t.Init != nil {
			c.refuse(RuleTable, "build without the gc feature", "table %d has an initial value", i)
		}
		if !isPlainRef(t.Elem) {
			c.refuse(RuleTable, "build without the gc feature", "table %d holds typed references", i)
		}
	}
}

func isPlainRef(t wasm.ValType) bool { return t == wasm.FuncRef || t == wasm.ExternRef }

func isNumber(t wasm.ValType) bool {
	return t == wasm.I32 || t == wasm.I64 || t == wasm.F32 || t == wasm.F64 || t == wasm.V128
}

func (c *checker) globals() {
	c.limit(RuleGlobal, "globals", len(c.m.Globals), MaxGlobals, "build with optimisation, so that unused globals go")
	first := c.m.NumImportedGlobals()
	for i, g := range c.m.Globals {
		if !isNumber(g.Type) {
			c.refuse(RuleGlobal, "the IC's globals are numbers; build without reference types", "global %d holds a reference", first+i)
		}
		c.constant(g.Init, fmt.Sprintf("the initial value of global %d", first+i))
	}
}

// types refuses what only garbage collection, typed function references,
// exceptions and stack switching declare.
func (c *checker) types() {
	for i, t := range c.m.Types {
		if t.Kind != wasm.KindFunc || t.Sub != 0 {
			c.refuse(RuleType, "build without the gc feature", "type %d is not a plain function type", i)
			continue
		}
		for _, v := range append(append([]wasm.ValType{}, t.Params...), t.Results...) {
			if !isNumber(v) && !isPlainRef(v) {
				c.refuse(RuleType, "build without the gc feature", "type %d has parameters or results of reference types that the IC lacks", i)
				break
			}
		}
	}
	if n := len(c.m.Tags); n > 0 {
		c.refuse(RuleType, "build without exceptions (-fno-exceptions)", "%d exception tags", n)
	}
}

// constant refuses a constant expression of more than one instruction.
func (c *checker) constant(e wasm.Expr, what string) {
	r := wasm.NewCodeReader(e, 0)
	var in wasm.Instr
	for n := 0; ; n++ {
		more, err := r.Next(&in)
		if err != nil || !more {
			return // Read has accepted the expression
		}
		if n == 2 { // one instruction and the end
			c.refuse(RuleConstant, "build without the extended-const feature", "%s is computed by several instructions", what)
			return
		}
	}
}

func (c *checker) data() {
	for i, d := range c.m.Data {
		if d.Flags == 1 {
			continue
		}
		what := fmt.Sprintf("segment %d", i)
		offset, ok := plainConst(d.Offset)
		if !ok {
			c.refuse(RuleData, "the IC takes one i32.const there; build the program without position independence",
				"%s: the offset is not a plain constant", what)
			continue
		}
		if d.Memory == 0 && len(c.m.Memories) > 0 {
			c.segmentInMemory(what, offset, uint64(len(d.Init)))
		}
	}
	for i, e := range c.m.Elems {
		if e.Mode() == wasm.Active {
			c.constant(e.Offset, fmt.Sprintf("the offset of element segment %d", i))
		}
	}
}

func (c *checker) segmentInMemory(what string, offset, n uint64) {
	l := c.m.Memories[0]
	if l.CustomPage || l.Min >= 1<<32 {
		return
	}
	if end := offset + n; end > l.Min<<16 || end < offset {
		c.refuse(RuleData, "raise the initial memory", "%s: bytes %d to %d lie outside of the initial memory of %d bytes",
			what, offset, end, l.Min<<16)
	}
}

// plainConst is the value of an expression that is one integer constant.
func plainConst(e wasm.Expr) (uint64, bool) {
	r := wasm.NewCodeReader(e, 0)
	var in wasm.Instr
	if more, err := r.Next(&in); err != nil || !more || in.End != len(e)-1 {
		return 0, false
	}
	switch in.Op {
	case wasm.OpI32Const:
		return uint64(uint32(in.X)), true
	case wasm.OpI64Const:
		return in.X, true
	}
	return 0, false
}

func (c *checker) customs() {
	seen := map[string]bool{}
	count, size := 0, 0
	for _, s := range c.m.Customs {
		if !isICP(s.Name) {
			continue
		}
		count++
		size += len(s.Name) + len(s.Bytes)
		name, ok := icpName(s.Name)
		if !ok {
			c.refuse(RuleCustomSection, "such names begin with icp:public or icp:private and a space", "%q, at byte %#x", s.Name, s.Offset)
		} else if seen[name] {
			c.refuse(RuleCustomSection, "keep one of them", "%q occurs twice, again at byte %#x", s.Name, s.Offset)
		}
		seen[name] = true
	}
	const fewer = "remove some with a tool that edits metadata"
	c.limit(RuleCustomSection, "icp: sections", count, MaxICPSections, fewer)
	c.limit(RuleCustomSection, "bytes of icp: sections", size, MaxICPBytes, fewer)
}
