//go:build tinygo

package main

// The functions of wasi_unstable, of which four differ from preview1.

//export wasi_unstable.args_get
func unstableArgsGet(argv, argvBuf uint32) uint32 {
	return uint32(system.ArgsGet(argv, argvBuf))
}

//export wasi_unstable.args_sizes_get
func unstableArgsSizesGet(argc, argvBufSize uint32) uint32 {
	return uint32(system.ArgsSizesGet(argc, argvBufSize))
}

//export wasi_unstable.environ_get
func unstableEnvironGet(environ, environBuf uint32) uint32 {
	return uint32(system.EnvironGet(environ, environBuf))
}

//export wasi_unstable.environ_sizes_get
func unstableEnvironSizesGet(count, bufSize uint32) uint32 {
	return uint32(system.EnvironSizesGet(count, bufSize))
}

//export wasi_unstable.clock_res_get
func unstableClockResGet(id, res uint32) uint32 {
	return uint32(system.ClockResGet(id, res))
}

//export wasi_unstable.clock_time_get
func unstableClockTimeGet(id uint32, precision uint64, time uint32) uint32 {
	return uint32(system.ClockTimeGet(id, precision, time))
}

//export wasi_unstable.fd_advise
func unstableFdAdvise(fd uint32, offset, length uint64, advice uint32) uint32 {
	return uint32(system.FdAdvise(fd, offset, length, advice))
}

//export wasi_unstable.fd_allocate
func unstableFdAllocate(fd uint32, offset, length uint64) uint32 {
	return uint32(system.FdAllocate(fd, offset, length))
}

//export wasi_unstable.fd_close
func unstableFdClose(fd uint32) uint32 {
	return uint32(system.FdClose(fd))
}

//export wasi_unstable.fd_datasync
func unstableFdDatasync(fd uint32) uint32 {
	return uint32(system.FdDatasync(fd))
}

//export wasi_unstable.fd_fdstat_get
func unstableFdFdstatGet(fd, stat uint32) uint32 {
	return uint32(system.FdFdstatGet(fd, stat))
}

//export wasi_unstable.fd_fdstat_set_flags
func unstableFdFdstatSetFlags(fd, fdflags uint32) uint32 {
	return uint32(system.FdFdstatSetFlags(fd, fdflags))
}

//export wasi_unstable.fd_fdstat_set_rights
func unstableFdFdstatSetRights(fd uint32, base, inheriting uint64) uint32 {
	return uint32(system.FdFdstatSetRights(fd, base, inheriting))
}

//export wasi_unstable.fd_filestat_get
func unstableFdFilestatGet(fd, buf uint32) uint32 {
	return uint32(system.FdFilestatGet0(fd, buf))
}

//export wasi_unstable.fd_filestat_set_size
func unstableFdFilestatSetSize(fd uint32, size uint64) uint32 {
	return uint32(system.FdFilestatSetSize(fd, size))
}

//export wasi_unstable.fd_filestat_set_times
func unstableFdFilestatSetTimes(fd uint32, atim, mtim uint64, fstflags uint32) uint32 {
	return uint32(system.FdFilestatSetTimes(fd, atim, mtim, fstflags))
}

//export wasi_unstable.fd_pread
func unstableFdPread(fd, iovs, iovsLen uint32, offset uint64, nread uint32) uint32 {
	return uint32(system.FdPread(fd, iovs, iovsLen, offset, nread))
}

//export wasi_unstable.fd_prestat_get
func unstableFdPrestatGet(fd, buf uint32) uint32 {
	return uint32(system.FdPrestatGet(fd, buf))
}

//export wasi_unstable.fd_prestat_dir_name
func unstableFdPrestatDirName(fd, path, pathLen uint32) uint32 {
	return uint32(system.FdPrestatDirName(fd, path, pathLen))
}

//export wasi_unstable.fd_pwrite
func unstableFdPwrite(fd, iovs, iovsLen uint32, offset uint64, nwritten uint32) uint32 {
	return uint32(system.FdPwrite(fd, iovs, iovsLen, offset, nwritten))
}

//export wasi_unstable.fd_read
func unstableFdRead(fd, iovs, iovsLen, nread uint32) uint32 {
	return uint32(system.FdRead(fd, iovs, iovsLen, nread))
}

//export wasi_unstable.fd_readdir
func unstableFdReaddir(fd, buf, bufLen uint32, cookie uint64, bufused uint32) uint32 {
	return uint32(system.FdReaddir(fd, buf, bufLen, cookie, bufused))
}

//export wasi_unstable.fd_renumber
func unstableFdRenumber(from, to uint32) uint32 {
	return uint32(system.FdRenumber(from, to))
}

