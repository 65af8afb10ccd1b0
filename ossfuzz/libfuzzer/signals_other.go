//go:build !linux

package libfuzzer

// useSignalStacks has nothing to do where the engines of this package do not run.
func useSignalStacks() error { return nil }
