package polyfill_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/polyfill"
)

func module(t *testing.T) *wasm.Module {
	t.Helper()
	m, err := wasm.Read(polyfill.Module)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// signature writes a type as "i32 i64 -> i32".
func signature(params, results []wasm.ValType) string {
	var b strings.Builder
	for _, p := range params {
		fmt.Fprintf(&b, "%s ", letters[p.Code])
	}
	b.WriteString("->")
	for _, r := range results {
		fmt.Fprintf(&b, " %s", letters[r.Code])
	}
	return b.String()
}

var letters = map[byte]string{byte(abi.I32): "i32", byte(abi.I64): "i64"}

func declared(f abi.Function) string {
	var params, results []wasm.ValType
	for _, p := range f.Params {
		params = append(params, wasm.ValType{Code: byte(p.Type)})
	}
	for _, r := range f.Results {
		results = append(results, wasm.ValType{Code: byte(r)})
	}
	return signature(params, results)
}

// exported gives the signature of each exported function.
func exported(m *wasm.Module) map[string]string {
	all := map[string]string{}
	for _, e := range m.Exports {
		if e.Kind == wasm.ExternFunc {
			f := m.FuncType(wasm.FuncIndex(e.Index))
			all[e.Name] = signature(f.Params, f.Results)
		}
	}
	return all
}

// imported gives the signature of each import.
func imported(t *testing.T, m *wasm.Module) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, imp := range m.Imports {
		if imp.Kind != wasm.ExternFunc {
			t.Fatalf("%s.%s is not a function", imp.Module, imp.Name)
		}
		f := m.Types[imp.Type]
		all[imp.Module+"."+imp.Name] = signature(f.Params, f.Results)
	}
	return all
}

func TestExportsEveryFunctionOfWASI(t *testing.T) {
	got := exported(module(t))
	check := func(name, want string) {
		t.Helper()
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
		delete(got, name)
	}
	for _, f := range abi.Preview1 {
		if f.Name == "proc_exit" {
			check("command.proc_exit", declared(f))
			check("library.proc_exit", declared(f))
			continue
		}
		check(abi.ModulePreview1+"."+f.Name, declared(f))
		if f.Name != "sock_accept" {
			check(abi.ModulePreview0+"."+f.Name, declared(f))
		}
	}
	for _, name := range []string{"command.run", "library.canister_init", "library.canister_post_upgrade"} {
		check(name, "->")
	}
	imports := imported(t, module(t))
	for _, part := range polyfill.Boundary {
		check(part.Export, imports["self."+part.Import])
	}
	for _, f := range abi.IC0 {
		if strings.HasPrefix(f.Name, "stable") {
			check("volume."+f.Name, declared(f))
		}
	}
	for name := range got {
		t.Errorf("%s is exported and not documented", name)
	}
}

func TestImports(t *testing.T) {
	want := map[string]string{
		"link.user_base": "-> i32", "link.user_pages": "-> i32",
		"link.instantiate": "->", "link.start": "->", "link.unwind": "->", "link.rewind": "->",
		"config.public": "-> i32", "config.reply_limit": "-> i32",
		"user._start": "->", "user._initialize": "->", "user.canister_init": "->", "user.canister_post_upgrade": "->",
	}
	for _, name := range []string{"args", "env", "preopens"} {
		want["config."+name+"_size"] = "-> i32"
		want["config."+name+"_copy"] = "i32 i32 i32 ->"
	}
	for _, f := range abi.IC0 {
		want["ic0."+f.Name] = declared(f)
	}
	exports := exported(module(t))
	for _, part := range polyfill.Boundary {
		want["self."+part.Import] = exports[part.Export]
	}
	got := imported(t, module(t))
	for name, signature := range got {
		if want[name] != signature {
			t.Errorf("%s is %q, want %q", name, signature, want[name])
		}
		delete(want, name)
	}
	for name := range want {
		if !strings.HasPrefix(name, "ic0.") {
			t.Errorf("%s is not imported", name)
		}
	}
}

// The linker relies on each of these; see DESIGN.md.
func TestShape(t *testing.T) {
	m := module(t)
	if len(m.Memories) != 1 || !m.Memories[0].HasMax || m.Memories[0].Min != m.Memories[0].Max || m.Memories[0].Max > 31 {
		t.Errorf("memories %+v, want one of a fixed size of at most 31 pages", m.Memories)
	}
	if len(m.Tables) > 0 || len(m.Elems) > 0 || m.Start != nil {
		t.Error("there is a table or a start function")
	}
	code := 0
	for _, f := range m.Code {
		code += len(f.Bytes)
	}
	if code > 64<<10 {
		t.Errorf("%d bytes of code, want at most 64 KiB", code)
	}
	for _, path := range []string{"/root", "/home", "/tmp", "github.com"} {
		if strings.Contains(string(polyfill.Module), path) {
			t.Errorf("the module holds %q, which is no business of its users", path)
		}
	}
}

// Nothing runs before the first call: TinyGo's initialisers are all evaluated
// when it compiles, so the constructor that they would be in is empty.
func TestNeedsNoInitialisation(t *testing.T) {
	m := module(t)
	for _, c := range m.Customs {
		if c.Name != "name" {
			continue
		}
		names, err := wasm.ReadNames(c.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for i, name := range names.Funcs {
			if name == "runtime.initAll" || strings.HasSuffix(name, ".init") {
				t.Errorf("there is an initialiser %s", name)
			}
			if name == "__wasm_call_ctors" || name == "_start" {
				found = true
				body := m.Code[int(i)-m.NumImportedFuncs()].Bytes
				if len(body) > 4 {
					t.Errorf("%s does something: % x", name, body)
				}
			}
		}
		if !found {
			t.Error("no constructor was found")
		}
		return
	}
	t.Error("no names")
}
