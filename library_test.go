package icsplice_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/icsplice/icsplice/corpus"
)

// goMethods are what gocounter's exports become: Go cannot export a name with
// a space in it.
var goMethods = map[string]string{"count": "canister_query count", "increment": "canister_update increment"}

// TestLibraries sends the corpus's canisters their messages and wants the
// replies that a native runtime gave.
func TestLibraries(t *testing.T) {
	for _, c := range corpus.Cases() {
		if len(c.Calls) == 0 {
			continue
		}
		t.Run(c.Program+"/"+c.Name, func(t *testing.T) {
			stable := canister.NewStableMemory()
			openTree(t, stable).write(c.Files)
			k := install(t, c.Program, stable)
			trapped := false
			for i, call := range c.Calls {
				trapped = trapped || send(t, k, i, call)
			}
			if trapped != c.Want.Trap {
				t.Errorf("trapped: %v, want %v", trapped, c.Want.Trap)
			}
			// A trap takes back what its message wrote, here as there all.
			want := c.Want.Files
			if trapped {
				want = wantFiles(t, c.Files)
			}
			if got := openTree(t, stable).read(); !maps.Equal(got, want) {
				t.Errorf("files %q, want %q", got, want)
			}
		})
	}
}

// wantFiles is a case's tree in the form in which tree.read gives it.
func wantFiles(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	f := openTree(t, canister.NewStableMemory())
	f.write(files)
	return f.read()
}

func install(t *testing.T, program string, stable canister.StableMemory) *canister.Canister {
	t.Helper()
	opts := icsplice.Options{}
	if program == "gocounter" {
		opts.Methods = goMethods
	}
	r, err := icsplice.Build(module(t, program), opts)
	if err != nil {
		t.Fatal(err)
	}
	k, err := canister.Install(context.Background(), r.Wasm, nil, canister.Options{
		Stable: stable, Upgrade: stable.Size() > 0, Limits: canister.ICLimits,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return k
}

// send makes a call and reports whether it trapped.
func send(t *testing.T, k *canister.Canister, i int, call corpus.Call) bool {
	t.Helper()
	method, query := call.Method, false
	if as, ok := goMethods[method]; ok {
		method = as
	}
	if name, ok := strings.CutPrefix(method, "canister_query "); ok {
		method, query = name, true
	}
	method = strings.TrimPrefix(method, "canister_update ")
	message := k.Update
	if query {
		message = k.Query
	}
	r, err := message(context.Background(), nil, method, call.Arg)
	var trap *canister.TrapError
	if errors.As(err, &trap) {
		t.Logf("call %d, %s: %v", i, call.Method, err)
		return true
	}
	if err != nil {
		t.Fatalf("call %d, %s: %v", i, call.Method, err)
	}
	reject := ""
	if r.Reject != nil {
		reject = r.Reject.Message
	}
	if string(r.Reply) != string(call.Reply) || reject != call.Reject {
		t.Errorf("call %d, %s: reply %q, reject %q; want %q and %q", i, call.Method, r.Reply, reject, call.Reply, call.Reject)
	}
	return false
}

// TestLibraryUpgrade: files outlive an upgrade, for which the program needs no
// hook, and the constructors run again.
func TestLibraryUpgrade(t *testing.T) {
	ctx := context.Background()
	k := install(t, "counter", canister.NewStableMemory())
	if _, err := k.Update(ctx, nil, "add_note", []byte("one")); err != nil {
		t.Fatal(err)
	}
	before, err := k.Query(ctx, nil, "count", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := icsplice.Build(module(t, "counter"), icsplice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Upgrade(ctx, r.Wasm, nil); err != nil {
		t.Fatal(err)
	}
	after, err := k.Query(ctx, nil, "count", nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(before.Reply) != string(after.Reply) || len(after.Reply) == 0 {
		t.Errorf("count is %q after the upgrade, %q before", after.Reply, before.Reply)
	}
}
