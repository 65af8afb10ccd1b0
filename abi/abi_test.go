package abi

import (
	"math/bits"
	"strings"
	"testing"
)

// signature writes a function as "name(kind:type, ...)result", so that the
// samples below can be compared with the interface specification by eye.
func signature(f Function) string {
	kind := [...]string{Value: "", In: "in:", Out: "out:"}
	typ := map[ValType]string{I32: "i32", I64: "i64"}
	params := make([]string, len(f.Params))
	for i, p := range f.Params {
		params[i] = kind[p.Kind] + typ[p.Type]
	}
	s := f.Name + "(" + strings.Join(params, ",") + ")"
	for _, r := range f.Results {
		s += typ[r]
	}
	return s
}

func find(t *testing.T, table []Function, name string) Function {
	t.Helper()
	for _, f := range table {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no function %q", name)
	return Function{}
}

func TestIC0Signatures(t *testing.T) {
	samples := []string{
		"msg_arg_data_size()i32",
		"msg_arg_data_copy(out:i32,i32,i32)",
		"msg_reply_data_append(in:i32,i32)",
		"msg_reject(in:i32,i32)",
		"msg_cycles_accept(i64)i64",
		"msg_cycles_accept128(i64,i64,out:i32)",
		"canister_cycle_balance128(out:i32)",
		"call_new(in:i32,i32,in:i32,i32,i32,i32,i32,i32)",
		"call_on_cleanup(i32,i32)",
		"call_cycles_add128(i64,i64)",
		"call_perform()i32",
		"stable_write(i32,in:i32,i32)",
		"stable_read(out:i32,i32,i32)",
		"stable64_size()i64",
		"stable64_grow(i64)i64",
		"stable64_write(i64,in:i64,i64)",
		"stable64_read(out:i64,i64,i64)",
		"certified_data_set(in:i32,i32)",
		"global_timer_set(i64)i64",
		"performance_counter(i32)i64",
		"is_controller(in:i32,i32)i32",
		"cost_http_request(i64,i64,out:i32)",
		"cost_sign_with_ecdsa(in:i32,i32,i32,out:i32)i32",
		"env_var_name_copy(i32,out:i32,i32,i32)",
		"env_var_value_copy(in:i32,i32,out:i32,i32,i32)",
		"debug_print(in:i32,i32)",
		"trap(in:i32,i32)",
	}
	for _, want := range samples {
		name, _, _ := strings.Cut(want, "(")
		if got := signature(find(t, IC0, name)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestIC0Modes(t *testing.T) {
	samples := []struct {
		name string
		want Mode
	}{
		{"accept_message", ModeInspect},
		{"msg_reject_msg_copy", ModeReject | ModeCompositeReject},
		{"msg_cycles_refunded128", ModeReply | ModeReject},
		{"data_certificate_copy", ModeQuery | ModeCompositeQuery},
		{"certified_data_set", ModeInit | ModePreUpgrade | ModeUpdate | ModeReply | ModeReject | ModeSystemTask},
		{"call_cycles_add128", ModeUpdate | ModeReply | ModeReject | ModeSystemTask},
		{"time", 1<<16 - 1 - ModeStart},
		{"trap", 1<<16 - 1},
		{"stable64_read", 1<<16 - 1},
	}
	for _, s := range samples {
		if got := find(t, IC0, s.name).Modes; got != s.want {
			t.Errorf("%s: got %b, want %b", s.name, got, s.want)
		}
	}
	if got := bits.OnesCount32(uint32(ModesAll | ModeStart)); got != 16 {
		t.Errorf("%d modes, want 16", got)
	}
	for _, f := range IC0 {
		if f.Modes == 0 || f.Modes&^(ModesAll|ModeStart) != 0 {
			t.Errorf("%s: modes %b", f.Name, f.Modes)
		}
	}
}

func TestTables(t *testing.T) {
	tables := []struct {
		name  string
		table []Function
		count int
	}{{"IC0", IC0, 74}, {"Preview1", Preview1, 46}}
	for _, tt := range tables {
		if len(tt.table) != tt.count {
			t.Errorf("%s has %d functions, want %d", tt.name, len(tt.table), tt.count)
		}
		seen := map[string]bool{}
		for _, f := range tt.table {
			if seen[f.Name] {
				t.Errorf("%s has %s twice", tt.name, f.Name)
			}
			seen[f.Name] = true
			checkPointerNames(t, f)
		}
	}
}

// checkPointerNames holds that in the ic0 table a parameter is an address
// exactly if it is called src or dst, and that each is followed by its size.
func checkPointerNames(t *testing.T, f Function) {
	t.Helper()
	if f.Modes == 0 {
		return
	}
	for i, p := range f.Params {
		want := Value
		if strings.HasSuffix(p.Name, "src") {
			want = In
		} else if p.Name == "dst" {
			want = Out
		}
		if p.Kind != want {
			t.Errorf("%s: parameter %d (%s) has kind %d, want %d", f.Name, i, p.Name, p.Kind, want)
		}
		if p.Kind == In && !strings.HasSuffix(f.Params[i+1].Name, "size") {
			t.Errorf("%s: %s has no size after it", f.Name, p.Name)
		}
	}
}
