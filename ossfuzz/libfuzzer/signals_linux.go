package libfuzzer

import (
	"syscall"
	"unsafe"
)

// action is the kernel's struct sigaction.
type action struct{ handler, flags, restorer, mask uintptr }

const (
	signals = 32
	onStack = 0x08000000 // SA_ONSTACK
)

// sigaction reads the action of a signal into old or sets it to what is in new.
func sigaction(signal int, new, old *action) error {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal),
		uintptr(unsafe.Pointer(new)), uintptr(unsafe.Pointer(old)), unsafe.Sizeof(action{}.mask), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// useSignalStacks makes every handler run on the stack that Go gives each thread
// for signals. libFuzzer's run on the stack of whatever was interrupted: its timer
// then overwrites goroutines, whose stacks are of a few KiB.
func useSignalStacks() error {
	for signal := 1; signal < signals; signal++ {
		var a action
		if err := sigaction(signal, nil, &a); err != nil {
			return err
		}
		if a.handler <= 1 || a.flags&onStack != 0 { // 0 is the default, 1 to ignore
			continue
		}
		a.flags |= onStack
		if err := sigaction(signal, &a, nil); err != nil {
			return err
		}
	}
	return nil
}
