package link

import (
	"iter"

	"github.com/icsplice/icsplice/internal/wasm"
)

// orderGlobals puts the live globals in an order in which each reads only those
// before it: that of the inputs, but for those that must come earlier.
func (p *plan) orderGlobals() error {
	const entered, done = 1, 2
	state := make([]byte, p.size(Global))
	var stack []id
	for _, in := range p.inputs {
		for i := range in.count[Global] {
			stack = append(stack[:0], in.first[Global]+id(i))
			for len(stack) > 0 {
				g := p.resolve(Global, stack[len(stack)-1])
				stack[len(stack)-1] = g
				if state[g] == entered || state[g] == done || !p.live[Global][g] || g >= p.first[Global] {
					if state[g] == entered {
						state[g] = done
						p.globals = append(p.globals, g)
					}
					stack = stack[:len(stack)-1]
					continue
				}
				state[g] = entered
				for _, need := range p.globalNeeds(g) {
					if state[need] == entered {
						in, i := p.owner(Global, g)
						return in.refuse(Global, i, "its initial value depends on itself")
					}
					stack = append(stack, need)
				}
			}
		}
	}
	return nil
}

// globalNeeds are the globals that the initial value of a global reads.
func (p *plan) globalNeeds(g id) []id {
	in, i := p.owner(Global, g)
	var needs []id
	for x := range reads(in.global(i).Init) {
		if x < uint64(in.count[Global]) {
			needs = append(needs, p.of(in, Global, uint32(x)))
		}
	}
	return needs
}

// reads yields the globals that a constant expression reads, and takes the
// functions that it takes.
func reads(x wasm.Expr) iter.Seq[uint64] { return operands(x, wasm.OpGlobalGet) }
func takes(x wasm.Expr) iter.Seq[uint64] { return operands(x, wasm.OpRefFunc) }

// operands yields the index of each instruction op in a constant expression.
func operands(x wasm.Expr, op wasm.Op) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		if x == nil || isConst(x) {
			return
		}
		r := wasm.NewCodeReader(x, 0)
		var in wasm.Instr
		for {
			more, err := r.Next(&in)
			if !more || err != nil || in.Op == op && !yield(in.X) {
				return
			}
		}
	}
}

// number is the value of an immutable global, where it is a known integer.
type number struct {
	value uint64
	known bool
}

// evaluate computes the numbers of the live globals, in order.
func (p *plan) evaluate() {
	p.numbers = make([]number, p.size(Global))
	for _, g := range p.globals {
		in, i := p.owner(Global, g)
		if def := in.global(i); !def.Mutable {
			v, known := p.number(in, def.Init)
			p.numbers[g] = number{v, known && (def.Type == wasm.I32 || def.Type == wasm.I64)}
		}
	}
}

// number computes a constant expression of type i32 or i64, extended ones
// included. It is false for others and for those that are known only when the
// program runs.
func (p *plan) number(in *input, x wasm.Expr) (uint64, bool) {
	if isConst(x) { // nearly all
		return constValue(x)
	}
	r := wasm.NewCodeReader(x, 0)
	var stack []uint64
	var instr wasm.Instr
	for {
		more, err := r.Next(&instr)
		if err != nil {
			return 0, false
		}
		if !more {
			break
		}
		var ok bool
		if stack, ok = p.step(in, stack, &instr); !ok {
			return 0, false
		}
	}
	return stack[0], len(stack) == 1
}

func (p *plan) step(in *input, stack []uint64, instr *wasm.Instr) ([]uint64, bool) {
	n := len(stack)
	switch instr.Op {
	case wasm.OpEnd:
		return stack, n == 1
	case wasm.OpI32Const:
		return append(stack, uint64(uint32(instr.X))), true
	case wasm.OpI64Const:
		return append(stack, instr.X), true
	case wasm.OpGlobalGet:
		if instr.X >= uint64(in.count[Global]) {
			return nil, false
		}
		g := p.numbers[p.of(in, Global, uint32(instr.X))]
		return append(stack, g.value), g.known
	case wasm.OpI32Add, wasm.OpI32Sub, wasm.OpI32Mul:
		if n < 2 {
			return nil, false
		}
		return append(stack[:n-2], uint64(uint32(arithmetic(instr.Op, stack[n-2], stack[n-1])))), true
	case wasm.OpI64Add, wasm.OpI64Sub, wasm.OpI64Mul:
		if n < 2 {
			return nil, false
		}
		return append(stack[:n-2], arithmetic(instr.Op, stack[n-2], stack[n-1])), true
	}
	return nil, false
}

func arithmetic(op wasm.Op, x, y uint64) uint64 {
	switch op {
	case wasm.OpI32Add, wasm.OpI64Add:
		return x + y
	case wasm.OpI32Sub, wasm.OpI64Sub:
		return x - y
	}
	return x * y
}

// maxInline is the length in bytes up to which the initial value of a global
// stands in place of a global.get in a constant expression: a v128 takes 18.
// Longer ones could double from global to global.
const maxInline = 32

// inline is the code of an immutable global's initial value, where it may stand
// for a global.get in constant expressions; otherwise nil. Reading a global
// that is not imported came to constant expressions later than all others.
func (p *plan) inline(g id) []byte {
	if p.inits[g] == nil || p.globalType(g).Mutable {
		return nil
	}
	code := p.inits[g][:len(p.inits[g])-1]
	if len(code) > maxInline || allocates(code) {
		return nil
	}
	return code
}

// allocates reports whether constant code makes a new object each time.
func allocates(code []byte) bool {
	r := wasm.NewCodeReader(code, 0)
	var in wasm.Instr
	for r.Pos() < len(code) {
		if more, err := r.Next(&in); !more || err != nil {
			return true
		}
		if in.Op>>16 == 0xfb && in.Op != wasm.OpRefI31 {
			return true
		}
	}
	return false
}

// emitGlobals writes the globals of the inputs and then the linker's own.
func (p *plan) emitGlobals(out *wasm.Module) error {
	p.inits = map[id]wasm.Expr{}
	for _, g := range p.globals {
		in, i := p.owner(Global, g)
		def := *in.global(i)
		init, err := p.expr(in, def.Init)
		if err != nil {
			return in.fault(Global, i, err)
		}
		def.Init = init
		def.Type = p.outType(in.valType(def.Type))
		if p.read[g] {
			p.inits[g] = init
		}
		out.Globals = append(out.Globals, def)
	}
	out.Globals = append(out.Globals, p.own...)
	return nil
}

// addGlobal adds a mutable i32 of the linker and gives its place among those.
func (p *plan) addGlobal(v uint32) uint32 {
	init := (&asm{}).i32(v).end()
	p.own = append(p.own, wasm.Global{GlobalType: wasm.GlobalType{Type: wasm.I32, Mutable: true}, Init: init})
	return uint32(len(p.imports[Global]) + len(p.globals) + len(p.own) - 1)
}
