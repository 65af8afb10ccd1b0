package canister

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".wasm")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// install makes a canister of a module in testdata and closes it after the test.
func install(t testing.TB, name string, opts Options) *Canister {
	t.Helper()
	if opts.Time == nil {
		opts.Time = func() uint64 { return 1_700_000_000_000_000_000 }
	}
	c, err := Install(context.Background(), load(t, name), nil, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// TestInstructions holds the meter against prices worked out by hand from the
// IC's published rules; the sums name what each part is for.
func TestInstructions(t *testing.T) {
	const entry, call, page = 1, 5, 1000
	tests := []struct {
		method string
		want   uint64
		fuel   uint64 // operators, function entries included
		traps  bool
	}{
		{"empty", entry, 1, false},
		{"arg copy", entry + 3 + call + 500 + 1024, 5, false}, // 1,533
		{"heap pages", entry + 5 + 2 + 2 + 1 + 2*page, 10, false},
		{"equal bytes", entry + 2 + 1, 4, false},
		{"stable pages", entry + 1 + 4*call + 100 + 15 + 2 + 3*page + 2*21 + 21 + 1 + 2, 24, false},
		{"stable size", entry + call + 1, 2, false},
		{"stable nothing", entry + 3 + call + 20, 5, false},
		{"loop ten", entry + 10*(4+3+2), 1 + 10*8, false},
		{"if then", entry + 1 + 2 + 1, 3, false},
		{"if else", entry + 1 + 2 + 3, 3, false},
		{"if not", entry + 1 + 2 + 1, 3, false},
		{"block", entry + 2 + 1, 2, false},
		{"br_table", entry + 1 + 2 + 1, 3, false},
		{"return", entry + 1, 1, false},
		{"dead code", entry + 1, 1, false},
		{"trap", entry + 1 + 1 + 1, 2, true},
		{"trap within", entry + 1 + 1 + 1 + 2, 3, true},
		{"call", entry + call + entry, 3, false},
		{"call_indirect", entry + 1 + 10 + entry, 4, false},
		{"return_call", entry + 3 + entry, 3, false},
		{"fill", entry + 3 + 100 + 100, 5 + 100, false},
		{"copy", entry + 3 + 100 + 5000, 5 + 5000, false},
		{"fill too much", entry + 3 + 100 + 1000000, 5 + 1000000, true},
		{"grow", entry + 1 + 300 + 1, 3, false},
		{"size", entry + 20 + 1, 2, false},
		{"divide", entry + 2 + 10 + 1, 4, false},
		{"floats", entry + 1 + 1 + 16 + 5 + 8 + 1, 6, false},
		{"convert", entry + 2 + 18 + 20 + 1, 5, false},
		{"simd", entry + 3 + 3 + 4 + 1, 6, false},
		{"references", entry + 130 + 5 + 1, 3, false},
		{"select", entry + 3 + 1 + 1, 5, false},
		{"counter", entry + 4 + 3*call + 1 + 200 + 500 + 8*50 + 500 + page, 9, false},
		{"print", entry + 2 + call + 100 + 2*5 + 50*5, 4, false},
		{"print much", entry + 2 + call + 100 + (2+50)*4096, 4, false},
		{"time", entry + call + 500 + 1, 2, false},
		{"controller", entry + 2 + call + 1000 + 10 + 1, 4, false},
		{"certify", entry + 2 + call + 500 + 32, 4, false},
	}
	for _, tt := range tests {
		t.Run(tt.method, func(t *testing.T) {
			c := install(t, "cost", Options{CountOperators: true})
			r, err := c.Update(context.Background(), nil, tt.method, make([]byte, 1024))
			if trap := (*TrapError)(nil); errors.As(err, &trap) != tt.traps || !tt.traps && err != nil {
				t.Fatalf("error %v", err)
			}
			if r.Instructions != tt.want {
				t.Errorf("%d instructions, want %d: %+v", r.Instructions, tt.want, r.Cost)
			}
			if r.Operators != tt.fuel {
				t.Errorf("%d operators, want %d", r.Operators, tt.fuel)
			}
			k := r.Cost
			if sum := k.Code + k.SystemCalls + k.StableBytes + k.StablePages + k.HeapPages; sum != r.Instructions {
				t.Errorf("the parts %+v sum to %d", k, sum)
			}
		})
	}
}

func TestGoldenNumbers(t *testing.T) {
	for method, want := range map[string]uint64{"arg copy": 1533, "heap pages": 2011, "stable pages": 3205, "empty": 1} {
		c := install(t, "cost", Options{})
		r, err := c.Update(context.Background(), nil, method, make([]byte, 1024))
		if err != nil || r.Instructions != want {
			t.Errorf("%s: %d, %v; want %d", method, r.Instructions, err, want)
		}
	}
}

func TestCostSplit(t *testing.T) {
	c := install(t, "cost", Options{})
	r, err := c.Update(context.Background(), nil, "stable pages", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Cost{Code: 1 + 1 + 20 + 15 + 2 + 1 + 2, SystemCalls: 100 + 3*20, StableBytes: 3, StablePages: 2000, HeapPages: 1000}
	if r.Cost != want {
		t.Errorf("got %+v, want %+v", r.Cost, want)
	}
	if r.StableWrites != 2 || r.StableWriteBytes != 2 || r.StableReads != 1 || r.StableReadBytes != 1 {
		t.Errorf("stable calls: %+v", r)
	}
	if r.StablePagesDirty != 2 || r.StablePagesAccessed != 2 || r.HeapPagesDirty != 1 || r.StablePages != 1 {
		t.Errorf("pages: %+v", r)
	}
	if r.Calls["stable64_write"] != 2 || r.Calls["stable64_grow"] != 1 || len(r.Calls) != 3 {
		t.Errorf("calls: %v", r.Calls)
	}
}

func TestHeapPageRules(t *testing.T) {
	tests := []struct {
		name string
		rule HeapPage
		want uint64
	}{
		{"default", HeapPage{}, 11 + 2*1000},
		{"free", HeapPage{Free: true}, 11},
		{"64-bit price", HeapPage{Cost: 4000}, 11 + 2*4000},
		{"Wasm pages", HeapPage{Size: 65536}, 11 + 16*1000},
	}
	for _, tt := range tests {
		c := install(t, "cost", Options{HeapPage: tt.rule})
		r, err := c.Update(context.Background(), nil, "heap pages", nil)
		if err != nil || r.Instructions != tt.want {
			t.Errorf("%s: %d, %v; want %d", tt.name, r.Instructions, err, tt.want)
		}
	}
	c := install(t, "cost", Options{})
	r, err := c.Query(context.Background(), nil, "heap pages query", nil)
	if err != nil || r.Instructions != 11 || r.HeapPagesDirty != 2 {
		t.Errorf("query: %d, %d pages, %v; want 11 and 2", r.Instructions, r.HeapPagesDirty, err)
	}
}

func TestPerformanceCounterMidway(t *testing.T) {
	c := install(t, "cost", Options{})
	r, err := c.Update(context.Background(), nil, "counter", nil)
	if err != nil {
		t.Fatal(err)
	}
	// The whole segment is paid when the call runs: 1, four constants, three
	// calls and the store, but of the system calls only the counter's own.
	if got := binary.LittleEndian.Uint64(r.Reply); got != 1+4+3*5+1+200 {
		t.Errorf("counter %d, want %d", got, 1+4+3*5+1+200)
	}
}

func TestInstructionLimit(t *testing.T) {
	tests := []struct {
		method string
		limit  uint64
		stops  bool
	}{
		{"loop ten", 91, false},
		{"loop ten", 90, true},
		{"loop forever", 101, true},
		{"fill", 204, false},
		{"fill", 203, true},
		{"arg copy", 1533, false},
		{"arg copy", 1532, true},
		{"stable pages", 2204, true},
		{"stable pages", 2205, false}, // the heap page never fails a message
	}
	for _, tt := range tests {
		c := install(t, "cost", Options{Limits: InstructionLimits{Update: tt.limit}})
		r, err := c.Update(context.Background(), nil, tt.method, make([]byte, 1024))
		if errors.Is(err, ErrOutOfInstructions) != tt.stops || !tt.stops && err != nil {
			t.Errorf("%s with %d: %v", tt.method, tt.limit, err)
		}
		if r.Instructions > tt.limit {
			t.Errorf("%s with %d: charged %d", tt.method, tt.limit, r.Instructions)
		}
	}
}

// TestCostTable holds that each name in the table is an instruction, listed
// once, and that what was checked by hand is there.
func TestCostTable(t *testing.T) {
	known := map[string]wasm.Op{}
	for op := wasm.Op(0); op < 0xff0000; op++ {
		if info, ok := op.Info(); ok {
			known[info.Name] = op
		}
	}
	seen := map[string]bool{}
	for _, group := range opCosts {
		for _, name := range strings.Fields(group.ops) {
			if _, ok := known[name]; !ok || seen[name] {
				t.Errorf("%s: unknown or twice", name)
			}
			seen[name] = true
		}
	}
	samples := map[string]uint64{
		"i32.add": 1, "i64.rem_u": 10, "f32.min": 18, "select": 1, "i64.load32_s": 1, "end": 0, "if": 2,
		"f64.promote_f32": 1, "f32.abs": 1, "f64.lt": 3, "memory.init": 100, "data.drop": 300,
		"i8x16.swizzle": 1, "f64x2.sqrt": 14, "i32x4.add": 1, "v128.load": 1, "throw": 1,
	}
	for name, want := range samples {
		if got := opCost(known[name]); got != want {
			t.Errorf("%s costs %d, want %d", name, got, want)
		}
	}
}

func TestCallCostsCoverTheTable(t *testing.T) {
	if len(abi.IC0) > callTableSize {
		t.Fatalf("callTableSize is below %d", len(abi.IC0))
	}
	for i := range abi.IC0 {
		if ic0Funcs[abi.IC0[i].Name] == nil {
			t.Errorf("%s is not implemented", abi.IC0[i].Name)
		}
	}
	if len(ic0Funcs) != len(abi.IC0) {
		t.Errorf("%d functions for %d names", len(ic0Funcs), len(abi.IC0))
	}
	for name := range callCosts {
		if _, ok := ic0Index[name]; !ok {
			t.Errorf("a cost for %s, which does not exist", name)
		}
	}
	samples := map[string]callCost{
		"msg_arg_data_copy": {500, 1, []int{2}}, "msg_arg_data_size": {500, 0, nil},
		"env_var_value_copy": {500, 1, []int{4}}, "env_var_value_size": {500, 0, nil},
		"call_new": {1500, 1, []int{1, 3}}, "stable64_write": {20, 1, []int{2}},
		"msg_reply_data_append": {500, 50, []int{1}}, "stable64_size": {},
	}
	for name, want := range samples {
		got := costOfCall(&abi.IC0[ic0Index[name]])
		if got.fixed != want.fixed || got.perByte != want.perByte || len(got.sizes) != len(want.sizes) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		for i := range want.sizes {
			if got.sizes[i] != want.sizes[i] {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
	}
}

func TestChargeSaturates(t *testing.T) {
	c := install(t, "cost", Options{})
	e := c.newExecution(&Result{}, &callContext{}, "test", abi.ModeUpdate)
	c.inst.left.Set(e.budget)
	defer func() {
		if r := recover(); r != ErrOutOfInstructions {
			t.Errorf("recovered %v", r)
		}
	}()
	e.charge(&e.charged.SystemCalls, 1)
	e.charge(&e.charged.SystemCalls, math.MaxUint64)
	t.Error("a charge beyond all limits passed")
}
