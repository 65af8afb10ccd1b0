package wasm

import "testing"

// benchCode is a body that mixes instructions as compilers do: locals and
// constants mostly, loads and stores, blocks, calls.
func benchCode() []byte {
	var code []byte
	for i := range 20_000 {
		code = append(code, 0x02, 0x40)                    // block
		code = append(code, 0x20, byte(i&63), 0x20, 1)     // local.get
		code = append(code, 0x28, 2, byte(i&127))          // i32.load
		code = append(code, 0x41, 0x80, 0x80, 0x04)        // i32.const
		code = append(code, 0x6a, 0x22, 3, 0x45, 0x0d, 0)  // i32.add local.tee i32.eqz br_if
		code = append(code, 0x20, 0, 0x20, 3, 0x36, 2, 16) // i32.store
		code = append(code, 0x10, 0x85, 0x02)              // call
		code = append(code, 0x42, 0x7f, 0x21, 4)           // i64.const local.set
		code = append(code, 0x0b)
	}
	return append(code, 0x0b)
}

func walk(b *testing.B, code []byte) (n int) {
	var in Instr
	r := NewCodeReader(code, 0)
	for ; ; n++ {
		more, err := r.Next(&in)
		if err != nil {
			b.Fatal(err)
		}
		if !more {
			return n
		}
	}
}

func BenchmarkCodeReader(b *testing.B) {
	code := benchCode()
	b.SetBytes(int64(len(code)))
	for b.Loop() {
		walk(b, code)
	}
}

// benchModule is the largest of the real modules.
func benchModule(b *testing.B) []byte {
	var largest []byte
	for _, path := range realModules(b) {
		if m := readFile(b, path); len(m) > len(largest) {
			largest = m
		}
	}
	b.SetBytes(int64(len(largest)))
	return largest
}

func BenchmarkRead(b *testing.B) {
	input := benchModule(b)
	for b.Loop() {
		if _, err := Read(input); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWalk reads every instruction of a real program; the speed counts the
// bytes of the code section.
func BenchmarkWalk(b *testing.B) {
	m, err := Read(benchModule(b))
	if err != nil {
		b.Fatal(err)
	}
	code := 0
	for i := range m.Code {
		code += len(m.Code[i].Bytes)
	}
	b.SetBytes(int64(code))
	for b.Loop() {
		if _, err := walkBodies(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	m, err := Read(benchModule(b))
	if err != nil {
		b.Fatal(err)
	}
	out := m.Encode()
	for b.Loop() {
		out = m.Append(out[:0])
	}
}
