package canister

import (
	"errors"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// signatureOf is the type of an ic0 function.
func signatureOf(name string) wasm.SubType {
	f := &abi.IC0[ic0Index[name]]
	t := wasm.SubType{Kind: wasm.KindFunc}
	for _, p := range f.Params {
		t.Params = append(t.Params, wasm.ValType{Code: byte(p.Type)})
	}
	for _, r := range f.Results {
		t.Results = append(t.Results, wasm.ValType{Code: byte(r)})
	}
	return t
}

// zeroCall is a body that calls function 0, f, with zeros.
func zeroCall(f *abi.Function) wasm.Body {
	code := []byte{0}
	for _, p := range f.Params {
		code = append(code, map[abi.ValType]byte{abi.I32: 0x41, abi.I64: 0x42}[p.Type], 0)
	}
	code = append(code, 0x10, 0)
	for range f.Results {
		code = append(code, 0x1a)
	}
	return wasm.Body{Bytes: append(code, 0x0b)}
}

// callerModule is a module whose function 1 calls one ic0 function with zeros
// and is exported under the names, or is the start function.
func callerModule(f *abi.Function, start bool, names ...string) []byte {
	m := wasm.Module{
		Types:     []wasm.SubType{signatureOf(f.Name), {Kind: wasm.KindFunc}},
		RecGroups: []wasm.RecGroup{{First: 0, Count: 1}, {First: 1, Count: 1}},
		Imports:   []wasm.Import{{Module: "ic0", Name: f.Name}},
		Funcs:     []wasm.TypeIndex{1},
		Memories:  []wasm.Limits{{Min: 1, PageSizeLog2: 16}},
		Code:      []wasm.Body{zeroCall(f)},
	}
	for _, name := range names {
		m.Exports = append(m.Exports, wasm.Export{Name: name, Index: 1})
	}
	if begin := wasm.FuncIndex(1); start {
		m.Start = &begin
	}
	return m.Encode()
}

// sendTo installs a module and sends it a message.
func sendTo(module []byte, send func(*Canister) error) error {
	c, err := Install(ctx, module, nil, Options{})
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	return send(c)
}

// TestModesOfEveryFunction calls each ic0 function from each kind of entry
// point. It must fail with ErrMode exactly where the table says so.
func TestModesOfEveryFunction(t *testing.T) {
	nothing := func(*Canister) error { return nil }
	update := func(c *Canister) error { _, err := c.Update(ctx, nil, "m", nil); return err }
	query := func(c *Canister) error { _, err := c.Query(ctx, nil, "m", nil); return err }
	composite := func(c *Canister) error { _, err := c.CompositeQuery(ctx, nil, "m", nil); return err }
	heartbeat := func(c *Canister) error { _, err := c.Heartbeat(ctx); return err }
	tests := []struct {
		mode  abi.Mode
		names []string
		send  func(*Canister) error
	}{
		{abi.ModeStart, nil, nothing},
		{abi.ModeInit, []string{"canister_init"}, nothing},
		{abi.ModeUpdate, []string{"canister_update m"}, update},
		{abi.ModeReplicatedQuery, []string{"canister_query m"}, update},
		{abi.ModeQuery, []string{"canister_query m"}, query},
		{abi.ModeCompositeQuery, []string{"canister_composite_query m"}, composite},
		{abi.ModeInspect, []string{"canister_inspect_message", "canister_update m"}, update},
		{abi.ModeSystemTask, []string{"canister_heartbeat"}, heartbeat},
	}
	for i := range abi.IC0 {
		f := &abi.IC0[i]
		for _, tt := range tests {
			err := sendTo(callerModule(f, tt.mode == abi.ModeStart, tt.names...), tt.send)
			var call *CallError
			if errors.As(err, &call) && (call.Function != f.Name || call.Mode != tt.mode) {
				if tt.mode == abi.ModeInspect && call.Mode == abi.ModeUpdate {
					continue // accepted, and then called by the update itself
				}
				t.Errorf("%s in %s: %v", f.Name, ModeName(tt.mode), err)
			}
			if forbidden := f.Modes&tt.mode == 0; errors.Is(err, ErrMode) != forbidden {
				t.Errorf("%s in %s: %v; forbidden: %v", f.Name, ModeName(tt.mode), err, forbidden)
			}
		}
	}
}

// TestModesOfUpgrades does the same for pre_upgrade and post_upgrade.
func TestModesOfUpgrades(t *testing.T) {
	for i := range abi.IC0 {
		f := &abi.IC0[i]
		for entry, mode := range map[string]abi.Mode{"canister_pre_upgrade": abi.ModePreUpgrade, "canister_post_upgrade": abi.ModeInit} {
			module := callerModule(f, false, entry)
			err := sendTo(module, func(c *Canister) error {
				_, err := c.Upgrade(ctx, module, nil)
				return err
			})
			if forbidden := f.Modes&mode == 0; errors.Is(err, ErrMode) != forbidden {
				t.Errorf("%s in %s: %v; forbidden: %v", f.Name, entry, err, forbidden)
			}
		}
	}
}

// callbackModule is a module whose update "m" calls the management canister:
// raw_rand, or with nameSize 4 what does not exist. Function 0 of the table
// calls f with zeros, function 1 traps.
func callbackModule(f *abi.Function, nameSize, callback, cleanup byte) []byte {
	m := wasm.Module{
		Types: []wasm.SubType{
			signatureOf(f.Name), signatureOf("call_new"), signatureOf("call_on_cleanup"), signatureOf("call_perform"),
			{Kind: wasm.KindFunc}, {Kind: wasm.KindFunc, Params: []wasm.ValType{wasm.I32}},
		},
		Imports: []wasm.Import{
			{Module: "ic0", Name: f.Name}, {Module: "ic0", Name: "call_new", Type: 1},
			{Module: "ic0", Name: "call_on_cleanup", Type: 2}, {Module: "ic0", Name: "call_perform", Type: 3},
		},
		Funcs:    []wasm.TypeIndex{4, 5, 5},
		Tables:   []wasm.Table{{TableType: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 2}}}},
		Memories: []wasm.Limits{{Min: 1, PageSizeLog2: 16}},
		Exports:  []wasm.Export{{Name: "canister_update m", Index: 4}},
		Elems:    []wasm.Elem{{Offset: wasm.Expr{0x41, 0, 0x0b}, Type: wasm.FuncRef, Funcs: []wasm.FuncIndex{5, 6}}},
		Data:     []wasm.Data{{Offset: wasm.Expr{0x41, 0, 0x0b}, Init: []byte("raw_rand")}},
		Code: []wasm.Body{
			{Bytes: []byte{0,
				0x41, 0, 0x41, 0, 0x41, 0, 0x41, nameSize, 0x41, callback, 0x41, 0, 0x41, callback, 0x41, 0, 0x10, 1,
				0x41, cleanup, 0x41, 0, 0x10, 2,
				0x10, 3, 0x1a, 0x0b}},
			zeroCall(f),
			{Bytes: []byte{0, 0x00, 0x0b}},
		},
	}
	for i := range m.Types {
		m.RecGroups = append(m.RecGroups, wasm.RecGroup{First: wasm.TypeIndex(i), Count: 1})
	}
	return m.Encode()
}

// TestModesOfCallbacks does the same for reply, reject and cleanup callbacks.
func TestModesOfCallbacks(t *testing.T) {
	tests := []struct {
		mode               abi.Mode
		nameSize, callback byte
	}{{abi.ModeReply, 8, 0}, {abi.ModeReject, 4, 0}, {abi.ModeCleanup, 8, 1}}
	for i := range abi.IC0 {
		f := &abi.IC0[i]
		for _, tt := range tests {
			module := callbackModule(f, tt.nameSize, tt.callback, 1-tt.callback)
			err := sendTo(module, func(c *Canister) error {
				r, err := c.Update(ctx, nil, "m", nil)
				if r == nil {
					return err
				}
				for _, trap := range r.CallbackTraps {
					if call := (*CallError)(nil); errors.As(trap, &call) && call.Mode == tt.mode {
						return call
					}
				}
				return err
			})
			if forbidden := f.Modes&tt.mode == 0; errors.Is(err, ErrMode) != forbidden {
				t.Errorf("%s in %s: %v; forbidden: %v", f.Name, ModeName(tt.mode), err, forbidden)
			}
		}
	}
}
