package link

import (
	"bufio"
	"fmt"
	"io"
)

// WriteTo writes the map as text, a line for each thing. Names are escaped where
// they could control a terminal.
func (m *Map) WriteTo(w io.Writer) (int64, error) {
	t := &mapText{w: bufio.NewWriter(w)}
	t.sizes(m)
	t.stacks("Memories, in pages", m.Memories)
	t.stacks("Tables, in elements", m.Tables)
	t.placed("Functions", m.Functions)
	t.placed("Globals", m.Globals)
	t.placed("Tags", m.Tags)
	t.segments("Data", m.Data)
	t.segments("Elements", m.Elements)
	t.rest(m)
	if t.err == nil {
		t.err = t.w.Flush()
	}
	return t.n, t.err
}

// mapText writes lines; after the first error it writes no more.
type mapText struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (t *mapText) line(format string, args ...any) {
	if t.err != nil {
		return
	}
	n, err := t.w.WriteString(printable(fmt.Sprintf(format, args...)) + "\n")
	t.n, t.err = t.n+int64(n), err
}

func (t *mapText) sizes(m *Map) {
	t.line("Output: %d bytes", m.Size)
	t.line("")
	t.line("Sections")
	t.line("%10s %10s  %s", "offset", "size", "name")
	for _, s := range m.Sections {
		t.line("%#10x %10d  %s", s.Offset, s.Size, s.Name)
	}
	t.line("")
	t.line("Modules, in bytes")
	t.line("%10s %10s %10s %10s %10s  %s", "input", "code", "data", "elements", "globals", "name")
	for _, s := range m.Modules {
		t.line("%10d %10d %10d %10d %10d  %s", s.Input, s.Code, s.Data, s.Elements, s.Globals, moduleText(s.Name))
	}
}

func moduleText(name string) string {
	if name == "" {
		return "(linker)"
	}
	return name
}

// text is an origin at the end of a line.
func (o *Origin) text(imported string) string {
	if imported != "" {
		return "import " + imported
	}
	if o.Module == "" {
		return "(linker) " + o.Name
	}
	if o.Name == "" {
		return fmt.Sprintf("%s %d", o.Module, o.From)
	}
	return fmt.Sprintf("%s %d %s", o.Module, o.From, o.Name)
}

// head begins a list of n items, unless it is empty, by its title and the names
// of its columns.
func (t *mapText) head(n int, title, format string, columns ...any) {
	if n > 0 {
		t.line("")
		t.line("%s", title)
		t.line(format, columns...)
	}
}

func (t *mapText) stacks(title string, list []PlacedMemory) {
	t.head(len(list), title, "%6s %10s %10s  %s", "index", "base", "size", "origin")
	for _, s := range list {
		t.line("%6d %10d %10d  %s", s.Index, s.Base, s.Size, s.text(s.Import))
	}
}

func (t *mapText) placed(title string, list []Placed) {
	t.head(len(list), title, "%6s %10s %10s  %s", "index", "offset", "size", "origin")
	for _, p := range list {
		t.line("%6d %#10x %10d  %s", p.Index, p.Offset, p.Size, p.text(p.Import))
	}
}

func (t *mapText) segments(title string, list []PlacedSegment) {
	t.head(len(list), title, "%6s %10s %10s %8s %6s %10s  %s", "index", "offset", "size", "mode", "target", "place", "origin")
	for _, s := range list {
		t.line("%6d %#10x %10d %8s %6d %#10x  %s", s.Index, s.Offset, s.Size, s.Mode, s.Target, s.Place, s.text(""))
	}
}

func (t *mapText) rest(m *Map) {
	if len(m.Starts) > 0 {
		t.line("")
		t.line("Starts: %v", m.Starts)
	}
	if len(m.Customs) > 0 {
		t.line("")
		t.line("Custom sections")
		for _, c := range m.Customs {
			t.line("%10d  %-8s %s %s", c.Size, c.Fate, c.Input, c.Name)
		}
	}
	if len(m.Removed) > 0 {
		t.line("")
		t.line("Removed")
		for _, r := range m.Removed {
			reason := r.Reason
			if r.Reason == Folded {
				reason = fmt.Sprintf("%s, now %d", r.Reason, r.By)
			}
			t.line("%10d  %s %s: %s", r.Size, r.Kind, r.text(""), reason)
		}
	}
	t.line("")
	t.growth(m.Growth)
}

func (t *mapText) growth(causes []Cause) {
	t.line("Growth of code, in bytes")
	total := 0
	for _, c := range causes {
		t.line("%+10d  %s", c.Bytes, c.Name)
		total += c.Bytes
	}
	t.line("%+10d", total)
}
