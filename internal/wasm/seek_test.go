package wasm

import (
	"testing"
)

// seekSets are the sets that seeking is compared under: none, and what
// is common.
func seekSets() []*OpSet {
	return []*OpSet{
		NewOpSet(false), NewOpSet(true),
		NewOpSet(true, OpCall, OpCallIndirect, OpMemoryCopy),
		NewOpSet(false, OpI32Load, OpI64Store, OpI32Const, OpEnd),
	}
}

// seekAll checks Seek against Next: the same instructions, but for those that
// the set leaves out, and the same error.
func seekAll(t *testing.T, code []byte, set *OpSet, floor int) {
	t.Helper()
	next, seek := NewCodeReader(code, 0), NewCodeReader(code, 0)
	seek.Floor(floor)
	var want, got Instr
	for {
		depth := next.Depth()
		more, err := next.Next(&want)
		if err != nil || !more {
			sought, serr := seek.Seek(set, &got)
			if sought || (err == nil) != (serr == nil) || err != nil && err.Error() != serr.Error() {
				t.Fatalf("% x: Seek ends with %v, %v, Next with %v", code, sought, serr, err)
			}
			return
		}
		// What must be delivered is, and what need not may be passed.
		probe := seek
		if more, err := probe.Seek(set, &got); err == nil && more && got.Start == want.Start {
			if got != want || probe.Depth() != next.Depth() {
				t.Fatalf("% x: Seek gives %+v, Next %+v", code, got, want)
			}
			seek = probe
		} else if first := code[want.Start]; set.wanted[first] && (want.Op != OpI32Const || want.End-want.Imm > 1) || depth <= floor || next.Depth() <= floor || set.padded && isPadded(&want) {
			t.Fatalf("% x: Seek passes %+v, gives %+v, %v", code, want, got, err)
		}
	}
}

// isPadded tells of an instruction with one integer, or of an access, whether it is
// longer than it needs to be in a module of one memory.
func isPadded(in *Instr) bool {
	n := in.End - in.Imm
	switch info, _ := in.Op.Info(); {
	case info.Imm == ImmI32 || info.Imm == ImmI64:
		return n > len(AppendSleb(nil, int64(in.X)))
	case ImmLabel <= info.Imm && info.Imm <= ImmElem:
		return n > UlebSize(in.X)
	case info.Imm == ImmMemarg && in.Op < 0x100:
		return n > 1+UlebSize(in.Y)
	}
	return false
}

func TestSeek(t *testing.T) {
	for _, path := range realModules(t) {
		m, err := Read(readFile(t, path))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(m.Code); i += 41 {
			_, code, _, err := m.Code[i].Locals()
			if err != nil {
				t.Fatal(err)
			}
			for j, set := range seekSets() {
				if len(code) < 4000 {
					seekAll(t, code, set, j&1)
				}
			}
		}
	}
}

// TestSeekPadded: an access is stopped at where any of its integers is padded, and
// where it spells out that its memory is the first one.
func TestSeekPadded(t *testing.T) {
	for _, access := range [][]byte{{0x28, 0x82, 0, 4}, {0x28, 2, 0x84, 0}, {0x28, 0x42, 0, 4}, {0x28, 0x42, 0, 0x84, 0}, {0x3e, 0x81, 0x80, 0, 4}} {
		code := append(append([]byte{0x41, 8}, access...), 0x1a, 0x0b)
		for j, set := range seekSets() {
			seekAll(t, code, set, j&1)
		}
	}
}

// TestSeekDepth: Seek nests no deeper than Next.
func TestSeekDepth(t *testing.T) {
	code := make([]byte, 0, 2*MaxDepth+2)
	for range MaxDepth {
		code = append(code, byte(OpBlock), emptyBlock)
	}
	var in Instr
	r := NewCodeReader(code, 0)
	if _, err := r.Seek(NewOpSet(false), &in); err == nil || err.Error() != deepest(t, code) {
		t.Errorf("Seek: %v, want %s", err, deepest(t, code))
	}
}

func deepest(t *testing.T, code []byte) string {
	t.Helper()
	r := NewCodeReader(code, 0)
	var in Instr
	for {
		if _, err := r.Next(&in); err != nil {
			return err.Error()
		}
	}
}

func FuzzSeek(f *testing.F) {
	f.Add(benchCode()[:200])
	f.Add([]byte{0x41, 0x80, 0, 0x20, 0x80, 0x80, 0, 0x28, 2, 0x81, 0, 0x02, 0x7f, 0x0c, 0, 0x0b, 0x0b})
	sets := seekSets() // a set has a table of 65,536 entries
	f.Fuzz(func(t *testing.T, code []byte) {
		for j, set := range sets {
			seekAll(t, code, set, j&1)
		}
	})
}

func BenchmarkSeek(b *testing.B) {
	code := benchCode()
	b.SetBytes(int64(len(code)))
	set := NewOpSet(false, OpCall, OpCallIndirect, OpRefFunc)
	for b.Loop() {
		var in Instr
		r := NewCodeReader(code, 0)
		for {
			more, err := r.Seek(set, &in)
			if err != nil {
				b.Fatal(err)
			}
			if !more {
				break
			}
		}
	}
}

// BenchmarkSeekModule is BenchmarkWalk with Seek.
func BenchmarkSeekModule(b *testing.B) {
	m, err := Read(benchModule(b))
	if err != nil {
		b.Fatal(err)
	}
	code, stops := 0, 0
	for i := range m.Code {
		code += len(m.Code[i].Bytes)
	}
	b.SetBytes(int64(code))
	set := NewOpSet(false, OpCall, OpCallIndirect, OpRefFunc)
	for b.Loop() {
		for i := range m.Code {
			var buf [16]LocalRun
			_, code, at, err := m.Code[i].LocalsInto(buf[:0])
			if err != nil {
				b.Fatal(err)
			}
			var in Instr
			r := NewCodeReader(code, at)
			for more := true; more; stops++ {
				if more, err = r.Seek(set, &in); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
