package validate

import "github.com/icsplice/icsplice/internal/wasm"

// expr checks a constant expression whose result is of type want and that may
// read the first globals.
// https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions
func (v *checker) expr(x wasm.Expr, want valType, globals int, at place) error {
	if want == i32 && isI32Const(x) {
		return nil
	}
	v.constant, v.visible = true, globals
	v.result.results = append(v.result.results[:0], want)
	err := v.run(x, 0, &v.result)
	if err == nil {
		return nil
	}
	e := located(err, at)
	if base := v.offsetOf(x); base >= 0 {
		e.Offset += base
	} else {
		e.Offset = -1
	}
	return e
}

// isI32Const tells whether the expression is just a number, as nearly all are.
func isI32Const(x wasm.Expr) bool {
	if len(x) == 0 || x[0] != byte(wasm.OpI32Const) {
		return false
	}
	_, n := wasm.ReadSleb32(x[1:])
	return n > 0 && len(x) == n+2 && x[n+1] == byte(wasm.OpEnd)
}

// checkConstant checks that the instruction may stand in a constant expression.
func (v *checker) checkConstant() {
	switch v.in.Op {
	case wasm.OpI32Const, wasm.OpI64Const, wasm.OpF32Const, wasm.OpF64Const, wasm.OpV128Const,
		wasm.OpI32Add, wasm.OpI32Sub, wasm.OpI32Mul, wasm.OpI64Add, wasm.OpI64Sub, wasm.OpI64Mul,
		wasm.OpRefNull, wasm.OpRefFunc, wasm.OpRefI31, wasm.OpAnyConvertExtern, wasm.OpExternConvertAny,
		wasm.OpStructNew, wasm.OpStructNewDefault, wasm.OpArrayNew, wasm.OpArrayNewDefault,
		wasm.OpArrayNewFixed, wasm.OpEnd:
	case wasm.OpGlobalGet:
		if i := v.in.X; i >= uint64(v.visible) {
			v.fail("global.get in a constant expression: global %d of %d", i, v.visible)
		} else if v.globals[i].mutable {
			v.fail("global.get in a constant expression: global %d is mutable", i)
		}
	default:
		v.fail("%s in a constant expression", v.in.Op)
	}
}

// declareIn marks the functions that an expression names, which bodies may then
// name too. A faulty expression is left to expr.
func (c *env) declareIn(x wasm.Expr) {
	var in wasm.Instr
	r := wasm.NewCodeReader(x, 0)
	for {
		if more, err := r.Next(&in); !more || err != nil {
			return
		}
		if in.Op == wasm.OpRefFunc {
			c.declareFunc(in.X)
		}
	}
}

func (c *env) declareFunc(i uint64) {
	if i < uint64(len(c.funcs)) {
		c.declared.add(i)
	}
}

// declareAll marks the functions that are named outside of bodies. Offsets of
// segments are left out: no valid one has a reference in it.
func (c *env) declareAll() {
	c.declared = newBitset(len(c.funcs))
	for _, e := range c.m.Exports {
		if e.Kind == wasm.ExternFunc {
			c.declareFunc(uint64(e.Index))
		}
	}
	for i := range c.m.Elems {
		for _, f := range c.m.Elems[i].Funcs {
			c.declareFunc(uint64(f))
		}
		for _, x := range c.m.Elems[i].Exprs {
			c.declareIn(x)
		}
	}
	for i := range c.m.Globals {
		c.declareIn(c.m.Globals[i].Init)
	}
	for i := range c.m.Tables {
		c.declareIn(c.m.Tables[i].Init)
	}
}
