package icsplice_test

import (
	"context"
	"encoding/binary"
	"maps"
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/internal/wasmtest"
)

// volumeCanister uses stable memory by itself, from page 0 on, and files beside
// it: "put" grows it by a page, writes the message there and makes a folder,
// "get" replies with the first 8 bytes and the size in pages.
func volumeCanister() []byte {
	m := &wasmtest.Module{}
	m.Import("ic0", "stable64_grow", "i64 -> i64")
	m.Import("ic0", "stable64_write", "i64 i64 i64 ->")
	m.Import("ic0", "stable64_read", "i64 i64 i64 ->")
	m.Import("ic0", "stable64_size", "-> i64")
	m.Import("ic0", "msg_arg_data_copy", "i32 i32 i32 ->")
	m.Import("ic0", "msg_reply_data_append", "i32 i32 ->")
	m.Import("ic0", "msg_reply", "")
	m.Import("wasi_snapshot_preview1", "path_create_directory", "i32 i32 i32 -> i32")
	m.Memory(1, 1)
	m.Func("canister_update put", "", "", `
		i64.const 1 call 0 drop
		i32.const 64 i32.const 0 i32.const 8 call 4
		i64.const 0 i64.const 64 i64.const 8 call 1
		i32.const 128 i32.const 100 i32.store8 0 0
		i32.const 3 i32.const 128 i32.const 1 call 7 if void unreachable end
		call 6`)
	m.Func("canister_update get", "", "", `
		i64.const 256 i64.const 0 i64.const 8 call 2
		i32.const 264 call 3 i64.store 3 0
		i32.const 256 i32.const 16 call 5 call 6`)
	return m.Encode()
}

// TestStableMemoryIsShared: the program's own stable memory begins at its page
// 0, and neither it nor the file system sees the other, also after an upgrade.
func TestStableMemoryIsShared(t *testing.T) {
	ctx := context.Background()
	r, err := icsplice.Build(volumeCanister(), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stable := canister.NewStableMemory()
	k, err := canister.Install(ctx, r.Wasm, nil, canister.Options{Stable: stable})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(ctx)
	want := binary.LittleEndian.AppendUint64([]byte("mine own"), 1)
	if _, err := k.Update(ctx, nil, "put", want[:8]); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"at once", "after an upgrade"} {
		got, err := k.Update(ctx, nil, "get", nil)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Reply) != string(want) {
			t.Errorf("%s: stable memory is %q, want %q", when, got.Reply, want)
		}
		if files := openTree(t, stable).read(); !maps.Equal(files, map[string]string{"d/": ""}) {
			t.Errorf("%s: files %q", when, files)
		}
		if _, err := k.Upgrade(ctx, r.Wasm, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStableMemoryIsAdopted: what a canister has in stable memory before it is
// built with files stays where it was.
func TestStableMemoryIsAdopted(t *testing.T) {
	ctx := context.Background()
	stable := canister.NewStableMemory()
	if _, ok := stable.Grow(3); !ok {
		t.Fatal("no stable memory")
	}
	old := []byte("old data")
	if err := stable.Write(old, 0); err != nil {
		t.Fatal(err)
	}
	r, err := icsplice.Build(volumeCanister(), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	k, err := canister.Install(ctx, r.Wasm, nil, canister.Options{Stable: stable, Upgrade: true})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(ctx)
	got, err := k.Update(ctx, nil, "get", nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := binary.LittleEndian.AppendUint64(old, 3); string(got.Reply) != string(want) {
		t.Errorf("stable memory is %q, want %q", got.Reply, want)
	}
}
