package validate

import "github.com/icsplice/icsplice/internal/wasm"

// expressions checks the constant expressions of a module.
func (v *checker) expressions() error {
	for _, section := range []func() error{v.tableInits, v.globalInits, v.elemInits, v.dataOffsets} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// tableInits checks initial elements, which may read imported globals only as the
// others are declared behind the tables.
func (v *checker) tableInits() error {
	defined := v.tables[len(v.tables)-len(v.m.Tables):]
	for i := range v.m.Tables {
		at := place{wasm.SectionTable, i}
		if x := v.m.Tables[i].Init; x != nil {
			if err := v.expr(x, defined[i].elem, v.importedGlobals, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// globalInits checks the initial values, which may read the globals before.
func (v *checker) globalInits() error {
	for i := range v.m.Globals {
		k := v.importedGlobals + i
		if err := v.expr(v.m.Globals[i].Init, v.globals[k].typ, k, place{wasm.SectionGlobal, i}); err != nil {
			return err
		}
	}
	return nil
}

func (v *checker) elemInits() error {
	for i := range v.m.Elems {
		if err := v.elemInit(&v.m.Elems[i], v.elems[i], place{wasm.SectionElement, i}); err != nil {
			return err
		}
	}
	return nil
}

func (v *checker) elemInit(e *wasm.Elem, t valType, at place) error {
	if e.Mode() == wasm.Active {
		want := addressType(v.tables[e.Table].is64)
		if err := v.expr(e.Offset, want, len(v.globals), at); err != nil {
			return err
		}
	}
	for _, f := range e.Funcs {
		if int64(f) >= int64(len(v.funcs)) {
			return v.failf(at, "function %d of %d", f, len(v.funcs))
		}
	}
	for _, x := range e.Exprs {
		if err := v.expr(x, t, len(v.globals), at); err != nil {
			return err
		}
	}
	return nil
}

func (v *checker) dataOffsets() error {
	for i := range v.m.Data {
		d := &v.m.Data[i]
		at := place{wasm.SectionData, i}
		if d.Mode() != wasm.Active {
			continue
		}
		if int64(d.Memory) >= int64(len(v.memories)) {
			return v.failf(at, "memory %d of %d", d.Memory, len(v.memories))
		}
		want := addressType(v.memories[d.Memory].is64)
		if err := v.expr(d.Offset, want, len(v.globals), at); err != nil {
			return err
		}
	}
	return nil
}
