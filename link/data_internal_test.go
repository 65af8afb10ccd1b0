package link

import (
	"reflect"
	"testing"
)

func TestJoinSegments(t *testing.T) {
	at := func(offset uint32, bytes string) segment { return segment{true, offset, []byte(bytes)} }
	gap := func(n int) string { return string(make([]byte, n)) }
	tests := map[string]struct{ in, want []segment }{
		"none":       {nil, nil},
		"one":        {[]segment{at(5, "a")}, []segment{at(5, "a")}},
		"neighbours": {[]segment{at(5, "a"), at(6, "b")}, []segment{at(5, "ab")}},
		"a gap":      {[]segment{at(0, "a"), at(33, "b"), at(36, "c")}, []segment{at(0, "a"+gap(32)+"b"+gap(2)+"c")}},
		"too far":    {[]segment{at(0, "a"), at(34, "b")}, []segment{at(0, "a"), at(34, "b")}},
		"unordered":  {[]segment{at(9, "b"), at(8, "a")}, []segment{at(8, "ab")}},
		"overlap":    {[]segment{at(9, "b"), at(8, "xy")}, []segment{at(9, "b"), at(8, "xy")}},
		"passive":    {[]segment{{bytes: []byte("p")}, at(8, "xy")}, []segment{at(8, "xy")}},
		"at the end": {[]segment{at(1<<32-1, "z"), at(1<<32-2, "y")}, []segment{at(1<<32-2, "yz")}},
	}
	for name, test := range tests {
		if got := joinSegments(test.in); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	input := []byte("abcdef")
	joinSegments([]segment{{true, 0, input[:1]}, {true, 1, []byte("X")}})
	if string(input) != "abcdef" {
		t.Error("the input was written to")
	}
}
