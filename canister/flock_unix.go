//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package canister

import (
	"os"
	"syscall"
)

// lockFile takes the exclusive lock that lasts until f is closed, or until
// this process dies.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
