/* path_open: what is opened for reading can be read, and only that. */
#include "check.h"

int main(void) {
    char buf[16];
    __wasi_ciovec_t v = {(const uint8_t *)"x", 1};
    __wasi_size_t n;
    int fd;
    OK(try_open(ROOT, "hello.txt", 0, RIGHT(FD_READ), &fd));
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "hello, world\n");
    FAILS(__wasi_fd_write(fd, &v, 1, &n), E_badf, E_notcapable);
}
