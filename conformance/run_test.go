package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/conformance"
	"github.com/icsplice/icsplice/oracle"
)

// fake is an engine whose modules are texts that say what comes of a run.
type fake struct {
	name     string
	outcomes map[string]oracle.Outcome
	errs     map[string]error // of the run

	mu     sync.Mutex
	runs   []oracle.Run
	roots  []string
	opened int // programs and sessions that are not closed
}

func (f *fake) Name() string    { return f.name }
func (f *fake) Version() string { return "1.0 of " + f.name }
func (f *fake) Close() error    { return nil }

func (f *fake) open(n int) {
	f.mu.Lock()
	f.opened += n
	f.mu.Unlock()
}

func (f *fake) Load(module []byte) (oracle.Program, error) {
	if string(module) == "refused" {
		return nil, errors.New("no module at all")
	}
	f.open(1)
	return &fakeProgram{f, string(module)}, nil
}

type fakeProgram struct {
	*fake
	module string
}

func (p *fakeProgram) Close() error { p.open(-1); return nil }

func (p *fakeProgram) Start(root string) (oracle.Session, error) {
	p.open(1)
	p.mu.Lock()
	p.roots = append(p.roots, root)
	p.mu.Unlock()
	return &fakeSession{p}, nil
}

type fakeSession struct{ *fakeProgram }

func (s *fakeSession) Tree() (oracle.Tree, error) { return nil, nil }

func (s *fakeSession) Run(r oracle.Run) (oracle.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = append(s.runs, r)
	return s.outcomes[s.module], s.errs[s.module]
}

// sample is a suite with each kind of result, and two engines to get them from.
func sample(t *testing.T) ([]conformance.Case, []oracle.Oracle, []*fake) {
	t.Helper()
	dir := folder(t, map[string]string{
		"fd_seek-whence.wasm": "good", "fd_seek-hole.wasm": "bad exit", "fd_write-stdout.wasm": "output",
		"fd_write-stdout.json": `{"args": ["x"], "env": {"K": "v"}, "root": "tree", "stdout": "right <&>\n", "exit_code": 3}`,
		"tree/file":            "", "path_open-creat.wasm": "trap", "clock_time_get-slow.wasm": "slow", "other.wasm": "refused",
		"poll_oneoff-odd.wasm": "good", "proc_exit-code.wasm": "exit", "proc_exit-code.json": `{"exit_code": 4294967295}`,
		"native.expected": "fd_seek-hole: a | reason <with> `marks`\npoll_oneoff-odd: nobody knows",
	})
	cases, err := conformance.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	slow := map[string]error{"slow": fmt.Errorf("native: %w", oracle.ErrTimeout)}
	outcomes := map[string]oracle.Outcome{
		"good": {Stdout: []byte("ignored"), Instructions: 41_234, Calls: []string{`path_open(dirfd 3, "<x>") = success, fd 4`, "fd_close(fd 4) = success"}},
		"bad exit": {Exit: 1, Stderr: []byte("line 3: expected badf (8), got success (0)\n\xff"), Instructions: 2_500_000,
			Calls: slices.Repeat([]string{"sched_yield() = success"}, 150)},
		"output": {Exit: 3, Stdout: []byte("wrong\n"), Instructions: 61_000},
		"trap":   {Trap: "unreachable", Instructions: 9_000},
		"exit":   {Exit: 1<<32 - 1, Instructions: 30_000},
	}
	canister := &fake{name: "icsplice", outcomes: outcomes, errs: slow}
	natives := map[string]oracle.Outcome{
		"good": {}, "bad exit": {Exit: 1}, "output": {Exit: 3, Stdout: []byte("right <&>\n")}, "exit": {Exit: 1<<32 - 1},
	}
	native := &fake{name: "native", outcomes: natives, errs: slow}
	return cases, []oracle.Oracle{canister, native}, []*fake{canister, native}
}

