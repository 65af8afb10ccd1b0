package icsplice

// Limits of the IC for one canister module. Where nothing else is said they
// are those of the replica's Wasm validation, as of October 2025
// (rs/embedders/src/wasm_utils/validation.rs and rs/config/src/embedders.rs in
// the IC's source).
const (
	MaxFunctions       = 50_000    // defined functions
	MaxGlobals         = 1_000     // defined globals
	MaxTableElements   = 1_000_000 // elements of the one table
	MaxOperators       = 1_000_000 // instructions in one function
	MaxComplexity      = 1_000_000 // weighted instructions in one function, see complexity
	MaxMethods         = 1_000     // exported canister_update, _query and _composite_query
	MaxMethodNameBytes = 20_000    // bytes of all their names
	MaxICPSections     = 16        // custom sections whose names begin with icp:
	MaxICPBytes        = 1 << 20   // bytes of those sections, names included
	MaxModuleBytes     = 100 << 20 // uncompressed

	// MaxCodeBytes bounds the code section. The documentation says 10 MiB
	// (IC interface specification, "Resource limits"), the replica allows 11.
	MaxCodeBytes        = 11 << 20
	DocumentedCodeBytes = 10 << 20

	// DefaultMemoryLimit is the canister setting wasm_memory_limit where
	// nobody has changed it, in bytes.
	DefaultMemoryLimit = 3 << 30
)
