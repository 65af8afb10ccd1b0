/* fd_pwrite: writes at the offset and leaves the position. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"XY", 2};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    seek(fd, 1, __WASI_WHENCE_SET);
    OK(__wasi_fd_pwrite(fd, &v, 1, 4, &n));
    EQUAL(n, 2);
    EQUAL(position(fd), 1);
    HOLDS("file", "0123XY6789");
}
