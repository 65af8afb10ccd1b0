package wasmtest

import "github.com/icsplice/icsplice/internal/wasm"

// Repeat makes a program of at least size bytes out of a real one, by adding
// copies of its functions. The table refers to them, so that they are needed.
func Repeat(module []byte, size int) ([]byte, error) {
	m, err := wasm.Read(module)
	if err != nil {
		return nil, err
	}
	imported, funcs, code := m.NumImportedFuncs(), m.Funcs, m.Code
	copies := wasm.Elem{Flags: 3, Type: wasm.FuncRef} // declarative
	for n := len(module); n < size; {
		for i := range funcs {
			copies.Funcs = append(copies.Funcs, wasm.FuncIndex(imported+len(m.Funcs)))
			m.Funcs = append(m.Funcs, funcs[i])
			m.Code = append(m.Code, code[i])
			n += len(code[i].Bytes)
		}
	}
	m.Elems = append(m.Elems, copies)
	return m.Encode(), nil
}
