package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// field is an entry of a producers section (field "language", name "C", value
// "11") or of a target_features section (field "+" or "-", name "simd128").
type field struct{ field, name, value string }

// fieldSet is what several such sections say together, in order; a name has
// the value that was first.
type fieldSet struct {
	list []field
	seen map[[2]string]bool
}

func (s *fieldSet) add(list []field) {
	if s.seen == nil {
		s.seen = map[[2]string]bool{}
	}
	for _, f := range list {
		if key := [2]string{f.field, f.name}; !s.seen[key] {
			s.seen[key] = true
			s.list = append(s.list, f)
		}
	}
}

// fieldReader reads names and counts. After a fault bad is set.
type fieldReader struct {
	b   []byte
	bad bool
}

func (r *fieldReader) count() uint64 {
	n, used := wasm.ReadUleb32(r.b)
	if used <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[used:]
	return uint64(n)
}

func (r *fieldReader) take(n uint64) string {
	if r.bad || n > uint64(len(r.b)) {
		r.bad = true
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *fieldReader) name() string { return r.take(r.count()) }

// done reports whether everything was read without a fault.
func (r *fieldReader) done() bool { return !r.bad && len(r.b) == 0 }

// readProducers reads a producers section: fields with names and versions.
func readProducers(b []byte) ([]field, bool) {
	r := &fieldReader{b: b}
	var list []field
	for n := r.count(); n > 0 && !r.bad; n-- {
		name := r.name()
		for m := r.count(); m > 0 && !r.bad; m-- {
			list = append(list, field{name, r.name(), r.name()})
		}
	}
	return list, r.done()
}

// readFeatures reads a target_features section: prefixes and names.
func readFeatures(b []byte) ([]field, bool) {
	r := &fieldReader{b: b}
	var list []field
	for n := r.count(); n > 0 && !r.bad; n-- {
		list = append(list, field{field: r.take(1), name: r.name()})
	}
	return list, r.done()
}

// producers writes a producers section, nil for no entries.
func (s *fieldSet) producers() []byte {
	if s == nil || len(s.list) == 0 {
		return nil
	}
	var names []string
	values := map[string][]field{}
	for _, f := range s.list {
		if values[f.field] == nil {
			names = append(names, f.field)
		}
		values[f.field] = append(values[f.field], f)
	}
	b := wasm.AppendUleb(nil, uint64(len(names)))
	for _, name := range names {
		b = wasm.AppendUleb(wasm.AppendName(b, name), uint64(len(values[name])))
		for _, f := range values[name] {
			b = wasm.AppendName(wasm.AppendName(b, f.name), f.value)
		}
	}
	return b
}

// features writes a target_features section, nil for no entries. A feature that
// one module uses is used, whatever another one says of it.
func (s *fieldSet) features() []byte {
	if s == nil {
		return nil
	}
	list := slices.DeleteFunc(slices.Clone(s.list), func(f field) bool {
		return f.field != "+" && s.seen[[2]string{"+", f.name}]
	})
	if len(list) == 0 {
		return nil
	}
	b := wasm.AppendUleb(nil, uint64(len(list)))
	for _, f := range list {
		b = wasm.AppendName(append(b, f.field...), f.name)
	}
	return b
}
