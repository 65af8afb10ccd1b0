package wasi

import "github.com/icsplice/icsplice/abi"

// No descriptor is a socket, so each function of sockets answers notsock, and
// badf for a descriptor that is not open.

func (s *System) notSocket(fd uint32) abi.Errno {
	if s.lookup(fd) == nil {
		return abi.ErrnoBadf
	}
	return abi.ErrnoNotsock
}

// SockAccept implements sock_accept. Errors: badf, notsock.
func (s *System) SockAccept(fd, flags, newfd uint32) abi.Errno { return s.notSocket(fd) }

// SockRecv implements sock_recv. Errors: badf, notsock.
func (s *System) SockRecv(fd, iovs, n, flags, datalen, roflags uint32) abi.Errno {
	return s.notSocket(fd)
}

// SockSend implements sock_send. Errors: badf, notsock.
func (s *System) SockSend(fd, iovs, n, flags, datalen uint32) abi.Errno { return s.notSocket(fd) }

// SockShutdown implements sock_shutdown. Errors: badf, notsock.
func (s *System) SockShutdown(fd, how uint32) abi.Errno { return s.notSocket(fd) }
