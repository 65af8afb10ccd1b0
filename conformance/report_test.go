package conformance_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/conformance"
)

var update = flag.Bool("update", false, "rewrite the golden reports")

func sampleReport(t *testing.T) *conformance.Report {
	t.Helper()
	cases, oracles, _ := sample(t)
	cases = append(cases, conformance.Case{Suite: "suite", Name: "fd_read-hole", NotBuilt: "exit status 1\nno <stdint.h>"})
	runner := conformance.Runner{Oracles: oracles}
	report, err := runner.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	report.Compiler = "newcc"
	return report
}

// TestReports compares each form of the report with the golden one.
func TestReports(t *testing.T) {
	report := sampleReport(t)
	for name, write := range map[string]func(io.Writer) error{
		"report.md": report.Markdown, "report.xml": report.JUnit, "report.html": report.HTML,
		"report.json": func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(report)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("differs from %s:\n%s", path, diff)
	}
}

// TestJUnitIsXML: the counts of JUnit are those of its cases.
func TestJUnitIsXML(t *testing.T) {
	var b bytes.Buffer
	if err := sampleReport(t).JUnit(&b); err != nil {
		t.Fatal(err)
	}
	var all struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Skipped  int `xml:"skipped,attr"`
			Cases    []struct {
				Failure, Error, Skipped *struct{}
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	// Names of elements are lower case, those of fields are not.
	text := strings.NewReplacer("<failure", "<Failure", "</failure", "</Failure", "<error", "<Error", "</error", "</Error",
		"<skipped", "<Skipped", "</skipped", "</Skipped").Replace(b.String())
	if err := xml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for _, s := range all.Suites {
		failures, errs, skipped := 0, 0, 0
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errs++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != errs || s.Skipped != skipped {
			t.Errorf("%+v", s)
		}
	}
	if len(all.Suites) != 2 {
		t.Errorf("%d suites", len(all.Suites))
	}
}

// TestPageStandsAlone: the page loads nothing, and all its links lead to places in
// it.
func TestPageStandsAlone(t *testing.T) {
	var b bytes.Buffer
	if err := sampleReport(t).HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if m := regexp.MustCompile(`(?i)(src=|url\(|@import|https?:|<link|<iframe)`).FindString(page); m != "" {
		t.Errorf("the page has %q", m)
	}
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") || !strings.Contains(page, `id="`+m[1][1:]+`"`) {
			t.Errorf("a link leads to %q", m[1])
		}
	}
	for _, raw := range []string{"<x>", "<with>", "<stdint.h>", "right <&>"} {
		if strings.Contains(page, raw) {
			t.Errorf("%q is not escaped", raw)
		}
	}
}
