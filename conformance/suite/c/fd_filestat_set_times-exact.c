/* fd_filestat_set_times: both times are kept to the nanosecond. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_filestat_set_times(fd, 1000000001, 2000000002, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
    __wasi_filestat_t st = stat_fd(fd);
    EQUAL(st.atim, 1000000001);
    EQUAL(st.mtim, 2000000002);
}