func TestRun(t *testing.T) {
	cases, oracles, fakes := sample(t)
	var done []int
	runner := conformance.Runner{Oracles: oracles, Jobs: 3, Timeout: 7, Progress: func(n, total int) {
		done = append(done, n)
		if total != len(cases)*2 {
			t.Errorf("%d runs in all", total)
		}
	}}
	report, err := runner.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range report.Cases {
		for i, r := range c.Results {
			got[c.Name+" "+report.Runtimes[i].Name] = strings.TrimSuffix(fmt.Sprintf("%s: %s", r.Status, r.Problem), ": ")
		}
	}
	want := map[string]string{
		"fd_seek-whence icsplice": "pass", "fd_seek-whence native": "pass",
		"fd_seek-hole icsplice":        "fail: exit code: expected 0, got 1",
		"fd_seek-hole native":          "expected failure: exit code: expected 0, got 1",
		"fd_write-stdout icsplice":     `fail: standard output: expected "right <&>\n", got "wrong\n"`,
		"fd_write-stdout native":       "pass",
		"path_open-creat icsplice":     "fail: trap: unreachable",
		"path_open-creat native":       "pass",
		"clock_time_get-slow icsplice": "fail: native: the run took too long",
		"clock_time_get-slow native":   "fail: native: the run took too long",
		"other icsplice":               "fail: no module at all",
		"other native":                 "fail: no module at all",
		"poll_oneoff-odd icsplice":     "pass",
		"poll_oneoff-odd native":       "unexpected pass",
		"proc_exit-code icsplice":      "pass",
		"proc_exit-code native":        "pass",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if report.Passed() {
		t.Error("the report passes")
	}
	if len(done) != len(cases)*2 || !slices.IsSorted(done) {
		t.Errorf("progress %v", done)
	}
	for _, f := range fakes {
		if f.opened != 0 {
			t.Errorf("%d programs and sessions of %s are open", f.opened, f.name)
		}
		f.checkRuns(t)
	}
}

// checkRuns looks at what the case with a description was given.
func (f *fake) checkRuns(t *testing.T) {
	t.Helper()
	want := oracle.Run{Args: []string{"fd_write-stdout.wasm", "x"}, Env: []string{"K=v"}, Timeout: 7, Trace: true}
	if !slices.ContainsFunc(f.runs, func(r oracle.Run) bool { return cmp.Equal(r, want) }) {
		t.Errorf("no run is %+v", want)
	}
	if !slices.ContainsFunc(f.roots, func(root string) bool { return filepath.Base(root) == "tree" }) || !slices.Contains(f.roots, "") {
		t.Errorf("roots %q", f.roots)
	}
}

// TestRunBounds: what is kept of a run is bounded.
func TestRunBounds(t *testing.T) {
	dir := folder(t, map[string]string{"a.wasm": "loud"})
	cases, err := conformance.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	loud := strings.Repeat("ü", 1<<20)
	engine := &fake{name: "x", outcomes: map[string]oracle.Outcome{"loud": {
		Stdout: []byte(loud), Stderr: []byte(loud), Trap: loud, Calls: make([]string, 5000),
	}}}
	runner := conformance.Runner{Oracles: []oracle.Oracle{engine}}
	report, err := runner.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	r := report.Cases[0].Results[0]
	if len(r.Stdout) > 2100 || len(r.Stderr) > 2100 || len(r.Problem) > 700 || len(r.Trace) != 100 || r.Calls != 5000 {
		t.Errorf("%d bytes of output, %d of errors, %d of the problem, %d of %d calls",
			len(r.Stdout), len(r.Stderr), len(r.Problem), len(r.Trace), r.Calls)
	}
	if !strings.HasSuffix(r.Stdout, "ü…") {
		t.Error("the output is cut inside of a character")
	}
}

// TestRunUnreadable: a module that is gone when its turn comes is a failure.
func TestRunUnreadable(t *testing.T) {
	cases, oracles, _ := sample(t)
	if err := os.Remove(cases[0].Module); err != nil {
		t.Fatal(err)
	}
	runner := conformance.Runner{Oracles: oracles}
	report, err := runner.Run(t.Context(), cases[:1])
	if err != nil {
		t.Fatal(err)
	}
	r := report.Cases[0].Results[0]
	if r.Kind != conformance.Refused || !strings.Contains(r.Problem, "no such file") {
		t.Errorf("%+v", r)
	}
}

// TestRunInterrupted: nothing more is begun when the context has ended, and nothing
// stays open.
func TestRunInterrupted(t *testing.T) {
	cases, oracles, fakes := sample(t)
	ctx, cancel := context.WithCancel(t.Context())
	runner := conformance.Runner{Oracles: oracles, Jobs: 1, Progress: func(int, int) { cancel() }}
	if _, err := runner.Run(ctx, cases); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := len(fakes[0].runs) + len(fakes[1].runs); n > 4 {
		t.Errorf("%d runs", n)
	}
	if fakes[0].opened+fakes[1].opened != 0 {
		t.Error("a session is open")
	}
}
