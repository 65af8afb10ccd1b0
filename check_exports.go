package icsplice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// systemMethods are the entry points that the IC calls by itself.
var systemMethods = []string{
	"canister_init", "canister_pre_upgrade", "canister_post_upgrade", "canister_inspect_message",
	"canister_heartbeat", "canister_global_timer", "canister_on_low_wasm_memory",
}

// methodKinds are the prefixes of the methods that users call.
var methodKinds = []string{"canister_update ", "canister_query ", "canister_composite_query "}

// reservedExports are names that the replica gives to what it adds.
var reservedExports = []string{
	"canister_start", "canister counter_instructions", "canister counter_dirty_pages",
	"canister counter_accessed_pages", "stable_memory", "stable_bytemap_memory",
}

// methodName is the NAME of an export such as "canister_update NAME".
func methodName(export string) (string, bool) {
	for _, kind := range methodKinds {
		if name, ok := strings.CutPrefix(export, kind); ok {
			return name, true
		}
	}
	return "", false
}

func (c *checker) exports() {
	methods := map[string]string{}
	kinds := map[wasm.ExternKind]int{}
	bytes := 0
	for _, e := range c.m.Exports {
		kinds[e.Kind]++
		c.exportName(e)
		if e.Kind != wasm.ExternFunc || !strings.HasPrefix(e.Name, "canister_") {
			continue
		}
		c.entryPoint(e)
		name, ok := methodName(e.Name)
		if !ok {
			continue
		}
		if other, twice := methods[name]; twice {
			c.refuse(RuleExport, "give one of them another name", "%q and %q name the same method", other, e.Name)
		}
		methods[name] = e.Name
		bytes += len(name)
	}
	c.limit(RuleExport, "exports of memories", kinds[wasm.ExternMemory], 1, "export the memory once")
	c.limit(RuleExport, "exports of tables", kinds[wasm.ExternTable], 1, "export the table once")
	c.limit(RuleMethods, "methods", len(methods), MaxMethods, "merge methods")
	c.limit(RuleMethods, "bytes of method names", bytes, MaxMethodNameBytes, "shorten the names")
}

// exportName refuses names that collide with those that the replica gives: it
// renames the memory and the table, and adds exports of its own.
func (c *checker) exportName(e wasm.Export) {
	taken := e.Name == "memory" && e.Kind != wasm.ExternMemory || e.Name == "table" && e.Kind != wasm.ExternTable
	if taken || slices.Contains(reservedExports, e.Name) {
		c.refuse(RuleExport, "give it another name", "the name of %s %d, %q, is reserved", externName(e.Kind), e.Index, e.Name)
	}
}

func (c *checker) entryPoint(e wasm.Export) {
	what := fmt.Sprintf("%s, exported as %q,", c.function(e.Index), e.Name)
	if _, ok := methodName(e.Name); !ok && !slices.Contains(systemMethods, e.Name) && !slices.Contains(reservedExports, e.Name) {
		c.refuse(RuleExport, "the entry points are "+strings.Join(systemMethods, ", ")+
			", and canister_update, canister_query or canister_composite_query before a space and a name",
			"%s is no entry point of the IC", what)
	}
	t := c.m.FuncType(wasm.FuncIndex(e.Index))
	if t.Kind != wasm.KindFunc || len(t.Params)+len(t.Results) > 0 {
		c.refuse(RuleExport, "entry points take and return nothing; read the argument with ic0.msg_arg_data_copy",
			"%s has parameters or results", what)
	}
}
