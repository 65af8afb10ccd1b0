/* fd_seek: behind the end is allowed; a later write leaves zeros between. */
#include "check.h"

int main(void) {
    char byte;
    int fd = open_file("file", CREAT);
    write_text(fd, "ab");
    EQUAL(seek(fd, 3, __WASI_WHENCE_END), 5);
    EQUAL(stat_fd(fd).size, 2);
    EQUAL(read_bytes(fd, &byte, 1), 0);
    write_text(fd, "c");
    HOLDS("file", "ab\0\0\0c");
}
