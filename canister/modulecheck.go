package canister

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
)

// ErrModule says that a module cannot run as a canister. The IC's limits on
// size and features are not checked here.
var ErrModule = errors.New("not a canister module")

var ic0Index = func() map[string]int {
	index := map[string]int{}
	for i := range abi.IC0 {
		index[abi.IC0[i].Name] = i
	}
	return index
}()

// checkModule refuses what has no meaning in a canister, or what the
// instrumentation cannot do.
func checkModule(m *wasm.Module) error {
	for _, im := range m.Imports {
		if err := checkImport(m, im); err != nil {
			return fmt.Errorf("%w: import %s.%s: %w", ErrModule, im.Module, im.Name, err)
		}
	}
	for _, mem := range m.Memories {
		if mem.Is64 || mem.Shared {
			return fmt.Errorf("%w: a memory with 64-bit addresses or a shared one", ErrModule)
		}
	}
	for _, ex := range m.Exports {
		if err := checkExport(m, ex); err != nil {
			return fmt.Errorf("%w: export %q: %w", ErrModule, ex.Name, err)
		}
	}
	return nil
}

func checkImport(m *wasm.Module, im wasm.Import) error {
	if im.Kind != wasm.ExternFunc {
		return errors.New("a canister imports only functions")
	}
	i, known := ic0Index[im.Name]
	if im.Module != abi.ModuleIC0 || !known {
		return errors.New("is not of the System API")
	}
	if int(im.Type) >= len(m.Types) {
		return errors.New("has an unknown type")
	}
	t, f := &m.Types[im.Type], &abi.IC0[i]
	params := make([]abi.ValType, len(f.Params))
	for i, p := range f.Params {
		params[i] = p.Type
	}
	if !sameTypes(t.Params, params) || !sameTypes(t.Results, f.Results) {
		return errors.New("has another signature in the System API")
	}
	return nil
}

func sameTypes(a []wasm.ValType, b []abi.ValType) bool {
	return slices.EqualFunc(a, b, func(x wasm.ValType, y abi.ValType) bool {
		return x == wasm.ValType{Code: byte(y)}
	})
}

// entryNames are the entry points without a method name.
var entryNames = []string{
	"canister_init", "canister_pre_upgrade", "canister_post_upgrade",
	"canister_inspect_message", "canister_heartbeat", "canister_global_timer",
	"canister_on_low_wasm_memory",
}

func checkExport(m *wasm.Module, ex wasm.Export) error {
	if strings.HasPrefix(ex.Name, exportPrefix) {
		return errors.New("this name is the host's")
	}
	if ex.Kind != wasm.ExternFunc || !strings.HasPrefix(ex.Name, "canister_") {
		return nil
	}
	kind, _, isMethod := strings.Cut(ex.Name, " ")
	switch {
	case isMethod && slices.Contains([]string{"canister_update", "canister_query", "canister_composite_query"}, kind):
	case slices.Contains(entryNames, ex.Name):
	default:
		return errors.New("is not an entry point")
	}
	if t, ok := funcType(m, ex.Index); !ok || len(t.Params)+len(t.Results) > 0 {
		return errors.New("an entry point takes and returns nothing")
	}
	return nil
}

// funcType is the type of a function; only functions are imported.
func funcType(m *wasm.Module, index uint32) (*wasm.SubType, bool) {
	var t wasm.TypeIndex
	switch n := uint32(len(m.Imports)); {
	case index < n:
		t = m.Imports[index].Type
	case index-n < uint32(len(m.Funcs)):
		t = m.Funcs[index-n]
	default:
		return nil, false
	}
	if int(t) >= len(m.Types) {
		return nil, false
	}
	return &m.Types[t], true
}
