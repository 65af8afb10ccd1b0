// Package polyfill holds WASI preview1 over the Internet Computer's System API,
// as a Wasm module that the linker puts under a program.
//
// Its source is polyfill/wasi and polyfill/module; tools/build-polyfill.sh
// compiles it with TinyGo. README.md lists what it imports and exports.
package polyfill

import _ "embed" // for Module

// Module is the polyfill's Wasm binary. It must not be changed.
//
//go:embed polyfill.wasm
var Module []byte
