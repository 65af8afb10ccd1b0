//go:build tinygo

package main

//export wasi_snapshot_preview1.args_get
func argsGet(argv, argvBuf uint32) uint32 {
	return uint32(system.ArgsGet(argv, argvBuf))
}

//export wasi_snapshot_preview1.args_sizes_get
func argsSizesGet(argc, argvBufSize uint32) uint32 {
	return uint32(system.ArgsSizesGet(argc, argvBufSize))
}

//export wasi_snapshot_preview1.environ_get
func environGet(environ, environBuf uint32) uint32 {
	return uint32(system.EnvironGet(environ, environBuf))
}

//export wasi_snapshot_preview1.environ_sizes_get
func environSizesGet(count, bufSize uint32) uint32 {
	return uint32(system.EnvironSizesGet(count, bufSize))
}

//export wasi_snapshot_preview1.clock_res_get
func clockResGet(id, res uint32) uint32 {
	return uint32(system.ClockResGet(id, res))
}

//export wasi_snapshot_preview1.clock_time_get
func clockTimeGet(id uint32, precision uint64, time uint32) uint32 {
	return uint32(system.ClockTimeGet(id, precision, time))
}

//export wasi_snapshot_preview1.fd_advise
func fdAdvise(fd uint32, offset, length uint64, advice uint32) uint32 {
	return uint32(system.FdAdvise(fd, offset, length, advice))
}

//export wasi_snapshot_preview1.fd_allocate
func fdAllocate(fd uint32, offset, length uint64) uint32 {
	return uint32(system.FdAllocate(fd, offset, length))
}

//export wasi_snapshot_preview1.fd_close
func fdClose(fd uint32) uint32 {
	return uint32(system.FdClose(fd))
}

//export wasi_snapshot_preview1.fd_datasync
func fdDatasync(fd uint32) uint32 {
	return uint32(system.FdDatasync(fd))
}

//export wasi_snapshot_preview1.fd_fdstat_get
func fdFdstatGet(fd, stat uint32) uint32 {
	return uint32(system.FdFdstatGet(fd, stat))
}

//export wasi_snapshot_preview1.fd_fdstat_set_flags
func fdFdstatSetFlags(fd, fdflags uint32) uint32 {
	return uint32(system.FdFdstatSetFlags(fd, fdflags))
}

//export wasi_snapshot_preview1.fd_fdstat_set_rights
func fdFdstatSetRights(fd uint32, base, inheriting uint64) uint32 {
	return uint32(system.FdFdstatSetRights(fd, base, inheriting))
}

//export wasi_snapshot_preview1.fd_filestat_get
func fdFilestatGet(fd, buf uint32) uint32 {
	return uint32(system.FdFilestatGet(fd, buf))
}

//export wasi_snapshot_preview1.fd_filestat_set_size
func fdFilestatSetSize(fd uint32, size uint64) uint32 {
	return uint32(system.FdFilestatSetSize(fd, size))
}

//export wasi_snapshot_preview1.fd_filestat_set_times
func fdFilestatSetTimes(fd uint32, atim, mtim uint64, fstflags uint32) uint32 {
	return uint32(system.FdFilestatSetTimes(fd, atim, mtim, fstflags))
}

//export wasi_snapshot_preview1.fd_pread
func fdPread(fd, iovs, iovsLen uint32, offset uint64, nread uint32) uint32 {
	return uint32(system.FdPread(fd, iovs, iovsLen, offset, nread))
}

//export wasi_snapshot_preview1.fd_prestat_get
func fdPrestatGet(fd, buf uint32) uint32 {
	return uint32(system.FdPrestatGet(fd, buf))
}

//export wasi_snapshot_preview1.fd_prestat_dir_name
func fdPrestatDirName(fd, path, pathLen uint32) uint32 {
	return uint32(system.FdPrestatDirName(fd, path, pathLen))
}

//export wasi_snapshot_preview1.fd_pwrite
func fdPwrite(fd, iovs, iovsLen uint32, offset uint64, nwritten uint32) uint32 {
	return uint32(system.FdPwrite(fd, iovs, iovsLen, offset, nwritten))
}

//export wasi_snapshot_preview1.fd_read
func fdRead(fd, iovs, iovsLen, nread uint32) uint32 {
	return uint32(system.FdRead(fd, iovs, iovsLen, nread))
}

//export wasi_snapshot_preview1.fd_readdir
func fdReaddir(fd, buf, bufLen uint32, cookie uint64, bufused uint32) uint32 {
	return uint32(system.FdReaddir(fd, buf, bufLen, cookie, bufused))
}

//export wasi_snapshot_preview1.fd_renumber
func fdRenumber(from, to uint32) uint32 {
	return uint32(system.FdRenumber(from, to))
}

