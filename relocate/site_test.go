package relocate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmgen"
	"github.com/icsplice/icsplice/relocate"
)

// renumbered moves all indices of a module up, some of them to where they take
// more bytes.
func renumbered(m *wasm.Module) *relocate.Map {
	up := func(n, by int) relocate.Space {
		to := make([]uint32, n)
		for i := range to {
			to[i] = uint32(i + by)
		}
		return relocate.NewSpace(to)
	}
	r, s := mapOf(m), m.Spaces()
	r.Types, r.Funcs, r.Globals = up(len(m.Types), 120), up(len(s.Funcs), 127), up(len(s.Globals), 3)
	r.Tables, r.Tags = up(len(s.Tables), 1), up(len(s.Tags), 128)
	r.Elems, r.Datas = up(len(m.Elems), 1), up(len(m.Data), 300)
	r.Verbatim = true
	return r
}

// sitesOf finds the sites of a body, with accesses looked at or not.
func sitesOf(t *testing.T, m *wasm.Module, body wasm.Body, accesses bool) (sites relocate.Sites) {
	_, code, offset, err := body.Locals()
	if err != nil {
		t.Fatal(err)
	}
	r := wasm.NewCodeReader(code, offset)
	for _, l := range m.Spaces().Memories {
		if l.Is64 {
			r.AllowOffset64()
		}
	}
	var in wasm.Instr
	for at := 0; ; {
		more, err := r.Seek(relocate.SiteOps(accesses), &in)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return sites
		}
		if relocate.IsSite(&in) {
			sites, at = wasm.AppendUleb(sites, uint64(in.Start-at)), in.Start
		}
	}
}

// patches compares bodies that are patched with those that are rewritten.
func patches(t *testing.T, m *wasm.Module) {
	t.Helper()
	r := renumbered(m)
	if !r.Plain() {
		t.Fatal("the map is not plain")
	}
	for i, body := range m.Code {
		var want, got relocate.Report
		rewritten, err := r.Func(nil, body, &m.Types[m.Funcs[i]], &want)
		if err != nil {
			t.Fatal(err)
		}
		for _, accesses := range []bool{false, true} {
			got = relocate.Report{}
			patched, err := r.Patch(nil, body, sitesOf(t, m, body, accesses), &got)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(patched, rewritten) {
				t.Fatalf("function %d: % x is patched to % x, and rewritten to % x", i, body.Bytes, patched, rewritten)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		}
	}
}

// FuzzSites draws modules and patches them.
func FuzzSites(f *testing.F) {
	f.Add([]byte("sites"))
	f.Add(bytes.Repeat([]byte{9, 120, 250, 31, 66, 8, 77}, 80))
	f.Fuzz(func(t *testing.T, b []byte) {
		patches(t, wasmgen.Draw(b, wasmgen.Options{Features: everywhere}).Modules[0].Module)
	})
}

// TestSites patches the programs of the corpus, some of which have integers that
// are longer than they need to be.
func TestSites(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "corpus", "bin", "*.wasm"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := wasm.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		patches(t, m)
	}
}

// TestSitesNotPlain: maps that change more than sites are not plain.
func TestSitesNotPlain(t *testing.T) {
	shifted := []relocate.Memory{{Shift: page}}
	for name, r := range map[string]*relocate.Map{
		"peepholes": {Memories: relocate.Identity(1)},
		"unwinding": {Memories: relocate.Identity(1), Verbatim: true, Unwind: &relocate.Unwind{}},
		"shifted":   {Memories: relocate.Identity(1), Verbatim: true, Memory: shifted},
		"bounded":   {Memories: relocate.Identity(1), Verbatim: true, Memory: []relocate.Memory{{Bounded: true}}},
		"moved":     {Memories: relocate.NewSpace([]uint32{1}), Verbatim: true},
	} {
		if r.Plain() {
			t.Errorf("%s: plain", name)
		}
	}
}
