package validate

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Option changes how Module works.
type Option func(*settings)

type settings struct {
	input   []byte
	workers int
}

// Input gives the bytes that the module was read from, for the offsets of faults
// outside of bodies. Without them such a fault has the offset -1. It is read only.
func Input(b []byte) Option { return func(s *settings) { s.input = b } }

// Workers says how many bodies are checked at the same time; without it as many
// as runtime.GOMAXPROCS says.
func Workers(n int) Option { return func(s *settings) { s.workers = max(n, 1) } }

// Module checks that a module is valid. It reads m, which may be shared with
// others that do. The module need not come from wasm.Read: every index is checked.
//
// The error is of type *wasm.Error with the section and the item; for bodies with
// the offset in the input of the faulty instruction. Of several faults it is that
// of the first body in order, whatever the number of workers. It wraps
// wasm.ErrUnsupported if it is not a fault but belongs to a proposal that is not
// covered.
//
// https://webassembly.github.io/spec/core/valid/modules.html
func Module(m *wasm.Module, opts ...Option) error {
	s := settings{workers: runtime.GOMAXPROCS(0)}
	for _, o := range opts {
		o(&s)
	}
	c := &env{m: m, input: s.input}
	if err := c.declarations(); err != nil {
		return err
	}
	if err := newChecker(c).expressions(); err != nil {
		return err
	}
	return c.bodies(s.workers)
}

// chunk is how many bodies a worker takes at a time.
const chunk = 32

// queue hands out bodies and keeps the first fault.
type queue struct {
	next  atomic.Int64 // the first body that no worker has
	mu    sync.Mutex
	fault int // of this body, or the number of bodies
	err   error
}

func (c *env) bodies(workers int) error {
	n := len(c.m.Code)
	q := queue{fault: n}
	var wg sync.WaitGroup
	for range min(workers, (n+chunk-1)/chunk) {
		wg.Go(func() { q.work(newChecker(c), n) })
	}
	wg.Wait()
	return q.err
}

// work checks chunks of bodies until a fault: those behind it are of no interest
// then, and chunks are taken in order.
func (q *queue) work(v *checker, n int) {
	for {
		first := int(q.next.Add(chunk)) - chunk
		for i := first; i < min(first+chunk, n); i++ {
			if err := v.body(i); err != nil {
				q.report(i, err)
				return
			}
		}
		if first+chunk >= n || q.failed() {
			return
		}
	}
}

func (q *queue) failed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err != nil
}

func (q *queue) report(i int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i < q.fault {
		q.fault, q.err = i, err
	}
}
