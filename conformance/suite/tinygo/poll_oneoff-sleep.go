//go:build ignore

// poll_oneoff: goroutines sleep and wake in order.
package main

import "time"

func main() {
	start := time.Now()
	order := make(chan string, 2)
	go func() {
		time.Sleep(10 * time.Millisecond)
		order <- "late"
	}()
	go func() {
		time.Sleep(time.Millisecond)
		order <- "early"
	}()
	expect("order", <-order+" "+<-order, "early late")
	truth("10 milliseconds went by", time.Since(start) >= 10*time.Millisecond)
}
