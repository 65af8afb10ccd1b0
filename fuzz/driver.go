package fuzz

import _ "embed"

// Driver is the program that performs scripts, a command of WASI preview1 built
// from driver/driver.c. It reads from standard input
//
//	length u16, cautious u8, root u8, script, rest
//
// and writes the transcript to standard error, before each call where cautious
// is not 0. Root is the descriptor of the preopened folder, and the rest is for
// the script's own calls. A script is a sequence of
//
//	function u8, register u8, arguments, count u8, loads
//
// where a function is its place in abi.Preview1, an argument is a kind and a
// number (0 as it is, 1 from the arena's start, both in LEB128; 2 the descriptor
// in a register, 3 the cookie behind an entry of the last fd_readdir, both one
// byte), and a load puts into the arena, before the call, a text (0, offset,
// length, bytes) or the descriptor in a register (1, offset, 4, register).
// Three functions are the driver's own: list reads a folder to its end, trap
// traps, and spin never ends.
//
//go:embed driver/driver.wasm
var Driver []byte

// What each run of the driver finds.
var (
	driverArgs = []string{"driver", "", "zwei drei", "\u00e9"}
	driverEnv  = []string{"HOME=/", "EMPTY=", "LANG=de_DE.UTF-8"}
)

const driverStdin = "the rest of standard input\nin two lines\n"
