package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// startProgress says on a terminal what takes more than two seconds. The
// function that it returns ends that and waits for the last line to be erased.
func startProgress(stderr io.Writer, doing string) (stop func()) {
	f, ok := stderr.(*os.File)
	if !ok || !isTerminal(f) {
		return func() {}
	}
	done, finished := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(finished)
		select {
		case <-done:
		case <-time.After(2 * time.Second):
			fmt.Fprintf(f, "icsplice: %s …", doing)
			<-done
			fmt.Fprint(f, "\r\x1b[K")
		}
	}()
	return func() {
		close(done)
		<-finished
	}
}
