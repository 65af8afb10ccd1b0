//go:build tinygo

package main

import "unsafe"

// The far side of the boundary between the standard streams and files: these
// exports are what the imports from "self" become in a program with files.

//export file.reset
func fileReset() uint32 { return uint32(system.FileReset()) }

//export file.close
func fileClose(fd uint32) uint32 { return uint32(system.FileClose(fd)) }

//export file.read
func fileRead(fd, iovs, n, nread uint32) uint32 { return uint32(system.FileRead(fd, iovs, n, nread)) }

//export file.write
func fileWrite(fd, iovs, n, nwritten uint32) uint32 {
	return uint32(system.FileWrite(fd, iovs, n, nwritten))
}

//export file.seek
func fileSeek(fd uint32, offset uint64, whence, out uint32) uint32 {
	return uint32(system.FileSeek(fd, offset, whence, out))
}

//export file.filestat_get
func fileFilestatGet(fd, out, size uint32) uint32 {
	return uint32(system.FileFilestatGet(fd, out, size))
}

//export file.prestat_get
func filePrestatGet(fd, out uint32) uint32 { return uint32(system.FilePrestatGet(fd, out)) }

//export file.prestat_dir_name
func filePrestatDirName(fd, path, n uint32) uint32 {
	return uint32(system.FilePrestatDirName(fd, path, n))
}

//export spill.write
func spillWrite(stream, offset uint32, src *byte, n uint32) uint32 {
	return uint32(system.SpillWrite(stream, offset, unsafe.Slice(src, n)))
}

//export spill.read
func spillRead(stream, offset uint32, dst *byte, n uint32) uint32 {
	return uint32(system.SpillRead(stream, offset, unsafe.Slice(dst, n)))
}

//export spill.close
func spillClose(stream uint32) uint32 { return uint32(system.SpillClose(stream)) }
