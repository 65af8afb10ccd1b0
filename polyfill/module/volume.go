//go:build tinygo

package main

// What the program's own calls of ic0.stable* become where it shares stable
// memory with files.

//export volume.stable64_size
func volumeSize() uint64 { return system.VolumeSize() }

//export volume.stable64_grow
func volumeGrow(pages uint64) uint64 { return system.VolumeGrow(pages) }

//export volume.stable64_read
func volumeRead(dst, offset, n uint64) { system.VolumeRead(dst, offset, n) }

//export volume.stable64_write
func volumeWrite(offset, src, n uint64) { system.VolumeWrite(offset, src, n) }

//export volume.stable_size
func volumeSize32() uint32 { return system.VolumeSize32() }

//export volume.stable_grow
func volumeGrow32(pages uint32) uint32 { return system.VolumeGrow32(pages) }

//export volume.stable_read
func volumeRead32(dst, offset, n uint32) {
	system.VolumeRead32(dst, offset, n)
}

//export volume.stable_write
func volumeWrite32(offset, src, n uint32) {
	system.VolumeWrite32(offset, src, n)
}
