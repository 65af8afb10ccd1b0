package libfuzzer

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// seedHeader is the first line of a file in testdata/fuzz.
const seedHeader = "go test fuzz v1"

// seedTypes are the types whose names in such a file are not reflect's.
var seedTypes = map[string]string{"[]byte": "[]uint8", "byte": "uint8", "rune": "int32"}

// parseSeed reads a file in testdata/fuzz: a header, and on a line for each
// argument a literal as a conversion, such as []byte("\x00asm").
func parseSeed(path string, text []byte, types []reflect.Type) ([]any, error) {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if lines[0] != seedHeader || len(lines)-1 != len(types) {
		return nil, fmt.Errorf("%s: not %q with %d values", path, seedHeader, len(types))
	}
	values := make([]any, len(types))
	for i, t := range types {
		v := reflect.New(t).Elem()
		if err := parseValue(lines[i+1], v); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+2, err)
		}
		values[i] = v.Interface()
	}
	return values, nil
}

// parseValue sets v from a line.
func parseValue(line string, v reflect.Value) error {
	name, literal, ok := strings.Cut(line, "(")
	literal, closed := strings.CutSuffix(literal, ")")
	if other := seedTypes[name]; other != "" {
		name = other
	}
	if !ok || !closed || name != v.Type().String() {
		return fmt.Errorf("%.40q is no conversion to %s", line, v.Type())
	}
	switch {
	case variable(v.Type()):
		s, err := strconv.Unquote(literal)
		setBytes(v, []byte(s))
		return err
	case v.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(literal)
		v.SetBool(b)
		return err
	case v.CanFloat():
		x, err := strconv.ParseFloat(literal, v.Type().Bits())
		v.SetFloat(x)
		return err
	}
	return parseInteger(literal, v)
}

// parseInteger sets v from digits or from a character.
func parseInteger(literal string, v reflect.Value) error {
	if c, ok := strings.CutPrefix(literal, "'"); ok {
		r, _, _, err := strconv.UnquoteChar(c, '\'')
		setBits(v, uint64(r))
		return err
	}
	if v.CanUint() {
		n, err := strconv.ParseUint(literal, 0, v.Type().Bits())
		v.SetUint(n)
		return err
	}
	n, err := strconv.ParseInt(literal, 0, v.Type().Bits())
	v.SetInt(n)
	return err
}
