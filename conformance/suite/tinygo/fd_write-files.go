//go:build ignore

// fd_write, fd_read: a file is written and read back.
package main

import "os"

func main() {
	f, err := os.Create("/file")
	succeed("Create", err)
	_, err = f.Write([]byte("hello, file"))
	succeed("Write", err)
	succeed("Close", f.Close())
	data, err := os.ReadFile("/file")
	succeed("ReadFile", err)
	expect("content", string(data), "hello, file")
}
