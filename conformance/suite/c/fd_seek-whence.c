/* fd_seek: from the beginning, the position and the end. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    EQUAL(seek(fd, 4, __WASI_WHENCE_SET), 4);
    EQUAL(seek(fd, 3, __WASI_WHENCE_CUR), 7);
    EQUAL(seek(fd, -2, __WASI_WHENCE_CUR), 5);
    EQUAL(seek(fd, -1, __WASI_WHENCE_END), 9);
    EQUAL(seek(fd, 0, __WASI_WHENCE_END), 10);
    EQUAL(seek(fd, 0, __WASI_WHENCE_SET), 0);
}
