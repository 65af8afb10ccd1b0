package canister

import (
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// What the IC charges, in instructions, as of October 2025.
const (
	functionCost    = 1    // entering a function
	dirtyPageCost   = 1000 // a 4 KiB page written, heap or stable
	compilationCost = 6000 // an operator of the instrumented module
	logCapacity     = 4 << 10
	stableCallCost  = 20
)

// opCosts lists the operators that do not cost 1, by the price of one.
var opCosts = []struct {
	cost uint64
	ops  string
}{
	{0, "block loop else end"},
	{2, `br br_if br_table if global.get global.set f32.copysign
		f32.add f32.sub f32.mul f32.ceil f32.floor f32.trunc f32.nearest
		f64.add f64.sub f64.mul f64.ceil f64.floor f64.trunc f64.nearest`},
	{3, `f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge
		f32.convert_i32_s f32.convert_i64_s f64.convert_i32_s f64.convert_i64_s
		f32.div f64.copysign return_call`},
	{5, "call f64.div f32.sqrt table.get table.set ref.is_null"},
	{8, "f64.sqrt"},
	{10, `i32.div_s i32.div_u i32.rem_s i32.rem_u i64.div_s i64.div_u i64.rem_s i64.rem_u
		call_indirect`},
	{16, "f32.convert_i32_u f32.convert_i64_u f64.convert_i32_u f64.convert_i64_u"},
	{18, "f32.min f32.max f64.min f64.max"},
	{20, `i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u
		i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u
		i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u
		i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u
		memory.size`},
	{60, "return_call_indirect"},
	{100, "memory.fill memory.copy memory.init table.fill table.copy table.init table.size"},
	{130, "ref.func"},
	{300, "memory.grow table.grow data.drop elem.drop"},

	{2, `i8x16.lt_u i8x16.gt_u i16x8.lt_u i16x8.gt_u i32x4.lt_u i32x4.gt_u i8x16.shr_u
		i16x8.shl i16x8.shr_s i16x8.shr_u i32x4.shl i32x4.shr_s i32x4.shr_u
		i64x2.shl i64x2.shr_u i32x4.mul i16x8.extadd_pairwise_i8x16_u
		i16x8.extmul_high_i8x16_s i16x8.extmul_high_i8x16_u
		i32x4.extmul_low_i16x8_s i32x4.extmul_low_i16x8_u
		i32x4.extmul_high_i16x8_s i32x4.extmul_high_i16x8_u
		f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest f32x4.abs f32x4.neg
		f32x4.add f32x4.sub f32x4.mul
		f64x2.ceil f64x2.floor f64x2.trunc f64x2.nearest f64x2.abs f64x2.neg
		f64x2.add f64x2.sub f64x2.mul
		i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f64x2_s_zero`},
	{3, `i8x16.shuffle i8x16.popcnt i8x16.shl i8x16.shr_s i32x4.extadd_pairwise_i16x8_u
		i64x2.shr_s i32x4.trunc_sat_f64x2_u_zero`},
	{4, "i64x2.mul f32x4.min f32x4.max f64x2.min i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_u"},
	{5, "f32x4.sqrt f64x2.max"},
	{10, "f32x4.div"},
	{12, "f64x2.div"},
	{14, "f64x2.sqrt"},
}

var namedCosts = func() map[string]uint64 {
	costs := map[string]uint64{}
	for _, group := range opCosts {
		for _, name := range strings.Fields(group.ops) {
			costs[name] = group.cost
		}
	}
	return costs
}()

// shortCosts holds the costs of the operators of one byte, of which nearly all
// code consists.
var shortCosts = func() (costs [256]uint64) {
	for i := range costs {
		costs[i] = lookupCost(wasm.Op(i))
	}
	return costs
}()

func lookupCost(op wasm.Op) uint64 {
	if cost, ok := namedCosts[op.String()]; ok {
		return cost
	}
	return 1
}

// opCost is the price of executing one operator, without the part that depends
// on the size operand of a bulk operation.
func opCost(op wasm.Op) uint64 {
	if op < wasm.Op(len(shortCosts)) {
		return shortCosts[op]
	}
	return lookupCost(op)
}

// operators is what wasmtime's fuel counts for one operator.
func operators(op wasm.Op) uint64 {
	switch op {
	case wasm.OpNop, wasm.OpDrop, wasm.OpBlock, wasm.OpLoop, wasm.OpUnreachable,
		wasm.OpReturn, wasm.OpElse, wasm.OpEnd:
		return 0
	}
	return 1
}

// callCost is the price of a call of an ic0 function: fixed, and perByte for
// each byte that the parameters at sizes count.
type callCost struct {
	fixed, perByte uint64
	sizes          []int
}

// callCosts lists the functions that do not cost 500, with 1 per byte for a copy.
// The sizes are found by name: "size", or for call_new two of them.
var callCosts = map[string]callCost{
	"msg_reply_data_append":  {fixed: 500, perByte: 50},
	"msg_reject":             {fixed: 500, perByte: 50},
	"call_data_append":       {fixed: 500, perByte: 50},
	"certified_data_set":     {fixed: 500, perByte: 1},
	"cost_sign_with_ecdsa":   {fixed: 500, perByte: 1},
	"cost_sign_with_schnorr": {fixed: 500, perByte: 1},
	"cost_vetkd_derive_key":  {fixed: 500, perByte: 1},
	"performance_counter":    {fixed: 200},
	"is_controller":          {fixed: 1000, perByte: 1},
	"call_new":               {fixed: 1500, perByte: 1},
	"call_perform":           {fixed: 5000},
	"debug_print":            {fixed: 100}, // and logCost
	"trap":                   {fixed: 500, perByte: 1},
	"stable_size":            {},
	"stable64_size":          {},
	"stable_grow":            {fixed: 100},
	"stable64_grow":          {fixed: 100},
	"stable_read":            {fixed: stableCallCost, perByte: 1},
	"stable64_read":          {fixed: stableCallCost, perByte: 1},
	"stable_write":           {fixed: stableCallCost, perByte: 1},
	"stable64_write":         {fixed: stableCallCost, perByte: 1},
}

func costOfCall(f *abi.Function) callCost {
	cost, listed := callCosts[f.Name]
	if !listed {
		cost = callCost{fixed: 500}
		if strings.HasSuffix(f.Name, "_copy") {
			cost.perByte = 1
		}
	}
	if cost.perByte == 0 {
		return cost
	}
	for i, p := range f.Params {
		if p.Name == "size" || f.Name == "call_new" && strings.HasSuffix(p.Name, "_size") {
			cost.sizes = append(cost.sizes, i)
		}
	}
	return cost
}
