package link_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// specCommand is a line of the specification's test scripts in their JSON form.
type specCommand struct {
	Type, Filename, Name, As string
	Line                     int
	Action                   struct {
		Type, Module, Field string
		Args                []specValue
	}
}

type specValue struct {
	Type  string
	Value json.RawMessage
}

// specCounts is how many assertions were compared.
type specCounts struct{ returns, traps, modules, unmerged int }

// specLinker makes of a module of a script, with the name under which others
// import from it, one that must do the same.
type specLinker func(t *testing.T, c specCommand, b []byte, name string, sum *specCounts) []byte

// TestSpecSuite runs the core test suite twice, with each module alone and with
// each merged with a bystander, and wants no difference. The suite comes with
// wazero's module.
func TestSpecSuite(t *testing.T) {
	runSuite(t, mergeSpec, specCounts{returns: 46000, traps: 2400, modules: 1600})
}

// runSuite wants at least a number of comparisons.
func runSuite(t *testing.T, linker specLinker, least specCounts) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tetratelabs/wazero").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "internal", "integration_test", "spectest")
	host, err := os.ReadFile(filepath.Join(dir, "testdata", "spectest.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	var scripts []string
	for _, suite := range []string{"v2", "tail-call", "extended-const", "typed-function-references"} {
		found, err := filepath.Glob(filepath.Join(dir, suite, "testdata", "*.json"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no scripts in %s: %v", suite, err)
		}
		scripts = append(scripts, found...)
	}
	var sum specCounts
	for _, script := range scripts {
		name := strings.TrimSuffix(filepath.Base(script), ".json")
		t.Run(name, func(t *testing.T) { runScript(t, script, host, linker, &sum) })
	}
	t.Logf("%d equal results, %d equal traps, %d modules merged, %d not", sum.returns, sum.traps, sum.modules, sum.unmerged)
	if sum.returns < least.returns || sum.traps < least.traps || sum.modules < least.modules {
		t.Errorf("only %d results, %d traps and %d modules were compared", sum.returns, sum.traps, sum.modules)
	}
}

// store is one world in which a script runs.
type store struct {
	runtime wazero.Runtime
	current api.Module
	named   map[string]api.Module
}

func newStore(t *testing.T, host []byte) *store {
	ctx := context.Background()
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst |
		experimental.CoreFeaturesTypedFunctionReferences
	s := &store{runtime: wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features)),
		named: map[string]api.Module{}}
	t.Cleanup(func() { s.runtime.Close(ctx) })
	if _, err := s.runtime.InstantiateWithConfig(ctx, host, wazero.NewModuleConfig().WithName("spectest")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *store) instantiate(b []byte, name string) error {
	m, err := s.runtime.InstantiateWithConfig(context.Background(), b,
		wazero.NewModuleConfig().WithName(name).WithStartFunctions())
	s.current = m
	return err
}

// runScript runs one script in two stores.
func runScript(t *testing.T, script string, host []byte, linker specLinker, sum *specCounts) {
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	var suite struct{ Commands []specCommand }
	if err := json.Unmarshal(text, &suite); err != nil {
		t.Fatal(err)
	}
	names := registered(suite.Commands)
	alone, merged := newStore(t, host), newStore(t, host)
	for i, c := range suite.Commands {
		switch c.Type {
		case "module":
			b, err := os.ReadFile(filepath.Join(filepath.Dir(script), c.Filename))
			if err != nil {
				t.Fatal(err)
			}
			m := linker(t, c, b, names[i], sum)
			name := names[i]
			wantErr, gotErr := alone.instantiate(b, name), merged.instantiate(m, name)
			if (wantErr == nil) != (gotErr == nil) {
				t.Fatalf("line %d: instantiating gives %v, alone %v", c.Line, gotErr, wantErr)
			}
			if c.Name != "" {
				alone.named[c.Name], merged.named[c.Name] = alone.current, merged.current
			}
		case "assert_return", "assert_trap", "action":
			compare(t, c, alone, merged, sum)
		}
	}
}

// registered gives for each module command the name under which later modules
// import it, or "".
func registered(commands []specCommand) map[int]string {
	names := map[int]string{}
	last, byName := -1, map[string]int{}
	for i, c := range commands {
		switch c.Type {
		case "module":
			last = i
			if c.Name != "" {
				byName[c.Name] = i
			}
		case "register":
			at := last
			if c.Name != "" {
				at = byName[c.Name]
			}
			names[at] = c.As
		}
	}
	return names
}

// mergeSpec merges a module with a bystander. Modules that share a memory,
// table, global or tag with others are left alone: that is not Merge's job.
func mergeSpec(t *testing.T, c specCommand, b []byte, name string, sum *specCounts) []byte {
	m, err := wasm.Read(b)
	if err != nil {
		t.Fatalf("line %d: %v", c.Line, err)
	}
	hosts := map[string]bool{}
	for _, imp := range m.Imports {
		hosts[imp.Module] = true
		if imp.Kind != wasm.ExternFunc {
			sum.unmerged++
			return b
		}
	}
	if name != "" && len(m.Memories) > 0 {
		sum.unmerged++
		return b
	}
	var list []string
	for h := range hosts {
		list = append(list, h)
	}
	r, err := link.Merge(b, polyfillModule(1), link.Host(list...))
	if err != nil {
		var refused *link.Error
		if errors.As(err, &refused) && refusedSpec(refused) {
			sum.unmerged++
			return b
		}
		t.Fatalf("line %d: %v", c.Line, err)
	}
	sum.modules++
	return r.Wasm
}

// refusedSpec lists what Merge refuses although the specification allows it.
func refusedSpec(err *link.Error) bool {
	return strings.Contains(err.Error(), "pages, and at most") || strings.Contains(err.Error(), "past the memory's initial")
}

// compare performs an action in both stores.
func compare(t *testing.T, c specCommand, alone, merged *store, sum *specCounts) {
	want, wantErr := act(c, alone)
	got, gotErr := act(c, merged)
	if trap(wantErr) != trap(gotErr) || want != got {
		t.Errorf("line %d: %s gives %s %v, alone %s %v", c.Line, c.Action.Field, got, gotErr, want, wantErr)
		return
	}
	if wantErr != nil {
		sum.traps++
	} else {
		sum.returns++
	}
}

func act(c specCommand, s *store) (string, error) {
	m := s.current
	if c.Action.Module != "" {
		m = s.named[c.Action.Module]
	}
	if m == nil {
		return "no module", nil
	}
	if c.Action.Type == "get" {
		return fmt.Sprint(m.ExportedGlobal(c.Action.Field).Get()), nil
	}
	var args []uint64
	for _, a := range c.Action.Args {
		args = append(args, specBits(a)...)
	}
	f := m.ExportedFunction(c.Action.Field)
	results, err := f.Call(context.Background(), args...)
	for i, t := range f.Definition().ResultTypes() {
		if i < len(results) && t >= api.ValueTypeExternref-1 && t <= 0x70 && results[i] != 0 {
			results[i] = 1 // the address of a reference differs from run to run
		}
	}
	return fmt.Sprint(results), err
}

// specBits is a value as wazero takes it.
func specBits(v specValue) []uint64 {
	if v.Type == "v128" {
		var lanes []string
		if err := json.Unmarshal(v.Value, &lanes); err != nil {
			panic(err)
		}
		bits := make([]uint64, 2)
		width := 128 / len(lanes)
		for i, lane := range lanes {
			bits[i*width/64] |= number(lane) & (math.MaxUint64 >> (64 - width)) << (i * width % 64)
		}
		return bits
	}
	var s string
	if err := json.Unmarshal(v.Value, &s); err != nil {
		panic(err)
	}
	return []uint64{number(s)}
}

func number(s string) uint64 {
	if s == "null" {
		return 0
	}
	if strings.HasPrefix(s, "nan") {
		return 0x7fc00000
	}
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return uint64(v)
	}
	v, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return v
}
