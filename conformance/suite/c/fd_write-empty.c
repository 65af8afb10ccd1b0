/* fd_write: nothing to write writes nothing. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"x", 0};
    __wasi_size_t n = 9;
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_write(fd, &v, 1, &n));
    EQUAL(n, 0);
    OK(__wasi_fd_write(fd, &v, 0, &n));
    EQUAL(n, 0);
    EQUAL(stat_fd(fd).size, 0);
}
