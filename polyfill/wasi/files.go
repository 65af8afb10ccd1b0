package wasi

import "github.com/icsplice/icsplice/abi"

// FileReset opens the preopens.
func (s *System) FileReset() abi.Errno                             { return abi.ErrnoSuccess }
func (s *System) FileClose(fd uint32) abi.Errno                    { return abi.ErrnoBadf }
func (s *System) FileRead(fd, iovs, n, nread uint32) abi.Errno     { return abi.ErrnoBadf }
func (s *System) FileWrite(fd, iovs, n, nwritten uint32) abi.Errno { return abi.ErrnoBadf }
func (s *System) FileSeek(fd uint32, offset uint64, whence, out uint32) abi.Errno {
	return abi.ErrnoBadf
}
func (s *System) FileFilestatGet(fd, out, size uint32) abi.Errno       { return abi.ErrnoBadf }
func (s *System) FilePrestatGet(fd, out uint32) abi.Errno              { return abi.ErrnoBadf }
func (s *System) FilePrestatDirName(fd, path, n uint32) abi.Errno      { return abi.ErrnoBadf }
func (s *System) SpillWrite(stream, offset uint32, b []byte) abi.Errno { return abi.ErrnoNospc }
func (s *System) SpillRead(stream, offset uint32, b []byte) abi.Errno  { return abi.ErrnoNospc }
