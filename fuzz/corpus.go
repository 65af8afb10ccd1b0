package fuzz

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// corpus holds the bytes of scripts that showed something for the first time: a
// function with an answer right behind another one with another answer.
type corpus struct {
	dir     string
	mu      sync.Mutex
	pending [][]byte // read from disk and not run yet
	entries []entry
	first   map[uint64]int // by behaviour, the shortest entry that shows it
}

type entry struct {
	data  []byte
	calls int
}

func openCorpus(dir string) (*corpus, error) {
	c := &corpus{dir: dir, first: map[uint64]int{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		c.pending = append(c.pending, data)
	}
	return c, nil
}

func (c *corpus) size() (behaviours, entries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.first), len(c.entries)
}

// draw gives the bytes of the next script: one that was on disk, random ones, or
// a change of what the corpus has.
func (c *corpus) draw(r *rand.Rand) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.pending); n > 0 {
		data := c.pending[n-1]
		c.pending = c.pending[:n-1]
		return data
	}
	if len(c.entries) == 0 || r.IntN(2) == 0 {
		return randomBytes(r)
	}
	a := c.entries[r.IntN(len(c.entries))].data
	b := c.entries[r.IntN(len(c.entries))].data
	return mutate(r, a, b)
}

// mutate changes some bytes of a, or goes on with b from somewhere.
func mutate(r *rand.Rand, a, b []byte) []byte {
	out := slices.Clone(a)
	if r.IntN(3) == 0 && len(a) > 0 && len(b) > 0 {
		out = append(out[:r.IntN(len(a))], b[r.IntN(len(b)):]...)
	}
	for range 1 + r.IntN(4) {
		if len(out) == 0 {
			break
		}
		at := r.IntN(len(out))
		switch r.IntN(3) {
		case 0:
			out[at] = byte(r.Uint32())
		case 1:
			out = slices.Delete(out, at, min(at+1+r.IntN(8), len(out)))
		case 2:
			out = slices.Insert(out, at, randomBytes(r)[:1+r.IntN(8)]...)
		}
	}
	return out[:min(len(out), 2*seedBytes)]
}

// learn keeps the bytes of a script that shows something new, or shows it in
// fewer calls.
func (c *corpus) learn(data []byte, s Script, v *View) {
	shown := behaviours(s, v)
	calls := s.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	added := -1
	for _, b := range shown {
		i, known := c.first[b]
		if known && c.entries[i].calls <= calls {
			continue
		}
		if added < 0 {
			if known && len(c.first) > 1 && c.entries[i].calls < 2*calls {
				continue // not worth an entry of its own
			}
			added = len(c.entries)
			c.entries = append(c.entries, entry{data, calls})
		}
		c.first[b] = added
	}
}

// behaviours are what a run showed, as hashes.
func behaviours(s Script, v *View) []uint64 {
	var list []uint64
	for m := range s {
		last := ""
		for k, l := range v.Messages[m].Lines {
			if k >= len(s[m].Calls) {
				break
			}
			word, _, _ := strings.Cut(l, " ")
			now := functions[s[m].Calls[k].Op].name + " " + word
			h := fnv.New64a()
			h.Write([]byte(last))
			h.Write([]byte(now))
			list = append(list, h.Sum64())
			last = now
		}
	}
	return list
}

func hashName(data []byte) string {
	h := fnv.New64a()
	h.Write(data)
	return fmt.Sprintf("%016x", h.Sum64())
}

// save writes the entries that are the shortest for something, and removes the
// others' files.
func (c *corpus) save() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	keep := map[string][]byte{}
	for _, i := range c.first {
		keep[hashName(c.entries[i].data)] = c.entries[i].data
	}
	for _, data := range c.pending {
		keep[hashName(data)] = data
	}
	for name, data := range keep {
		file := filepath.Join(c.dir, name)
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	files, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if keep[f.Name()] == nil {
			if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
