package validate

import (
	"encoding/binary"
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

// types are the types of a module by index, with all that refers to a type in
// canonical form: groups of types that are equal share the indexes of the first,
// so that types are equal if and only if their valTypes are.
type types []typeDef

type typeDef struct {
	canon  heapType // the first index of the same type
	super  heapType // canonical, or noSuper
	depth  uint8    // number of supertypes above
	final  bool
	kind   wasm.CompositeKind
	sig    *funcType // KindFunc
	fields []field   // KindStruct; KindArray has one
}

const noSuper heapType = -1

type funcType struct{ params, results []valType }

// field is a field of a struct or array; packed is 0 where typ holds.
type field struct {
	packed  byte
	mutable bool
	typ     valType
}

const (
	packedI8  = 0x78
	packedI16 = 0x77
)

// unpacked is the type of the field's value on the stack.
func (f field) unpacked() valType {
	if f.packed != 0 {
		return i32
	}
	return f.typ
}

// canonizer makes types group by group.
// https://webassembly.github.io/spec/core/valid/conventions.html#rolling-and-unrolling
type canonizer struct {
	in    []wasm.SubType
	out   types
	seen  map[string]int // the first type of each group, by the group's content
	key   []byte
	first int // of the current group
	end   int
}

// makeTypes checks the types of a module. The index of the faulty one comes with
// an error.
func makeTypes(m *wasm.Module) (types, int, error) {
	if len(m.Types) > wasm.MaxTypes {
		return nil, wasm.MaxTypes, fmt.Errorf("more than %d types", wasm.MaxTypes)
	}
	c := canonizer{in: m.Types, out: make(types, len(m.Types)), seen: map[string]int{}}
	for _, g := range m.RecGroups {
		c.first, c.end = c.end, c.end+int(g.Count)
		if int64(g.First) != int64(c.first) || c.end > len(c.in) {
			return nil, c.first, fmt.Errorf("a group of %d types at %d, of %d", g.Count, g.First, len(c.in))
		}
		if i, err := c.group(); err != nil {
			return nil, i, err
		}
	}
	if c.end != len(c.in) {
		return nil, c.end, fmt.Errorf("%d types are in no group", len(c.in)-c.end)
	}
	return c.out, -1, nil
}

func (c *canonizer) group() (int, error) {
	c.key = c.key[:0]
	for i := c.first; i < c.end; i++ {
		if err := c.appendKey(&c.in[i], i); err != nil {
			return i, err
		}
	}
	base, known := c.seen[string(c.key)]
	if known {
		copy(c.out[c.first:c.end], c.out[base:])
		return -1, nil
	}
	c.seen[string(c.key)] = c.first
	for i := c.first; i < c.end; i++ {
		if err := c.define(i); err != nil {
			return i, err
		}
	}
	for i := c.first; i < c.end; i++ {
		if err := c.out.checkSuper(i); err != nil {
			return i, err
		}
	}
	return -1, nil
}

// appendKey adds a type to the group's key and checks its indexes and kind.
func (c *canonizer) appendKey(t *wasm.SubType, i int) error {
	if len(t.Supers) > 1 || t.Sub == 0 && len(t.Supers) != 0 {
		return fmt.Errorf("%d supertypes", len(t.Supers))
	}
	if t.Sub != 0 && t.Sub != subOpen && t.Sub != subFinal {
		return fmt.Errorf("%#02x is no form of a subtype", t.Sub)
	}
	if t.Kind == wasm.KindCont {
		return fmt.Errorf("a continuation (stack-switching proposal): %w", wasm.ErrUnsupported)
	}
	c.key = append(c.key, byte(t.Kind), byte(len(t.Supers)), isFinal(t))
	for _, s := range t.Supers {
		if int64(s) >= int64(i) {
			return fmt.Errorf("supertype %d of type %d", s, i)
		}
		c.appendIndex(int(s))
	}
	return c.appendContent(t)
}

// The forms of a type that SubType.Sub holds.
const (
	subOpen  = 0x50
	subFinal = 0x4f
)

func isFinal(t *wasm.SubType) byte {
	if t.Sub == subOpen {
		return 0
	}
	return 1
}

func (c *canonizer) appendContent(t *wasm.SubType) error {
	switch t.Kind {
	case wasm.KindFunc:
		if err := c.appendTypes(t.Params); err != nil {
			return err
		}
		return c.appendTypes(t.Results)
	case wasm.KindStruct, wasm.KindArray:
		if t.Kind == wasm.KindArray && len(t.Fields) != 1 {
			return fmt.Errorf("an array with %d kinds of elements", len(t.Fields))
		}
		return c.appendFields(t.Fields)
	}
	return fmt.Errorf("%#02x is no kind of a type", byte(t.Kind))
}

func (c *canonizer) appendTypes(list []wasm.ValType) error {
	c.key = binary.AppendUvarint(c.key, uint64(len(list)))
	for _, t := range list {
		if err := c.appendType(t); err != nil {
			return err
		}
	}
	return nil
}

func (c *canonizer) appendFields(list []wasm.FieldType) error {
	c.key = binary.AppendUvarint(c.key, uint64(len(list)))
	for _, f := range list {
		mutable := byte(0)
		if f.Mutable {
			mutable = 1
		}
		if f.Packed != 0 && f.Packed != packedI8 && f.Packed != packedI16 {
			return fmt.Errorf("%#02x is no packed type", f.Packed)
		}
		c.key = append(c.key, f.Packed, mutable)
		if f.Packed != 0 {
			continue
		}
		if err := c.appendType(f.Type); err != nil {
			return err
		}
	}
	return nil
}

func (c *canonizer) appendType(t wasm.ValType) error {
	if err := checkType(t, c.end); err != nil {
		return err
	}
	c.key = append(c.key, t.Code)
	if i, concrete := t.Heap.Index(); concrete && isLong(t) {
		c.appendIndex(int(i))
	} else if isLong(t) {
		c.key = append(c.key, 2, byte(t.Heap))
	}
	return nil
}

// appendIndex writes a type of the group by its place in it and others by their
// canonical index.
func (c *canonizer) appendIndex(i int) {
	if i >= c.first {
		c.key = binary.AppendUvarint(append(c.key, 0), uint64(i-c.first))
	} else {
		c.key = binary.AppendUvarint(append(c.key, 1), uint64(c.out[i].canon))
	}
}

// define fills in a type of a group that has not been seen before.
func (c *canonizer) define(i int) error {
	t := &c.in[i]
	def := typeDef{canon: heapType(i), super: noSuper, kind: t.Kind, final: isFinal(t) == 1}
	for _, s := range t.Supers {
		def.super = c.canon(s)
		if def.depth = c.out[s].depth + 1; def.depth > maxSubtypeDepth {
			return fmt.Errorf("more than %d supertypes, one above the other", maxSubtypeDepth)
		}
	}
	if t.Kind == wasm.KindFunc {
		def.sig = &funcType{c.convertAll(t.Params), c.convertAll(t.Results)}
	}
	for _, f := range t.Fields {
		to := field{packed: f.Packed, mutable: f.Mutable}
		if f.Packed == 0 {
			to.typ = c.convert(f.Type)
		}
		def.fields = append(def.fields, to)
	}
	c.out[i] = def
	return nil
}

func (c *canonizer) canon(i wasm.TypeIndex) heapType {
	if int(i) >= c.first {
		return heapType(i)
	}
	return c.out[i].canon
}

func (c *canonizer) convertAll(list []wasm.ValType) []valType {
	out := make([]valType, len(list))
	for i, t := range list {
		out[i] = c.convert(t)
	}
	return out
}

func (c *canonizer) convert(t wasm.ValType) valType {
	i, concrete := t.Heap.Index()
	switch {
	case !isLong(t):
		return shortType(t.Code)
	case concrete:
		return ref(c.canon(i), t.Code == refNull)
	}
	return ref(heapType(t.Heap), t.Code == refNull)
}

// isLong tells whether a reference has its heap type behind it.
func isLong(t wasm.ValType) bool { return t.Code == refNull || t.Code == refSome }

// checkType checks a value type where there are so many types.
func checkType(t wasm.ValType, count int) error {
	switch {
	case isLong(t):
		return checkHeap(t.Heap, count)
	case t.IsRef() || valType(t.Code).isNumber():
		return nil
	}
	return fmt.Errorf("%#02x is no value type", t.Code)
}

func checkHeap(h wasm.HeapType, count int) error {
	if h >= wasm.HeapType(count) {
		return fmt.Errorf("type %d of %d", int64(h), count)
	}
	if h < 0 && (h < wasm.HeapType(heapCont) || h > wasm.HeapType(heapNoCont)) {
		return fmt.Errorf("%d is no heap type", int64(h))
	}
	return nil
}
