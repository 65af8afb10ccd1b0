/* fd_pwrite: a hole may be far larger than what is written. */
#include "check.h"

int main(void) {
    const uint64_t far = 100000000;
    uint8_t buf[3] = {1, 1, 1};
    __wasi_ciovec_t out = {(const uint8_t *)"!", 1};
    __wasi_iovec_t in = {buf, 3};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_pwrite(fd, &out, 1, far, &n));
    EQUAL(stat_fd(fd).size, far + 1);
    OK(__wasi_fd_pread(fd, &in, 1, far / 2, &n));
    EQUAL(n, 3);
    BYTES(buf, 3, "\0\0\0");
    OK(__wasi_fd_pread(fd, &in, 1, far, &n));
    BYTES(buf, n, "!");
}
