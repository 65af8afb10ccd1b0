package link

import (
	"cmp"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// segment is a data segment of the user on its way to the output.
type segment struct {
	active bool
	offset uint32 // in the user's memory, in bytes, if active
	bytes  []byte
}

// maxGap is the number of zero bytes between two segments up to which they
// become one. Go's linker makes a segment of each run between sixteen zeros and
// more: tens of thousands, each of which costs a header of about six bytes, and
// fifteen bytes of code and a hundred instructions where segments are copied
// again for every run.
const maxGap = 32

// layoutData reads the user's segments, and joins them where no instruction
// names a segment by its index.
func (p *plan) layoutData() error {
	list, err := p.readSegments()
	if err != nil {
		return err
	}
	if p.uses&usesData == 0 {
		list = joinSegments(list)
	}
	p.segments, p.blobsAt = list, uint32(len(list))
	return nil
}

func (p *plan) readSegments() ([]segment, error) {
	globals := constantsOf(p.user.mod)
	list := make([]segment, 0, len(p.user.mod.Data))
	for i := range p.user.mod.Data {
		d := &p.user.mod.Data[i]
		s := segment{active: d.Mode() == wasm.Active, bytes: d.Init}
		if s.active {
			var err error
			if s.offset, err = globals.i32(d.Offset); err != nil {
				return nil, &Error{Input: p.user.name, What: dataName(i), Err: err}
			}
			initial := p.user.memory().Min * pageSize
			if end := uint64(s.offset) + uint64(len(s.bytes)); end > initial {
				return nil, p.user.fail(dataName(i), "ends at %d, past the memory's initial %d bytes", end, initial)
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// joinSegments joins neighbours and leaves out passive segments, which nothing
// uses. Where segments overlap all stay as they are, as a later one then writes
// over an earlier one.
func joinSegments(list []segment) []segment {
	sorted := slices.DeleteFunc(slices.Clone(list), func(s segment) bool { return !s.active })
	slices.SortStableFunc(sorted, func(a, b segment) int { return cmp.Compare(a.offset, b.offset) })
	for i := 1; i < len(sorted); i++ {
		if uint64(sorted[i].offset) < sorted[i-1].end() {
			return list
		}
	}
	var joined []segment
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && uint64(sorted[n].offset)-sorted[n-1].end() <= maxGap {
			n++
		}
		joined = append(joined, join(sorted[:n]))
		sorted = sorted[n:]
	}
	return joined
}

// join makes one segment of several that lie behind one another, with zeros in
// the gaps.
func join(group []segment) segment {
	first := group[0]
	if len(group) == 1 {
		return first
	}
	bytes := make([]byte, group[len(group)-1].end()-uint64(first.offset))
	for _, s := range group {
		copy(bytes[s.offset-first.offset:], s.bytes)
	}
	return segment{active: true, offset: first.offset, bytes: bytes}
}

// end is the offset behind the last byte.
func (s *segment) end() uint64 { return uint64(s.offset) + uint64(len(s.bytes)) }
