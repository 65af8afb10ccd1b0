package main

import (
	"os"
	"syscall"
	"unsafe"
)

// dataWaits tells whether a pipe holds bytes that nobody has read.
func dataWaits(pipe *os.File) bool {
	var n int32
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, pipe.Fd(), syscall.TIOCINQ, uintptr(unsafe.Pointer(&n)))
	return errno == 0 && n > 0
}
