//go:build ignore

// poll_oneoff: goroutines sleep side by side, each at least as long as asked.
package main

import "time"

func main() {
	woken := make(chan bool)
	for _, wait := range []time.Duration{20, 1, 10} {
		go func() {
			start := time.Now()
			time.Sleep(wait * time.Millisecond)
			woken <- time.Since(start) >= wait*time.Millisecond
		}()
	}
	for range 3 {
		truth("a goroutine slept long enough", <-woken)
	}
	select {
	case <-woken:
		expect("woken", "a fourth", "none")
	case <-time.After(time.Millisecond):
	}
}
