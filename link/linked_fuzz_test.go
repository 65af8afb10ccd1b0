package link_test

import "testing"

// maxDrawn bounds the bytes that a fuzz target draws from: more only give more
// of the same.
const maxDrawn = 4096

// FuzzLinkedBehave looks for sets of modules that behave differently when they
// are linked.
func FuzzLinkedBehave(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxDrawn {
			return
		}
		setProperty(t, engines[len(b)%len(engines)], b)
	})
}

// FuzzMergedBehave looks for programs that behave differently when they are
// merged with a bystander.
func FuzzMergedBehave(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxDrawn {
			return
		}
		mergeProperty(t, engines[len(b)%len(engines)], b, new(tally))
	})
}
