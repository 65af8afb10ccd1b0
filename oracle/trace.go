package oracle

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/canister"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	maxCalls     = 100_000 // calls of a run that are kept
	maxTracePath = 300     // bytes of a path that are shown
	pageSize     = 64 << 10
)

// traced runs the program on a canister of its own, which tells each WASI call.
func (s *canisterSession) traced(r Run) (Outcome, error) {
	t := &tracer{base: uint64(s.program.Spliced.Report.BasePages) * pageSize}
	ctx := experimental.WithFunctionListenerFactory(context.Background(), t)
	c, err := canister.Install(ctx, s.program.query, nil, canister.Options{
		Stable: s.stable, OneShot: true, ReplyLimit: maxReply,
		Limits: canister.InstructionLimits{Update: limit(&r)},
	})
	if err != nil {
		return Outcome{}, err
	}
	o, err := call(c, &r)
	o.Calls = t.calls
	return o, errors.Join(err, c.Close(context.Background()))
}

// tracer writes down the calls of the polyfill's WASI functions, which keep
// their names when they are linked. Calls among them are left out.
type tracer struct {
	base  uint64 // where the program's memory begins
	calls []string
	depth int
}

// NewFunctionListener listens to WASI functions only.
func (t *tracer) NewFunctionListener(def api.FunctionDefinition) experimental.FunctionListener {
	module, name, _ := strings.Cut(def.Name(), ".")
	switch module {
	case abi.ModulePreview1, abi.ModulePreview0, "command":
		for k := range abi.Preview1 {
			f := &abi.Preview1[k]
			if f.Name == name && len(f.Params) == len(def.ParamTypes()) {
				return &traced{t, f, nil}
			}
		}
	}
	return nil
}

// traced listens to one function.
type traced struct {
	*tracer
	function *abi.Function
	params   []uint64
}

func (f *traced) Before(_ context.Context, m api.Module, _ api.FunctionDefinition, params []uint64, _ experimental.StackIterator) {
	f.depth++
	if f.depth > 1 || len(f.calls) == maxCalls {
		return
	}
	f.params = append(f.params[:0], params...)
	for k, p := range f.function.Params {
		if p.Type == abi.I32 {
			f.params[k] &= 1<<32 - 1 // wazero leaves anything above
		}
	}
	f.calls = append(f.calls, f.function.Name+"("+f.arguments(m)+")")
}

func (f *traced) After(_ context.Context, m api.Module, _ api.FunctionDefinition, results []uint64) {
	f.depth--
	if f.depth > 0 || len(f.calls) == maxCalls || len(results) == 0 {
		return
	}
	errno := abi.Errno(results[0])
	f.calls[len(f.calls)-1] += " = " + errno.String()
	if errno == abi.ErrnoSuccess {
		f.calls[len(f.calls)-1] += f.results(m)
	}
}

func (f *traced) Abort(context.Context, api.Module, api.FunctionDefinition, error) {
	f.depth--
	if f.depth == 0 && len(f.calls) < maxCalls {
		f.calls[len(f.calls)-1] += " trapped"
	}
}

// arguments shows numbers, paths, and how many vectors there are.
func (f *traced) arguments(m api.Module) string {
	var list []string
	for k, p := range f.function.Params {
		n := f.params[k]
		switch {
		case p.Kind == abi.Out:
		case strings.HasSuffix(p.Name, "path"):
			list = append(list, f.path(m, n, f.params[k+1]))
		case p.Kind == abi.In:
			list = append(list, p.Name)
		case p.Name == "offset" || p.Name == "fd" || strings.HasSuffix(p.Name, "_fd"):
			list = append(list, fmt.Sprintf("%s %d", p.Name, signed(p.Type, n)))
		case strings.HasSuffix(p.Name, "_len") && strings.HasSuffix(f.function.Params[k-1].Name, "path"):
		case strings.HasPrefix(p.Name, "rights") || p.Name == "base" || p.Name == "inheriting":
			list = append(list, fmt.Sprintf("%s %#x", p.Name, n))
		default:
			list = append(list, fmt.Sprintf("%s %d", p.Name, n))
		}
	}
	return strings.Join(list, ", ")
}

func signed(t abi.ValType, n uint64) int64 {
	if t == abi.I32 {
		return int64(int32(n))
	}
	return int64(n)
}

func (f *traced) path(m api.Module, at, n uint64) string {
	b, ok := m.Memory().Read(uint32(f.base+at), uint32(min(n, maxTracePath)))
	if !ok || f.base+at > 1<<32-1 {
		return "outside of memory"
	}
	if n > maxTracePath {
		return fmt.Sprintf("%q…", b)
	}
	return fmt.Sprintf("%q", b)
}

// results shows what a successful call wrote where that is one number that
// repeats: no times, and no contents.
func (f *traced) results(m api.Module) string {
	s := ""
	for k, p := range f.function.Params {
		size := resultSize[p.Name]
		if p.Kind != abi.Out || size == 0 {
			continue
		}
		if b, ok := m.Memory().Read(uint32(f.base+f.params[k]), size); ok {
			s += fmt.Sprintf(", %s %d", p.Name, number(b))
		}
	}
	return s
}

// resultSize is the size in bytes of results that are shown, by name.
var resultSize = map[string]uint32{
	"fd": 4, "nread": 4, "nwritten": 4, "bufused": 4, "nevents": 4, "argc": 4, "argv_buf_size": 4,
	"count": 4, "buf_size": 4, "newoffset": 8, "offset": 8, "res": 8,
}

func number(b []byte) uint64 {
	if len(b) == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	return uint64(binary.LittleEndian.Uint32(b))
}
