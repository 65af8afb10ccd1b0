/* fd_read: each read goes on where the last one ended, until the file ends. */
#include "check.h"

int main(void) {
    uint8_t buf[4];
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    int fd = open_file("hello.txt", 0);
    OK(__wasi_fd_read(fd, &v, 1, &n));
    BYTES(buf, n, "hell");
    EQUAL(position(fd), 4);
    OK(__wasi_fd_read(fd, &v, 1, &n));
    BYTES(buf, n, "o, w");
    seek(fd, -2, __WASI_WHENCE_END);
    OK(__wasi_fd_read(fd, &v, 1, &n));
    BYTES(buf, n, "d\n");
    OK(__wasi_fd_read(fd, &v, 1, &n));
    EQUAL(n, 0);
}
