package icsplice_test

import (
	"context"
	"math"
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/internal/wasmtest"
)

// printer writes 64 KiB to standard output 40 times and exits with how often
// that failed.
func printer() []byte {
	m := &wasmtest.Module{}
	m.Import("wasi_snapshot_preview1", "fd_write", "i32 i32 i32 i32 -> i32")
	m.Import("wasi_snapshot_preview1", "proc_exit", "i32 ->")
	m.Memory(3, 3)
	m.Func("_start", "", "i32 i32", `
		i32.const 0 i32.const 65536 i32.store 2 0
		i32.const 4 i32.const 65536 i32.store 2 0
		loop void
			i32.const 1 i32.const 0 i32.const 1 i32.const 8 call 0
			i32.const 0 i32.ne local.get 1 i32.add local.set 1
			local.get 0 i32.const 1 i32.add local.tee 0 i32.const 40 i32.lt_u br_if 0
		end
		local.get 1 call 1`)
	return m.Encode()
}

// TestLongOutput: a program that opens no file still prints as much as the
// reply may hold, and is told when it may not.
func TestLongOutput(t *testing.T) {
	ctx := context.Background()
	for _, test := range []struct {
		limit uint32
		bytes int
		fails bool
	}{{0, 1 << 20, true}, {1 << 30, 40 << 16, false}} {
		r, err := icsplice.Build(printer(), icsplice.Options{ReplyLimit: test.limit})
		if err != nil {
			t.Fatal(err)
		}
		k, err := canister.Install(ctx, r.Wasm, nil, canister.Options{
			Controllers: []canister.Principal{controller}, ReplyLimit: math.MaxInt32,
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Update(ctx, controller, candid.Method, candid.EncodeRun(nil, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		reply, err := candid.DecodeRunReply(got.Reply)
		if err != nil {
			t.Fatal(err)
		}
		if len(reply.Stdout) != test.bytes || (reply.ExitCode != 0) != test.fails {
			t.Errorf("limit %d: %d bytes, exit %d", test.limit, len(reply.Stdout), reply.ExitCode)
		}
		if err := k.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}
