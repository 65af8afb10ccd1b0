package conformance_test

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/conformance"
	"github.com/icsplice/icsplice/oracle"
)

var (
	native   = flag.String("native", "", "folder with the programs of wasmtime and wasmer, to run the suites on them and on Node, too")
	language = flag.String("language", "", "run the suite in this language only")
)

func open(t *testing.T) []oracle.Oracle {
	t.Helper()
	wazero, err := oracle.NewWazero()
	if err != nil {
		t.Fatal(err)
	}
	list := []oracle.Oracle{oracle.NewCanister()}
	if runtime.GOOS == "linux" { // wazero's files are the host's, and what they do was written down there
		list = append(list, wazero)
	}
	if *native != "" {
		list = append(list, child(t, oracle.NewWasmtime, filepath.Join(*native, "wasmtime")),
			child(t, oracle.NewWasmer, filepath.Join(*native, "wasmer")), child(t, oracle.NewNode, t.TempDir()))
	}
	t.Cleanup(func() {
		for _, o := range list {
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return list
}

func child(t *testing.T, start func(string) (*oracle.Child, error), arg string) oracle.Oracle {
	t.Helper()
	o, err := start(arg)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestSuite runs our own suites: all is as expected, and of the canister no failure
// is.
func TestSuite(t *testing.T) {
	cases, err := conformance.Load(filepath.Join("suite", *language))
	if err != nil {
		t.Fatal(err)
	}
	runner := conformance.Runner{Oracles: open(t), Timeout: 2 * time.Minute}
	report, err := runner.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	for k := range report.Cases {
		for i := range report.Cases[k].Results {
			if r := &report.Cases[k].Results[i]; r.Bad() {
				t.Errorf("%s on %s: %s", report.Cases[k].ID(), report.Runtimes[i].Name, r.Explain())
			}
		}
	}
	if n := report.Runtimes[0].Count[conformance.ExpectedFailure]; n > 0 {
		t.Errorf("the canister is expected to fail %d cases; fix it instead", n)
	}
}

// TestCoverage: there are many cases, and each function of WASI has one.
func TestCoverage(t *testing.T) {
	cases, err := conformance.Load("suite")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 240 {
		t.Errorf("only %d cases", len(cases))
	}
	for i := range abi.Preview1 {
		name := abi.Preview1[i].Name
		found := false
		for _, c := range cases {
			found = found || strings.HasPrefix(c.Name, name+"-")
		}
		if !found {
			t.Errorf("no case is about %s", name)
		}
	}
}

// TestSources: each module stands beside the source that it was built from.
func TestSources(t *testing.T) {
	cases, err := conformance.Load("suite")
	if err != nil {
		t.Fatal(err)
	}
	endings := map[string]string{
		"suite/c": ".c", "suite/cpp": ".cpp", "suite/rust": ".rs", "suite/go": ".go", "suite/tinygo": ".go",
		"suite/assemblyscript": ".ts", "suite/zig": ".zig",
	}
	built := map[string]int{}
	for _, c := range cases {
		built[c.Suite]++
		if _, err := os.Stat(strings.TrimSuffix(c.Module, ".wasm") + endings[c.Suite]); err != nil {
			t.Error(err)
		}
	}
	for suite, ending := range endings {
		sources, err := filepath.Glob(suite + "/*-*" + ending)
		if err != nil || len(sources) != built[suite] {
			t.Errorf("%s has %d sources and %d modules (%v)", suite, len(sources), built[suite], err)
		}
	}
}
