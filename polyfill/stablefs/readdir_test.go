package stablefs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestReaddirWhileChanging reads directories while entries come and go: what is
// there all the time is seen once, and nothing twice that was made once.
func TestReaddirWhileChanging(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		fs := New(newMemory())
		var there []string
		stays := map[string]int{}
		for i := range 1 + r.IntN(200) {
			name := fmt.Sprint("entry ", i)
			if r.IntN(4) == 0 {
				name += string(bytes.Repeat([]byte("long"), r.IntN(50)))
			}
			create(t, fs, Root, name, fileType)
			if r.IntN(3) == 0 {
				stays[name] = 0
			} else {
				there = append(there, name)
			}
		}
		seen := map[string]int{}
		var d Dirent
		made := 0
		for cookie := uint64(0); ; cookie = d.Next {
			more, errno := fs.ReadDir(Root, cookie, &d)
			want(t, "readdir", errno, 0)
			if !more {
				break
			}
			seen[string(d.Name)]++
			for range r.IntN(4) {
				there = disturb(t, fs, r, there, &made)
			}
			if made > 2000 { // it need not end while as much is made as is read
				t.Fatalf("seed %d: no end", seed)
			}
		}
		for name := range stays {
			if seen[name] != 1 {
				t.Errorf("seed %d: %q was seen %d times", seed, name, seen[name])
			}
		}
		for name, n := range seen {
			if n > 1 {
				t.Errorf("seed %d: %q was seen %d times", seed, name, n)
			}
		}
	}
}

// disturb makes or removes an entry, or puts one in another's place.
func disturb(t *testing.T, fs *FS, r *rand.Rand, there []string, made *int) []string {
	t.Helper()
	switch n := len(there); {
	case r.IntN(10) < 3 && *made < 1000:
		name := fmt.Sprint("new ", *made)
		*made++
		create(t, fs, Root, name, fileType)
		return append(there, name)
	case n < 2:
	case r.IntN(4) == 0:
		last, other := there[n-1], there[r.IntN(n-1)]
		want(t, "rename", fs.Rename(Root, []byte(last), Root, []byte(other), 1), 0)
		return there[:n-1]
	default:
		i := r.IntN(n)
		want(t, "unlink", fs.Unlink(Root, []byte(there[i]), 1), 0)
		there[i] = there[n-1]
		return there[:n-1]
	}
	return there
}
