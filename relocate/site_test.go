package relocate_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
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

// TestSitesOfAccesses: accesses that could be written in fewer bytes, or that only
// a memory of 64 bits may have, come to the same whether a body is rewritten or
// patched, and wherever in it they stand.
func TestSitesOfAccesses(t *testing.T) {
	m := &wasm.Module{Types: []wasm.SubType{{Kind: wasm.KindFunc}}, Funcs: []wasm.TypeIndex{0}, Code: make([]wasm.Body, 1),
		Memories: []wasm.Limits{{PageSizeLog2: 16}}}
	for _, access := range []string{"\x28\x02\x04", "\x28\x82\x00\x04", "\x28\x42\x00\x04", "\x28\x02\x84\x00", "\x28\x02\x84\x01", "\xfd\x00\x82\x00\x04"} {
		twice := strings.Repeat("\x41\x00"+access+"\x1a", 2)
		m.Code[0].Bytes = []byte("\x00" + twice + "\x0b")
		patches(t, m)
	}
	for name, memory := range map[string]relocate.Memory{"32 bits": {}, "shifted": {Shift: page}, "64 bits": {Is64: true}} {
		r := &relocate.Map{Memories: relocate.Identity(2), Memory: []relocate.Memory{memory, {Is64: true}}, Verbatim: true}
		m.Memories[0].Is64 = true // for the reader
		m.Code[0].Bytes = wide(uint64(math.MaxUint64))
		_, err := r.Func(nil, m.Code[0], &m.Types[0], nil)
		if (err == nil) != memory.Is64 {
			t.Errorf("%s: rewriting gives error %v", name, err)
		}
		for _, accesses := range []bool{false, true} {
			if !r.Plain() {
				continue
			}
			if _, err := r.Patch(nil, m.Code[0], sitesOf(t, m, m.Code[0], accesses), nil); (err == nil) != memory.Is64 {
				t.Errorf("%s: patching gives error %v", name, err)
			}
		}
		r.Verbatim = false
		if _, err := r.Func(nil, m.Code[0], &m.Types[0], nil); (err == nil) != memory.Is64 {
			t.Errorf("%s: rewriting with peepholes gives error %v", name, err)
		}
	}
}

// wide is a body with a load at an offset.
func wide(offset uint64) []byte {
	return append(wasm.AppendUleb([]byte{0, byte(wasm.OpI32Const), 0, byte(wasm.OpI32Load), 2}, offset), byte(wasm.OpDrop), byte(wasm.OpEnd))
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
