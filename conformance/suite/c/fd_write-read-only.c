/* fd_write: a file opened for reading cannot be written. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"x", 1};
    __wasi_size_t n;
    int fd;
    put("file", "text");
    OK(try_open(ROOT, "file", 0, RIGHT(FD_READ), &fd));
    FAILS(__wasi_fd_write(fd, &v, 1, &n), E_badf, E_notcapable);
    HOLDS("file", "text");
}
