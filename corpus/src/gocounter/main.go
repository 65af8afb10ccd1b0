//go:build wasip1

// Command gocounter is a canister in Go: a library with exported functions
// that keep a number in a WASI file and answer through the System API.
package main

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"unsafe"
)

//go:wasmimport ic0 msg_reply_data_append
func replyAppend(from unsafe.Pointer, size uint32)

//go:wasmimport ic0 msg_reply
func reply()

//go:wasmimport ic0 trap
func trap(from unsafe.Pointer, size uint32)

// started shows that package initialisation came before canister_init.
var started = map[string]bool{"yes": true}

func main() {}

func check(err error) {
	if err == nil {
		return
	}
	text := []byte(err.Error())
	trap(unsafe.Pointer(&text[0]), uint32(len(text)))
}

func load() uint64 {
	data, err := os.ReadFile("/count")
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	check(err)
	n, err := strconv.ParseUint(string(data), 10, 64)
	check(err)
	return n
}

// replyNat replies with one Candid nat.
func replyNat(n uint64) {
	out := []byte("DIDL\x00\x01\x7d")
	for ; n > 127; n >>= 7 {
		out = append(out, byte(n)|128)
	}
	out = append(out, byte(n))
	replyAppend(unsafe.Pointer(&out[0]), uint32(len(out)))
	reply()
}

//go:wasmexport canister_init
func canisterInit() {
	if !started["yes"] {
		check(errors.New("not initialised"))
	}
}

//go:wasmexport increment
func increment() {
	n := load() + 1
	check(os.WriteFile("/count", strconv.AppendUint(nil, n, 10), 0o666))
	replyNat(n)
}

//go:wasmexport count
func count() { replyNat(load()) }
