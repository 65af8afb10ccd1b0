// Command tinykit works with the part of the standard library that TinyGo has.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

var jobs = map[string]func(args []string) error{
	"sort":        sortNumbers,
	"maps":        countWords,
	"goroutines":  goroutines,
	"files":       files,
	"garbage":     garbage,
	"sleep":       sleep,
	"environment": environment,
	"panic":       func([]string) error { panic("on purpose") },
	"exit":        exit,
}

func main() {
	if len(os.Args) < 2 || jobs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "tinykit: unknown job")
		os.Exit(2)
	}
	if err := jobs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "tinykit:", err)
		os.Exit(1)
	}
}

func sortNumbers([]string) error {
	numbers := make([]int, 50_000)
	state := uint32(1)
	sum := uint64(0)
	for i := range numbers {
		state = state*1664525 + 1013904223
		numbers[i] = int(state >> 8)
	}
	sort.Ints(numbers)
	for i, n := range numbers {
		sum = sum*31 + uint64(i)*uint64(n)
	}
	fmt.Println(numbers[0], numbers[len(numbers)-1], sum)
	return nil
}

func countWords([]string) error {
	count := map[string]int{}
	in := bufio.NewScanner(os.Stdin)
	in.Split(bufio.ScanWords)
	for in.Scan() {
		count[strings.ToLower(in.Text())]++
	}
	words := make([]string, 0, len(count))
	for word := range count {
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		fmt.Println(word, count[word])
	}
	return in.Err()
}

func goroutines([]string) error {
	work, done := make(chan int), make(chan int)
	for i := 0; i < 4; i++ {
		go func() {
			sum := 0
			for n := range work {
				sum += n * n
			}
			done <- sum
		}()
	}
	for n := 0; n < 500; n++ {
		work <- n
	}
	close(work)
	fmt.Println("sum of squares", <-done+<-done+<-done+<-done)
	return nil
}

func files([]string) error {
	if err := os.Mkdir("/tree", 0o777); err != nil {
		return err
	}
	for i := 0; i < 10; i++ {
		if err := os.WriteFile("/tree/"+strconv.Itoa(i), []byte(strings.Repeat("x", i)), 0o666); err != nil {
			return err
		}
	}
	if err := os.Rename("/tree/7", "/seven"); err != nil {
		return err
	}
	data, err := os.ReadFile("/seven")
	fmt.Printf("%q %v\n", data, err)
	entries, err := os.ReadDir("/tree")
	fmt.Println(len(entries), err)
	_, err = os.Stat("/tree/7")
	fmt.Println("gone:", os.IsNotExist(err))
	return os.Remove("/tree/3")
}

// garbage drops megabytes in small pieces while a few stay.
func garbage([]string) error {
	kept := make([][]byte, 64)
	total := 0
	for i := 0; i < 20_000; i++ {
		b := make([]byte, 1024)
		b[i%len(b)] = byte(i)
		kept[i%len(kept)] = b
		total += len(b)
	}
	sum := 0
	for _, b := range kept {
		for _, x := range b {
			sum += int(x)
		}
	}
	fmt.Println("dropped", total, "sum", sum)
	return nil
}

func sleep([]string) error {
	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("slept:", time.Since(start) >= 10*time.Millisecond)
	return nil
}

func environment(args []string) error {
	fmt.Printf("%q %q\n", args, os.Getenv("WHERE"))
	return nil
}

func exit(args []string) error {
	code, err := strconv.Atoi(strings.Join(args, ""))
	if err != nil {
		return err
	}
	fmt.Println("leaving")
	os.Exit(code)
	return nil
}
