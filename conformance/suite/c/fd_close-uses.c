/* fd_close: afterwards every call on the descriptor is badf. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    uint8_t buf[4];
    __wasi_iovec_t in = {buf, sizeof buf};
    __wasi_ciovec_t out = {buf, sizeof buf};
    __wasi_size_t n;
    __wasi_filesize_t at;
    __wasi_fdstat_t fdstat;
    __wasi_filestat_t filestat;
    close_fd(fd);
    FAILS(__wasi_fd_read(fd, &in, 1, &n), E_badf);
    FAILS(__wasi_fd_write(fd, &out, 1, &n), E_badf);
    FAILS(__wasi_fd_pread(fd, &in, 1, 0, &n), E_badf);
    FAILS(__wasi_fd_pwrite(fd, &out, 1, 0, &n), E_badf);
    FAILS(__wasi_fd_seek(fd, 0, __WASI_WHENCE_CUR, &at), E_badf);
    FAILS(__wasi_fd_tell(fd, &at), E_badf);
    FAILS(__wasi_fd_sync(fd), E_badf);
    FAILS(__wasi_fd_datasync(fd), E_badf);
    FAILS(__wasi_fd_fdstat_get(fd, &fdstat), E_badf);
    FAILS(__wasi_fd_filestat_get(fd, &filestat), E_badf);
    FAILS(__wasi_fd_filestat_set_size(fd, 0), E_badf);
    FAILS(__wasi_fd_readdir(fd, buf, sizeof buf, 0, &n), E_badf);
}
