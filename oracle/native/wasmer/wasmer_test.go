//go:build cgo && linux

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/oracle/native"
	"github.com/wasmerio/wasmer-go/wasmer"
)

// TestInstancesAreFreed: what the process reserves does not grow with the runs,
// each of which has addresses for a memory of 4 GiB and more.
func TestInstancesAreFreed(t *testing.T) {
	module, err := wasmer.Wat2Wasm(drain)
	if err != nil {
		t.Fatal(err)
	}
	e := newWasmer()
	if err := e.Load(module); err != nil {
		t.Fatal(err)
	}
	r := &native.Run{Args: []string{"drain"}, Root: t.TempDir()}
	reserved := func(runs int) (bytes uint64) {
		for range runs {
			if reply, err := e.start(e.module, r); err != nil || reply != (native.Reply{}) {
				t.Fatalf("%+v, %v", reply, err)
			}
		}
		return virtual(t)
	}
	first := reserved(10)
	if more := reserved(100); more > first+16<<30 {
		t.Errorf("%d GiB are reserved after 10 runs, %d GiB after 110", first>>30, more>>30)
	}
}

// virtual is the size of the process's address space in bytes.
func virtual(t *testing.T) uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmSize:")
	var kib uint64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
