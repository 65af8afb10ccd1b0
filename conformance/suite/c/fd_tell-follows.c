/* fd_tell: follows reading, writing and seeking. */
#include "check.h"

int main(void) {
    char buf[4];
    int fd = open_file("file", CREAT);
    EQUAL(position(fd), 0);
    write_text(fd, "0123456789");
    EQUAL(position(fd), 10);
    seek(fd, 2, __WASI_WHENCE_SET);
    EQUAL(position(fd), 2);
    EQUAL(read_bytes(fd, buf, 4), 4);
    EQUAL(position(fd), 6);
}
