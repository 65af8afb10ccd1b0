/* fd_pread: reads at the offset and leaves the position. */
#include "check.h"

int main(void) {
    uint8_t buf[4];
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    seek(fd, 3, __WASI_WHENCE_SET);
    OK(__wasi_fd_pread(fd, &v, 1, 5, &n));
    EQUAL(n, 4);
    BYTES(buf, 4, "5678");
    EQUAL(position(fd), 3);
}
