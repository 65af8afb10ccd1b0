package wasm

import "fmt"

// heapNames are the abstract heap types by the low seven bits of their code.
var heapNames = map[byte]string{
	0x75: "nocont", 0x74: "noexn", 0x73: "nofunc", 0x72: "noextern", 0x71: "none",
	0x70: "func", 0x6f: "extern", 0x6e: "any", 0x6d: "eq", 0x6c: "i31",
	0x6b: "struct", 0x6a: "array", 0x69: "exn", 0x68: "cont",
}

// name is that of an abstract heap type; empty if there is none of this code.
func (h HeapType) name() string {
	if h >= 0 || h < -64 {
		return ""
	}
	return heapNames[byte(h)&0x7f]
}

// Index gives the type index of a concrete heap type.
func (h HeapType) Index() (TypeIndex, bool) {
	return TypeIndex(h), h >= 0
}

// String is the heap type in the text format; a concrete one is its index.
func (h HeapType) String() string {
	if name := h.name(); name != "" {
		return name
	}
	return fmt.Sprint(int64(h))
}

// numTypes are the types that are not references.
var numTypes = map[byte]string{0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64", 0x7b: "v128"}

// refNames are the references with one byte whose name is not that of the heap
// type with "ref" behind it.
var refNames = map[byte]string{
	0x75: "nullcontref", 0x74: "nullexnref", 0x73: "nullfuncref",
	0x72: "nullexternref", 0x71: "nullref",
}

// valid tells whether the code is a value type of one byte.
func (t ValType) valid() bool {
	return t.Code >= 0x7b && t.Code <= 0x7f || t.isShortRef()
}

func (t ValType) isShortRef() bool { return t.Code >= 0x68 && t.Code <= 0x75 }

// hasHeap tells whether t is a reference in its long form.
func (t ValType) hasHeap() bool { return t.Code == refNull || t.Code == refNonNull }

// IsRef tells whether t is a reference type.
func (t ValType) IsRef() bool {
	return t.isShortRef() || t.hasHeap()
}

// String is the type in the text format.
func (t ValType) String() string {
	switch {
	case t.Code == refNull:
		return fmt.Sprintf("(ref null %s)", t.Heap)
	case t.Code == refNonNull:
		return fmt.Sprintf("(ref %s)", t.Heap)
	case refNames[t.Code] != "":
		return refNames[t.Code]
	case heapNames[t.Code] != "":
		return heapNames[t.Code] + "ref"
	case numTypes[t.Code] != "":
		return numTypes[t.Code]
	}
	return fmt.Sprintf("valtype %#02x", t.Code)
}
