package icsplice

import (
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// complexityOf is what each plain instruction adds to the complexity of its
// function; prefixed ones are few and go through prefixedComplexity.
var complexityOf = plainComplexity()

func plainComplexity() (weights [256]uint8) {
	for op := range weights {
		if info, ok := wasm.Op(op).Info(); ok {
			weights[op] = weigh(wasm.Op(op), info)
		}
	}
	return weights
}

// weigh is the replica's table of weights, by the shape of an instruction's name.
func weigh(op wasm.Op, info wasm.OpInfo) uint8 {
	switch op {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpBr, wasm.OpBrIf, wasm.OpBrTable,
		wasm.OpCall, wasm.OpCallIndirect, wasm.OpReturnCall, wasm.OpReturnCallIndirect, wasm.OpMemoryGrow:
		return 50
	case wasm.OpTableGet:
		return 14
	case wasm.OpRefFunc:
		return 8
	case wasm.OpRefIsNull:
		return 6
	case wasm.OpGlobalGet, wasm.OpSelect, wasm.OpSelectT, wasm.OpMemorySize:
		return 2
	}
	_, verb, _ := strings.Cut(info.Name, ".")
	stem, rest, _ := strings.Cut(verb, "_")
	switch strings.TrimRight(stem, "0123456789") {
	case "convert":
		return 5
	case "trunc":
		if rest != "" { // to an integer; plain trunc stays a float
			return 5
		}
	case "neg", "abs":
		return 4
	case "load", "div", "rem", "copysign":
		return 3
	case "store", "eqz", "eq", "ne", "lt", "gt", "le", "ge", "popcnt", "extend", "wrap":
		return 2
	}
	return 1
}

func complexity(op wasm.Op) uint64 {
	if op < 256 {
		return uint64(complexityOf[op])
	}
	return prefixedComplexity(op)
}

func prefixedComplexity(op wasm.Op) uint64 {
	switch {
	case op == wasm.OpMemoryCopy:
		return 4
	case op == wasm.OpMemoryFill:
		return 3
	case op >= wasm.OpI32TruncSatF32S && op <= wasm.OpI64TruncSatF64U:
		return 3
	case op >= wasm.OpV128Load && op < wasm.OpV128Store:
		return 3
	case op == wasm.OpV128Store:
		return 2
	}
	return 1
}
