package abi

// ModuleIC0 is the import module of the System API.
const ModuleIC0 = "ic0"

// Mode is a set of the entry points from which an ic0 function may be called.
// The letters in the comments are those of the IC interface specification,
// "Overview of imports".
type Mode uint32

// The entry points. A function called from one that its Modes lack traps.
const (
	ModeInit             Mode = 1 << iota // I: canister_init and canister_post_upgrade
	ModePreUpgrade                        // G: canister_pre_upgrade
	ModeUpdate                            // U: canister_update
	ModeReplicatedQuery                   // RQ: canister_query, called as an update
	ModeQuery                             // NRQ: canister_query
	ModeTransform                         // TQ: canister_query that transforms the response of an HTTP request
	ModeCompositeQuery                    // CQ: canister_composite_query
	ModeReply                             // Ry: a reply callback
	ModeReject                            // Rt: a reject callback
	ModeCompositeReply                    // CRy: a reply callback of a composite query
	ModeCompositeReject                   // CRt: a reject callback of a composite query
	ModeCleanup                           // C: a cleanup callback
	ModeCompositeCleanup                  // CC: a cleanup callback of a composite query
	ModeStart                             // s: the module's start function
	ModeInspect                           // F: canister_inspect_message
	ModeSystemTask                        // T: heartbeat, global timer and low Wasm memory hook
)

// ModesAll is every entry point but the start function.
const ModesAll = ModeStart - 1 | ModeInspect | ModeSystemTask

