/* fd_write: several buffers are written one after the other, as far as counted. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v[3] = {
        {(const uint8_t *)"one", 3}, {(const uint8_t *)"", 0}, {(const uint8_t *)"three", 5}};
    char buf[256];
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_write(fd, v, 3, &n));
    TRUE(n >= 3 && n <= 8);
    EQUAL(content("file", buf), n);
    TRUE(memcmp(buf, "onethree", n) == 0);
}
