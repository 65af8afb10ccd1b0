/* fd_read: no buffers, or an empty one, read nothing. */
#include "check.h"

int main(void) {
    uint8_t byte = 'x';
    __wasi_iovec_t v = {&byte, 0};
    __wasi_size_t n = 9;
    int fd = open_file("file", CREAT);
    write_text(fd, "text");
    seek(fd, 0, __WASI_WHENCE_SET);
    OK(__wasi_fd_read(fd, &v, 1, &n));
    EQUAL(n, 0);
    OK(__wasi_fd_read(fd, &v, 0, &n));
    EQUAL(n, 0);
    EQUAL(position(fd), 0);
    EQUAL(byte, 'x');
}
