package canister

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

var ctx = context.Background()

// snapshot is what the method "state" of behaviour.wat tells.
type snapshot struct {
	Counter, Hits   uint32
	WideLo, WideHi  uint64
	Double          float64
	Started, Stable uint32
	HeapPages       uint32
	StablePages     uint32
}

func stateOf(t *testing.T, c *Canister) snapshot {
	t.Helper()
	r, err := c.Query(ctx, nil, "state", nil)
	if err != nil {
		t.Fatal(err)
	}
	var s snapshot
	if err := binary.Read(bytes.NewReader(r.Reply), binary.LittleEndian, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// after is the state after n increments.
func after(n uint32) snapshot {
	return snapshot{
		Counter: n, Hits: n, WideLo: 1 + uint64(n), WideHi: 2 + uint64(n), Double: 0.5 + float64(n),
		Started: 7, Stable: n, HeapPages: 1, StablePages: 1,
	}
}

func expectState(t *testing.T, c *Canister, want snapshot) {
	t.Helper()
	if got := stateOf(t, c); got != want {
		t.Errorf("state %+v, want %+v", got, want)
	}
}

// mustUpdate sends an update that must be answered with a reply.
func mustUpdate(t *testing.T, c *Canister, method string) *Result {
	t.Helper()
	r, err := c.Update(ctx, nil, method, nil)
	if err != nil || r.Reject != nil {
		t.Fatalf("%s: %v, %+v", method, err, r)
	}
	return r
}

func TestStateAcrossMessages(t *testing.T) {
	c := install(t, "behaviour", Options{})
	expectState(t, c, after(0))
	for n := uint32(1); n <= 3; n++ {
		r := mustUpdate(t, c, "increment")
		if got := binary.LittleEndian.Uint32(r.Reply); got != n {
			t.Errorf("counter %d, want %d", got, n)
		}
	}
	expectState(t, c, after(3))
	if _, err := c.Query(ctx, nil, "increment query", nil); err != nil {
		t.Fatal(err)
	}
	expectState(t, c, after(3))
	if _, err := c.Update(ctx, nil, "increment query", nil); err != nil { // a replicated query
		t.Fatal(err)
	}
	expectState(t, c, after(3))
}

func TestTrapRollsBack(t *testing.T) {
	for _, method := range []string{"boom", "boom grown"} {
		c := install(t, "behaviour", Options{})
		mustUpdate(t, c, "increment")
		mustUpdate(t, c, "certify")
		r, err := c.Update(ctx, nil, method, nil)
		if trap := (*TrapError)(nil); !errors.As(err, &trap) {
			t.Fatalf("%s: %v", method, err)
		}
		if r == nil || r.Instructions == 0 || r.StableWrites != 1 || r.HeapPagesDirty == 0 {
			t.Errorf("%s: what was done until the trap is missing: %+v", method, r)
		}
		expectState(t, c, after(1))
		if string(c.CertifiedData()) != "raw_rand" || c.Timer() != 0 {
			t.Errorf("%s: certified %q, timer %d", method, c.CertifiedData(), c.Timer())
		}
		mustUpdate(t, c, "increment")
		expectState(t, c, after(2))
	}
}

func TestGrowthOfHeap(t *testing.T) {
	c := install(t, "behaviour", Options{})
	mustUpdate(t, c, "increment")
	for range 3 { // a query's growth is taken back
		r, err := c.Query(ctx, nil, "grow query", nil)
		if err != nil || binary.LittleEndian.Uint32(r.Reply) != 1 {
			t.Fatalf("%v, %+v", err, r)
		}
	}
	expectState(t, c, after(1))
	mustUpdate(t, c, "grow")
	if _, err := c.Query(ctx, nil, "grow query", nil); err != nil {
		t.Fatal(err)
	}
	want := after(1)
	want.HeapPages = 2
	expectState(t, c, want)
}

func TestTrapTellsThePlace(t *testing.T) {
	c := install(t, "behaviour", Options{})
	_, err := c.Query(ctx, nil, "unreachable", nil)
	var trap *TrapError
	var wasm *WasmTrap
	if !errors.As(err, &trap) || !errors.As(err, &wasm) {
		t.Fatalf("error %v", err)
	}
	if wasm.Message != "unreachable" || trap.Entry != "canister_query unreachable" || trap.Backtrace() != "deep\ncanister_query unreachable\n" {
		t.Errorf("%+v, %+v\n%s", trap, wasm, trap.Backtrace())
	}
	_, err = c.Update(ctx, nil, "boom", nil)
	var called *CalledTrap
	if !errors.As(err, &called) || called.Message != "boom" {
		t.Errorf("error %v", err)
	}
	_, err = c.Query(ctx, nil, "recursion", nil)
	if !errors.As(err, &trap) || !strings.Contains(err.Error(), "stack overflow") {
		t.Errorf("error %v", err)
	}
	expectState(t, c, after(0))
}

func TestStackNames(t *testing.T) {
	trace := "\t.app::run<(u8)>(i32,i64) i32\n\t.$12()\n\tic0.trap(i32,i32)\n\t.pair() (i32,i64)\n\t... maybe followed by omitted frames"
	want := []string{"app::run<(u8)>", "$12", "ic0.trap", "pair", "... maybe followed by omitted frames"}
	frames := parseStack(trace)
	for i, f := range frames {
		if i >= len(want) || f.Function != want[i] {
			t.Errorf("frames %q, want %q", frames, want)
			break
		}
	}
	if len(frames) != len(want) {
		t.Errorf("%d frames, want %d", len(frames), len(want))
	}
}

func TestRulesOfCalls(t *testing.T) {
	tests := []struct {
		method, function string
		mode             abi.Mode
		problem          error // nil: any
	}{
		{"accept", "accept_message", abi.ModeQuery, ErrMode},
		{"reply twice", "msg_reply", abi.ModeQuery, nil},
		{"reject binary", "msg_reject", abi.ModeQuery, nil},
		{"certificate", "data_certificate_size", abi.ModeQuery, nil},
		{"env missing", "env_var_value_size", abi.ModeQuery, nil},
		{"arg outside", "msg_arg_data_copy", abi.ModeQuery, ErrHeapBounds},
		{"arg beyond", "msg_arg_data_copy", abi.ModeQuery, nil},
		{"stable beyond", "stable64_read", abi.ModeQuery, ErrStableBounds},
		{"stable far", "stable64_read", abi.ModeQuery, ErrStableBounds},
		{"stable large", "stable_size", abi.ModeQuery, nil},
		{"principal long", "is_controller", abi.ModeQuery, nil},
	}
	c := install(t, "behaviour", Options{})
	for _, tt := range tests {
		_, err := c.Query(ctx, nil, tt.method, []byte{1, 2})
		var call *CallError
		if !errors.As(err, &call) || call.Function != tt.function || call.Mode != tt.mode {
			t.Errorf("%s: %v", tt.method, err)
		}
		if tt.problem != nil && !errors.Is(err, tt.problem) {
			t.Errorf("%s: %v, want %v", tt.method, err, tt.problem)
		}
	}
	for method, function := range map[string]string{"certify long": "certified_data_set", "pay too much": "call_cycles_add", "long name": "call_new"} {
		_, err := c.Update(ctx, nil, method, nil)
		if call := (*CallError)(nil); !errors.As(err, &call) || call.Function != function {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	c := install(t, "behaviour", Options{Controllers: []Principal{{9}}})
	tests := []struct {
		method string
		caller Principal
		arg    string
		reply  string
		reject *Reject
	}{
		{"echo", nil, "hello", "hello", nil},
		{"echo", nil, "", "", nil},
		{"caller", nil, "", "\x04", nil},
		{"caller", Principal{1, 2, 3}, "", "\x01\x02\x03", nil},
		{"controller", Principal{9}, "", "\x01\x00\x00\x00", nil},
		{"controller", Principal{8}, "", "\x00\x00\x00\x00", nil},
		{"replicated", nil, "", "\x00\x00\x00\x00", nil},
		{"time twice", nil, "", "\x00\x00\x00\x00\x00\x00\x00\x00", nil},
		{"reject", nil, "", "", &Reject{RejectCanisterReject, "no such"}},
		{"no reply", nil, "", "", &Reject{RejectCanisterError, "the canister did not reply to the call"}},
		{"unsent reply", nil, "", "", &Reject{RejectCanisterError, "the canister did not reply to the call"}},
		{"perform alone", nil, "", "", nil},
	}
	for _, tt := range tests {
		r, err := c.Query(ctx, tt.caller, tt.method, []byte(tt.arg))
		if err != nil {
			t.Errorf("%s: %v", tt.method, err)
			continue
		}
		if string(r.Reply) != tt.reply || (r.Reject == nil) != (tt.reject == nil) || r.Reject != nil && *r.Reject != *tt.reject {
			t.Errorf("%s: %q, %v; want %q, %v", tt.method, r.Reply, r.Reject, tt.reply, tt.reject)
		}
	}
	if r, err := c.Update(ctx, nil, "replicated", nil); err != nil || r.Reply[0] != 1 {
		t.Errorf("a replicated query: %v", err)
	}
	if r, err := c.CompositeQuery(ctx, nil, "composite", nil); err != nil || r.Reply[0] != 0 {
		t.Errorf("a composite query: %v", err)
	}
	if r, err := c.CompositeQuery(ctx, nil, "composite call", nil); err != nil || r.Reply[0] != notSent {
		t.Errorf("a composite query that calls: %v", err)
	}
}

func TestLengthOfReplies(t *testing.T) {
	c := install(t, "behaviour", Options{})
	send := map[string]func(context.Context, Principal, string, []byte) (*Result, error){"query": c.Query, "update": c.Update}
	for kind, limit := range map[string]uint32{"query": 3 << 20, "update": 2 << 20} {
		r, err := send[kind](ctx, nil, "long reply", binary.LittleEndian.AppendUint32(nil, limit))
		if err != nil || uint32(len(r.Reply)) != limit {
			t.Errorf("%s: %v", kind, err)
		}
		_, err = send[kind](ctx, nil, "long reply", binary.LittleEndian.AppendUint32(nil, limit+1))
		if call := (*CallError)(nil); !errors.As(err, &call) || call.Function != "msg_reply_data_append" {
			t.Errorf("%s of one byte more: %v", kind, err)
		}
	}
}

func TestReplyLimit(t *testing.T) {
	for limit, want := range map[int]bool{10: false, 11: true, 5 << 20: true} {
		c := install(t, "behaviour", Options{ReplyLimit: limit})
		_, err := c.Update(ctx, nil, "long reply", binary.LittleEndian.AppendUint32(nil, 11))
		if (err == nil) != want {
			t.Errorf("11 bytes at a limit of %d: %v", limit, err)
		}
	}
}

func TestMethodsThatAreNot(t *testing.T) {
	c := install(t, "behaviour", Options{})
	if _, err := c.Update(ctx, nil, "none", nil); !errors.Is(err, ErrNoMethod) {
		t.Errorf("update: %v", err)
	}
	if _, err := c.Query(ctx, nil, "increment", nil); !errors.Is(err, ErrNoMethod) {
		t.Errorf("query of an update: %v", err)
	}
	if _, err := c.GlobalTimer(ctx); !errors.Is(err, ErrNoTimer) {
		t.Errorf("timer: %v", err)
	}
	if _, err := c.Update(ctx, nil, "r", nil); !errors.Is(err, ErrRefused) {
		t.Errorf("inspect_message: %v", err)
	}
}

func TestEnvironmentAndCosts(t *testing.T) {
	c := install(t, "behaviour", Options{EnvVars: []EnvVar{{"NAME", "value"}, {"LAST", ""}}})
	r, err := c.Query(ctx, nil, "env", nil)
	if err != nil || string(r.Reply) != "\x02\x01\x00LASTvalue" {
		t.Errorf("environment: %v, %q", err, r.Reply)
	}
	r, err = c.Query(ctx, nil, "costs", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Call         [2]uint64
		OK, Alg, Key uint32
		_            uint32
		Schnorr      [2]uint64
	}
	binary.Read(bytes.NewReader(r.Reply), binary.LittleEndian, &got)
	want := uint64(260_000 + 30*1_000 + 2<<20*1_000 + 5_000_000 + 40_000_000_000)
	if got.Call != [2]uint64{want, 0} || got.OK != 0 || got.Alg != 1 || got.Key != 2 || got.Schnorr[0] != 26_153_846_153 {
		t.Errorf("costs %+v", got)
	}
}

func TestDebugPrintAndTrace(t *testing.T) {
	var out strings.Builder
	var events []Event
	c := install(t, "behaviour", Options{Debug: &out, Trace: func(e Event) { events = append(events, e) }})
	events = nil
	for _, method := range []string{"print", "print outside"} {
		if _, err := c.Query(ctx, nil, method, nil); err != nil {
			t.Fatal(err)
		}
	}
	if out.String() != "raw_rand\n" {
		t.Errorf("printed %q", out.String())
	}
	if s := fmt.Sprint(events); s != "[{debug_print [4096 8] []} {msg_reply [] []} {debug_print [4294967295 8] []} {msg_reply [] []}]" {
		t.Errorf("trace %s", s)
	}
}

func TestTimerHeartbeatVersion(t *testing.T) {
	c := install(t, "behaviour", Options{})
	mustUpdate(t, c, "set timer")
	if c.Timer() != 123 {
		t.Errorf("timer %d", c.Timer())
	}
	if _, err := c.GlobalTimer(ctx); err != nil || c.Timer() != 0 {
		t.Errorf("%v, timer %d", err, c.Timer())
	}
	expectState(t, c, after(1))
	if _, err := c.Heartbeat(ctx); err != nil { // calls increment, whose callback increments
		t.Fatal(err)
	}
	expectState(t, c, after(3))
	r, err := c.Query(ctx, nil, "version", nil)
	if err != nil || binary.LittleEndian.Uint64(r.Reply) != 1+1+1+3 {
		t.Errorf("version %v, %v", r.Reply, err)
	}
}

func TestCalls(t *testing.T) {
	tests := []struct {
		method string
		reply  string
		count  uint32 // of the counter afterwards
		traps  int    // of callbacks
	}{
		{"self", "\x01\x00\x00\x00", 2, 0},
		{"self missing", "\x03\x00\x00\x00the canister has no update method \"no such\"", 0, 0},
		{"self boom", "\x05\x00\x00\x00canister_update boom trapped at boom: canister called trap: boom", 0, 0},
		{"elsewhere", "", 0, 0},
		{"dropped call", "", 0, 0},
	}
	for _, tt := range tests {
		c := install(t, "behaviour", Options{})
		r, err := c.Update(ctx, nil, tt.method, nil)
		if err != nil || len(r.CallbackTraps) != tt.traps || r.Reject != nil {
			t.Errorf("%s: %v, %+v", tt.method, err, r)
			continue
		}
		reply := string(r.Reply)
		if tt.method == "self boom" { // the place differs, as the module has no names
			reply = reply[:strings.Index(reply, " at ")] + " at boom" + reply[strings.LastIndex(reply, ": canister"):]
		}
		if tt.method == "elsewhere" {
			if !strings.HasPrefix(reply, "\x03\x00\x00\x00no canister") {
				t.Errorf("%s: %q", tt.method, reply)
			}
		} else if reply != tt.reply {
			t.Errorf("%s: %q, want %q", tt.method, reply, tt.reply)
		}
		if got := stateOf(t, c).Counter; got != tt.count {
			t.Errorf("%s: counter %d, want %d", tt.method, got, tt.count)
		}
	}
}

func TestCallsComeToAnEnd(t *testing.T) {
	c := install(t, "behaviour", Options{MaxCalls: 20})
	if _, err := c.Update(ctx, nil, "for ever", nil); err != nil {
		t.Fatal(err)
	}
	// 21 executions of the method. Of the 20 callbacks every second is that of
	// a reply; it increments and stays silent, so that the one after it is that
	// of a rejection, which replies.
	if got := stateOf(t, c).Counter; got != 21+10 {
		t.Errorf("counter %d", got)
	}
	c = install(t, "behaviour", Options{})
	r := mustUpdate(t, c, "many calls")
	if got := binary.LittleEndian.Uint32(r.Reply); got != maxQueued {
		t.Errorf("%d calls were sent", got)
	}
}

func TestCallbacksThatTrap(t *testing.T) {
	c := install(t, "behaviour", Options{})
	r, err := c.Update(ctx, nil, "trapping callback", nil)
	var trap *TrapError
	if !errors.As(err, &trap) || !strings.HasPrefix(trap.Entry, "reply callback") || len(r.CallbackTraps) != 1 {
		t.Errorf("%v, %+v", err, r)
	}
	// increment ran and stayed, the callback's increment did not; cleanup then
	// wrote its environment into the counter.
	s := stateOf(t, c)
	if s.Hits != 1 || s.Counter != 4321 {
		t.Errorf("state %+v", s)
	}
	if _, err := c.Update(ctx, nil, "bad callback", nil); !errors.As(err, &trap) {
		t.Errorf("a callback outside of the table: %v", err)
	}
	r, err = c.Update(ctx, nil, "silent callback", nil)
	if err != nil || r.Reject == nil || r.Reject.Code != RejectCanisterError {
		t.Errorf("a callback that does not reply: %v, %+v", err, r.Reject)
	}
}

func TestRawRand(t *testing.T) {
	c := install(t, "behaviour", Options{Random: strings.NewReader(strings.Repeat("r", 32))})
	r := mustUpdate(t, c, "random")
	if want := "DIDL\x01\x6d\x7b\x01\x00\x20" + strings.Repeat("r", 32); string(r.Reply) != want {
		t.Errorf("reply %q", r.Reply)
	}
	if _, err := c.Update(ctx, nil, "random", nil); !errors.Is(err, io.EOF) {
		t.Errorf("without randomness: %v", err)
	}
}

func TestCyclesTravel(t *testing.T) {
	c := install(t, "behaviour", Options{Balance: Cycles{Hi: 1, Lo: 50}})
	r := mustUpdate(t, c, "pay") // 100 are sent, 30 accepted, 70 come back
	if got := binary.LittleEndian.Uint64(r.Reply); got != 70 {
		t.Errorf("refunded %d", got)
	}
	if c.Balance() != (Cycles{1, 50}) {
		t.Errorf("balance %+v", c.Balance())
	}
	r, err := c.Query(ctx, nil, "balance", nil)
	if err != nil || r.Reply[0] != 50 || r.Reply[8] != 1 {
		t.Errorf("balance %v, %v", r.Reply, err)
	}
}

func TestUpgrade(t *testing.T) {
	c := install(t, "behaviour", Options{})
	mustUpdate(t, c, "increment")
	mustUpdate(t, c, "set timer")
	module := load(t, "behaviour")
	if _, err := c.Upgrade(ctx, module, []byte("trap")); err == nil {
		t.Fatal("post_upgrade did not trap")
	}
	expectState(t, c, after(1)) // all is as before, what pre_upgrade wrote too
	if c.Timer() != 123 {
		t.Errorf("timer %d", c.Timer())
	}
	r, err := c.Upgrade(ctx, module, nil)
	if err != nil || r.Cost.Compilation != 6000*r.CompiledOperators || r.CompiledOperators == 0 {
		t.Fatalf("%v, %+v", err, r)
	}
	want := after(0)
	want.Counter, want.Stable = 1, 1
	expectState(t, c, want)
	if c.Timer() != 0 {
		t.Error("the timer survived the upgrade")
	}
	if _, err := c.Upgrade(ctx, []byte("no wasm"), nil); !errors.Is(err, ErrModule) {
		t.Errorf("a module that is none: %v", err)
	}
	if _, err := c.Reinstall(ctx, module, nil); err != nil {
		t.Fatal(err)
	}
	expectState(t, c, after(0))
}

// TestResume keeps stable memory over two lives of a canister.
func TestResume(t *testing.T) {
	stable := NewStableMemory()
	first := install(t, "behaviour", Options{Stable: stable})
	mustUpdate(t, first, "increment")
	mustUpdate(t, first, "increment")
	if err := stable.Write([]byte{42}, 16); err != nil { // what pre_upgrade would leave
		t.Fatal(err)
	}
	second := install(t, "behaviour", Options{Stable: stable, Upgrade: true})
	s := stateOf(t, second)
	if s.Counter != 42 || s.Stable != 2 || s.StablePages != 1 {
		t.Errorf("state %+v", s)
	}
}

func TestOneShot(t *testing.T) {
	for _, method := range []string{"increment", "boom", "self", "trapping callback"} {
		twin := install(t, "behaviour", Options{})
		c := install(t, "behaviour", Options{OneShot: true})
		want, wantErr := twin.Update(ctx, nil, method, nil)
		got, err := c.Update(ctx, nil, method, nil)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) || got.Instructions != want.Instructions || !bytes.Equal(got.Reply, want.Reply) {
			t.Errorf("%s: %v, %+v; want %v, %+v", method, err, got, wantErr, want)
		}
		if _, err := c.Query(ctx, nil, "state", nil); !errors.Is(err, ErrSpent) {
			t.Errorf("%s: a second message: %v", method, err)
		}
		a, b := make([]byte, 32), make([]byte, 32)
		if err := errors.Join(c.Stable().Read(a, 0), twin.Stable().Read(b, 0)); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: stable memory %x, want %x (%v)", method, a, b, err)
		}
	}
}

func TestTablesSpoil(t *testing.T) {
	tests := []struct {
		method  string
		spoiled bool
	}{{"drop", true}, {"global", true}, {"number", false}, {"grow", false}}
	for _, tt := range tests {
		c := install(t, "table", Options{})
		if _, err := c.Query(ctx, nil, tt.method, nil); err != nil {
			t.Fatal(err)
		}
		_, err := c.Query(ctx, nil, "number", nil)
		if errors.Is(err, ErrSpoiled) != tt.spoiled {
			t.Errorf("after %s: %v", tt.method, err)
		}
	}
	c := install(t, "table", Options{})
	mustUpdate(t, c, "keep")
	if _, err := c.Query(ctx, nil, "is set", nil); err != nil {
		t.Fatal(err)
	}
	// A new instantiation would lack the entry, so growth cannot be taken back.
	if _, err := c.Query(ctx, nil, "grow", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Query(ctx, nil, "is set", nil); !errors.Is(err, ErrSpoiled) {
		t.Errorf("after growth: %v", err)
	}
	if _, err := c.Reinstall(ctx, load(t, "table"), nil); err != nil {
		t.Error(err)
	}
	if _, err := c.Query(ctx, nil, "number", nil); err != nil {
		t.Errorf("after reinstall: %v", err)
	}
}

func TestTimeStandsStill(t *testing.T) {
	var now uint64
	c := install(t, "behaviour", Options{Time: func() uint64 { now += 10; return now }})
	before := now
	r, err := c.Query(ctx, nil, "time", nil)
	if err != nil || binary.LittleEndian.Uint64(r.Reply) != before+10 || now != before+10 {
		t.Errorf("%v, %v, now %d", err, r.Reply, now)
	}
}

func TestClosed(t *testing.T) {
	c := install(t, "behaviour", Options{})
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Upgrade(ctx, load(t, "behaviour"), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("upgrade: %v", err)
	}
	if _, err := c.Update(ctx, nil, "increment", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("update: %v", err)
	}
}

func TestCompilationCache(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		c := install(t, "behaviour", Options{Cache: dir})
		mustUpdate(t, c, "increment")
	}
}

func TestPrincipalText(t *testing.T) {
	tests := map[string]Principal{
		"aaaaa-aa":                    {},
		"2vxsx-fae":                   {4},
		"ryjl3-tyaaa-aaaaa-aaaba-cai": {0, 0, 0, 0, 0, 0, 0, 2, 1, 1},
	}
	for text, p := range tests {
		if p.String() != text {
			t.Errorf("%x is %s, want %s", []byte(p), p, text)
		}
		if got, err := ParsePrincipal(text); err != nil || !got.Equal(p) {
			t.Errorf("%s: %x, %v", text, []byte(got), err)
		}
	}
	for _, text := range []string{"", "aaaaa-ab", "aaaaaaa", "2vxsx-fa", "RYJL3-tyaaa-aaaaa-aaaba-cai", strings.Repeat("a", 99), "é"} {
		if _, err := ParsePrincipal(text); !errors.Is(err, ErrPrincipal) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCyclesArithmetic(t *testing.T) {
	const top = math.MaxUint64
	if got := (Cycles{0, top}).Add(Cycles{0, 1}); got != (Cycles{1, 0}) {
		t.Errorf("carry: %v", got)
	}
	if got := (Cycles{top, top}).Add(Cycles{0, 1}); got != (Cycles{top, top}) {
		t.Errorf("overflow: %v", got)
	}
	if got := (Cycles{1, 0}).Sub(Cycles{0, 1}); got != (Cycles{0, top}) {
		t.Errorf("borrow: %v", got)
	}
	if got := (Cycles{0, 1}).Sub(Cycles{1, 0}); got != (Cycles{}) {
		t.Errorf("underflow: %v", got)
	}
}
