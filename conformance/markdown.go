package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Markdown writes a summary: what each runtime got right, by family of
// functions, and each failure with what was expected and what came.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# WASI conformance\n\n")
	fmt.Fprintf(&b, "%s%s.\n\n", plural(len(r.Cases), "case"), r.subject())
	r.markdownRuntimes(&b)
	r.markdownFamilies(&b)
	r.markdownResults(&b, "Failures", (*Result).Bad)
	r.markdownResults(&b, "Expected failures", func(x *Result) bool { return x.Status == ExpectedFailure })
	_, err := io.WriteString(w, b.String())
	return err
}

// subject says what was tried on what.
func (r *Report) subject() string {
	s := " on " + plural(len(r.Runtimes), "runtime")
	if r.Compiler != "" {
		s = " compiled by " + r.Compiler + "," + s
	}
	return s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (r *Report) markdownRuntimes(b *strings.Builder) {
	b.WriteString("| runtime | version | pass | expected failure | fail | unexpected pass |\n|---|---|--:|--:|--:|--:|\n")
	for _, t := range r.Runtimes {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d |\n", cell(t.Name), cell(t.Version),
			t.Count[Passed], t.Count[ExpectedFailure], t.Count[Failed], t.Count[UnexpectedPass])
	}
}

func (r *Report) markdownFamilies(b *strings.Builder) {
	b.WriteString("\n## By family of functions\n\n| family |")
	for _, t := range r.Runtimes {
		b.WriteString(" " + cell(t.Name) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(r.Runtimes)) + "\n")
	for _, f := range r.families() {
		fmt.Fprintf(b, "| %s |", cell(f.Name))
		for _, passed := range f.Passed {
			fmt.Fprintf(b, " %d of %d |", passed, f.Total)
		}
		b.WriteString("\n")
	}
}

// family is what the runtimes got right of the cases on a group of functions.
type family struct {
	Name   string
	Total  int
	Passed []int // by runtime
}

func (r *Report) families() []family {
	var list []family
	for k := range r.Cases {
		c := &r.Cases[k]
		at := slices.IndexFunc(list, func(f family) bool { return f.Name == c.Family })
		if at < 0 {
			at = len(list)
			list = append(list, family{Name: c.Family, Passed: make([]int, len(r.Runtimes))})
		}
		list[at].Total++
		for i := range c.Results {
			if c.Results[i].Kind == "" {
				list[at].Passed[i]++
			}
		}
	}
	slices.SortFunc(list, func(a, b family) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (r *Report) markdownResults(b *strings.Builder, title string, wanted func(*Result) bool) {
	head := "\n## " + title + "\n"
	for i, t := range r.Runtimes {
		sub := "\n### " + cell(t.Name) + "\n\n"
		for k := range r.Cases {
			c := &r.Cases[k]
			if x := &c.Results[i]; wanted(x) {
				b.WriteString(head + sub)
				fmt.Fprintf(b, "- `%s`: %s\n", strings.ReplaceAll(c.ID(), "`", "'"), cell(x.Explain()))
				head, sub = "", ""
			}
		}
	}
}

// Explain says what was wrong in a few words, among them the program's own.
func (r *Result) Explain() string {
	var parts []string
	switch {
	case r.Status == UnexpectedPass:
		parts = append(parts, "passes, though it is known to fail")
	case r.Kind == NotBuilt:
		parts = append(parts, "not built: "+clip(r.Problem, maxWords))
	default:
		parts = append(parts, clip(r.Problem, maxWords))
	}
	if s := strings.TrimSpace(r.Stderr); s != "" && r.Kind != "" {
		parts = append(parts, clip(s, maxWords))
	}
	if r.Reason != "" {
		parts = append(parts, "Reason: "+r.Reason)
	}
	return strings.Join(strings.Fields(strings.Join(parts, " – ")), " ")
}

// maxWords bounds each part of an explanation, in bytes.
const maxWords = 300

// cell makes a text fit to stand in a line of Markdown as it is.
func cell(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "&", "&amp;", "*", `\*`, "__", `\_\_`, "[", `\[`, "`", "\\`").Replace(s)
}
