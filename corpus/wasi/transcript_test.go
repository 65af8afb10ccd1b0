package wasi_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icsplice/icsplice/corpus/wasi"
)

var update = flag.Bool("update", false, "rewrite the recorded transcripts of icsplice and wazero")

func mkdir(t *testing.T, folder string) string {
	t.Helper()
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	return folder
}

func golden(name string) string { return filepath.Join("golden", name+".txt") }

// compare holds a transcript to the recorded one, or records it.
func compare(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden(name), []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(lines(read(t, golden(name))), lines(got)); diff != "" {
		t.Errorf("the transcript differs from %s:\n%s", golden(name), diff)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }

func TestCanister(t *testing.T) { compare(t, "icsplice", transcript(t, wasi.Programs(), asCanister)) }

// TestUnstable: through wasi_unstable, whose structures and numbers are others,
// the programs print the same lines.
func TestUnstable(t *testing.T) {
	want := slices.DeleteFunc(lines(read(t, golden("icsplice"))), func(line string) bool {
		return strings.HasPrefix(line, "sock_accept ") // not there yet
	})
	if diff := cmp.Diff(want, lines(transcript(t, wasi.Programs(), asUnstable))); diff != "" {
		t.Errorf("the transcript differs from %s:\n%s", golden("icsplice"), diff)
	}
}

func TestWazero(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("what wazero answers comes from the host's file system, and was recorded on Linux")
	}
	compare(t, "wazero", transcript(t, native(wasi.Programs()), onWazero))
}

// TestPrograms: each source is built, and each program has one.
func TestPrograms(t *testing.T) {
	sources, err := filepath.Glob("src/*.c")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, source := range sources {
		if name := strings.TrimSuffix(filepath.Base(source), ".c"); name != "lines" {
			want = append(want, name)
		}
	}
	for _, p := range wasi.Programs() {
		got = append(got, p.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("programs %q, sources %q", got, want)
	}
	if _, err := wasi.Module("nosuch"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown program gives %v", err)
	}
}

// notSetUp is what a step between two calls prints when it fails.
const notSetUp = "cannot be set up: "

// results gives what each call of a transcript came to, by "PROGRAM: CALL".
func results(t *testing.T, name string) map[string]string {
	t.Helper()
	byCall := map[string]string{}
	program := ""
	for _, line := range lines(read(t, golden(name))) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			program = title
			continue
		}
		call, result, _ := strings.Cut(line, " -> ")
		key := program + ": " + call
		for i := 2; strings.HasPrefix(result, notSetUp) && byCall[key] != ""; i++ {
			key = fmt.Sprintf("%s: %s (%d)", program, call, i)
		}
		if _, taken := byCall[key]; taken {
			t.Errorf("%s: %q is there twice", name, key)
		}
		byCall[key] = result
	}
	return byCall
}

// TestWanted: the canister does everything as the specification and POSIX say.
func TestWanted(t *testing.T) {
	all := results(t, "icsplice")
	if len(all) < 500 {
		t.Errorf("only %d lines", len(all))
	}
	for call, result := range all {
		if strings.Contains(result, ", want ") || strings.Contains(result, "trap") ||
			strings.HasPrefix(result, notSetUp) {
			t.Errorf("%s -> %s", call, result)
		}
	}
}

// TestDifferences: where the canister and a native runtime differ is listed,
// and what is listed differs.
func TestDifferences(t *testing.T) {
	ours := results(t, "icsplice")
	listed := readDifferences(t)
	for _, native := range []string{"wasmtime", "wazero"} {
		theirs := results(t, native)
		for _, call := range differing(ours, theirs) {
			if !listed[native][call] {
				t.Errorf("not listed: %s: %s -> %q, the canister %q", native, call, theirs[call], ours[call])
			}
			delete(listed[native], call)
		}
		for call := range listed[native] {
			t.Errorf("listed, but there is no difference: %s: %s -> %q", native, call, ours[call])
		}
	}
}

func differing(ours, theirs map[string]string) []string {
	var list []string
	for call, result := range ours {
		if other, ok := theirs[call]; !ok || other != result {
			list = append(list, call)
		}
	}
	for call := range theirs {
		if _, ok := ours[call]; !ok {
			list = append(list, call)
		}
	}
	slices.Sort(list)
	return list
}

// readDifferences gives the calls of differences.txt by runtime. Its entries
// are a line "== RUNTIMES: TITLE", the reason, and a line "- CALL" for each.
func readDifferences(t *testing.T) map[string]map[string]bool {
	t.Helper()
	listed := map[string]map[string]bool{"wasmtime": {}, "wazero": {}}
	var runtimes []string
	reasoned := false
	for i, line := range lines(read(t, "differences.txt")) {
		where := fmt.Sprintf("differences.txt:%d", i+1)
		if head, ok := strings.CutPrefix(line, "== "); ok {
			names, _, _ := strings.Cut(head, ":")
			runtimes, reasoned = strings.Split(names, ", "), false
		} else if call, ok := strings.CutPrefix(line, "- "); !ok {
			reasoned = reasoned || strings.TrimSpace(line) != ""
		} else if !reasoned {
			t.Errorf("%s: no reason", where)
		} else {
			enter(t, where, listed, runtimes, call)
		}
	}
	return listed
}

func enter(t *testing.T, where string, listed map[string]map[string]bool, runtimes []string, call string) {
	t.Helper()
	for _, native := range runtimes {
		calls := listed[native]
		if calls == nil || calls[call] {
			t.Errorf("%s: %q: no such runtime, or listed twice", where, native)
			continue
		}
		calls[call] = true
	}
}
