package icsplice_test

import (
	"testing"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/internal/wasmtest"
)

// BenchmarkBuild makes a canister of a Go program with 20 MB of functions.
func BenchmarkBuild(b *testing.B) {
	user, err := wasmtest.Repeat(module(b, "gokit"), 20<<20)
	if err != nil {
		b.Fatal(err)
	}
	for name, validate := range map[string]bool{"plain": false, "validated": true} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(user)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := icsplice.Build(user, icsplice.Options{NoCheck: true, Validate: validate}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
