package libfuzzer

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"time"
)

// entry is the testing package's record of an input; it must have these fields.
type entry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

// CoordinateFuzzing takes down what the target fuzzes with and from, instead of
// starting workers.
func (w *worker) CoordinateFuzzing(_ time.Duration, _ int64, _ time.Duration, _ int64, _ int,
	seeds []entry, types []reflect.Type, _, _ string) error {
	w.types = types
	for _, seed := range seeds {
		if seed.Data == nil {
			seed.Data = encode(seed.Values)
		}
		w.seeds = append(w.seeds, seed.Data)
	}
	return nil
}

// RunFuzzWorker hands inputs to the target for as long as the process lives.
func (w *worker) RunFuzzWorker(fuzz func(entry) error) error {
	for data := range w.inputs {
		w.results <- fuzz(entry{Values: decode(w.types, data)})
	}
	return nil
}

// ReadCorpus reads the seeds in testdata/fuzz.
func (w *worker) ReadCorpus(dir string, types []reflect.Type) ([]entry, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return nil, err
	}
	var seeds []entry
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		values, err := parseSeed(path, text, types)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, entry{Path: path, Data: encode(values), Values: values})
	}
	return seeds, nil
}

// CheckCorpus checks a seed of f.Add.
func (w *worker) CheckCorpus(values []any, types []reflect.Type) error {
	return checkTypes("f.Add", values, types)
}

// dependencies are those of the testing package that have nothing to do here.
type dependencies struct{}

func (dependencies) MatchString(pattern, s string) (bool, error) {
	return regexp.MatchString(pattern, s)
}
func (dependencies) ImportPath() string                          { return "" }
func (dependencies) ModulePath() string                          { return "" }
func (dependencies) SetPanicOnExit0(bool)                        {}
func (dependencies) StartCPUProfile(io.Writer) error             { return nil }
func (dependencies) StopCPUProfile()                             {}
func (dependencies) StartTestLog(io.Writer)                      {}
func (dependencies) StopTestLog() error                          { return nil }
func (dependencies) WriteProfileTo(string, io.Writer, int) error { return nil }
func (dependencies) ResetCoverage()                              {}
func (dependencies) SnapshotCoverage()                           {}
func (dependencies) InitRuntimeCoverage() (string, func(string, string) (string, error), func() float64) {
	return "", nil, nil
}
