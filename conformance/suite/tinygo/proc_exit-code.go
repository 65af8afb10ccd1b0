//go:build ignore

// proc_exit: os.Exit ends the program from a goroutine; deferred calls do not run.
package main

import "os"

func main() {
	defer os.Stdout.WriteString("deferred\n")
	os.Stdout.WriteString("leaving\n")
	done := make(chan bool)
	go func() { os.Exit(13) }()
	<-done
}
