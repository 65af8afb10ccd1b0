package libfuzzer

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
)

// An input is the arguments one behind the other: numbers and booleans in their
// size, little-endian; bytes and strings behind a length of four bytes, but the
// last of these without one, so that a target of one []byte gets the input as it
// is. What the input is too short for is zero.

// variable tells whether values of the type have a length.
func variable(t reflect.Type) bool {
	return t.Kind() == reflect.Slice || t.Kind() == reflect.String
}

// layout finds the last argument of variable length, -1 if there is none, and
// the bytes of the arguments behind it.
func layout(types []reflect.Type) (last, after int) {
	last = -1
	for i, t := range types {
		if variable(t) {
			last, after = i, 0
		} else {
			after += int(t.Size())
		}
	}
	return last, after
}

// encode gives the input that decodes to the values.
func encode(values []any) []byte {
	types := make([]reflect.Type, len(values))
	for i, v := range values {
		types[i] = reflect.TypeOf(v)
	}
	last, _ := layout(types)
	out := []byte{}
	for i, v := range values {
		v := reflect.ValueOf(v)
		if !variable(types[i]) {
			out = append(out, binary.LittleEndian.AppendUint64(nil, bits(v))[:types[i].Size()]...)
			continue
		}
		if i != last {
			out = binary.LittleEndian.AppendUint32(out, uint32(v.Len()))
		}
		out = append(out, v.Convert(reflect.TypeFor[[]byte]()).Bytes()...)
	}
	return out
}

// decode cuts an input into values of the types; any input gives some.
func decode(types []reflect.Type, input []byte) []any {
	take := func(n uint64) []byte {
		n = min(n, uint64(len(input)))
		b := input[:n:n]
		input = input[n:]
		return b
	}
	last, after := layout(types)
	values := make([]any, len(types))
	for i, t := range types {
		v := reflect.New(t).Elem()
		switch {
		case !variable(t):
			setBits(v, word(take(uint64(t.Size()))))
		case i == last:
			setBytes(v, take(uint64(max(len(input)-after, 0))))
		default:
			setBytes(v, take(word(take(4))))
		}
		values[i] = v.Interface()
	}
	return values
}

// word reads up to eight bytes.
func word(b []byte) uint64 {
	var w [8]byte
	copy(w[:], b)
	return binary.LittleEndian.Uint64(w[:])
}

func setBytes(v reflect.Value, b []byte) {
	v.Set(reflect.ValueOf(b).Convert(v.Type()))
}

// bits gives a number or a boolean, and setBits sets one. The testing package
// lets no other kinds through.
func bits(v reflect.Value) uint64 {
	switch {
	case v.CanInt():
		return uint64(v.Int())
	case v.CanUint():
		return v.Uint()
	case v.Kind() == reflect.Float32:
		return uint64(math.Float32bits(float32(v.Float())))
	case v.Kind() == reflect.Float64:
		return math.Float64bits(v.Float())
	case v.Kind() == reflect.Bool && v.Bool():
		return 1
	}
	return 0
}

func setBits(v reflect.Value, bits uint64) {
	switch {
	case v.CanInt():
		v.SetInt(int64(bits))
	case v.CanUint():
		v.SetUint(bits)
	case v.Kind() == reflect.Float32:
		v.SetFloat(float64(math.Float32frombits(uint32(bits))))
	case v.Kind() == reflect.Float64:
		v.SetFloat(math.Float64frombits(bits))
	case v.Kind() == reflect.Bool:
		v.SetBool(bits&1 == 1)
	}
}

// checkTypes compares the values of a seed with the target's arguments.
func checkTypes(seed string, values []any, types []reflect.Type) error {
	if len(values) != len(types) {
		return fmt.Errorf("%s has %d values for %d arguments", seed, len(values), len(types))
	}
	for i, v := range values {
		if reflect.TypeOf(v) != types[i] {
			return fmt.Errorf("%s: value %d is of type %T, the argument of %s", seed, i, v, types[i])
		}
	}
	return nil
}