//export wasi_unstable.fd_seek
func unstableFdSeek(fd uint32, offset uint64, whence, newoffset uint32) uint32 {
	return uint32(system.FdSeek0(fd, offset, whence, newoffset))
}

//export wasi_unstable.fd_sync
func unstableFdSync(fd uint32) uint32 {
	return uint32(system.FdSync(fd))
}

//export wasi_unstable.fd_tell
func unstableFdTell(fd, offset uint32) uint32 {
	return uint32(system.FdTell(fd, offset))
}

//export wasi_unstable.fd_write
func unstableFdWrite(fd, iovs, iovsLen, nwritten uint32) uint32 {
	return uint32(system.FdWrite(fd, iovs, iovsLen, nwritten))
}

//export wasi_unstable.path_create_directory
func unstablePathCreateDirectory(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathCreateDirectory(fd, path, pathLen))
}

//export wasi_unstable.path_filestat_get
func unstablePathFilestatGet(fd, lookupflags, path, pathLen, buf uint32) uint32 {
	return uint32(system.PathFilestatGet0(fd, lookupflags, path, pathLen, buf))
}

//export wasi_unstable.path_filestat_set_times
func unstablePathFilestatSetTimes(fd, lookupflags, path, pathLen uint32, atim, mtim uint64, fstflags uint32) uint32 {
	return uint32(system.PathFilestatSetTimes(fd, lookupflags, path, pathLen, atim, mtim, fstflags))
}

//export wasi_unstable.path_link
func unstablePathLink(oldFd, oldLookupflags, oldPath, oldLen, newFd, newPath, newLen uint32) uint32 {
	return uint32(system.PathLink(oldFd, oldLookupflags, oldPath, oldLen, newFd, newPath, newLen))
}

//export wasi_unstable.path_open
func unstablePathOpen(dirfd, lookupflags, path, pathLen, oflags uint32, rightsBase, rightsInheriting uint64, fdflags, fd uint32) uint32 {
	return uint32(system.PathOpen(dirfd, lookupflags, path, pathLen, oflags, rightsBase, rightsInheriting, fdflags, fd))
}

//export wasi_unstable.path_readlink
func unstablePathReadlink(fd, path, pathLen, buf, bufLen, bufused uint32) uint32 {
	return uint32(system.PathReadlink(fd, path, pathLen, buf, bufLen, bufused))
}

//export wasi_unstable.path_remove_directory
func unstablePathRemoveDirectory(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathRemoveDirectory(fd, path, pathLen))
}

//export wasi_unstable.path_rename
func unstablePathRename(oldFd, oldPath, oldLen, newFd, newPath, newLen uint32) uint32 {
	return uint32(system.PathRename(oldFd, oldPath, oldLen, newFd, newPath, newLen))
}

//export wasi_unstable.path_symlink
func unstablePathSymlink(oldPath, oldLen, fd, newPath, newLen uint32) uint32 {
	return uint32(system.PathSymlink(oldPath, oldLen, fd, newPath, newLen))
}

//export wasi_unstable.path_unlink_file
func unstablePathUnlinkFile(fd, path, pathLen uint32) uint32 {
	return uint32(system.PathUnlinkFile(fd, path, pathLen))
}

//export wasi_unstable.poll_oneoff
func unstablePollOneoff(in, out, nsubscriptions, nevents uint32) uint32 {
	return uint32(system.PollOneoff0(in, out, nsubscriptions, nevents))
}

//export wasi_unstable.proc_raise
func unstableProcRaise(sig uint32) uint32 {
	return uint32(system.ProcRaise(sig))
}

//export wasi_unstable.sched_yield
func unstableSchedYield() uint32 {
	return uint32(system.SchedYield())
}

//export wasi_unstable.random_get
func unstableRandomGet(buf, bufLen uint32) uint32 {
	return uint32(system.RandomGet(buf, bufLen))
}

//export wasi_unstable.sock_recv
func unstableSockRecv(fd, iovs, iovsLen, riflags, datalen, roflags uint32) uint32 {
	return uint32(system.SockRecv(fd, iovs, iovsLen, riflags, datalen, roflags))
}

//export wasi_unstable.sock_send
func unstableSockSend(fd, iovs, iovsLen, siflags, datalen uint32) uint32 {
	return uint32(system.SockSend(fd, iovs, iovsLen, siflags, datalen))
}

//export wasi_unstable.sock_shutdown
func unstableSockShutdown(fd, sdflags uint32) uint32 {
	return uint32(system.SockShutdown(fd, sdflags))
}
