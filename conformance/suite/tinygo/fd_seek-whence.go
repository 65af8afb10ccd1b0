//go:build ignore

// fd_seek: Seek from the beginning, the position and the end.
package main

import (
	"io"
	"os"
)

func main() {
	f, err := os.OpenFile("/file", os.O_RDWR|os.O_CREATE, 0o666)
	succeed("OpenFile", err)
	f.WriteString("0123456789")
	seek(f, 3, io.SeekStart, 3)
	seek(f, 2, io.SeekCurrent, 5)
	seek(f, -1, io.SeekEnd, 9)
	var buf [4]byte
	n, err := f.Read(buf[:])
	succeed("Read", err)
	expect("rest", string(buf[:n]), "9")
	_, err = f.Read(buf[:])
	truth("the end of the file is io.EOF", err == io.EOF)
}

func seek(f *os.File, offset int64, whence int, want int64) {
	at, err := f.Seek(offset, whence)
	succeed("Seek", err)
	truth("Seek gives the position", at == want)
}
