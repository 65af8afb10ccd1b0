package fuzz

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Campaign runs random scripts until it is told to stop.
type Campaign struct {
	// Judge makes the engines of one worker.
	Judge   func() (*Judge, error)
	Workers int
	// Seed decides on the scripts of each worker, together with what the corpus
	// holds when it begins.
	Seed    uint64
	Scripts uint64        // how many to run, 0 for no bound
	Time    time.Duration // how long to run, 0 for no bound
	// Dir takes the corpus, in the folder corpus, what was found, in the folder
	// findings, and the last Status, in the file status.json. All of it is used
	// again, so that a campaign goes on where another one has stopped.
	Dir string
	// Progress is told how things stand now and then, and at the end.
	Progress func(Status)

	started  time.Time
	executed atomic.Uint64
	calls    atomic.Uint64
	mu       sync.Mutex
	status   Status
	seen     map[string]bool // keys of differences
	corpus   *corpus
}

// Status is how a campaign stands.
type Status struct {
	Executions    uint64         `json:"executions"` // scripts, those of shrinking apart
	Calls         uint64         `json:"calls"`
	Seconds       float64        `json:"seconds"`
	PerSecond     float64        `json:"executions_per_second"`
	Behaviours    int            `json:"behaviours"` // kinds of answers seen one after the other
	Corpus        int            `json:"corpus"`     // scripts that showed them first
	Findings      int            `json:"findings"`   // the canister stands alone or in a minority
	Disagreements int            `json:"disagreements"`
	Failures      int            `json:"failures"` // of engines
	Files         []string       `json:"files"`    // what was found
	Quirks        map[string]int `json:"quirks"`   // how often each was seen, by its oracle and title
	Oracles       []string       `json:"oracles"`  // with their versions
	// Before is the sum of the campaigns before in the same folder.
	Before Total `json:"before"`
}

// Total sums up campaigns.
type Total struct {
	Executions uint64  `json:"executions"`
	Calls      uint64  `json:"calls"`
	Seconds    float64 `json:"seconds"`
}

// Run runs the campaign until ctx ends or a bound is reached, and gives its last
// status. What was found is on disk by then, and not an error.
func (c *Campaign) Run(ctx context.Context) (Status, error) {
	c.started = time.Now()
	c.seen = map[string]bool{}
	c.status.Quirks = map[string]int{}
	var err error
	if c.corpus, err = openCorpus(filepath.Join(c.Dir, "corpus")); err != nil {
		return Status{}, err
	}
	if err := os.MkdirAll(filepath.Join(c.Dir, "findings"), 0o755); err != nil {
		return Status{}, err
	}
	if c.status.Before, err = c.before(); err != nil {
		return Status{}, err
	}
	if c.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Time)
		defer cancel()
	}
	stop := c.report()
	errs := make([]error, c.Workers)
	var group sync.WaitGroup
	for w := range errs {
		group.Go(func() { errs[w] = c.worker(ctx, uint64(w)) })
	}
	group.Wait()
	stop()
	s := c.Status()
	err = errors.Join(append(errs, c.corpus.save(), c.write(s))...)
	if c.Progress != nil {
		c.Progress(s)
	}
	return s, err
}

func (c *Campaign) statusFile() string { return filepath.Join(c.Dir, "status.json") }

// before sums up what the folder tells of.
func (c *Campaign) before() (Total, error) {
	b, err := os.ReadFile(c.statusFile())
	if errors.Is(err, fs.ErrNotExist) {
		return Total{}, nil
	}
	var s Status
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	t := s.Before
	t.Executions += s.Executions
	t.Calls += s.Calls
	t.Seconds += s.Seconds
	return t, err
}

// write keeps a status, in one step.
func (c *Campaign) write(s Status) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.statusFile()+".new", append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(c.statusFile()+".new", c.statusFile())
}

// report tells the progress twice a second until it is stopped, and writes it
// down now and then.
func (c *Campaign) report() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			s := c.Status()
			if c.Progress != nil {
				c.Progress(s)
			}
			if n%20 == 0 {
				c.write(s) // what fails here fails at the end as well
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// Status is how things stand.
func (c *Campaign) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.status
	s.Executions, s.Calls = c.executed.Load(), c.calls.Load()
	s.Seconds = time.Since(c.started).Seconds()
	s.PerSecond = float64(s.Executions) / max(s.Seconds, 1e-9)
	s.Behaviours, s.Corpus = c.corpus.size()
	s.Files = append([]string(nil), s.Files...)
	s.Quirks = map[string]int{}
	for k, n := range c.status.Quirks {
		s.Quirks[k] = n
	}
	return s
}

