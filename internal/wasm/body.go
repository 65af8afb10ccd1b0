package wasm

import "fmt"

// LocalRun is a run of locals of one type.
type LocalRun struct {
	Count uint32
	Type  ValType
}

// Locals splits a body into the declaration of its locals and its code. Offset
// is that of code[0] in the input, for NewCodeReader; code aliases the body.
// The runs are as many as were written; their counts may be zero. The sum is at
// most MaxLocals. Errors are of type *Error with SectionNone.
func (b Body) Locals() (runs []LocalRun, code []byte, offset int, err error) {
	return b.LocalsInto(nil)
}

// LocalsInto is Locals with the runs appended to a slice of the caller's, which
// then need not be allocated.
func (b Body) LocalsInto(runs []LocalRun) (_ []LocalRun, code []byte, offset int, err error) {
	n, p := count(b.Bytes, 0)
	var total uint64
	for i := uint64(0); i < n && p >= 0; i++ {
		var c uint64
		var t ValType
		at := p
		c, p = uleb32(b.Bytes, p)
		t, p = valType(b.Bytes, p)
		if p < 0 {
			break
		}
		if total += c; total > MaxLocals {
			return nil, nil, 0, b.fail(at, fmt.Sprintf("%d locals, at most %d", total, MaxLocals))
		}
		runs = append(runs, LocalRun{uint32(c), t})
	}
	if p < 0 {
		return nil, nil, 0, b.fail(0, "locals: "+faultTexts[p])
	}
	return runs, b.Bytes[p:], b.Offset + p, nil
}

func (b Body) fail(at int, msg string) error {
	return &Error{Section: SectionNone, Index: -1, Offset: b.Offset + at, Msg: msg}
}

// AppendLocals writes a declaration of locals as it stands at the start of a body.
func AppendLocals(b []byte, runs []LocalRun) []byte {
	b = AppendUleb(b, uint64(len(runs)))
	for _, r := range runs {
		b = AppendValType(AppendUleb(b, uint64(r.Count)), r.Type)
	}
	return b
}
