package canister

import (
	"context"
	"slices"

	"github.com/tetratelabs/wazero/api"

	"github.com/icsplice/icsplice/abi"
)

// ic0Func does what an ic0 function does, after its cost was charged. Arguments
// of type i32 are zero-extended; the result counts only for a function that
// has one. It ends the execution by a panic: execution.fail, a *CalledTrap or
// ErrOutOfInstructions, which wazero hands to the caller of the entry point.
type ic0Func func(e *execution, a []uint64) uint64

// ic0Funcs are the functions by name, each family in a file of its own.
var ic0Funcs = map[string]ic0Func{
	"msg_arg_data_size":           sizeOf(argData),
	"msg_arg_data_copy":           copyOf(argData),
	"msg_caller_size":             sizeOf(callerOf),
	"msg_caller_copy":             copyOf(callerOf),
	"msg_caller_info_data_size":   sizeOf(noBytes),
	"msg_caller_info_data_copy":   copyOf(noBytes),
	"msg_caller_info_signer_size": sizeOf(noBytes),
	"msg_caller_info_signer_copy": copyOf(noBytes),
	"msg_reject_code":             rejectCode,
	"msg_reject_msg_size":         sizeOf(rejectMessage),
	"msg_reject_msg_copy":         copyOf(rejectMessage),
	"msg_deadline":                constant(0),
	"msg_reply_data_append":       replyDataAppend,
	"msg_reply":                   msgReply,
	"msg_reject":                  msgReject,
	"msg_method_name_size":        sizeOf(methodName),
	"msg_method_name_copy":        copyOf(methodName),
	"accept_message":              acceptMessage,

	"msg_cycles_available":             cyclesAvailable,
	"msg_cycles_available128":          cyclesAvailable128,
	"msg_cycles_refunded":              cyclesRefunded,
	"msg_cycles_refunded128":           cyclesRefunded128,
	"msg_cycles_accept":                cyclesAccept,
	"msg_cycles_accept128":             cyclesAccept128,
	"cycles_burn128":                   cyclesBurn128,
	"canister_cycle_balance":           cycleBalance,
	"canister_cycle_balance128":        cycleBalance128,
	"canister_liquid_cycle_balance128": cycleBalance128,

	"canister_self_size": sizeOf(canisterSelf),
	"canister_self_copy": copyOf(canisterSelf),
	"subnet_self_size":   sizeOf(subnetSelf),
	"subnet_self_copy":   copyOf(subnetSelf),
	"canister_status":    constant(1), // running
	"canister_version":   canisterVersion,

	"call_new":                       callNew,
	"call_on_cleanup":                callOnCleanup,
	"call_data_append":               callDataAppend,
	"call_with_best_effort_response": callBestEffort,
	"call_cycles_add":                callCyclesAdd,
	"call_cycles_add128":             callCyclesAdd128,
	"call_perform":                   callPerform,

	"stable_size":    stable32(stableSize),
	"stable_grow":    stable32(stableGrow32),
	"stable_write":   stable32(stableWrite),
	"stable_read":    stable32(stableRead),
	"stable64_size":  stableSize,
	"stable64_grow":  stableGrow,
	"stable64_write": stableWrite,
	"stable64_read":  stableRead,

	"root_key_size":            sizeOf(rootKey),
	"root_key_copy":            copyOf(rootKey),
	"certified_data_set":       certifiedDataSet,
	"data_certificate_present": constant(0),
	"data_certificate_size":    noCertificate,
	"data_certificate_copy":    noCertificate,

	"time":                    currentTime,
	"global_timer_set":        globalTimerSet,
	"performance_counter":     performanceCounter,
	"is_controller":           isController,
	"in_replicated_execution": inReplicatedExecution,

	"cost_call":              costCall,
	"cost_create_canister":   costCreateCanister,
	"cost_http_request":      costHTTPRequest,
	"cost_sign_with_ecdsa":   costOfKey(1),
	"cost_sign_with_schnorr": costOfKey(2),
	"cost_vetkd_derive_key":  costOfKey(1),

	"env_var_count":       envVarCount,
	"env_var_name_size":   envVarNameSize,
	"env_var_name_copy":   envVarNameCopy,
	"env_var_name_exists": envVarNameExists,
	"env_var_value_size":  envVarValueSize,
	"env_var_value_copy":  envVarValueCopy,

	"debug_print": debugPrint,
	"trap":        trap,
}

// hostFunction is the n-th function of abi.IC0 as wazero calls it.
func (c *Canister) hostFunction(n int) api.GoModuleFunction {
	f := &abi.IC0[n]
	cost := costOfCall(f)
	do := ic0Funcs[f.Name]
	return api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) {
		e := c.exec
		e.function = f
		e.r.calls[n]++
		if f.Modes&e.mode == 0 {
			e.fail(ErrMode)
		}
		args := stack[:len(f.Params)]
		for i, p := range f.Params {
			if p.Type == abi.I32 {
				args[i] = uint64(uint32(args[i]))
			}
		}
		e.chargeCall(&cost, args)
		if c.opts.Trace != nil {
			args = slices.Clone(args)
		}
		result := do(e, args)
		if len(f.Results) > 0 {
			stack[0] = result
		}
		e.trace(args, stack[:len(f.Results)])
	})
}

func (e *execution) trace(args, results []uint64) {
	if tell := e.c.opts.Trace; tell != nil {
		tell(Event{Name: e.function.Name, Params: args, Results: slices.Clone(results)})
	}
}

// chargeCall takes the price of the call in progress. The bytes of stable
// memory have an account of their own.
func (e *execution) chargeCall(cost *callCost, args []uint64) {
	e.charge(&e.charged.SystemCalls, cost.fixed)
	for _, i := range cost.sizes {
		account := &e.charged.SystemCalls
		if cost.fixed == stableCallCost {
			account = &e.charged.StableBytes
		}
		e.charge(account, cost.perByte*min(args[i], unlimited/50))
	}
}

// sizeOf and copyOf are the two functions that hand out some bytes.
func sizeOf(get func(*execution) []byte) ic0Func {
	return func(e *execution, _ []uint64) uint64 { return uint64(len(get(e))) }
}

func copyOf(get func(*execution) []byte) ic0Func {
	return func(e *execution, a []uint64) uint64 {
		e.copyOut(get(e), a[0], a[1], a[2])
		return 0
	}
}

// copyOut writes data[offset:offset+size] to dst.
func (e *execution) copyOut(data []byte, dst, offset, size uint64) {
	if n := uint64(len(data)); offset > n || size > n-offset {
		e.refuse("offset and size exceed the data")
	}
	copy(e.bytes(dst, size), data[offset:])
}

func noBytes(*execution) []byte { return nil }

func constant(n uint64) ic0Func {
	return func(*execution, []uint64) uint64 { return n }
}
