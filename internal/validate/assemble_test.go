package validate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// opNames finds instructions by name. The second of two with one name has a
// prime behind it: ref.test' admits null.
var opNames = func() map[string]wasm.Op {
	names := map[string]wasm.Op{}
	for _, op := range allOps() {
		name := op.String()
		if _, taken := names[name]; taken {
			name += "'"
		}
		names[name] = op
	}
	return names
}()

// allOps are the assigned opcodes.
func allOps() []wasm.Op {
	var ops []wasm.Op
	for _, prefix := range []wasm.Op{0, 0xfb, 0xfc, 0xfd, 0xfe} {
		for sub := range wasm.Op(0x200) {
			op := prefix<<16 | sub
			if _, ok := op.Info(); ok && (prefix != 0 || sub < 0x100) {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// typeCodes are the bytes of types in immediates; "ref" and "ref?" have a heap
// type behind them, for which the codes of the short types serve as well.
var typeCodes = map[string]byte{
	"void": 0x40, "i32": 0x7f, "i64": 0x7e, "f32": 0x7d, "f64": 0x7c, "v128": 0x7b,
	"func": 0x70, "extern": 0x6f, "any": 0x6e, "eq": 0x6d, "i31": 0x6c, "struct": 0x6b,
	"array": 0x6a, "exn": 0x69, "none": 0x71, "nofunc": 0x73, "ref": 0x64, "ref?": 0x63,
}

// assemble writes code: names of instructions, types, and numbers, each in the
// shortest signed form, which is also the unsigned one up to 63. A number in hex
// is a byte. The final end is added.
func assemble(text string) []byte {
	var out []byte
	for _, w := range strings.Fields(text) {
		if op, ok := opNames[w]; ok {
			out = op.Append(out)
		} else if code, ok := typeCodes[w]; ok {
			out = append(out, code)
		} else if hex, ok := strings.CutPrefix(w, "0x"); ok {
			v, err := strconv.ParseUint(hex, 16, 8)
			mustBe(err == nil, w)
			out = append(out, byte(v))
		} else {
			v, err := strconv.ParseInt(w, 10, 64)
			mustBe(err == nil, w)
			out = wasm.AppendSleb(out, v)
		}
	}
	return append(out, byte(wasm.OpEnd))
}

func mustBe(ok bool, what any) {
	if !ok {
		panic(fmt.Sprintf("not understood: %v", what))
	}
}

// valTypes reads types as "i32 (ref 1) (ref? any)" with the parentheses left out.
func valTypes(text string) []wasm.ValType {
	var list []wasm.ValType
	words := strings.Fields(text)
	for len(words) > 0 {
		t := wasm.ValType{Code: typeCodes[words[0]]}
		mustBe(t.Code != 0, text)
		words = words[1:]
		if isLong(t) {
			i, err := strconv.Atoi(words[0])
			t.Heap = wasm.HeapType(i)
			if err != nil {
				t.Heap = wasm.HeapType(typeCodes[words[0]]) - 0x80
			}
			words = words[1:]
		}
		list = append(list, t)
	}
	return list
}

// fn is a function type: "i32 ref 1 -> i64".
func fn(text string) wasm.SubType {
	params, results, _ := strings.Cut(text, "->")
	return wasm.SubType{Kind: wasm.KindFunc, Params: valTypes(params), Results: valTypes(results)}
}

// fields reads fields separated by commas, as "mut i32, i8, ref 1".
func fields(text string) []wasm.FieldType {
	var list []wasm.FieldType
	for _, word := range strings.Split(text, ",") {
		word = strings.TrimSpace(word)
		rest, mutable := strings.CutPrefix(word, "mut ")
		f := wasm.FieldType{Mutable: mutable}
		switch rest {
		case "":
			continue
		case "i8":
			f.Packed = packedI8
		case "i16":
			f.Packed = packedI16
		default:
			f.Type = valTypes(rest)[0]
		}
		list = append(list, f)
	}
	return list
}

func structType(text string) wasm.SubType {
	return wasm.SubType{Kind: wasm.KindStruct, Fields: fields(text)}
}

func arrayType(text string) wasm.SubType {
	return wasm.SubType{Kind: wasm.KindArray, Fields: fields(text)}
}

// sub is a type that may have subtypes, below others.
func sub(t wasm.SubType, supers ...wasm.TypeIndex) wasm.SubType {
	t.Sub, t.Supers = subOpen, supers
	return t
}

// group declares types in one group.
func group(m *wasm.Module, list ...wasm.SubType) {
	m.RecGroups = append(m.RecGroups, wasm.RecGroup{
		First: wasm.TypeIndex(len(m.Types)), Count: uint32(len(list)), Explicit: len(list) != 1})
	m.Types = append(m.Types, list...)
}

// addBody defines a function.
func addBody(m *wasm.Module, t wasm.TypeIndex, locals, code string) {
	var runs []wasm.LocalRun
	for _, l := range valTypes(locals) {
		runs = append(runs, wasm.LocalRun{Count: 1, Type: l})
	}
	m.Funcs = append(m.Funcs, t)
	m.Code = append(m.Code, wasm.Body{Bytes: append(wasm.AppendLocals(nil, runs), assemble(code)...)})
}
