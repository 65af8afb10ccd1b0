package libfuzzer

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestMain is a binary with a target where a test asks for one.
func TestMain(m *testing.M) {
	input, ok := os.LookupEnv("LIBFUZZER_INPUT")
	if !ok {
		os.Exit(m.Run())
	}
	target := Target{Name: "FuzzToy", Dir: "some/package", Fuzz: fuzzToy}
	for range 3 {
		Run(target, []byte(input))
	}
	os.Exit(0)
}

var setUps int

// fuzzToy fails on what the input says, and in its set-up where a file is missing.
func fuzzToy(f *testing.F) {
	setUps++
	seed, err := os.ReadFile("seed.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(true, seed)
	f.Fuzz(func(t *testing.T, flag bool, b []byte) {
		if _, err := os.Stat(t.TempDir()); err != nil {
			t.Error(err)
		}
		if setUps != 2 { // to learn the types, and as a worker
			t.Errorf("%d set-ups", setUps)
		}
		switch {
		case flag && string(b) == "fatal":
			t.Fatal("fatally wrong")
		case flag && string(b) == "panic":
			panic("wrong in a panic")
		}
	})
}

// toy runs a binary with the target in a process of its own.
func toy(t *testing.T, input string, setUp func(dir string)) (output string, seeds []string, err error) {
	t.Helper()
	dir := t.TempDir()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "binary")
	data := filepath.Join(dir, dataFolder, "some/package")
	corpus := filepath.Join(dir, "corpus")
	for _, folder := range []string{data, corpus} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(binary, self, 0o755); err != nil {
		t.Fatal(err)
	}
	setUp(data)
	cmd := exec.Command(binary, "-runs=1")
	cmd.Env = append(os.Environ(), "LIBFUZZER_INPUT="+input, SeedsVariable+"="+corpus)
	out, err := cmd.CombinedOutput()
	paths, _ := filepath.Glob(filepath.Join(corpus, "*"))
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, string(b))
	}
	return string(out), seeds, err
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"nothing found", "\x02fatal", ""},
		{"other bytes", "\x01final", ""},
		{"empty", "", ""},
		{"t.Fatal", "\x01fatal", "fatally wrong"},
		{"panic", "\x01panic", "wrong in a panic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, seeds, err := toy(t, c.input, func(dir string) {
				writeFile(t, filepath.Join(dir, "seed.txt"), "a seed")
				writeFile(t, filepath.Join(dir, "testdata/fuzz/FuzzToy/x"), seedHeader+"\nbool(false)\n[]byte(\"\\x00b\")\n")
			})
			if (err != nil) != (c.want != "") || !strings.Contains(out, c.want) {
				t.Errorf("%v, want %q in\n%s", err, c.want, out)
			}
			slices.Sort(seeds)
			if want := []string{"\x00\x00b", "\x01a seed"}; !slices.Equal(seeds, want) {
				t.Errorf("seeds %q, want %q", seeds, want)
			}
		})
	}
}

func TestRunSetUpFails(t *testing.T) {
	if out, _, err := toy(t, "", func(string) {}); err == nil || !strings.Contains(out, "seed.txt") {
		t.Errorf("without the file: %v\n%s", err, out)
	}
	out, _, err := toy(t, "", func(dir string) {
		writeFile(t, filepath.Join(dir, "seed.txt"), "")
		writeFile(t, filepath.Join(dir, "testdata/fuzz/FuzzToy/x"), seedHeader+"\nint(1)\n[]byte(\"\")\n")
	})
	if err == nil || !strings.Contains(out, "no conversion to bool") {
		t.Errorf("with a seed of other types: %v\n%s", err, out)
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		values []any
		want   string
	}{
		{[]any{[]byte("\x00asm")}, "\x00asm"},
		{[]any{[]byte{}}, ""},
		{[]any{[]byte("ab"), true}, "ab\x01"},
		{[]any{uint16(0x102), "ab", int8(-1)}, "\x02\x01ab\xff"},
		{[]any{"ab", []byte("c"), int32(-2)}, "\x02\x00\x00\x00abc\xfe\xff\xff\xff"},
		{[]any{int(-1), uint(1)}, "\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00"},
		{[]any{math.Inf(1), float32(1)}, "\x00\x00\x00\x00\x00\x00\xf0\x7f\x00\x00\x80\x3f"},
	} {
		got := encode(c.values)
		if string(got) != c.want {
			t.Errorf("%v encoded as %q, want %q", c.values, got, c.want)
		}
		var types []reflect.Type
		for _, v := range c.values {
			types = append(types, reflect.TypeOf(v))
		}
		if again := decode(types, got); !reflect.DeepEqual(again, c.values) {
			t.Errorf("%v came back as %v", c.values, again)
		}
		for n := range got { // whatever is cut off, there are values
			if values := decode(types, got[:n]); checkTypes("cut", values, types) != nil {
				t.Errorf("%q gives %v", got[:n], values)
			}
		}
	}
}

func TestDecodeLyingLength(t *testing.T) {
	types := []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[[]byte]()}
	got := decode(types, []byte("\xff\xff\xff\xffabc"))
	if want := []any{"abc", []byte{}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestParseSeed(t *testing.T) {
	types := []reflect.Type{reflect.TypeFor[[]byte](), reflect.TypeFor[byte](), reflect.TypeFor[rune](),
		reflect.TypeFor[int64](), reflect.TypeFor[float64](), reflect.TypeFor[string]()}
	good := seedHeader + "\n[]byte(\"\\x00)(\")\nbyte('\\x05')\nrune('ß')\nint64(-7)\nfloat64(0.5)\nstring(`x`)\n"
	values, err := parseSeed("seed", []byte(good), types)
	if want := []any{[]byte("\x00)("), byte(5), 'ß', int64(-7), 0.5, "x"}; err != nil || !reflect.DeepEqual(values, want) {
		t.Errorf("%v, %v", values, err)
	}
	for _, bad := range []string{
		"", seedHeader, strings.Replace(good, "v1", "v2", 1), strings.Replace(good, "int64", "int", 1),
		strings.Replace(good, "-7", "x", 1), strings.Replace(good, "`x`)", "`x`", 1), good + "int(1)\n",
	} {
		if values, err := parseSeed("seed", []byte(bad), types); err == nil {
			t.Errorf("%q gives %v", bad, values)
		}
	}
}

// TestSeedsOfThisModule reads every seed of one []byte in the module.
func TestSeedsOfThisModule(t *testing.T) {
	paths, err := filepath.Glob("../../internal/*/testdata/fuzz/*/*")
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d seeds, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		values, err := parseSeed(path, text, []reflect.Type{reflect.TypeFor[[]byte]()})
		if err != nil || !bytes.Equal(encode(values), values[0].([]byte)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
