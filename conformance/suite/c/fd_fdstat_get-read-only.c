/* fd_fdstat_get: a file opened for reading does not show the right to write. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    int fd;
    put("file", "text");
    OK(try_open(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_SEEK), &fd));
    OK(__wasi_fd_fdstat_get(fd, &st));
    TRUE(st.fs_rights_base & RIGHT(FD_READ));
    EQUAL(st.fs_rights_base & RIGHT(FD_WRITE), 0);
}
