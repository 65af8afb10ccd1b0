package link

import (
	"cmp"
	"slices"
	"sync"

	"github.com/icsplice/icsplice/internal/wasm"
)

// hint is a branch hint: whether the branch at an offset, from the first byte
// of a body, is likely taken.
//
// https://github.com/WebAssembly/branch-hinting
type hint struct {
	offset int
	likely byte
}

// hints are the branch hints of the inputs.
type hints struct {
	in  map[id][]hint // by function of the inputs
	mu  sync.Mutex
	out map[id][]hint // with the offsets of the output
	bad map[*input]bool
}

// readHints reads the branch hints of all inputs.
func readHints(g *graph) *hints {
	h := &hints{in: map[id][]hint{}, out: map[id][]hint{}, bad: map[*input]bool{}}
	for _, in := range g.inputs {
		for _, c := range in.mod.Customs {
			if c.Name != hintsSection {
				continue
			}
			read, ok := in.readHints(c.Bytes)
			if !ok {
				h.bad[in] = true
				continue
			}
			for f, list := range read {
				h.in[in.first[Func]+id(f)] = list
			}
		}
	}
	return h
}

// readHints reads one section. It is false for a malformed one.
func (in *input) readHints(b []byte) (map[uint32][]hint, bool) {
	r := &fieldReader{b: b}
	read := map[uint32][]hint{}
	for n := r.count(); n > 0 && !r.bad; n-- {
		f := uint32(r.count())
		if in.imported(Func, f) || int(f) >= in.count[Func] || read[f] != nil {
			return nil, false
		}
		body := len(in.mod.Code[in.code(f)].Bytes)
		for m := r.count(); m > 0 && !r.bad; m-- {
			h := hint{offset: int(r.count())}
			if size := r.count(); size != 1 || h.offset >= body {
				return nil, false
			}
			if likely := r.take(1); likely != "" {
				h.likely = likely[0]
			}
			read[f] = append(read[f], h)
		}
		if !slices.IsSortedFunc(read[f], func(a, b hint) int { return cmp.Compare(a.offset, b.offset) }) {
			return nil, false
		}
	}
	return read, r.done()
}

func (h *hints) fate(in *input) Fate {
	if h.bad[in] {
		return Ignored
	}
	return Merged
}

// offsets are those of a function's hints in its input.
func (h *hints) offsets(i id) []int {
	list := h.in[i]
	if list == nil {
		return nil
	}
	offsets := make([]int, len(list))
	for n, x := range list {
		offsets[n] = x.offset
	}
	return offsets
}

// move notes the places of a function's hints in the output; those whose branch
// is gone go, too. Functions are moved in any order, many at once.
func (h *hints) move(i id, places []int) {
	hinted := h.in[i]
	if len(hinted) == 0 {
		return
	}
	var list []hint
	for n, at := range places {
		if at >= 0 {
			list = append(list, hint{at, hinted[n].likely})
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.out[i] = list
}

// bytes writes the output's section, nil for no hints.
func (h *hints) bytes(p *plan) []byte {
	var b []byte
	n := uint64(0)
	for _, i := range p.funcs {
		list := h.out[i]
		if len(list) == 0 {
			continue
		}
		n++
		b = wasm.AppendUleb(b, uint64(p.index[Func][i]))
		b = wasm.AppendUleb(b, uint64(len(list)))
		for _, x := range list {
			b = append(wasm.AppendUleb(b, uint64(x.offset)), 1, x.likely)
		}
	}
	if n == 0 {
		return nil
	}
	return append(wasm.AppendUleb(nil, n), b...)
}