// IC0 lists the System API for a canister whose memory has 32-bit addresses
// (IC interface specification 0.66, "Overview of imports"). Sizes, offsets and
// indices are unsigned. Cycle amounts of 128 bits are either two i64, the high
// half first, or 16 bytes at dst, little-endian. A function's or an
// environment's number in call_new and call_on_cleanup is a Value: the first
// is an index into the table, the second whatever the canister wants back.
var IC0 = []Function{
	// The message.
	{Name: "msg_arg_data_size", Results: []ValType{I32}, Modes: ModeInit | ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeCompositeReply | ModeInspect},
	{Name: "msg_arg_data_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeInit | ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeCompositeReply | ModeInspect},
	{Name: "msg_caller_size", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "msg_caller_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll},
	{Name: "msg_caller_info_data_size", Results: []ValType{I32}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeCleanup | ModeCompositeCleanup | ModeInspect},
	{Name: "msg_caller_info_data_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeCleanup | ModeCompositeCleanup | ModeInspect},
	{Name: "msg_caller_info_signer_size", Results: []ValType{I32}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeCleanup | ModeCompositeCleanup | ModeInspect},
	{Name: "msg_caller_info_signer_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeCleanup | ModeCompositeCleanup | ModeInspect},
	{Name: "msg_reject_code", Results: []ValType{I32}, Modes: ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeCleanup},
	{Name: "msg_reject_msg_size", Results: []ValType{I32}, Modes: ModeReject | ModeCompositeReject},
	{Name: "msg_reject_msg_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeReject | ModeCompositeReject},
	{Name: "msg_deadline", Results: []ValType{I64}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject},
	{Name: "msg_reply_data_append", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject},
	{Name: "msg_reply", Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject},
	{Name: "msg_reject", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeQuery | ModeTransform | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject},
	{Name: "msg_method_name_size", Results: []ValType{I32}, Modes: ModeInspect},
	{Name: "msg_method_name_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeInspect},
	{Name: "accept_message", Modes: ModeInspect},
	// Cycles.
	{Name: "msg_cycles_available", Results: []ValType{I64}, Modes: ModeUpdate | ModeReplicatedQuery | ModeReject | ModeReply},
	{Name: "msg_cycles_available128", Params: []Param{{"dst", I32, Out}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeReject | ModeReply},
	{Name: "msg_cycles_refunded", Results: []ValType{I64}, Modes: ModeReject | ModeReply},
	{Name: "msg_cycles_refunded128", Params: []Param{{"dst", I32, Out}}, Modes: ModeReject | ModeReply},
	{Name: "msg_cycles_accept", Params: []Param{{"max", I64, Value}}, Results: []ValType{I64}, Modes: ModeUpdate | ModeReplicatedQuery | ModeReject | ModeReply},
	{Name: "msg_cycles_accept128", Params: []Param{{"max_high", I64, Value}, {"max_low", I64, Value}, {"dst", I32, Out}}, Modes: ModeUpdate | ModeReplicatedQuery | ModeReject | ModeReply},
	{Name: "cycles_burn128", Params: []Param{{"high", I64, Value}, {"low", I64, Value}, {"dst", I32, Out}}, Modes: ModeInit | ModePreUpgrade | ModeUpdate | ModeReplicatedQuery | ModeReply | ModeReject | ModeCleanup | ModeSystemTask},
	{Name: "canister_cycle_balance", Results: []ValType{I64}, Modes: ModesAll},
	{Name: "canister_cycle_balance128", Params: []Param{{"dst", I32, Out}}, Modes: ModesAll},
	{Name: "canister_liquid_cycle_balance128", Params: []Param{{"dst", I32, Out}}, Modes: ModesAll},

	// The canister.
	{Name: "canister_self_size", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "canister_self_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll},
	{Name: "subnet_self_size", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "subnet_self_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll},
	{Name: "canister_status", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "canister_version", Results: []ValType{I64}, Modes: ModesAll},

	// Calls to canisters.
	{Name: "call_new", Params: []Param{{"callee_src", I32, In}, {"callee_size", I32, Value}, {"name_src", I32, In}, {"name_size", I32, Value}, {"reply_fun", I32, Value}, {"reply_env", I32, Value}, {"reject_fun", I32, Value}, {"reject_env", I32, Value}}, Modes: ModeUpdate | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeSystemTask},
	{Name: "call_on_cleanup", Params: []Param{{"fun", I32, Value}, {"env", I32, Value}}, Modes: ModeUpdate | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeSystemTask},
	{Name: "call_data_append", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModeUpdate | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeSystemTask},
	{Name: "call_with_best_effort_response", Params: []Param{{"timeout_seconds", I32, Value}}, Modes: ModeUpdate | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeSystemTask},
	{Name: "call_cycles_add", Params: []Param{{"amount", I64, Value}}, Modes: ModeUpdate | ModeReply | ModeReject | ModeSystemTask},
	{Name: "call_cycles_add128", Params: []Param{{"high", I64, Value}, {"low", I64, Value}}, Modes: ModeUpdate | ModeReply | ModeReject | ModeSystemTask},
	{Name: "call_perform", Results: []ValType{I32}, Modes: ModeUpdate | ModeCompositeQuery | ModeReply | ModeReject | ModeCompositeReply | ModeCompositeReject | ModeSystemTask},

	// Stable memory. The i32 functions are deprecated and trap once it is larger than 4 GiB.
	{Name: "stable_size", Results: []ValType{I32}, Modes: ModesAll | ModeStart},
	{Name: "stable_grow", Params: []Param{{"new_pages", I32, Value}}, Results: []ValType{I32}, Modes: ModesAll | ModeStart},
	{Name: "stable_write", Params: []Param{{"offset", I32, Value}, {"src", I32, In}, {"size", I32, Value}}, Modes: ModesAll | ModeStart},
	{Name: "stable_read", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll | ModeStart},
	{Name: "stable64_size", Results: []ValType{I64}, Modes: ModesAll | ModeStart},
	{Name: "stable64_grow", Params: []Param{{"new_pages", I64, Value}}, Results: []ValType{I64}, Modes: ModesAll | ModeStart},
	{Name: "stable64_write", Params: []Param{{"offset", I64, Value}, {"src", I64, In}, {"size", I64, Value}}, Modes: ModesAll | ModeStart},
	{Name: "stable64_read", Params: []Param{{"dst", I64, Out}, {"offset", I64, Value}, {"size", I64, Value}}, Modes: ModesAll | ModeStart},

	// Certified data.
	{Name: "root_key_size", Results: []ValType{I32}, Modes: ModeInit | ModePreUpgrade | ModeUpdate | ModeReplicatedQuery | ModeReply | ModeReject | ModeCleanup | ModeSystemTask},
	{Name: "root_key_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeInit | ModePreUpgrade | ModeUpdate | ModeReplicatedQuery | ModeReply | ModeReject | ModeCleanup | ModeSystemTask},
	{Name: "certified_data_set", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModeInit | ModePreUpgrade | ModeUpdate | ModeReply | ModeReject | ModeSystemTask},
	{Name: "data_certificate_present", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "data_certificate_size", Results: []ValType{I32}, Modes: ModeQuery | ModeCompositeQuery},
	{Name: "data_certificate_copy", Params: []Param{{"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModeQuery | ModeCompositeQuery},

	// Time, counters, identity.
	{Name: "time", Results: []ValType{I64}, Modes: ModesAll},
	{Name: "global_timer_set", Params: []Param{{"timestamp", I64, Value}}, Results: []ValType{I64}, Modes: ModeInit | ModePreUpgrade | ModeUpdate | ModeReply | ModeReject | ModeCleanup | ModeSystemTask},
	{Name: "performance_counter", Params: []Param{{"counter_type", I32, Value}}, Results: []ValType{I64}, Modes: ModesAll | ModeStart},
	{Name: "is_controller", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Results: []ValType{I32}, Modes: ModesAll | ModeStart},
	{Name: "in_replicated_execution", Results: []ValType{I32}, Modes: ModesAll | ModeStart},

	// Costs in cycles, 128 bits each.
	{Name: "cost_call", Params: []Param{{"method_name_size", I64, Value}, {"payload_size", I64, Value}, {"dst", I32, Out}}, Modes: ModesAll | ModeStart},
	{Name: "cost_create_canister", Params: []Param{{"dst", I32, Out}}, Modes: ModesAll | ModeStart},
	{Name: "cost_http_request", Params: []Param{{"request_size", I64, Value}, {"max_res_bytes", I64, Value}, {"dst", I32, Out}}, Modes: ModesAll | ModeStart},
	{Name: "cost_sign_with_ecdsa", Params: []Param{{"src", I32, In}, {"size", I32, Value}, {"ecdsa_curve", I32, Value}, {"dst", I32, Out}}, Results: []ValType{I32}, Modes: ModesAll | ModeStart},
	{Name: "cost_sign_with_schnorr", Params: []Param{{"src", I32, In}, {"size", I32, Value}, {"algorithm", I32, Value}, {"dst", I32, Out}}, Results: []ValType{I32}, Modes: ModesAll | ModeStart},
	{Name: "cost_vetkd_derive_key", Params: []Param{{"src", I32, In}, {"size", I32, Value}, {"vetkd_curve", I32, Value}, {"dst", I32, Out}}, Results: []ValType{I32}, Modes: ModesAll | ModeStart},

	// Environment variables.
	{Name: "env_var_count", Results: []ValType{I32}, Modes: ModesAll},
	{Name: "env_var_name_size", Params: []Param{{"index", I32, Value}}, Results: []ValType{I32}, Modes: ModesAll},
	{Name: "env_var_name_copy", Params: []Param{{"index", I32, Value}, {"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll},
	{Name: "env_var_name_exists", Params: []Param{{"name_src", I32, In}, {"name_size", I32, Value}}, Results: []ValType{I32}, Modes: ModesAll},
	{Name: "env_var_value_size", Params: []Param{{"name_src", I32, In}, {"name_size", I32, Value}}, Results: []ValType{I32}, Modes: ModesAll},
	{Name: "env_var_value_copy", Params: []Param{{"name_src", I32, In}, {"name_size", I32, Value}, {"dst", I32, Out}, {"offset", I32, Value}, {"size", I32, Value}}, Modes: ModesAll},

	// For people.
	{Name: "debug_print", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModesAll | ModeStart},
	{Name: "trap", Params: []Param{{"src", I32, In}, {"size", I32, Value}}, Modes: ModesAll | ModeStart},
}
