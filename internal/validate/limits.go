package validate

// Caps on what a module may make the validator do, beside those of package wasm.
const (
	maxSubtypeDepth = 63      // JS API
	maxArrayFixed   = 10_000  // JS API, operands of one array.new_fixed
	maxOperands     = 1 << 20 // ours: as many values need 2 MB of straight code in one block
	denseLocals     = 256     // ours: those whose type is found without a search
)
