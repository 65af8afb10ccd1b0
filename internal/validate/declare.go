package validate

import (
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// declarations checks all of a module but the bodies and the constant
// expressions, section by section, and fills the env in.
// https://webassembly.github.io/spec/core/valid/modules.html
func (c *env) declarations() error {
	ts, i, err := makeTypes(c.m)
	if err != nil {
		return c.fail(place{wasm.SectionType, i}, err)
	}
	c.types = ts
	for _, section := range []func() error{
		c.imports, c.functions, c.defineTables, c.defineMemories, c.defineTags, c.defineGlobals,
		c.exports, c.start, c.elements, c.counts,
	} {
		if err := section(); err != nil {
			return err
		}
	}
	c.declareAll()
	return nil
}

func (c *env) imports() error {
	for i := range c.m.Imports {
		imp := &c.m.Imports[i]
		if err := c.addImport(imp); err != nil {
			return &wasm.Error{Section: wasm.SectionImport, Index: i, Offset: imp.Offset, Err: err}
		}
	}
	c.importedFuncs, c.importedGlobals = len(c.funcs), len(c.globals)
	return nil
}

func (c *env) addImport(imp *wasm.Import) error {
	switch imp.Kind {
	case wasm.ExternFunc:
		return c.addFunc(imp.Type)
	case wasm.ExternTable:
		return c.addTable(imp.Table)
	case wasm.ExternMemory:
		return c.addMemory(imp.Memory)
	case wasm.ExternGlobal:
		return c.addGlobal(imp.Global)
	case wasm.ExternTag:
		return c.addTag(imp.Type)
	}
	return fmt.Errorf("%#02x is no kind of an import", byte(imp.Kind))
}

func (c *env) functions() error {
	return each(c, wasm.SectionFunction, c.m.Funcs, func(t *wasm.TypeIndex) error { return c.addFunc(*t) })
}

func (c *env) defineTables() error {
	return each(c, wasm.SectionTable, c.m.Tables, func(t *wasm.Table) error {
		if err := c.addTable(t.TableType); err != nil {
			return err
		}
		if elem := c.tables[len(c.tables)-1].elem; t.Init == nil && !elem.defaultable() {
			return fmt.Errorf("type mismatch: %s has no default value, and the table no initial one", elem)
		}
		return nil
	})
}

func (c *env) defineMemories() error {
	return each(c, wasm.SectionMemory, c.m.Memories, func(l *wasm.Limits) error { return c.addMemory(*l) })
}

func (c *env) defineTags() error {
	return each(c, wasm.SectionTag, c.m.Tags, func(t *wasm.TypeIndex) error { return c.addTag(*t) })
}

func (c *env) defineGlobals() error {
	return each(c, wasm.SectionGlobal, c.m.Globals, func(g *wasm.Global) error { return c.addGlobal(g.GlobalType) })
}

// each checks the items of a section.
func each[T any](c *env, id wasm.SectionID, items []T, check func(*T) error) error {
	for i := range items {
		if err := check(&items[i]); err != nil {
			return c.fail(place{id, i}, err)
		}
	}
	return nil
}

// sigOf gives a function type.
func (c *env) sigOf(t wasm.TypeIndex) (*funcType, error) {
	if int64(t) >= int64(len(c.types)) {
		return nil, fmt.Errorf("type %d of %d", t, len(c.types))
	}
	if c.types[t].sig == nil {
		return nil, fmt.Errorf("type %d is not a function type", t)
	}
	return c.types[t].sig, nil
}

func (c *env) addFunc(t wasm.TypeIndex) error {
	_, err := c.sigOf(t)
	c.funcs = append(c.funcs, t)
	return err
}

func (c *env) addTag(t wasm.TypeIndex) error {
	sig, err := c.sigOf(t)
	if err == nil && len(sig.results) != 0 {
		err = fmt.Errorf("a tag with results")
	}
	c.tags = append(c.tags, sig)
	return err
}

func (c *env) addGlobal(g wasm.GlobalType) error {
	if g.Shared {
		return fmt.Errorf("a shared global (shared-everything-threads proposal) is not validated: %w", wasm.ErrUnsupported)
	}
	t, err := c.types.convert(g.Type)
	c.globals = append(c.globals, global{t, g.Mutable})
	return err
}

func (c *env) addTable(t wasm.TableType) error {
	if t.Limits.Shared {
		return fmt.Errorf("a shared table (shared-everything-threads proposal) is not validated: %w", wasm.ErrUnsupported)
	}
	elem, err := c.types.convert(t.Elem)
	if err != nil {
		return err
	}
	if !elem.isRef() {
		return fmt.Errorf("a table of %s", elem)
	}
	c.tables = append(c.tables, table{elem, t.Limits.Is64})
	most := uint64(1<<32 - 1)
	if t.Limits.Is64 {
		most = 1<<64 - 1
	}
	return checkLimits(t.Limits, most)
}

func (c *env) addMemory(l wasm.Limits) error {
	if l.CustomPage && l.PageSizeLog2 != 0 && l.PageSizeLog2 != 16 {
		return fmt.Errorf("pages of 2^%d bytes", l.PageSizeLog2)
	}
	if l.Shared && !l.HasMax {
		return fmt.Errorf("a shared memory without a maximum")
	}
	c.memories = append(c.memories, memory{l.Is64})
	c.offset64 = c.offset64 || l.Is64
	return checkLimits(l, mostPages(l))
}

// mostPages is the size of a memory's address space.
func mostPages(l wasm.Limits) uint64 {
	switch {
	case l.CustomPage && l.PageSizeLog2 == 0 && l.Is64:
		return 1<<64 - 1
	case l.CustomPage && l.PageSizeLog2 == 0:
		return wasm.MaxMemoryBytes32
	case l.Is64:
		return wasm.MaxMemoryPages64
	}
	return wasm.MaxMemoryBytes32 >> 16
}

func checkLimits(l wasm.Limits, most uint64) error {
	if l.HasMax && l.Min > l.Max {
		return fmt.Errorf("a minimum of %d above the maximum of %d", l.Min, l.Max)
	}
	if l.Min > most || l.HasMax && l.Max > most {
		return fmt.Errorf("limits of %d and %d, at most %d", l.Min, l.Max, most)
	}
	return nil
}

func (c *env) exports() error {
	sizes := map[wasm.ExternKind]int{wasm.ExternFunc: len(c.funcs), wasm.ExternTable: len(c.tables),
		wasm.ExternMemory: len(c.memories), wasm.ExternGlobal: len(c.globals), wasm.ExternTag: len(c.tags)}
	seen := make(map[string]bool, len(c.m.Exports))
	return each(c, wasm.SectionExport, c.m.Exports, func(e *wasm.Export) error {
		if seen[e.Name] {
			return fmt.Errorf("%q is exported twice", e.Name)
		}
		seen[e.Name] = true
		if n := sizes[e.Kind]; int64(e.Index) >= int64(n) {
			return fmt.Errorf("%q: index %d of %d", e.Name, e.Index, n)
		}
		return nil
	})
}

func (c *env) start() error {
	if c.m.Start == nil {
		return nil
	}
	at := place{wasm.SectionStart, -1}
	f := *c.m.Start
	if int64(f) >= int64(len(c.funcs)) {
		return c.failf(at, "function %d of %d", f, len(c.funcs))
	}
	if sig := c.types[c.funcs[f]].sig; len(sig.params)+len(sig.results) != 0 {
		return c.failf(at, "function %d has parameters or results", f)
	}
	return nil
}

// elements notes the types of the segments. Function indexes stand for
// references that are not null.
func (c *env) elements() error {
	return each(c, wasm.SectionElement, c.m.Elems, func(e *wasm.Elem) error {
		t, err := ref(heapFunc, false), error(nil)
		if e.Flags&4 != 0 {
			t, err = c.types.convert(e.Type)
		}
		c.elems = append(c.elems, t)
		switch {
		case err != nil:
			return err
		case !t.isRef():
			return fmt.Errorf("elements of type %s", t)
		case e.Mode() != wasm.Active:
			return nil
		case int64(e.Table) >= int64(len(c.tables)):
			return fmt.Errorf("table %d of %d", e.Table, len(c.tables))
		case !c.types.below(t, c.tables[e.Table].elem):
			return fmt.Errorf("type mismatch: elements of type %s for a table of %s", t, c.tables[e.Table].elem)
		}
		return nil
	})
}

// counts compares the numbers that two sections must agree on.
func (c *env) counts() error {
	m := c.m
	if len(m.Funcs) != len(m.Code) {
		return c.failf(place{wasm.SectionCode, -1}, "%d bodies for %d functions", len(m.Code), len(m.Funcs))
	}
	if m.DataCount != nil && int64(*m.DataCount) != int64(len(m.Data)) {
		return c.failf(place{wasm.SectionData, -1}, "%d segments, %d were announced", len(m.Data), *m.DataCount)
	}
	return nil
}
