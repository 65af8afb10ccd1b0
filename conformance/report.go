package conformance

import (
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/oracle"
)

// Report is what came of all runs. It holds no times, so equal runs give equal
// reports.
type Report struct {
	Compiler string        `json:"compiler,omitempty"` // the name given to the compiler that was tried
	Runtimes []Runtime     `json:"runtimes"`
	Cases    []CaseResults `json:"cases"` // in the order of the suites
}

// Runtime is one of the engines and what it got right.
type Runtime struct {
	Name    string         `json:"name"`
	Version string         `json:"version"`
	Count   map[Status]int `json:"count"`
}

// CaseResults are the results of one case, in the order of Report.Runtimes.
type CaseResults struct {
	Suite    string   `json:"suite"`
	Name     string   `json:"name"`
	Function string   `json:"function"` // of WASI, by the case's name; "" where it names none
	Family   string   `json:"family"`   // the functions' first word, or "other"
	Exit     uint32   `json:"exit_code"`
	Stdout   *string  `json:"stdout,omitempty"`
	Results  []Result `json:"results"`
}

// ID names the case among those of all suites.
func (c *CaseResults) ID() string { return c.Suite + "/" + c.Name }

// Behaviour is the case's name without the function's.
func (c *CaseResults) Behaviour() string {
	return strings.TrimLeft(strings.TrimPrefix(c.Name, c.Function), "-_ ")
}

// Status is the verdict on a run.
type Status string

// The verdicts. Failed and UnexpectedPass make a report fail.
const (
	Passed          Status = "pass"
	Failed          Status = "fail"
	ExpectedFailure Status = "expected failure"
	UnexpectedPass  Status = "unexpected pass"
)

// Kind is what was wrong.
type Kind string

// The kinds of failure; "" is none.
const (
	NotBuilt    Kind = "not built" // the compiler gave no module
	Refused     Kind = "refused"   // the engine takes no such module or could not run it
	Timeout     Kind = "timeout"
	Trapped     Kind = "trap"
	WrongExit   Kind = "exit code"
	WrongOutput Kind = "standard output"
)

// Result is a run of a case on a runtime.
type Result struct {
	Status  Status `json:"status"`
	Kind    Kind   `json:"kind,omitempty"`
	Problem string `json:"problem,omitempty"` // expected against got
	Reason  string `json:"reason,omitempty"`  // why it is known to fail

	Exit   uint32 `json:"exit_code"`
	Stdout string `json:"stdout,omitempty"` // the beginning
	Stderr string `json:"stderr,omitempty"` // the beginning
	// Instructions is what the IC charges; 0 on other runtimes.
	Instructions uint64 `json:"instructions,omitempty"`
	// Calls counts the WASI calls, Trace has the first of them; both are empty
	// where the runtime gives no trace.
	Calls int      `json:"calls,omitempty"`
	Trace []string `json:"trace,omitempty"`
}

// judge draws the verdict from Kind and Reason.
func (r *Result) judge() {
	switch {
	case r.Kind == NotBuilt:
		r.Status, r.Reason = Failed, "" // what is known is about the runtime
	case r.Kind == "" && r.Reason == "":
		r.Status = Passed
	case r.Kind == "":
		r.Status = UnexpectedPass
	case r.Reason == "":
		r.Status = Failed
	default:
		r.Status = ExpectedFailure
	}
}

// Bad says whether the result makes the report fail.
func (r *Result) Bad() bool { return r.Status == Failed || r.Status == UnexpectedPass }

// Passed says whether nothing failed unexpectedly and nothing passed so.
func (r *Report) Passed() bool {
	return !slices.ContainsFunc(r.Runtimes, func(t Runtime) bool { return t.Count[Failed]+t.Count[UnexpectedPass] > 0 })
}

func newReport(cases []Case, oracles []oracle.Oracle) *Report {
	r := &Report{Cases: make([]CaseResults, len(cases))}
	for _, o := range oracles {
		r.Runtimes = append(r.Runtimes, Runtime{o.Name(), o.Version(), map[Status]int{}})
	}
	for k := range cases {
		c := &cases[k]
		function := functionOf(c.Name)
		r.Cases[k] = CaseResults{
			Suite: c.Suite, Name: c.Name, Function: function, Family: familyOf(function),
			Exit: c.Exit, Stdout: c.Stdout, Results: make([]Result, len(oracles)),
		}
	}
	return r
}

func (r *Report) count() {
	for k := range r.Cases {
		for i := range r.Cases[k].Results {
			r.Runtimes[i].Count[r.Cases[k].Results[i].Status]++
		}
	}
}

// functionOf is the WASI function that a case's name begins with.
func functionOf(name string) string {
	name, found := strings.ReplaceAll(name, "-", "_"), ""
	for i := range abi.Preview1 {
		f := abi.Preview1[i].Name
		if len(f) > len(found) && (name == f || strings.HasPrefix(name, f+"_")) {
			found = f
		}
	}
	return found
}

func familyOf(function string) string {
	family, _, _ := strings.Cut(function, "_")
	if family == "" {
		return "other"
	}
	return family
}

// Suites are the names of the suites, in order.
func (r *Report) Suites() []string {
	var names []string
	for k := range r.Cases {
		if !slices.Contains(names, r.Cases[k].Suite) {
			names = append(names, r.Cases[k].Suite)
		}
	}
	return names
}
