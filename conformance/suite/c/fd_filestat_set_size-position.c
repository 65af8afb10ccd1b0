/* fd_filestat_set_size: the position stays, also behind the new end. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    OK(__wasi_fd_filestat_set_size(fd, 2));
    EQUAL(position(fd), 10);
    write_text(fd, "x");
    HOLDS("file", "01\0\0\0\0\0\0\0\0x");
}
