package link

import (
	"errors"
	"fmt"

	"github.com/icsplice/icsplice/internal/wasm"
)

var errNotConstant = errors.New("its offset is not known before the program runs")

// constants are the values of a module's globals, as far as they are constant
// numbers of type i32.
type constants []struct {
	value uint32
	err   error
}

// constantsOf computes them in order: a global reads only those before it.
func constantsOf(m *wasm.Module) constants {
	for _, imp := range m.Imports {
		if imp.Kind == wasm.ExternGlobal {
			return nil // refused elsewhere
		}
	}
	c := make(constants, 0, len(m.Globals))
	for i := range m.Globals {
		g := &m.Globals[i]
		v, err := uint32(0), errNotConstant
		if !g.Mutable && g.Type == wasm.I32 {
			v, err = c.i32(g.Init)
		}
		c = append(c, struct {
			value uint32
			err   error
		}{v, err})
	}
	return c
}

// i32 computes a constant expression of type i32, extended ones included.
func (c constants) i32(x wasm.Expr) (uint32, error) {
	r := wasm.NewCodeReader(x, 0)
	var stack []uint32
	var in wasm.Instr
	for {
		more, err := r.Next(&in)
		if err != nil {
			return 0, err
		}
		if !more {
			break
		}
		if stack, err = c.step(stack, &in); err != nil {
			return 0, err
		}
	}
	if len(stack) != 1 {
		return 0, errors.New("malformed constant expression")
	}
	return stack[0], nil
}

func (c constants) step(stack []uint32, in *wasm.Instr) ([]uint32, error) {
	n := len(stack)
	switch in.Op {
	case wasm.OpEnd:
		return stack, nil
	case wasm.OpI32Const:
		return append(stack, uint32(in.X)), nil
	case wasm.OpGlobalGet:
		if in.X >= uint64(len(c)) {
			return nil, fmt.Errorf("global %d does not exist before it", in.X)
		}
		g := c[in.X]
		return append(stack, g.value), g.err
	case wasm.OpI32Add, wasm.OpI32Sub, wasm.OpI32Mul:
		if n < 2 {
			return nil, errors.New("malformed constant expression")
		}
		return append(stack[:n-2], arithmetic(in.Op, stack[n-2], stack[n-1])), nil
	}
	return nil, fmt.Errorf("%s: %w", in.Op, errNotConstant)
}

func arithmetic(op wasm.Op, x, y uint32) uint32 {
	switch op {
	case wasm.OpI32Add:
		return x + y
	case wasm.OpI32Sub:
		return x - y
	}
	return x * y
}
