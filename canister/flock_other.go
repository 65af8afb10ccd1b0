//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package canister

import (
	"errors"
	"os"
)

// lockFile refuses: without a lock two processes could mix their writes.
func lockFile(*os.File) error { return errors.ErrUnsupported }
