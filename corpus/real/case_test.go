package real_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/internal/treetest"
	"github.com/rogpeppe/go-internal/txtar"
)

// stdoutFile is the file of an archive that says what all steps print together.
const stdoutFile = "want/stdout"

// step is one run of one program.
type step struct {
	program string
	args    []string
	stdin   string // its name among the files of the case
	exit    int    // the exit code that it must end with
}

func (s *step) String() string { return s.program + " " + strings.Join(s.args, " ") }

// scenario is one archive.
type scenario struct {
	path    string
	archive *txtar.Archive
	steps   []step
	files   treetest.Tree
	stdout  string
}

func readScenario(t *testing.T, path string) *scenario {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &scenario{path: path, archive: archive, files: treetest.Tree{}}
	for _, f := range archive.Files {
		if f.Name == stdoutFile {
			c.stdout = string(f.Data)
			continue
		}
		c.files[f.Name] = string(f.Data)
	}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		s, err := parseStep(fields)
		if err != nil {
			t.Fatalf("%s:%d: %v", path, i+1, err)
		}
		c.steps = append(c.steps, s)
	}
	if len(c.steps) == 0 {
		t.Fatalf("%s has no steps", path)
	}
	return c
}

// parseStep reads [exit N] PROGRAM ARGUMENT... [<FILE].
func parseStep(fields []string) (s step, err error) {
	if fields[0] == "exit" && len(fields) > 1 {
		if s.exit, err = strconv.Atoi(fields[1]); err != nil {
			return s, err
		}
		fields = fields[2:]
	}
	if len(fields) == 0 {
		return s, fmt.Errorf("no program")
	}
	s.program, s.args = fields[0], fields[1:]
	if n := len(s.args); n > 0 && strings.HasPrefix(s.args[n-1], "<") {
		s.stdin, s.args = s.args[n-1][1:], s.args[:n-1]
	}
	return s, nil
}

// rewrite records what the steps print.
func (c *scenario) rewrite(t *testing.T, stdout string) {
	t.Helper()
	files := c.archive.Files[:0]
	for _, f := range c.archive.Files {
		if f.Name != stdoutFile {
			files = append(files, f)
		}
	}
	c.archive.Files = append(files, txtar.File{Name: stdoutFile, Data: []byte(stdout)})
	if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