// worker runs scripts with engines of its own.
func (c *Campaign) worker(ctx context.Context, w uint64) error {
	j, err := c.Judge()
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.status.Oracles = j.versions()
	c.mu.Unlock()
	r := rand.New(rand.NewPCG(c.Seed, w))
	for n := uint64(1); ctx.Err() == nil && c.take(); n++ {
		if err := c.one(j, c.corpus.draw(r)); err != nil {
			return errors.Join(err, j.Close())
		}
		if n%64 == 0 {
			c.count(j)
		}
	}
	c.count(j)
	return j.Close()
}

// take counts one more script, if there may be one.
func (c *Campaign) take() bool {
	if n := c.executed.Add(1); c.Scripts > 0 && n > c.Scripts {
		c.executed.Add(^uint64(0))
		return false
	}
	return true
}

// count adds up the quirks that were seen.
func (c *Campaign) count(j *Judge) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range j.quirks.list {
		c.status.Quirks[k.Oracle+": "+k.Title] += j.hits[i]
		j.hits[i] = 0
	}
}

// one runs one script. The error is one of the file system.
func (c *Campaign) one(j *Judge, data []byte) error {
	s := Generate(data)
	views, err := j.Views(s)
	if err != nil {
		return c.failed(s, err)
	}
	c.calls.Add(uint64(s.size()))
	c.corpus.learn(data, s, views[0])
	d := Compare(s, j.names, views, j.quirks, j.hits)
	if d == nil || !c.fresh(d.key(s, j.names)) {
		return nil
	}
	return c.found(j, s, d)
}

func (c *Campaign) fresh(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.seen[key]
	c.seen[key] = true
	return !was
}

// failed keeps a script at which an engine failed.
func (c *Campaign) failed(s Script, err error) error {
	text := fmt.Sprintf("# an engine failed: %s\n%s", strings.ReplaceAll(err.Error(), "\n", "\n# "), s)
	return c.keep("failure", text, func(s *Status) { s.Failures++ })
}

// found shrinks a script and keeps it.
func (c *Campaign) found(j *Judge, s Script, d *Difference) error {
	key := d.key(s, j.names)
	small := Shrink(s, func(s Script) bool {
		e, err := j.Run(s)
		return err == nil && e != nil && e.key(s, j.names) == key
	})
	e, err := j.Run(small)
	if err != nil || e == nil { // it does not show each time
		small, e = s, d
	}
	text := "# " + e.What + "\n"
	for _, l := range e.Clusters(j.names) {
		text += "#   " + strings.ReplaceAll(l, "\n", "\n#     ") + "\n"
	}
	text += small.String()
	if d.Ours {
		return c.keep("finding", text, func(s *Status) { s.Findings++ })
	}
	return c.keep("disagreement", text, func(s *Status) { s.Disagreements++ })
}

func (c *Campaign) keep(kind, text string, count func(*Status)) error {
	h := fnv.New32a()
	h.Write([]byte(text))
	file := filepath.Join(c.Dir, "findings", fmt.Sprintf("%s-%08x.txt", kind, h.Sum32()))
	c.mu.Lock()
	defer c.mu.Unlock()
	count(&c.status)
	c.status.Files = append(c.status.Files, file)
	return os.WriteFile(file, []byte(text), 0o644)
}

// key is the same for differences of one kind: the function and the kinds of
// answers.
func (d *Difference) key(s Script, names []string) string {
	b := []byte(fmt.Sprint(d.Ours, " "))
	if d.Call >= 0 {
		b = append(b, functions[s[d.Message].Calls[d.Call].Op].name...)
	} else {
		b = append(b, d.What...)
	}
	for i, a := range d.Answers {
		word, _, _ := strings.Cut(a, " ")
		if d.What == "the files" {
			word = "" // but for whether it had a voice
			if a != "" {
				word = fmt.Sprint(a == d.Answers[0])
			}
		}
		b = fmt.Appendf(b, " %s:%s", names[i], word)
	}
	return string(b)
}

// versions names the engines.
func (j *Judge) versions() []string {
	var list []string
	for _, e := range j.engines {
		list = append(list, e.Name()+" "+e.Version())
	}
	return list
}

// seedBytes is the most bytes that a random script is made of, which is enough
// for some 40 calls.
const seedBytes = 600

// randomBytes draws what a script is made of. Half of the scripts are short.
func randomBytes(r *rand.Rand) []byte {
	most := seedBytes
	if r.IntN(2) == 0 {
		most = seedBytes / 3
	}
	b := make([]byte, 40+r.IntN(most-40)+8)
	for i := 0; i+8 <= len(b); i += 8 {
		binary.LittleEndian.PutUint64(b[i:], r.Uint64())
	}
	return b[:len(b)-8]
}
