/* fd_filestat_set_times: a time that is not asked for stays. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_filestat_set_times(fd, 1000000001, 2000000002, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
    OK(__wasi_fd_filestat_set_times(fd, 5, 3000000003, __WASI_FSTFLAGS_MTIM));
    EQUAL(stat_fd(fd).atim, 1000000001);
    EQUAL(stat_fd(fd).mtim, 3000000003);
    OK(__wasi_fd_filestat_set_times(fd, 4000000004, 5, __WASI_FSTFLAGS_ATIM));
    EQUAL(stat_fd(fd).atim, 4000000004);
    EQUAL(stat_fd(fd).mtim, 3000000003);
}
