package wasmgen

import (
	"slices"
	"strings"
	"sync"

	"github.com/icsplice/icsplice/internal/wasm"
)

// emptyBlock is the type of a block that neither takes nor leaves values.
const emptyBlock = 0x40

// instruction is one whose opcode alone decides its type.
type instruction struct {
	op      wasm.Op
	imm     wasm.Imm
	feature wasm.Feature
	params  []wasm.ValType // for an access those behind the address
	results []wasm.ValType
	width   int // bytes of memory, 0 if it is no access
	atomic  bool
}

// all are the instructions that describe knows, found once.
var all = sync.OnceValue(func() (list []instruction) {
	for _, prefix := range []wasm.Op{0, 0xfc, 0xfd, 0xfe} {
		for sub := range wasm.Op(0x200) {
			if in, ok := describe(prefix<<16 | sub); ok && (prefix != 0 || sub < 0x100) {
				list = append(list, in)
			}
		}
	}
	return list
})

// allowed sorts the instructions that the options let through: those without an
// access to memory and the loads by their one result, and the stores.
func allowed(o *Options) (plain, loads map[wasm.ValType][]instruction, stores []instruction) {
	plain, loads = map[wasm.ValType][]instruction{}, map[wasm.ValType][]instruction{}
	for _, in := range all() {
		switch {
		case in.feature&^o.Features != 0 || slices.Contains(o.Without, in.op):
		case in.width > 0 && len(in.results) == 0:
			stores = append(stores, in)
		case len(in.results) != 1:
		case in.width > 0:
			loads[in.results[0]] = append(loads[in.results[0]], in)
		default:
			plain[in.results[0]] = append(plain[in.results[0]], in)
		}
	}
	return plain, loads, stores
}

// describe looks an instruction up. It is false for those of other types than
// numbers, for constants, and for those that wait for other threads.
func describe(op wasm.Op) (instruction, bool) {
	info, ok := op.Info()
	sig := op.Signature()
	if !ok || sig == nil || strings.Contains(info.Name, "atomic.wait") {
		return instruction{}, false
	}
	in := instruction{op: op, imm: info.Imm, feature: info.Feature, width: int(sig.Width)}
	in.atomic = info.Feature&wasm.FeatureThreads != 0
	params := sig.Params
	switch info.Imm {
	case wasm.ImmMemarg, wasm.ImmMemargLane:
		params = params[1:]
	case wasm.ImmNone, wasm.ImmLane, wasm.ImmShuffle:
	default:
		return instruction{}, false
	}
	var allNumbers bool
	if in.params, allNumbers = numbers(params); !allNumbers {
		return instruction{}, false
	}
	in.results, allNumbers = numbers(sig.Results)
	return in, allNumbers
}

func numbers(codes string) (list []wasm.ValType, ok bool) {
	for i := range len(codes) {
		t := wasm.ValType{Code: codes[i]}
		if t.Code < wasm.V128.Code || t.Code > wasm.I32.Code {
			return nil, false
		}
		list = append(list, t)
	}
	return list, true
}

// lanes is the number of lanes of an instruction that names one.
func (in *instruction) lanes() int {
	if in.width > 0 {
		return 16 / in.width
	}
	for shape, n := range map[string]int{"i8x16": 16, "i16x8": 8, "i32x4": 4, "f32x4": 4} {
		if strings.HasPrefix(in.op.String(), shape) {
			return n
		}
	}
	return 2
}
