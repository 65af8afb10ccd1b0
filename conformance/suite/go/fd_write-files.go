//go:build ignore

// fd_write, path_rename, path_unlink_file: the file functions of package os.
package main

import (
	"errors"
	"io/fs"
	"os"
)

func main() {
	succeed("WriteFile", os.WriteFile("/file", []byte("text"), 0o666))
	succeed("MkdirAll", os.MkdirAll("/a/b/c", 0o777))
	succeed("Rename", os.Rename("/file", "/a/b/c/file"))
	data, err := os.ReadFile("/a/b/c/file")
	succeed("ReadFile", err)
	expect("content", string(data), "text")
	_, err = os.Stat("/file")
	truth("the old name is gone", errors.Is(err, fs.ErrNotExist))
	truth("Mkdir of a folder fails", errors.Is(os.Mkdir("/a", 0o777), fs.ErrExist))
	f, err := os.OpenFile("/log", os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o666)
	succeed("OpenFile", err)
	f.WriteString("one ")
	f.WriteString("two")
	succeed("Truncate", f.Truncate(5))
	var buf [8]byte
	n, err := f.ReadAt(buf[:5], 0)
	succeed("ReadAt", err)
	expect("content", string(buf[:n]), "one t")
	succeed("Close", f.Close())
	succeed("RemoveAll", os.RemoveAll("/a"))
	entries, err := os.ReadDir("/")
	succeed("ReadDir", err)
	truth("one file is left", len(entries) == 1 && entries[0].Name() == "log")
}
