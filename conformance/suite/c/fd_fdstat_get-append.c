/* fd_fdstat_get: shows the flags that the file was opened with. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    __wasi_fd_t fd;
    OK(__wasi_path_open(ROOT, 0, "file", CREAT, FILE_RIGHTS, 0, __WASI_FDFLAGS_APPEND, &fd));
    OK(__wasi_fd_fdstat_get(fd, &st));
    EQUAL(st.fs_flags, __WASI_FDFLAGS_APPEND);
}
