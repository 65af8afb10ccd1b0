/* fd_fdstat_set_flags: append can be switched on and off. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    int fd = open_file("file", CREAT);
    write_text(fd, "12345");
    OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_APPEND));
    OK(__wasi_fd_fdstat_get(fd, &st));
    EQUAL(st.fs_flags, __WASI_FDFLAGS_APPEND);
    seek(fd, 0, __WASI_WHENCE_SET);
    write_text(fd, "end");
    HOLDS("file", "12345end");
    OK(__wasi_fd_fdstat_set_flags(fd, 0));
    seek(fd, 0, __WASI_WHENCE_SET);
    write_text(fd, "begin");
    HOLDS("file", "beginend");
}
