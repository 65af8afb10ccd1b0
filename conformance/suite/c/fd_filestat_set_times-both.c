/* fd_filestat_set_times: a time cannot be given and be now: inval, and nothing changes. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_filestat_set_times(fd, 11, 22, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
    FAILS(__wasi_fd_filestat_set_times(fd, 33, 44, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW), E_inval);
    FAILS(__wasi_fd_filestat_set_times(fd, 33, 44, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW), E_inval);
    EQUAL(stat_fd(fd).atim, 11);
    EQUAL(stat_fd(fd).mtim, 22);
}
