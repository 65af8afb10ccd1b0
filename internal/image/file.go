package image

import (
	"io"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/polyfill/stablefs"
)

// Reader reads a file from its beginning.
func (f *FS) Reader(n Node) io.Reader { return &reader{f: f, path: n.Path, ino: n.Ino} }

type reader struct {
	f    *FS
	path string
	ino  stablefs.Ino
	off  uint64
}

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, errno := r.f.fs.ReadAt(r.ino, r.off, p)
	r.off += uint64(n)
	if errno == abi.ErrnoSuccess && n == 0 {
		return 0, io.EOF
	}
	return n, failed("read", r.path, errno)
}

// chunk is how many bytes of a file are moved at once.
const chunk = 1 << 20

// write makes r the content of a file.
func (f *FS) write(path string, ino stablefs.Ino, r io.Reader) error {
	if err := failed("empty", path, f.fs.SetSize(ino, 0, f.now)); err != nil {
		return err
	}
	p := make([]byte, chunk)
	for off := uint64(0); ; {
		n, err := io.ReadFull(r, p)
		if err := f.writeAt(path, ino, off, p[:n]); err != nil {
			return err
		}
		off += uint64(n)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}

func (f *FS) writeAt(path string, ino stablefs.Ino, off uint64, p []byte) error {
	for len(p) > 0 {
		n, errno := f.fs.WriteAt(ino, off, p, f.now)
		if errno == abi.ErrnoSuccess && n == 0 {
			errno = abi.ErrnoIo
		}
		if errno != abi.ErrnoSuccess {
			return failed("write", path, errno)
		}
		p, off = p[n:], off+uint64(n)
	}
	return nil
}

func (f *FS) setTime(path string, ino stablefs.Ino, t time.Time) error {
	ns := uint64(max(t.UnixNano(), 0))
	return failed("set the time of", path, f.fs.SetTimes(ino, ns, ns, abi.FstflagAtim|abi.FstflagMtim, f.now))
}
