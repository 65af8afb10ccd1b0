package corpus_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/icsplice/icsplice/corpus"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// canister is as much of the System API as the corpus uses.
type canister struct {
	arg, appended []byte
	answer        corpus.Call
	answered      bool
}

func (k *canister) instantiate(ctx context.Context, r wazero.Runtime) error {
	host := r.NewHostModuleBuilder("ic0")
	define := func(name string, f any) { host.NewFunctionBuilder().WithFunc(f).Export(name) }
	define("msg_arg_data_size", func() uint32 { return uint32(len(k.arg)) })
	define("msg_arg_data_copy", func(_ context.Context, m api.Module, to, offset, size uint32) {
		if !m.Memory().Write(to, k.arg[offset:offset+size]) {
			panic("msg_arg_data_copy: out of bounds")
		}
	})
	define("msg_reply_data_append", func(_ context.Context, m api.Module, from, size uint32) {
		k.appended = append(k.appended, bytesAt(m, from, size)...)
	})
	define("msg_reply", func() { k.settle(corpus.Call{Reply: k.appended}) })
	define("msg_reject", func(_ context.Context, m api.Module, from, size uint32) {
		k.settle(corpus.Call{Reject: string(bytesAt(m, from, size))})
	})
	define("trap", func(_ context.Context, m api.Module, from, size uint32) {
		panic(fmt.Errorf("canister trapped: %s", bytesAt(m, from, size)))
	})
	define("debug_print", func(_ context.Context, m api.Module, from, size uint32) { bytesAt(m, from, size) })
	_, err := host.Instantiate(ctx)
	return err
}

func (k *canister) settle(answer corpus.Call) {
	if k.answered {
		panic("a second answer")
	}
	k.answer, k.answered = answer, true
}

// serve makes the calls, after canister_init where there is one, and gives
// them with the answers that they got up to the first trap.
func (k *canister) serve(ctx context.Context, m api.Module, calls []corpus.Call) ([]corpus.Call, error) {
	if init := m.ExportedFunction("canister_init"); init != nil {
		if _, err := init.Call(ctx); err != nil {
			return calls, err
		}
	}
	done := slices.Clone(calls)
	for i, call := range calls {
		k.arg, k.appended, k.answered = call.Arg, nil, false
		method := m.ExportedFunction(call.Method)
		if method == nil {
			return done, fmt.Errorf("no method %q", call.Method)
		}
		if _, err := method.Call(ctx); err != nil {
			return done, fmt.Errorf("%s: %w", call.Method, err)
		}
		if !k.answered {
			return done, fmt.Errorf("%s: no answer", call.Method)
		}
		done[i].Reply, done[i].Reject = k.answer.Reply, k.answer.Reject
	}
	return done, nil
}

func bytesAt(m api.Module, from, size uint32) []byte {
	data, ok := m.Memory().Read(from, size)
	if !ok {
		panic("out of bounds")
	}
	return data
}
