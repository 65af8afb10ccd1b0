package link

import (
	"reflect"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// join lists segments and joins them where that can be.
func join(segments []dataSegment) []dataSegment {
	l := &segmentList{first: 7}
	for i := range segments {
		segments[i].id = l.first + id(i)
		l.places = append(l.places, segments[i].where)
		l.data = append(l.data, wasm.Data{Init: segments[i].bytes})
	}
	joined, ok := l.join()
	if !ok {
		joined = l.apart()
	}
	for i := range joined {
		s := &joined[i]
		if s.id = 0; s.fill != nil { // any
			s.bytes = make([]byte, s.size)
			s.fill(s.bytes)
			s.fill = nil
		}
	}
	for i := range segments {
		segments[i].id = 0
	}
	return joined
}

func TestJoinSegments(t *testing.T) {
	at := func(offset uint64, bytes string) dataSegment {
		return dataSegment{where: where{offset: offset, known: true, active: true}, size: len(bytes), bytes: []byte(bytes)}
	}
	joined := func(s dataSegment) dataSegment {
		s.parts = []where{} // any
		return s
	}
	other := func(s dataSegment) dataSegment {
		s.target = 1
		return s
	}
	gap := func(n int) string { return string(make([]byte, n)) }
	type list = []dataSegment
	tests := map[string]struct{ in, want list }{
		"none":       {nil, nil},
		"one":        {list{at(5, "a")}, list{at(5, "a")}},
		"neighbours": {list{at(5, "a"), at(6, "b")}, list{joined(at(5, "ab"))}},
		"a gap":      {list{at(0, "a"), at(33, "b"), at(36, "c")}, list{joined(at(0, "a"+gap(32)+"b"+gap(2)+"c"))}},
		"too far":    {list{at(0, "a"), at(34, "b")}, list{at(0, "a"), at(34, "b")}},
		"unordered":  {list{at(9, "b"), at(8, "a")}, list{joined(at(8, "ab"))}},
		"overlap":    {list{at(9, "b"), at(8, "xy")}, list{at(9, "b"), at(8, "xy")}},
		"passive":    {list{{size: 1, bytes: []byte("p")}, at(8, "xy")}, list{at(8, "xy")}},
		"at the end": {list{at(1<<32-1, "z"), at(1<<32-2, "y")}, list{joined(at(1<<32-2, "yz"))}},
		"two memories": {list{other(at(1, "z")), at(0, "y"), other(at(2, "a"))},
			list{at(0, "y"), joined(other(at(1, "za")))}},
	}
	for name, test := range tests {
		got := join(test.in)
		for i := range got {
			if got[i].parts != nil {
				got[i].parts = []where{}
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	input := []byte("abcdef")
	first := at(0, "")
	first.bytes = input[:1]
	join(list{first, at(1, "X")})
	if string(input) != "abcdef" {
		t.Error("the input was written to")
	}
}
