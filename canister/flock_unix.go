//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package canister

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the exclusive lock that lasts until f is closed, or until
// this process dies, or fails with ErrStableLocked.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrStableLocked
	}
	return err
}
