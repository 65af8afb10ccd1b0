package conformance

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
)

// expectations are the reasons of one folder's RUNTIME.expected files, by case
// and runtime.
type expectations struct {
	reasons map[string]map[string]string
	from    map[string]string // the file and line that a case was first named in
}

// loadExpected reads the files RUNTIME.expected of a folder. Lines in them are
//
//	CASE: reason
//	# a remark
//
// and a line that begins with blanks goes on with the reason above it.
func loadExpected(dir string) (*expectations, error) {
	e := &expectations{map[string]map[string]string{}, map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.expected"))
	if err != nil {
		return nil, &SuiteError{dir, err}
	}
	for _, file := range files {
		text, err := readBounded(file, maxDescription)
		if err == nil {
			err = e.parse(file, text)
		}
		if err != nil {
			return nil, &SuiteError{file, err}
		}
	}
	return e, nil
}

func (e *expectations) parse(file string, text []byte) error {
	runtime := strings.TrimSuffix(filepath.Base(file), ".expected")
	last := ""
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || line[0] == '#':
			last = ""
		case lines.Text()[0] == ' ' || lines.Text()[0] == '\t':
			if last == "" {
				return fmt.Errorf("line %d goes on with nothing", n)
			}
			e.reasons[last][runtime] += " " + line
		default:
			name, reason, ok := strings.Cut(line, ":")
			last, reason = name, strings.TrimSpace(reason)
			if !ok || reason == "" {
				return fmt.Errorf("line %d wants CASE: reason", n)
			}
			if e.reasons[name][runtime] != "" {
				return fmt.Errorf("line %d names %s again", n, name)
			}
			e.add(name, runtime, reason, fmt.Sprintf("%s: line %d", file, n))
		}
	}
	return lines.Err()
}

func (e *expectations) add(name, runtime, reason, place string) {
	if e.reasons[name] == nil {
		e.reasons[name] = map[string]string{}
		e.from[name] = place
	}
	e.reasons[name][runtime] = reason
}

// take gives the reasons of a case, by runtime, and counts them as used.
func (e *expectations) take(name string) map[string]string {
	delete(e.from, name)
	return e.reasons[name]
}

// unused gives an error where a case is named that there is not.
func (e *expectations) unused(ending string) error {
	least := ""
	for name, place := range e.from {
		if least == "" || place < e.from[least] {
			least = name
		}
	}
	if least == "" {
		return nil
	}
	return &SuiteError{e.from[least], fmt.Errorf("there is no %s%s", least, ending)}
}
