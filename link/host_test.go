package link_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/icsplice/icsplice/internal/wasmtest"
)

// TestPointersOfHostCalls: what a program gives to ic0 is the same bytes when
// it is linked, and an address outside its memory stays outside.
func TestPointersOfHostCalls(t *testing.T) {
	const shift = basePages << 16
	m := &wasmtest.Module{}
	reply := m.Import("ic0", "msg_reply_data_append", "i32 i32 ->")
	write := m.Import("ic0", "stable64_write", "i64 i64 i64 ->")
	now := m.Import("ic0", "time", "-> i64")
	m.Memory(1, -1)
	m.Func("reply", "i32 i32 ->", "", "local.get 0 local.get 1 call "+itoa(reply))
	m.Func("write", "i64 i64 i64 ->", "", "local.get 0 local.get 1 local.get 2 call "+itoa(write))
	m.Func("now", "-> i64", "", "call "+itoa(now))
	linked := merge(t, m.Encode(), polyfillModule(basePages))

	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	var got string
	_, err := r.NewHostModuleBuilder("ic0").
		NewFunctionBuilder().WithFunc(func(p, n uint32) { got = fmt.Sprintf("reply %d %d", p, n) }).Export("msg_reply_data_append").
		NewFunctionBuilder().WithFunc(func(at, p, n uint64) { got = fmt.Sprintf("write %d %d %d", at, p, n) }).Export("stable64_write").
		NewFunctionBuilder().WithFunc(func() uint64 { got = "now"; return 5 }).Export("time").
		Instantiate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	module, err := r.Instantiate(ctx, linked)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []uint64
		want string
	}{
		{"reply", []uint64{0, 7}, fmt.Sprintf("reply %d 7", shift)},
		{"reply", []uint64{65535, 1}, fmt.Sprintf("reply %d 1", shift+65535)},
		{"reply", []uint64{1<<32 - shift - 1, 1}, "reply 4294967295 1"},
		{"reply", []uint64{1<<32 - shift, 1}, "reply 4294967295 1"},
		{"reply", []uint64{api.EncodeI32(-1), 1}, "reply 4294967295 1"},
		{"write", []uint64{9, 16, 3}, fmt.Sprintf("write 9 %d 3", shift+16)},
		{"write", []uint64{9, 1<<32 - 1, 3}, fmt.Sprintf("write 9 %d 3", uint64(shift+1<<32-1))},
		{"write", []uint64{9, 1 << 32, 3}, "write 9 4294967296 3"},
		{"write", []uint64{9, 1<<64 - 1, 3}, "write 9 18446744073709551615 3"},
		{"now", nil, "now"},
	}
	for _, test := range tests {
		if _, err := module.ExportedFunction(test.name).Call(ctx, test.args...); err != nil {
			t.Fatal(err)
		}
		if got != test.want {
			t.Errorf("%s%v arrives as %s, want %s", test.name, test.args, got, test.want)
		}
	}
}
