//go:build ignore

// args_get, environ_get, proc_exit: arguments, variables, and os.Exit from a goroutine.
package main

import "os"

func main() {
	expect("argument 1", os.Args[1], "first")
	expect("argument 2", os.Args[2], "zweites Wort")
	expect("MODE", os.Getenv("MODE"), "a=b")
	os.Stdout.WriteString("leaving\n")
	go os.Exit(11)
	select {}
}
