package wasm

// Caps on what a module may declare. Those with the source "JS API" are the
// implementation limits that the engines agreed on:
// https://webassembly.github.io/spec/js-api/#limits
const (
	MaxTypes        = 100_000    // ours: a type takes 40 times its bytes in memory; the JS API has 1,000,000
	MaxRecGroups    = 100_000    // ours, as types
	MaxFuncs        = 1_000_000  // JS API, imported ones not counted
	MaxImports      = 1_000_000  // JS API
	MaxExports      = 1_000_000  // JS API
	MaxGlobals      = 1_000_000  // JS API
	MaxTags         = 100_000    // ours; the JS API has 1,000,000
	MaxDataSegments = 100_000    // JS API
	MaxElemSegments = 100_000    // ours, for the same reason; the JS API has 10,000,000
	MaxTables       = 100_000    // JS API
	MaxMemories     = 100        // V8's and wasmparser's cap for multi-memory; the JS API has 1
	MaxTableSize    = 10_000_000 // JS API, for the initial size in elements
	MaxParams       = 1_000      // JS API
	MaxResults      = 1_000      // JS API
	MaxFields       = 10_000     // JS API
	MaxSupers       = 1          // GC proposal: the vector may hold one type at most
	MaxLocals       = 50_000     // JS API, without the parameters
	MaxModuleBytes  = 1 << 30    // JS API; of what is written
	MaxNameBytes    = 100_000    // V8, SpiderMonkey and wasmparser, for names of imports and exports

	// MaxDepth caps the nesting of blocks in one body: ours, as those who walk
	// bodies keep a record for each open block. Compilers nest as deep as the
	// largest switch has cases, and V8 lets a br_table have 65,520 labels.
	MaxDepth = 1 << 16

	// MaxRecordBytes caps what the records of a module may take in memory, in
	// bytes beyond the size of the input: ours. Items of three or four bytes
	// need ten times as much in a Module; programs of compilers, whose functions
	// have more than 40 bytes, stay below.
	MaxRecordBytes = 2 << 20

	// MaxMemoryBytes32 is the address space of a 32-bit memory, 65,536 pages.
	MaxMemoryBytes32 = 1 << 32
	// MaxMemoryPages64 is that of a 64-bit one in pages (memory64 proposal).
	MaxMemoryPages64 = 1 << 48
)
