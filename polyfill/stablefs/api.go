package stablefs

import "github.com/icsplice/icsplice/abi"

type FS struct {
	store Store
}

const nosys = abi.ErrnoNosys

func (fs *FS) Mount() abi.Errno                { return nosys }
func (fs *FS) Usage(u *Usage) abi.Errno        { return nosys }
func (fs *FS) Open(ino Ino) abi.Errno          { return nosys }
func (fs *FS) Close(ino Ino) abi.Errno         { return nosys }
func (fs *FS) Stat(ino Ino, a *Attr) abi.Errno { return nosys }
func (fs *FS) SetTimes(ino Ino, atim, mtim uint64, which abi.Fstflags, now uint64) abi.Errno {
	return nosys
}
func (fs *FS) ReadAt(ino Ino, off uint64, p []byte) (int, abi.Errno)              { return 0, nosys }
func (fs *FS) WriteAt(ino Ino, off uint64, p []byte, now uint64) (int, abi.Errno) { return 0, nosys }
func (fs *FS) SetSize(ino Ino, size uint64, now uint64) abi.Errno                 { return nosys }
func (fs *FS) Allocate(ino Ino, off, n uint64, now uint64) abi.Errno              { return nosys }
func (fs *FS) Lookup(dir Ino, name []byte) (Ino, abi.Filetype, abi.Errno)         { return 0, 0, nosys }
func (fs *FS) Create(dir Ino, name []byte, typ abi.Filetype, now uint64) (Ino, abi.Errno) {
	return 0, nosys
}
func (fs *FS) Symlink(dir Ino, name, target []byte, now uint64) abi.Errno { return nosys }
func (fs *FS) Readlink(ino Ino, p []byte) (int, abi.Errno)                { return 0, nosys }
func (fs *FS) Link(dir Ino, name []byte, ino Ino, now uint64) abi.Errno   { return nosys }
func (fs *FS) Unlink(dir Ino, name []byte, now uint64) abi.Errno          { return nosys }
func (fs *FS) Rmdir(dir Ino, name []byte, now uint64) abi.Errno           { return nosys }
func (fs *FS) Rename(odir Ino, oname []byte, ndir Ino, nname []byte, now uint64) abi.Errno {
	return nosys
}
func (fs *FS) ReadDir(dir Ino, cookie uint64, d *Dirent) (more bool, errno abi.Errno) {
	return false, nosys
}
func (fs *FS) Resolve(base Ino, path []byte, follow bool, r *Resolved) abi.Errno { return nosys }
func (fs *FS) UserSize() uint64                                                  { return 0 }
func (fs *FS) UserGrow(n uint64) uint64                                          { return ^uint64(0) }
func (fs *FS) UserRead(p []byte, off uint64) abi.Errno                           { return nosys }
func (fs *FS) UserWrite(p []byte, off uint64) abi.Errno                          { return nosys }
