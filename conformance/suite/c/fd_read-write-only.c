/* fd_read: a file opened for writing cannot be read. */
#include "check.h"

int main(void) {
    uint8_t buf[8] = "unchange";
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    int fd;
    put("file", "text");
    OK(try_open(ROOT, "file", 0, RIGHT(FD_WRITE), &fd));
    FAILS(__wasi_fd_read(fd, &v, 1, &n), E_badf, E_notcapable);
    BYTES(buf, 8, "unchange");
}