//export wasi_snapshot_preview1.fd_seek
func fdSeek(fd uint32, offset uint64, whence, newoffset uint32) uint32 {
	return uint32(system.FdSeek(fd, offset, whence, newoffset))
}

//export wasi_snapshot_preview1.fd_sync
func fdSync(fd uint32) uint32 {
	return uint32(system.FdSync(fd))
}

//export wasi_snapshot_preview1.fd_tell
func fdTell(fd, offset uint32) uint32 {
	return uint32(system.FdTell(fd, offset))
}

//export wasi_snapshot_preview1.fd_write
func fdWrite(fd, iovs, iovsLen, nwritten uint32) uint32 {
	return uint32(system.FdWrite(fd, iovs, iovsLen, nwritten))
}

//export wasi_snapshot_preview1.path_create_directory
func pathCreateDirectory(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathCreateDirectory(fd, path, pathLen))
}

//export wasi_snapshot_preview1.path_filestat_get
func pathFilestatGet(fd, lookupflags, path, pathLen, buf uint32) uint32 {
	return uint32(system.PathFilestatGet(fd, lookupflags, path, pathLen, buf))
}

//export wasi_snapshot_preview1.path_filestat_set_times
func pathFilestatSetTimes(fd, lookupflags, path, pathLen uint32, atim, mtim uint64, fstflags uint32) uint32 {
	return uint32(system.PathFilestatSetTimes(fd, lookupflags, path, pathLen, atim, mtim, fstflags))
}

//export wasi_snapshot_preview1.path_link
func pathLink(oldFd, oldLookupflags, oldPath, oldLen, newFd, newPath, newLen uint32) uint32 {
	return uint32(system.PathLink(oldFd, oldLookupflags, oldPath, oldLen, newFd, newPath, newLen))
}

//export wasi_snapshot_preview1.path_open
func pathOpen(dirfd, lookupflags, path, pathLen, oflags uint32, rightsBase, rightsInheriting uint64, fdflags, fd uint32) uint32 {
	return uint32(system.PathOpen(dirfd, lookupflags, path, pathLen, oflags, rightsBase, rightsInheriting, fdflags, fd))
}

//export wasi_snapshot_preview1.path_readlink
func pathReadlink(fd, path, pathLen, buf, bufLen, bufused uint32) uint32 {
	return uint32(system.PathReadlink(fd, path, pathLen, buf, bufLen, bufused))
}

//export wasi_snapshot_preview1.path_remove_directory
func pathRemoveDirectory(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathRemoveDirectory(fd, path, pathLen))
}

//export wasi_snapshot_preview1.path_rename
func pathRename(oldFd, oldPath, oldLen, newFd, newPath, newLen uint32) uint32 {
	return uint32(system.PathRename(oldFd, oldPath, oldLen, newFd, newPath, newLen))
}

//export wasi_snapshot_preview1.path_symlink
func pathSymlink(oldPath, oldLen, fd, newPath, newLen uint32) uint32 {
	return uint32(system.PathSymlink(oldPath, oldLen, fd, newPath, newLen))
}

//export wasi_snapshot_preview1.path_unlink_file
func pathUnlinkFile(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathUnlinkFile(fd, path, pathLen))
}

//export wasi_snapshot_preview1.poll_oneoff
func pollOneoff(in, out, nsubscriptions, nevents uint32) uint32 {
	return uint32(system.PollOneoff(in, out, nsubscriptions, nevents))
}

//export wasi_snapshot_preview1.proc_raise
func procRaise(sig uint32) uint32 {
	return uint32(system.ProcRaise(sig))
}

//export wasi_snapshot_preview1.sched_yield
func schedYield() uint32 {
	return uint32(system.SchedYield())
}

//export wasi_snapshot_preview1.random_get
func randomGet(buf, bufLen uint32) uint32 {
	return uint32(system.RandomGet(buf, bufLen))
}

//export wasi_snapshot_preview1.sock_accept
func sockAccept(fd, fdflags, newfd uint32) uint32 {
	return uint32(system.SockAccept(fd, fdflags, newfd))
}

//export wasi_snapshot_preview1.sock_recv
func sockRecv(fd, iovs, iovsLen, riflags, datalen, roflags uint32) uint32 {
	return uint32(system.SockRecv(fd, iovs, iovsLen, riflags, datalen, roflags))
}

//export wasi_snapshot_preview1.sock_send
func sockSend(fd, iovs, iovsLen, siflags, datalen uint32) uint32 {
	return uint32(system.SockSend(fd, iovs, iovsLen, siflags, datalen))
}

//export wasi_snapshot_preview1.sock_shutdown
func sockShutdown(fd, sdflags uint32) uint32 {
	return uint32(system.SockShutdown(fd, sdflags))
}
