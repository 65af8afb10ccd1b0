/* fd_filestat_set_times: now is the time of the real-time clock. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t now;
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_filestat_set_times(fd, 1, 1, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
    OK(__wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_ATIM_NOW | __WASI_FSTFLAGS_MTIM_NOW));
    OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &now));
    __wasi_filestat_t st = stat_fd(fd);
    TRUE(st.mtim > UINT64_C(1577836800000000000) && st.mtim <= now + UINT64_C(1000000000));
    TRUE(st.atim > UINT64_C(1577836800000000000) && st.atim <= now + UINT64_C(1000000000));
}
