package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/icsplice/icsplice/oracle"
)

// Runner runs cases on engines.
type Runner struct {
	Oracles []oracle.Oracle
	Timeout time.Duration // of one run; 0 is oracle.DefaultTimeout
	Jobs    int           // runs at a time; 0 is one for each processor
	// Progress, if set, is told after each run; not from two goroutines at a time.
	Progress func(done, total int)
}

// Run runs each case on each oracle, in parallel. What goes wrong is in the
// report. The error is that of ctx; runs that have begun are waited for.
func (r *Runner) Run(ctx context.Context, cases []Case) (*Report, error) {
	report := newReport(cases, r.Oracles)
	jobs := make(chan [2]int)
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		done    int
	)
	for range r.jobs() {
		workers.Go(func() {
			for job := range jobs {
				result := r.one(&cases[job[0]], r.Oracles[job[1]])
				mu.Lock()
				report.Cases[job[0]].Results[job[1]] = result
				if done++; r.Progress != nil {
					r.Progress(done, len(cases)*len(r.Oracles))
				}
				mu.Unlock()
			}
		})
	}
	r.feed(ctx, jobs, len(cases))
	workers.Wait()
	report.count()
	return report, ctx.Err()
}

// feed hands out each case for each oracle until ctx ends.
func (r *Runner) feed(ctx context.Context, jobs chan<- [2]int, cases int) {
	defer close(jobs)
	for k := range cases {
		for i := range r.Oracles {
			select {
			case jobs <- [2]int{k, i}:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (r *Runner) jobs() int {
	if r.Jobs > 0 {
		return r.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// one runs a case on an engine and judges the outcome.
func (r *Runner) one(c *Case, o oracle.Oracle) Result {
	result := Result{Reason: c.Expected[o.Name()]}
	if c.NotBuilt != "" {
		result.Kind, result.Problem = NotBuilt, c.NotBuilt
	} else if outcome, err := r.run(c, o); err != nil {
		result.Kind, result.Problem = Refused, clip(err.Error(), maxProblem)
		if errors.Is(err, oracle.ErrTimeout) {
			result.Kind = Timeout
		}
	} else {
		result.take(c, &outcome)
	}
	result.judge()
	return result
}

func (r *Runner) run(c *Case, o oracle.Oracle) (outcome oracle.Outcome, err error) {
	module, err := readBounded(c.Module, maxModule)
	if err != nil {
		return outcome, err
	}
	program, err := o.Load(module)
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, program.Close()) }()
	session, err := program.Start(c.Root)
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	return session.Run(oracle.Run{
		Args: append([]string{c.Name + ".wasm"}, c.Args...), Env: append([]string{}, c.Env...), Timeout: r.Timeout, Trace: true,
	})
}

// take puts down what a run came to, and how that differs from what was expected.
func (r *Result) take(c *Case, o *oracle.Outcome) {
	r.Exit, r.Instructions = o.Exit, o.Instructions
	r.Stdout, r.Stderr = excerpt(o.Stdout), excerpt(o.Stderr)
	r.Calls, r.Trace = len(o.Calls), o.Calls[:min(len(o.Calls), maxTrace)]
	switch {
	case o.Trap != "":
		r.Kind, r.Problem = Trapped, "trap: "+clip(o.Trap, maxProblem)
	case o.Exit != c.Exit:
		r.Kind, r.Problem = WrongExit, fmt.Sprintf("exit code: expected %d, got %d", c.Exit, o.Exit)
	case c.Stdout != nil && *c.Stdout != string(o.Stdout):
		r.Kind, r.Problem = WrongOutput, fmt.Sprintf("standard output: expected %q, got %q", clip(*c.Stdout, maxExcerpt), r.Stdout)
	}
}

const (
	maxTrace   = 100  // calls of a run that are kept
	maxProblem = 600  // bytes of an engine's words that are kept
	maxExcerpt = 2000 // bytes of a run's output that are kept
)

// excerpt is the beginning of what a program wrote, as valid text.
func excerpt(b []byte) string { return clip(strings.ToValidUTF8(string(b), "\uFFFD"), maxExcerpt) }

// clip cuts a text to n bytes or a little less, where a character ends.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
