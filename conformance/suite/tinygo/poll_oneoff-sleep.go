//go:build ignore

// poll_oneoff: goroutines sleep side by side, each at least as long as asked.
package main

import "time"

func main() {
	woken := make(chan bool, 2)
	for _, wait := range []time.Duration{10, 1} {
		go func() {
			start := time.Now()
			time.Sleep(wait * time.Millisecond)
			woken <- time.Since(start) >= wait*time.Millisecond
		}()
	}
	truth("a goroutine slept long enough", <-woken)
	truth("the other one did, too", <-woken)
}
