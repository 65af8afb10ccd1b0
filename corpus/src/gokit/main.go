// Command gokit works with Go's standard library in several small jobs.
package main

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

var jobs = map[string]func(args []string) error{
	"sort":        sortNumbers,
	"maps":        countWords,
	"goroutines":  goroutines,
	"files":       files,
	"panic":       recovers,
	"exit":        exit,
	"sleep":       sleep,
	"random":      random,
	"garbage":     garbage,
	"environment": environment,
	"fail":        func([]string) error { return errors.New("asked to fail") },
}

func main() {
	if len(os.Args) < 2 || jobs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "gokit: unknown job")
		os.Exit(2)
	}
	if err := jobs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "gokit:", err)
		os.Exit(1)
	}
}

func sortNumbers([]string) error {
	numbers := make([]uint32, 200_000)
	state := uint32(1)
	for i := range numbers {
		state = state*1664525 + 1013904223
		numbers[i] = state
	}
	slices.Sort(numbers)
	hash := sha256.New()
	for _, n := range numbers {
		fmt.Fprintf(hash, "%d\n", n)
	}
	fmt.Printf("%d %d %x\n", numbers[0], numbers[len(numbers)-1], hash.Sum(nil))
	return nil
}

// countWords counts the words of standard input.
func countWords([]string) error {
	count := map[string]int{}
	in := bufio.NewScanner(os.Stdin)
	in.Split(bufio.ScanWords)
	for in.Scan() {
		count[strings.ToLower(in.Text())]++
	}
	fmt.Println(count)
	return in.Err()
}

// goroutines sums squares in workers that talk through channels.
func goroutines([]string) error {
	work, done := make(chan int), make(chan int, 8)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			sum := 0
			for n := range work {
				sum += n * n
				runtime.Gosched()
			}
			done <- sum
		})
	}
	for n := range 5000 {
		work <- n
	}
	close(work)
	workers.Wait()
	close(done)
	total := 0
	for sum := range done {
		total += sum
	}
	fmt.Println("sum of squares", total)
	return nil
}

func files([]string) error {
	if err := os.MkdirAll("/tree/below", 0o777); err != nil {
		return err
	}
	for i := range 30 {
		name := fmt.Sprintf("/tree/below/%02d", i)
		if err := os.WriteFile(name, []byte(strings.Repeat(strconv.Itoa(i)+"\n", i)), 0o666); err != nil {
			return err
		}
	}
	if err := os.Rename("/tree/below/07", "/tree/seven"); err != nil {
		return err
	}
	entries, err := os.ReadDir("/tree/below")
	if err != nil {
		return err
	}
	fmt.Println(len(entries), "entries, the last", entries[len(entries)-1].Name())
	data, err := os.ReadFile("/tree/seven")
	fmt.Printf("%q %v\n", data, err)
	_, err = os.Stat("/tree/below/07")
	fmt.Println("gone:", errors.Is(err, fs.ErrNotExist))
	err = os.Mkdir("/tree", 0o777)
	fmt.Println("there already:", errors.Is(err, fs.ErrExist))
	total := int64(0)
	err = fs.WalkDir(os.DirFS("/tree"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	fmt.Println("bytes", total, err)
	return os.RemoveAll("/tree/below")
}

func recovers([]string) error {
	defer fmt.Println("deferred")
	for _, cause := range []func(){
		func() { panic("on purpose") },
		func() { mark(nil) },
		func() { _ = make([]int, 3)[len(os.Args)+8] },
		func() { var p *strings.Builder; p.Len() },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			cause()
		}()
	}
	return nil
}

func mark(m map[string]bool) { m["x"] = true }

// exit leaves from a goroutine, with deferred calls that must not run.
func exit(args []string) error {
	code, err := strconv.Atoi(strings.Join(args, ""))
	if err != nil {
		return err
	}
	defer fmt.Println("not reached")
	if err := os.WriteFile("/last", []byte("words\n"), 0o666); err != nil {
		return err
	}
	fmt.Println("leaving")
	go os.Exit(code)
	select {}
}

func sleep([]string) error {
	start := time.Now()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("slept:", time.Since(start) >= 20*time.Millisecond)
	timeout := time.After(10 * time.Millisecond)
	ticker := time.NewTicker(3 * time.Millisecond)
	defer ticker.Stop()
	ticks := 0
	for waiting := true; waiting; {
		select {
		case <-ticker.C:
			ticks++
		case <-timeout:
			waiting = false
		}
	}
	fmt.Println("ticked:", ticks > 0)
	fmt.Println("after 2020:", time.Now().Year() > 2020)
	return nil
}

func random([]string) error {
	a, b := make([]byte, 4096), make([]byte, 4096)
	if _, err := rand.Read(a); err != nil {
		return err
	}
	if _, err := rand.Read(b); err != nil {
		return err
	}
	seen := map[byte]bool{}
	for _, x := range a {
		seen[x] = true
	}
	fmt.Println("differ:", string(a) != string(b), "all bytes:", len(seen) > 240)
	return nil
}

type node struct {
	left, right *node
	payload     [8]uint64
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1), payload: [8]uint64{uint64(depth)}}
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

// garbage drops tens of megabytes while one tree stays.
func garbage([]string) error {
	kept := tree(14)
	dropped := 0
	for range 24 {
		dropped += tree(14).count()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("kept", kept.count(), "dropped", dropped, "collected:", stats.NumGC > 0)
	return nil
}

func environment(args []string) error {
	env := os.Environ()
	slices.Sort(env)
	fmt.Printf("%q %q\n", args, env)
	return nil
}
