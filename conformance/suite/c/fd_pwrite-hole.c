/* fd_pwrite: behind the end it leaves a hole that reads as zeros. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"end", 3};
    __wasi_size_t n;
    int fd = open_file("file", CREAT);
    write_text(fd, "ab");
    OK(__wasi_fd_pwrite(fd, &v, 1, 5, &n));
    EQUAL(n, 3);
    EQUAL(position(fd), 2);
    HOLDS("file", "ab\0\0\0end");
}
