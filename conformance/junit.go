package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
	Stderr  string        `xml:"system-err,omitempty"`
}

type junitMessage struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
}

// JUnit writes the report as JUnit XML: a test suite for each runtime and suite.
// Expected failures are skipped tests with their reason, and what could not be
// built or loaded is an error.
func (r *Report) JUnit(w io.Writer) error {
	all := junitSuites{Name: "WASI conformance"}
	for i, t := range r.Runtimes {
		for _, suite := range r.Suites() {
			all.Suites = append(all.Suites, r.junitSuite(i, t.Name, suite))
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Report) junitSuite(i int, runtime, suite string) junitSuite {
	s := junitSuite{Name: runtime + " " + suite}
	for k := range r.Cases {
		if c := &r.Cases[k]; c.Suite == suite {
			s.add(runtime, c, &c.Results[i])
		}
	}
	return s
}

func (s *junitSuite) add(runtime string, c *CaseResults, r *Result) {
	j := junitCase{Class: runtime + "." + strings.ReplaceAll(c.Suite, "/", "."), Name: c.Name}
	message := &junitMessage{string(r.Kind), r.Problem}
	switch {
	case r.Status == ExpectedFailure:
		s.Skipped++
		j.Skipped = &junitMessage{Message: fmt.Sprintf("expected failure: %s (%s)", r.Reason, r.Problem)}
	case r.Status == UnexpectedPass:
		s.Failures++
		j.Failure = &junitMessage{string(r.Status), "passes, though it is known to fail: " + r.Reason}
	case r.Kind == NotBuilt || r.Kind == Refused:
		s.Errors++
		j.Error = message
	case r.Status == Failed:
		s.Failures++
		j.Failure, j.Stderr = message, r.Stderr
	}
	s.Tests++
	s.Cases = append(s.Cases, j)
}
