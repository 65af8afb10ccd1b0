/* fd_pread: gives what is left, and nothing at the end and behind it. */
#include "check.h"

int main(void) {
    uint8_t buf[8];
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    OK(__wasi_fd_pread(fd, &v, 1, 8, &n));
    BYTES(buf, n, "89");
    OK(__wasi_fd_pread(fd, &v, 1, 10, &n));
    EQUAL(n, 0);
    OK(__wasi_fd_pread(fd, &v, 1, 1000000, &n));
    EQUAL(n, 0);
}
