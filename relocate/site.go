package relocate

import (
	"math"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Sites are the instructions of a body that a plain Map may change, as a list of
// the distances in bytes from each to the next in unsigned LEB128, from the first
// byte of the body's code on. Who reads a body anyway notes them on the way, so that
// rewriting does not have to read it all again.
type Sites []byte

// SiteOps are the instructions that may be sites, for wasm.CodeReader.Seek;
// with accesses also those that access memory.
func SiteOps(accesses bool) *wasm.OpSet {
	if accesses {
		return stopsMovedVerbatim
	}
	return stopsUnmovedVerbatim
}

// IsSite reports whether a plain Map may change an instruction: where it names
// something, has integers of more bytes than they take, or an offset that only
// some memories allow.
func IsSite(in *wasm.Instr) bool {
	n := in.End - in.Imm
	switch kind := kindOf(in.Op); kind {
	case wasm.ImmNone, wasm.ImmLane, wasm.ImmF32, wasm.ImmF64, wasm.ImmV128, wasm.ImmShuffle, wasm.ImmFence:
		return false
	case wasm.ImmLocal, wasm.ImmLabel:
		return n != wasm.UlebSize(in.X)
	case wasm.ImmI32, wasm.ImmI64:
		return n != slebSize(int64(in.X))
	case wasm.ImmMemarg:
		return in.MemIdx || n != memargSize(0, in.Y) || in.Y > math.MaxUint32
	case wasm.ImmMemargLane:
		return in.MemIdx || n != memargSize(0, in.Y)+1 || in.Y > math.MaxUint32
	case wasm.ImmBrTable:
		return !shortLabels(in)
	case wasm.ImmBlockType:
		return int64(in.X) >= 0 || n > 1
	}
	return true
}

// Plain reports whether the map changes nothing but sites: no memory moves, no
// function unwinds, and no instructions become others where they need not.
func (m *Map) Plain() bool { return m.Verbatim && m.Unwind == nil && m.unmoved() }

// Patch is Func for a plain map and a body whose sites are known.
func (m *Map) Patch(dst []byte, body wasm.Body, sites Sites, r *Report) ([]byte, error) {
	var buf [16]wasm.LocalRun
	w, locals, err := m.rewriter(body, buf[:0])
	if err != nil {
		return dst, err
	}
	if r == nil {
		r = &Report{}
	}
	w.sites, w.patch = sites, true
	return w.body(dst, locals, r)
}

// visit rewrites the sites.
func (w *rewriter) visit() error {
	r := wasm.NewCodeReader(w.code, w.base)
	if w.m.wide() {
		r.AllowOffset64()
	}
	var in wasm.Instr
	at := 0
	for sites := w.sites; len(sites) > 0; {
		distance, n := wasm.ReadUleb32(sites)
		sites, at = sites[n:], at+int(distance)
		r.At(at)
		if _, err := r.Next(&in); err != nil {
			return err
		}
		if err := w.instr(&in, &r); err != nil {
			return err
		}
	}
	w.copyTo(len(w.code))
	return nil
}
