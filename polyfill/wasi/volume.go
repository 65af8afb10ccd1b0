package wasi

import "github.com/icsplice/icsplice/abi"

// A program with files shares stable memory with them: its own calls of
// ic0.stable64_* work on a volume of the file system that looks like a stable
// memory of its own, from page 0 on.

// VolumeSize is ic0.stable64_size, in pages of 64 KiB. It traps where the file
// system cannot be mounted: the program would otherwise take its memory for empty.
func (s *System) VolumeSize() uint64 {
	s.mount()
	return s.files.fs.UserSize()
}

// VolumeGrow is ic0.stable64_grow: the size before, or -1. It traps as VolumeSize
// does.
func (s *System) VolumeGrow(pages uint64) uint64 {
	s.mount()
	return s.files.fs.UserGrow(pages)
}

// VolumeRead is ic0.stable64_read; dst counts from the start of the program's
// memory. It traps where either range is out of bounds.
func (s *System) VolumeRead(dst, offset, n uint64) {
	for n > 0 {
		b := s.volumeSpan(dst, n)
		if s.files.fs.UserRead(b, offset) != abi.ErrnoSuccess {
			s.trap(volumeTrap)
		}
		dst, offset, n = dst+uint64(len(b)), offset+uint64(len(b)), n-uint64(len(b))
	}
}

// VolumeWrite is ic0.stable64_write; src counts from the start of the program's
// memory. It traps where either range is out of bounds.
func (s *System) VolumeWrite(offset, src, n uint64) {
	for n > 0 {
		b := s.volumeSpan(src, n)
		if s.files.fs.UserWrite(b, offset) != abi.ErrnoSuccess {
			s.trap(volumeTrap)
		}
		src, offset, n = src+uint64(len(b)), offset+uint64(len(b)), n-uint64(len(b))
	}
}

const volumeTrap = "an access of stable memory is out of bounds"

// volumeSpan gives a span of the program's memory, or the first part of a long
// one.
func (s *System) volumeSpan(p, n uint64) []byte {
	b, ok := guest(uint32(p), uint32(n))
	if !ok || p>>32 != 0 || n>>32 != 0 {
		s.trap(volumeTrap)
	}
	return b
}

// The 32-bit functions trap once the volume has more than 4 GiB.

const maxPages32 = 1 << 16

func (s *System) check32() uint64 {
	pages := s.VolumeSize()
	if pages > maxPages32 {
		s.trap("stable memory is too large for its 32-bit functions")
	}
	return pages
}

// VolumeSize32 is ic0.stable_size.
func (s *System) VolumeSize32() uint32 { return uint32(s.check32()) }

// VolumeGrow32 is ic0.stable_grow, which also fails beyond 4 GiB.
func (s *System) VolumeGrow32(pages uint32) uint32 {
	if s.check32()+uint64(pages) > maxPages32 {
		return ^uint32(0)
	}
	return uint32(s.VolumeGrow(uint64(pages)))
}

// VolumeRead32 is ic0.stable_read.
func (s *System) VolumeRead32(dst, offset, n uint32) {
	s.check32()
	s.VolumeRead(uint64(dst), uint64(offset), uint64(n))
}

// VolumeWrite32 is ic0.stable_write.
func (s *System) VolumeWrite32(offset, src, n uint32) {
	s.check32()
	s.VolumeWrite(uint64(offset), uint64(src), uint64(n))
}
