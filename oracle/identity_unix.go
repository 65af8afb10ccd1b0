//go:build unix

package oracle

import (
	"io/fs"
	"syscall"
)

// identity gives a file's inode number and count of links.
func identity(info fs.FileInfo) (ino, nlink uint64) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Ino), uint64(s.Nlink)
	}
	return 0, 1
}
