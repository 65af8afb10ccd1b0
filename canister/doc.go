// Package canister is an Internet Computer for one canister on one machine: it
// runs a canister's module on wazero, with the System API (ic0), its rules
// about which function may be called where, the roll-back of both memories
// after a trap, upgrades, and the IC's count of instructions.
//
//	c, err := canister.Install(ctx, module, arg, canister.Options{})
//	r, err := c.Update(ctx, nil, "greet", arg)
//	fmt.Println(r.Reply, r.Instructions, r.StablePagesDirty)
//
// # What is counted
//
// The module is instrumented as the IC does it: blocks are charged at their
// start, bulk operations by size, and ic0 calls by the replica's table of
// October 2025. Heap pages count as changed where their bytes differ after the
// execution; see HeapPage. The counts are the same in each run. The limits of
// the IC on module size, features or stable pages touched are not enforced.
//
// # What is not there
//
// The canister can call itself and raw_rand. Calls to other canisters are
// rejected as to a missing destination (reject code 3), and a composite
// query's call_perform gives 2, not sent. There are no certificates, and
// cycles are not taken for instructions or storage. Messages with cycles come
// only from the canister itself. Response timeouts never happen, and
// canister_on_low_wasm_memory is never run.
//
// # Trust
//
// A module is untrusted input. It can use time, up to the instruction limits,
// and memory, up to 4 GiB of heap with a copy and what it writes to stable
// memory; so set Options.Limits for one that you do not know.
package canister
