//go:build tinygo

// Command module is the polyfill's Wasm module. It only names things: each
// function here is an export that the linker looks for, and hands over to the
// one System.
package main

import "github.com/icsplice/icsplice/polyfill/wasi"

var system wasi.System

func main() {}

//export command.run
func commandRun() { system.CommandRun() }

//export command.proc_exit
func commandProcExit(code uint32) { system.CommandProcExit(code) }

//export library.proc_exit
func libraryProcExit(code uint32) { system.LibraryProcExit(code) }

//export library.canister_init
func libraryCanisterInit() { system.LibraryInit() }

//export library.canister_post_upgrade
func libraryCanisterPostUpgrade() { system.LibraryPostUpgrade() }
