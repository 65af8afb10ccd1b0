package conformance

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
)

//go:embed report.html
var pageText string

var page = template.Must(template.New("report").Parse(pageText))

// HTML writes the report as one page that needs nothing else: what each runtime
// got right, the instructions of each case, failures with what was expected and
// what came, and the trace of WASI calls.
func (r *Report) HTML(w io.Writer) error { return page.Execute(w, r.view()) }

// The view is what the page shows, worked out.
type (
	view struct {
		Subject  string
		Verdict  string
		Passed   bool
		Runtimes []runtimeView
		Families []familyView
		Plot     plotView
		Failures []failureView
		Known    []failureView
		Groups   []groupView
		Traced   bool
	}
	runtimeView struct {
		Name, Version string
		Right, Total  int
		Percent       string
		Parts         []part
		Bad           int
	}
	part struct {
		Class, Label string
		Count        int
		Percent      string
	}
	familyView struct {
		Name  string
		Total int
		Cells []rateView
	}
	rateView struct {
		Runtime string
		Passed  int
		Total   int
		Percent string
		Level   string
	}
	failureView struct {
		Runtime, ID, Anchor string
		*Result
		Class string
	}
	groupView struct {
		Name  string
		Cases []caseView
	}
	caseView struct {
		*CaseResults
		Anchor       string
		Title        string
		Statuses     string // for the filter
		Instructions string
		Results      []resultView
		Trace        []string
		Calls        int
	}
	resultView struct {
		Runtime string
		*Result
		Class, Mark string
	}
)

// marks are how the page shows a verdict.
var marks = map[Status]struct{ class, mark string }{
	Passed:          {"pass", "✓"},
	ExpectedFailure: {"known", "~"},
	Failed:          {"fail", "✗"},
	UnexpectedPass:  {"odd", "!"},
}

func (r *Report) view() *view {
	v := &view{
		Subject: plural(len(r.Cases), "case") + r.subject(), Passed: r.Passed(), Verdict: r.verdict(),
		Plot: r.plot(),
	}
	for i := range r.Runtimes {
		v.Runtimes = append(v.Runtimes, r.runtimeView(i))
	}
	for _, f := range r.families() {
		v.Families = append(v.Families, r.familyView(f))
	}
	for k := range r.Cases {
		r.addCase(v, k)
	}
	slices.SortStableFunc(v.Groups, func(a, b groupView) int { return compareNames(a.Name, b.Name) })
	return v
}

// compareNames puts "other" last.
func compareNames(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "other" || b != "other" && a > b:
		return 1
	}
	return -1
}

func (r *Report) verdict() string {
	bad, known := 0, 0
	for _, t := range r.Runtimes {
		bad += t.Count[Failed] + t.Count[UnexpectedPass]
		known += t.Count[ExpectedFailure]
	}
	switch {
	case bad > 0:
		return plural(bad, "unexpected result")
	case known > 0:
		return "All as expected"
	}
	return "All passed"
}

func (r *Report) runtimeView(i int) runtimeView {
	t := r.Runtimes[i]
	v := runtimeView{Name: t.Name, Version: t.Version, Total: len(r.Cases), Right: t.Count[Passed] + t.Count[UnexpectedPass]}
	v.Percent = percent(v.Right, v.Total)
	v.Bad = t.Count[Failed] + t.Count[UnexpectedPass]
	for _, s := range []Status{Passed, ExpectedFailure, Failed, UnexpectedPass} {
		if n := t.Count[s]; n > 0 {
			v.Parts = append(v.Parts, part{marks[s].class, string(s), n, percent(n, v.Total)})
		}
	}
	return v
}

func percent(n, of int) string {
	if of == 0 {
		return "0"
	}
	// Only all is 100.
	p := math.Floor(1000*float64(n)/float64(of)) / 10
	return strconv.FormatFloat(p, 'f', -1, 64)
}

func (r *Report) familyView(f family) familyView {
	v := familyView{Name: f.Name, Total: f.Total}
	for i, n := range f.Passed {
		level := "some"
		switch {
		case n == f.Total:
			level = "all"
		case 2*n < f.Total:
			level = "few"
		}
		v.Cells = append(v.Cells, rateView{r.Runtimes[i].Name, n, f.Total, percent(n, f.Total), level})
	}
	return v
}

func anchor(k int) string { return "case-" + strconv.Itoa(k+1) }

// addCase puts a case into its group, and what failed into the lists of failures.
func (r *Report) addCase(v *view, k int) {
	c := caseView{CaseResults: &r.Cases[k], Anchor: anchor(k), Title: r.Cases[k].Behaviour()}
	if c.Title == "" {
		c.Title = c.Name
	}
	for i := range c.CaseResults.Results {
		x := &c.CaseResults.Results[i]
		m := marks[x.Status]
		c.Results = append(c.Results, resultView{r.Runtimes[i].Name, x, m.class, m.mark})
		c.Statuses += m.class + " "
		if x.Instructions > 0 {
			c.Instructions = thousands(x.Instructions)
		}
		if x.Calls > 0 && c.Calls == 0 {
			c.Trace, c.Calls, v.Traced = x.Trace, x.Calls, true
		}
		f := failureView{r.Runtimes[i].Name, c.ID(), c.Anchor, x, m.class}
		switch {
		case x.Bad():
			v.Failures = append(v.Failures, f)
		case x.Status == ExpectedFailure:
			v.Known = append(v.Known, f)
		}
	}
	name := c.Function
	if name == "" {
		name = "other"
	}
	at := slices.IndexFunc(v.Groups, func(g groupView) bool { return g.Name == name })
	if at < 0 {
		at = len(v.Groups)
		v.Groups = append(v.Groups, groupView{Name: name})
	}
	v.Groups[at].Cases = append(v.Groups[at].Cases, c)
}

// thousands writes a number with a narrow space between groups of three digits.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// short writes a number with a metric prefix.
func short(n float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if n >= unit.size {
			return fmt.Sprintf("%.3g %s", n/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.0f", n)
}
