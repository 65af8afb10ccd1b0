//go:build ignore

// path_filestat_get: Stat tells sizes and types, and what is not there.
package main

import "os"

func main() {
	info, err := os.Stat("/hello.txt")
	succeed("Stat", err)
	truth("13 bytes", info.Size() == 13)
	truth("a file", !info.IsDir() && info.Mode().IsRegular())
	info, err = os.Stat("/dir")
	succeed("Stat", err)
	truth("a folder", info.IsDir())
	_, err = os.Stat("/missing")
	truth("a missing file is os.ErrNotExist", os.IsNotExist(err))
}
