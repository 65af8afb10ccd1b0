package link

import (
	"fmt"
	"sync"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// bodyWriter rewrites all bodies, many at once, and puts them into the output in
// order.
type bodyWriter struct {
	*plan
	maps []*relocate.Map // of each input

	mu      sync.Mutex
	out     []byte         // the output so far
	size    int            // of all bodies that are rewritten
	next    int            // the run of bodies that comes next
	waiting map[int][]byte // runs that are ahead of it
	free    [][]byte       // buffers to use again
}

// writeBodies gives room bytes to be filled in later, and all bodies behind their
// sizes, with a capacity for tail bytes more.
func (p *plan) writeBodies(room, tail int) ([]byte, error) {
	w := &bodyWriter{plan: p, maps: p.bodyMaps(), waiting: map[int][]byte{}}
	w.out = make([]byte, room, room+p.sizeHint(0, len(p.funcs))+tail)
	if err := parallel(len(p.funcs), w.run); err != nil {
		return nil, err
	}
	cutBodies(w.out[room:], p.out.Code)
	return w.out, nil
}

// sizeHint is about the size of a range of the rewritten bodies.
func (p *plan) sizeHint(from, to int) int {
	n := 0
	for _, i := range p.funcs[from:to] {
		if in, f := p.owner(Func, i); in != nil {
			n += len(in.mod.Code[in.code(f)].Bytes) + 3
		}
	}
	return n + n/4
}

// run writes a run of bodies.
func (w *bodyWriter) run(from, to int) error {
	var r relocate.Report
	var err error
	b := w.buffer(w.sizeHint(from, to))
	for n := from; n < to; n++ {
		if b, err = w.body(b, w.funcs[n], &r); err != nil {
			return err
		}
	}
	return w.put(from/runLength, b, &r.Growth)
}

// body appends one body behind its size.
func (w *bodyWriter) body(b []byte, i id, r *relocate.Report) ([]byte, error) {
	in, f := w.owner(Func, i)
	if in == nil {
		return wasm.AppendBytes(b, w.synth(i).bytes(w.plan)), nil
	}
	body := in.mod.Code[in.code(f)]
	start := len(b)
	b = wasm.AppendUleb(b, uint64(len(body.Bytes)))
	head := len(b)
	r.Offsets = w.hints.offsets(i)
	var err error
	if m := w.maps[in.at]; m.Plain() {
		b, err = m.Patch(b, body, in.sites.body(in.code(f)), r)
	} else {
		b, err = m.Func(b, body, w.inputType(in, f), r)
	}
	if err != nil {
		return b, in.fault(Func, f, err)
	}
	w.hints.move(i, r.Places)
	return resize(b, start, head), nil
}

// resize puts the size of b[head:] at start, which has room for about that.
func resize(b []byte, start, head int) []byte {
	size := len(b) - head
	if more := start + wasm.UlebSize(uint64(size)) - head; more != 0 {
		b = append(b, make([]byte, max(more, 0))...)
		copy(b[head+more:], b[head:head+size])
		b = b[:head+more+size]
	}
	wasm.AppendUleb(b[:start], uint64(size))
	return b
}

// buffer is an empty buffer for about that many bytes.
func (w *bodyWriter) buffer(size int) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.free) == 0 {
		return make([]byte, 0, size)
	}
	b := w.free[len(w.free)-1]
	w.free = w.free[:len(w.free)-1]
	return b
}

// put appends a run to the output once all before it are there.
func (w *bodyWriter) put(run int, b []byte, g *relocate.Growth) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.growth.Growth.Add(g)
	if w.size += len(b); w.size > wasm.MaxModuleBytes {
		return &Error{Section: "code", Index: -1, Offset: -1,
			Msg: fmt.Sprintf("all bodies of the output take more than %d bytes, which no engine takes", wasm.MaxModuleBytes)}
	}
	for w.waiting[run] = b; w.waiting[w.next] != nil; w.next++ {
		b := w.waiting[w.next]
		delete(w.waiting, w.next)
		w.out = append(w.out, b...)
		w.free = append(w.free, b[:0])
	}
	return nil
}

// inputType is the type of a function as its input has it.
func (p *plan) inputType(in *input, f uint32) *wasm.SubType {
	return &in.mod.Types[in.spaces.Funcs[f]]
}

// cutBodies gives each function its body in b, where each is behind its size.
func cutBodies(b []byte, code []wasm.Body) {
	for n := range code {
		size, head := wasm.ReadUleb64(b)
		end := uint64(head) + size
		code[n].Bytes = b[head:end:end]
		b = b[end:]
	}
}

// encode writes the output module, whose bodies go straight to their place.
func (p *plan) encode() ([]byte, error) {
	p.hints = readHints(p.graph)
	customs, hints := p.customsHint()
	room := p.out.HeadSize() + hints
	b, err := p.writeBodies(room, p.out.TailHint()+customs)
	if err != nil {
		return nil, err
	}
	p.emitCustoms(p.out)
	return p.out.EncodeAround(b, room), nil
}
