package fuzz

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/oracle"
)

// TestCampaign: two campaigns in one folder go on from one another and find
// nothing.
func TestCampaign(t *testing.T) {
	dir := t.TempDir()
	var last Status
	for n := range 2 {
		told := 0
		c := Campaign{
			Judge:   func() (*Judge, error) { return Open([]string{"wazero"}, "") },
			Workers: 2, Seed: 1, Scripts: 40, Dir: dir, Progress: func(Status) { told++ },
		}
		s, err := c.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if s.Executions != 40 || s.Findings+s.Disagreements+s.Failures != 0 || told == 0 {
			t.Errorf("%+v, told %d times", s, told)
		}
		if want := uint64(40 * n); s.Before.Executions != want {
			t.Errorf("%d executions before, want %d", s.Before.Executions, want)
		}
		last = s
	}
	files, err := os.ReadDir(filepath.Join(dir, "corpus"))
	if err != nil || len(files) == 0 || len(files) > last.Corpus {
		t.Errorf("%d files of %d scripts, %v", len(files), last.Corpus, err)
	}
}

// liar is an engine that loses files of more than four bytes.
type liar struct{ oracle.Oracle }

func (l liar) Load(module []byte) (oracle.Program, error) {
	p, err := l.Oracle.Load(module)
	return lyingProgram{p}, err
}

type lyingProgram struct{ oracle.Program }

func (p lyingProgram) Start(root string) (oracle.Session, error) {
	s, err := p.Program.Start(root)
	return lyingSession{s}, err
}

type lyingSession struct{ oracle.Session }

func (s lyingSession) Tree() (oracle.Tree, error) {
	t, err := s.Session.Tree()
	var kept oracle.Tree
	for _, n := range t {
		if n.Size <= 4 {
			kept = append(kept, n)
		}
	}
	return kept, err
}

// TestCampaignFinds: a fault that is there is found, and shrunk to what it takes.
func TestCampaignFinds(t *testing.T) {
	dir := t.TempDir()
	c := Campaign{Workers: 1, Seed: 2, Scripts: 25, Dir: dir, Judge: func() (*Judge, error) {
		w, err := oracle.NewTrustingWazero()
		if err != nil {
			return nil, err
		}
		ours, err := NewEngine(oracle.NewCanister())
		if err != nil {
			return nil, err
		}
		theirs, err := NewEngine(liar{w})
		if err != nil {
			return nil, err
		}
		return NewJudge([]*Engine{ours, theirs})
	}}
	s, err := c.Run(context.Background())
	if err != nil || s.Findings == 0 || len(s.Files) != s.Findings {
		t.Fatalf("%+v, %v", s, err)
	}
	text, err := os.ReadFile(s.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	script, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if script.size() > 4 || !bytes.Contains(text, []byte("# the files\n")) {
		t.Errorf("found\n%s", text)
	}
}

// TestCampaignKeepsFailures: an engine that fails is told of, and the campaign
// goes on.
func TestCampaignKeepsFailures(t *testing.T) {
	dir := t.TempDir()
	c := Campaign{Workers: 1, Seed: 3, Scripts: 3, Dir: dir, Judge: func() (*Judge, error) {
		e, err := NewEngine(oracle.NewCanister())
		if err != nil {
			return nil, err
		}
		e.program = failing{e.program}
		return NewJudge([]*Engine{e})
	}}
	s, err := c.Run(context.Background())
	if err != nil || s.Failures != 3 || s.Executions != 3 {
		t.Fatalf("%+v, %v", s, err)
	}
	text, err := os.ReadFile(s.Files[0])
	if err != nil || !strings.HasPrefix(string(text), "# an engine failed: ") {
		t.Errorf("%q, %v", text, err)
	}
}

type failing struct{ oracle.Program }

func (failing) Start(string) (oracle.Session, error) { return nil, errors.New("out\nof order") }

// TestCorpusKeepsWhatWasNotRun: a campaign that is stopped early loses nothing of
// what others have found.
func TestCorpusKeepsWhatWasNotRun(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		if err := os.WriteFile(filepath.Join(dir, hashName([]byte(name))), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := openCorpus(dir)
	if err != nil {
		t.Fatal(err)
	}
	first := c.draw(nil)
	if err := c.save(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() == hashName(first) {
		t.Errorf("%v is left after %q was run and showed nothing; %v", files, first, err)
	}
}
