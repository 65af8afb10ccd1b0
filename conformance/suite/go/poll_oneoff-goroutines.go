//go:build ignore

// poll_oneoff: goroutines that sleep wake in the order of their deadlines.
package main

import "time"

func main() {
	start := time.Now()
	woken := make(chan string)
	for name, wait := range map[string]time.Duration{"a": 1, "b": 10, "c": 20} {
		go func() {
			time.Sleep(wait * time.Millisecond)
			woken <- name
		}()
	}
	expect("order", <-woken+<-woken+<-woken, "abc")
	truth("20 milliseconds went by", time.Since(start) >= 20*time.Millisecond)
	select {
	case <-woken:
		expect("woken", "a fourth", "none")
	case <-time.After(time.Millisecond):
	}
}
