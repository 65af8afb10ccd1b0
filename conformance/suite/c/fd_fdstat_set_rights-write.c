/* fd_fdstat_set_rights: without the right to write, writing fails. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    __wasi_ciovec_t v = {(const uint8_t *)"text", 4};
    __wasi_size_t n;
    OK(__wasi_fd_fdstat_set_rights(fd, RIGHT(FD_READ) | RIGHT(FD_FILESTAT_GET), 0));
    FAILS(__wasi_fd_write(fd, &v, 1, &n), E_notcapable, E_badf);
    EQUAL(stat_fd(fd).size, 0);
}
