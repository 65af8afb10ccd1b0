/* fd_read: several buffers are filled one after the other, as far as counted. */
#include "check.h"

int main(void) {
    uint8_t buf[10];
    memset(buf, '.', sizeof buf);
    __wasi_iovec_t v[3] = {{buf, 3}, {buf + 3, 0}, {buf + 4, 4}};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    seek(fd, 0, __WASI_WHENCE_SET);
    OK(__wasi_fd_read(fd, v, 3, &n));
    TRUE(n >= 3 && n <= 7);
    EQUAL(position(fd), n);
    BYTES(buf, 4, "012.");
    TRUE(memcmp(buf + 4, "3456", n - 3) == 0);
    EQUAL(buf[4 + n - 3], '.');
}
