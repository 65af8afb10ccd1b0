package wasi

import (
	"bytes"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// The key stream of ChaCha20 for the zero key and nonce: RFC 8439, A.1, test
// vectors 1 and 2.
func TestKeyStream(t *testing.T) {
	want := unhex(t, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"+
		"da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"+
		"9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"+
		"29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f")
	for _, step := range []int{1, 7, 64, 100, 128} {
		var r random
		got := make([]byte, len(want))
		for at := 0; at < len(got); at += step {
			r.read(got[at:min(at+step, len(got))])
		}
		if !bytes.Equal(got, want) {
			t.Errorf("in steps of %d: % x", step, got)
		}
	}
}

func draw(t *testing.T, s *System, n uint32) string {
	t.Helper()
	want(t, "random_get", s.RandomGet(dataAt+1, n), abi.ErrnoSuccess)
	return string(Platform.Memory[dataAt+1 : dataAt+1+n])
}

// Everything that the seed is made of changes the output; the same seed gives
// the same output, as replicas must agree.
func TestSeed(t *testing.T) {
	seen := map[string]string{}
	for _, test := range []struct {
		name   string
		change func()
	}{
		{"nothing", func() {}},
		{"time", func() { Platform.Time++ }},
		{"canister", func() { Platform.Self = []byte{1} }},
		{"caller", func() { Platform.Caller = []byte{4} }},
		{"longer caller", func() { Platform.Caller = append([]byte{1, 2, 3}, make([]byte, 20)...) }},
		{"instructions", func() { Platform.Counter = 77 }},
		{"version", func() { Platform.Version = 2 }},
	} {
		var outputs []string
		for range 2 {
			s := start(t)
			test.change()
			outputs = append(outputs, draw(t, s, 32))
		}
		if outputs[0] != outputs[1] {
			t.Errorf("%s: two outputs of one seed", test.name)
		}
		if other, ok := seen[outputs[0]]; ok && test.name != "longer caller" {
			t.Errorf("%s and %s give the same output", test.name, other)
		}
		seen[outputs[0]] = test.name
	}
}

func TestMessageSeeds(t *testing.T) {
	seen := map[string]bool{}
	for _, more := range []string{golden, golden[:len(golden)-2] + "32"} {
		s := start(t)
		run(t, s, unhex(t, more), func() { seen[draw(t, s, 16)] = true })
		ran(t)
	}
	if len(seen) != 2 {
		t.Error("two messages give the same output")
	}
}

func TestRandom(t *testing.T) {
	s := start(t)
	first, second := draw(t, s, 16), draw(t, s, 16)
	if first == second {
		t.Error("the stream repeats")
	}
	Platform.Time++
	if third := draw(t, s, 16); third == first || third == second {
		t.Error("the stream repeats in the next message")
	}
	want(t, "the whole memory", s.RandomGet(0, memorySize), abi.ErrnoSuccess)
	ones := 0
	for _, b := range Platform.Memory {
		for ; b != 0; b &= b - 1 {
			ones++
		}
	}
	if d := ones - 4*memorySize; d < -10000 || d > 10000 { // seven standard deviations
		t.Errorf("%d of %d bits are set", ones, 8*memorySize)
	}
	before := bytes.Clone(Platform.Memory)
	want(t, "no bytes", s.RandomGet(memorySize, 0), abi.ErrnoSuccess)
	want(t, "one byte too many", s.RandomGet(1, memorySize), abi.ErrnoFault)
	want(t, "a sum above 2^32", s.RandomGet(0xfffffff0, 0x20), abi.ErrnoFault)
	if !bytes.Equal(before, Platform.Memory) {
		t.Error("memory was written")
	}
}
