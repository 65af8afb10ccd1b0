package canister

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

// brokenStable fails where it is told to.
type brokenStable struct {
	StableMemory
	commit, write error
}

func (b *brokenStable) Commit() error {
	if b.commit != nil {
		return b.commit
	}
	return b.StableMemory.Commit()
}

func (b *brokenStable) Write(p []byte, offset uint64) error {
	if b.write != nil {
		return b.write
	}
	return b.StableMemory.Write(p, offset)
}

func TestFailingStableMemory(t *testing.T) {
	disk := errors.New("disk full")
	stable := &brokenStable{StableMemory: NewStableMemory()}
	c := install(t, "behaviour", Options{Stable: stable})
	mustUpdate(t, c, "increment")
	stable.commit = disk
	if _, err := c.Update(ctx, nil, "increment", nil); !errors.Is(err, disk) {
		t.Errorf("commit: %v", err)
	}
	if _, err := c.Upgrade(ctx, load(t, "behaviour"), nil); !errors.Is(err, disk) {
		t.Errorf("commit of an upgrade: %v", err)
	}
	stable.commit, stable.write = nil, disk
	var trap *TrapError
	if _, err := c.Update(ctx, nil, "increment", nil); !errors.Is(err, disk) || !errors.As(err, &trap) {
		t.Errorf("write: %v", err)
	}
	stable.write = nil
	expectState(t, c, after(1))
	mustUpdate(t, c, "increment")
	expectState(t, c, after(2))
}

func TestFailingInstall(t *testing.T) {
	stable := NewStableMemory()
	// An upgrade of nothing: post_upgrade reads stable memory that is not there.
	_, err := Install(ctx, load(t, "behaviour"), nil, Options{Stable: stable, Upgrade: true})
	if !errors.Is(err, ErrStableBounds) {
		t.Errorf("error %v", err)
	}
	limits := InstructionLimits{Install: 1000}
	if _, err := Install(ctx, load(t, "behaviour"), nil, Options{Stable: stable, Limits: limits}); !errors.Is(err, ErrOutOfInstructions) {
		t.Errorf("error %v", err)
	}
	if stable.Size() != 0 {
		t.Errorf("stable memory has %d pages", stable.Size())
	}
}

// TestCanisterInAFile lives twice on one image.
func TestCanisterInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "canister.stable")
	for life, upgrade := range []bool{false, true} {
		stable, err := OpenStableFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c := install(t, "behaviour", Options{Stable: stable, Upgrade: upgrade})
		if s := stateOf(t, c); s.Stable != uint32(life) {
			t.Errorf("life %d: state %+v", life, s)
		}
		mustUpdate(t, c, "increment")
		if _, err := c.Update(ctx, nil, "boom", nil); err == nil {
			t.Error("boom did not trap")
		}
		if err := stable.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// throwing is a module whose method throws; it catches that itself if catch
// is set.
func throwing(catch bool) []byte {
	body := []byte{0, 0x08, 0, 0x0b} // throw 0
	if catch {
		body = []byte{0,
			0x02, 0x40, // block
			0x1f, 0x40, 1, 2, 0, // try_table (catch_all 0)
			0x08, 0, // throw 0
			0x0b, 0x0b, 0x0b,
		}
	}
	m := wasm.Module{
		Types:     []wasm.SubType{{Kind: wasm.KindFunc}},
		RecGroups: []wasm.RecGroup{{Count: 1}},
		Funcs:     []wasm.TypeIndex{0},
		Tags:      []wasm.TypeIndex{0},
		Exports:   []wasm.Export{{Name: "canister_query throw"}},
		Code:      []wasm.Body{{Bytes: body}},
	}
	return m.Encode()
}

// TestBeyondTheIC runs what the IC would refuse but wazero can do.
func TestBeyondTheIC(t *testing.T) {
	for _, catch := range []bool{false, true} {
		c, err := Install(ctx, throwing(catch), nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		r, err := c.Query(ctx, nil, "throw", nil)
		var trap *TrapError
		if errors.As(err, &trap) == catch {
			t.Errorf("catch %v: %v", catch, err)
		}
		want := uint64(1 + 1)
		if catch {
			want++ // try_table
		}
		if r.Instructions != want {
			t.Errorf("catch %v: %d instructions, want %d", catch, r.Instructions, want)
		}
	}
}
