package validate

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/icsplice/icsplice/internal/wasm"
)

var update = flag.Bool("update", false, "rewrite the seeds of the fuzz targets")

// agreementSeeds are modules of what the other validator knows as well.
func agreementSeeds() map[string]*wasm.Module {
	seeds := map[string]*wasm.Module{}
	for name, body := range map[string]string{
		"blocks": "i32.const 1 if i32 block i32 i32.const 2 local.get 0 br_table 1 0 1 end else " +
			"i32.const 3 end loop 1 local.tee 0 local.get 0 br_if 0 drop i32.const 4 end return",
		"calls":      "local.get 0 call 0 i32.const 0 call_indirect 1 0 return_call 0",
		"indirect":   "local.get 0 i32.const 0 return_call_indirect 1 0",
		"memory":     "local.get 0 i32.load8_u 0 3 i32.const 1 i32.const 2 memory.fill 0 i32.const 0 i64.load 3 8 i32.wrap_i64",
		"vectors":    "local.get 0 v128.load 4 0 local.get 0 i32x4.splat i8x16.add i32x4.extract_lane 3",
		"atomics":    "local.get 0 i32.const 1 i32.atomic.rmw8.add_u 0 4 atomic.fence 0",
		"exceptions": "block i32 block void try_table i32 2 0x00 0 1 0x02 0 local.get 0 throw 0 end br 1 end i32.const 0 end",
		"tables":     "i32.const 0 table.get 0 ref.is_null i32.const 0 ref.null func table.set 0 table.size 0 i32.const 1 select",
		"references": "local.get 0 ref.func 0 call_ref 1 block ref 1 ref.null 1 br_on_non_null 0 unreachable end drop",
		"unreached":  "unreachable select i32.eqz br_if 0 drop br 0 drop i32.add",
	} {
		m := &wasm.Module{}
		group(m, fn(""))
		group(m, fn("i32 -> i32"))
		group(m, fn("i32 ->"))
		m.Tables = []wasm.Table{{TableType: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 2}}}}
		m.Memories = []wasm.Limits{{Min: 1, HasMax: true, Max: 2, Shared: true}}
		m.Globals = []wasm.Global{constGlobal("i32", "i32.const 1 i32.const 2 i32.add")}
		m.Tags = []wasm.TypeIndex{2}
		m.Exports = []wasm.Export{{Name: "f"}}
		m.Elems = []wasm.Elem{{Offset: assemble("global.get 0"), Funcs: []wasm.FuncIndex{0}}}
		m.Data = []wasm.Data{{Offset: assemble("i32.const 8"), Init: []byte("data")}}
		addBody(m, 1, "i64 v128", body)
		seeds[name] = m
	}
	return seeds
}

// moduleSeeds are modules of what is covered here.
func moduleSeeds() map[string]*wasm.Module {
	return map[string]*wasm.Module{
		"structs":    world(0, "i32.const 1 i32.const 2 local.get 2 struct.new 1 local.tee 4 struct.get 1 0 drop"),
		"arrays":     world(0, "i32.const 0 i32.const 1 array.new_data 3 0 local.tee 7 array.len drop"),
		"casts":      world(0, "block ref 1 local.get 2 br_on_cast 0x01 0 any 1 unreachable end drop"),
		"legacy":     world(0, "try void throw 0 catch 1 drop catch_all rethrow 0 end try void delegate 0"),
		"memory64":   world(0, "i64.const 0 i32.const 0 i32.const 0 memory.copy 1 0 i64.const 0 i32.load 0x42 1 0 drop"),
		"locals":     world(0, "block void struct.new_default 1 local.tee 5 drop end"),
		"exceptions": world(0, "block 11 try_table void 1 0x01 1 0 end unreachable end drop drop"),
	}
}

// TestSeeds compares the seeds on disk with those here.
func TestSeeds(t *testing.T) {
	for target, seeds := range map[string]map[string]*wasm.Module{
		"FuzzAgreement": agreementSeeds(), "FuzzModule": moduleSeeds(),
	} {
		for name, m := range seeds {
			b := m.Encode()
			if err := check(b); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			path := filepath.Join("testdata/fuzz", target, name)
			want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", b)
			if *update {
				if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, _ := os.ReadFile(path); string(got) != want {
				t.Errorf("%s is not the seed made here: run go test -run TestSeeds -update", path)
			}
		}
	}
}

// FuzzModule checks that no module makes the validator panic, that what it finds
// has a place, and that the verdict does not depend on how a module is written or
// on the number of workers.
func FuzzModule(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := wasm.Read(b)
		if err != nil {
			return
		}
		err = Module(m, Input(b), Workers(1))
		var e *wasm.Error
		if err != nil && (!errors.As(err, &e) || e.Section == wasm.SectionNone || e.Offset < 0 || e.Offset > len(b)) {
			t.Fatalf("an error without its place: %v", err)
		}
		out := m.Encode()
		again, readErr := wasm.Read(out)
		if readErr != nil {
			t.Fatalf("the module as it is written cannot be read: %v", readErr)
		}
		if other := Module(again, Workers(3)); (other == nil) != (err == nil) {
			t.Fatalf("%v as it was read, %v as it was written", err, other)
		}
	})
}
